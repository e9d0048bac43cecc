import { crashPoint } from '../../shared/runtime/crash-point.ts';
import type { Store } from '../store/store.ts';

/**
 * After an erasure rows are gone, but pages that were split or freed before may still show their bytes: only a file written
 * anew shows none. Undefined when nothing asked for it, false when it could not be done now and is wanted still.
 */
export async function rewriteIfWanted(store: Store): Promise<boolean | undefined> {
  if (!(await store.read((tx) => tx.retention.rewriteWanted()))) return undefined;
  if (!(await store.rewrite())) return false;
  crashPoint('before-rewrite-told');
  await store.transaction((tx) => tx.retention.putRewriteWanted(false));
  return true;
}
