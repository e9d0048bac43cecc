import type { Actor } from '../accounts/actor.ts';
import { endPurge, type DeletionDeps } from '../retention/deletion-record.ts';
import { filesOf, removeFiles } from '../retention/purge-files.ts';
import type { Store } from '../store/store.ts';

/**
 * Every file, when something is erased: nobody knows which of them has it. What is being made begins anew. Called before
 * the erasure, for nothing would lead to them once it is done; and after it, for what was made of the old state meanwhile.
 */
export async function removeExtractions(
  deps: DeletionDeps & { readonly store: Store },
  folder: string,
  actor: Actor,
): Promise<number> {
  const { store, clock } = deps;
  await store.transaction((tx) => tx.extractions.recover());
  const order = { class: 'extractions', rule: 'erasure', actor, before: clock.now() };
  const count = await removeFiles(deps, folder, order, await filesOf(folder));
  await store.transaction((tx) => endPurge(tx, 'extractions', actor, deps));
  return count;
}
