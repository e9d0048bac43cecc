import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoreTx } from '../store/store.ts';
import { readRegionFile } from './region-file.ts';
import type { RingKey } from './key-ring.ts';

/**
 * untold: a key that is said to be destroyed, and no line of the journal says by whom. there: its private half still lies in
 * the key folder. undone: the journal says that it was destroyed, and it is in use still.
 */
export type KeyEndFault = 'untold' | 'there' | 'undone';

export interface KeyEndsVerdict {
  /** Destroyed keys of which all agrees. */
  readonly ends: number;
  readonly faults: readonly { readonly key: string; readonly fault: KeyEndFault }[];
}

const mostLines = 1000;

/**
 * Ends of the region's keys: `region.json`, the key folder and the journal say the same. No private key is read. Lines of the
 * journal that were purged are asked of nobody.
 */
export async function verifyKeyEnds(tx: StoreTx, keyFolder: string): Promise<KeyEndsVerdict> {
  const ring = (await readRegionFile(keyFolder)).turned?.keys ?? [];
  const lines = await tx.audit.find({ action: 'key.destroy' }, Number.MAX_SAFE_INTEGER, mostLines);
  const told = new Set(lines.map(({ subject }) => subject));
  const floor = await tx.retention.auditFloor();
  const since = floor === 0 ? 0 : ((await tx.audit.line(floor))?.at ?? 0);
  const faults: { readonly key: string; readonly fault: KeyEndFault }[] = [];
  for (const key of ring) {
    const fault = await faultOf(key, { keyFolder, isTold: told.has(key.id), since });
    if (fault !== undefined) faults.push({ key: key.id, fault });
  }
  const faulty = new Set(faults.map(({ key }) => key));
  return {
    ends: ring.filter(({ id, destroyedAt }) => destroyedAt !== null && !faulty.has(id)).length,
    faults,
  };
}

async function faultOf(
  { role, file, destroyedAt }: RingKey,
  look: { readonly keyFolder: string; readonly isTold: boolean; readonly since: number },
): Promise<KeyEndFault | undefined> {
  if (destroyedAt === null) return look.isTold ? 'undone' : undefined;
  if (await isThere(join(look.keyFolder, `${file}.key`))) return 'there';
  // A listener's key ends with the rotation that replaces it, which has a line of its own.
  return role === 'server' || look.isTold || destroyedAt <= look.since ? undefined : 'untold';
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
