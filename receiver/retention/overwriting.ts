import type { StoreTx } from '../store/store.ts';

/** Deleted rows are overwritten with zeros, not only forgotten. */
export async function overwriting<T>(tx: StoreTx, work: () => Promise<T>): Promise<T> {
  await tx.retention.overwrite(true);
  try {
    return await work();
  } finally {
    await tx.retention.overwrite(false);
  }
}
