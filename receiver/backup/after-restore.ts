import { permanent } from '../../shared/runtime/errors.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { appendAudit } from '../audit/audit-log.ts';
import { loadRegion } from '../pki/region-keys.ts';
import { lostKeysOf } from '../pki/lost-keys.ts';
import type { EraseDeps } from '../retention/erase.ts';
import { rewriteIfWanted } from '../retention/rewrite.ts';
import { stateFolder } from '../state-folder.ts';
import type { StoreTx } from '../store/store.ts';
import { dropMark, readMark, type RestoredMark } from './restored-mark.ts';
import { settleKeysOf } from './settle-keys.ts';
import { closeWaysIn, eraseAgain, restoreActor, withdrawAgain } from './withdraw-again.ts';
import { keepUnknown, readWithdrawals, worthOf, type Withdrawals } from './withdrawals.ts';

export interface AfterRestoreDeps extends EraseDeps {
  /** The receiver's state folder. */
  readonly folder: string;
  readonly logger: Logger;
}

/**
 * Before a region that was restored serves for the first time: what it had withdrawn since its backup is withdrawn again, so
 * that nobody comes in who was shut out, and nothing comes back that was erased. Stopped anywhere, the next start goes on.
 * Until a person has looked, throws `restore-unconfirmed` where nobody knows what was withdrawn, and `restore-list-old` where
 * nobody knows what was withdrawn in the last days.
 */
export async function settleRestore(deps: AfterRestoreDeps): Promise<void> {
  const { folder, store, clock, logger } = deps;
  const mark = await readMark(folder);
  if (mark === undefined) return;
  // What was on its way at the backup's instant would stand in the way of erasing, and goes out once this serves.
  await store.transaction((tx) => tx.dispatches.recover(clock.now()));
  const { rootDigest } = await loadRegion(stateFolder(folder).keys, clock);
  const list = await listOf(mark, rootDigest);
  if (!mark.confirmed) requireRecent(mark, list, clock.now());
  const erased = list === undefined ? 0 : await eraseAgain(deps, list);
  crashPoint('restore-erased');
  const lost = await lostKeysOf(stateFolder(folder), list?.keys ?? [], clock);
  const withdrawn = await store.transaction(async (tx) => {
    const count = list === undefined ? 0 : await withdrawAgain(tx, list, clock.now());
    await closeWaysIn(tx);
    if (list !== undefined) await keepUnknown(tx, list);
    const { backupAt, restoredAt, confirmed } = mark;
    const knownUntil = list?.madeAt ?? null;
    const counts = { withdrawn: count, erased, lostKeys: lost.keys.length };
    if (await isWrittenDown(tx, restoredAt)) return count;
    if (!confirmed) await tx.restores.put({ backupAt, restoredAt, knownUntil, ...counts });
    await writeDown(tx, deps, mark, counts);
    return count;
  });
  crashPoint('restore-withdrawn');
  if (list !== undefined) await settleKeysOf(deps, list, lost);
  await rewriteIfWanted(store);
  await dropMark(folder);
  logger.warn({ withdrawn, erased, lostKeys: lost.keys.length }, 'region-restored');
}

/** One that is older than the backup misses what was withdrawn between the two. */
async function listOf(mark: RestoredMark, root: string): Promise<Withdrawals | undefined> {
  if (mark.list === null) return undefined;
  const list = await readWithdrawals(mark.list, { root, path: 'restored.json' });
  return worthOf(list, { backupAt: mark.backupAt, now: mark.restoredAt }) === 'before' ? undefined : list;
}

function requireRecent({ backupAt }: RestoredMark, list: Withdrawals | undefined, now: number): void {
  const facts = { at: new Date(backupAt).toISOString() };
  if (list === undefined) throw permanent('restore-unconfirmed', { facts });
  const until = new Date(list.madeAt).toISOString();
  if (worthOf(list, { backupAt, now }) === 'old')
    throw permanent('restore-list-old', { facts: { ...facts, until } });
}

const restoreAction = 'region.restore';

async function isWrittenDown(tx: StoreTx, restoredAt: number): Promise<boolean> {
  const [line] = await tx.audit.find({ action: restoreAction }, Number.MAX_SAFE_INTEGER, 1);
  return line?.facts.includes(`"restored":"${new Date(restoredAt).toISOString()}"`) === true;
}

function writeDown(
  tx: StoreTx,
  { clock }: AfterRestoreDeps,
  { backupAt, restoredAt }: RestoredMark,
  counts: Readonly<Record<string, number>>,
): Promise<void> {
  const facts = { backup: new Date(backupAt).toISOString(), restored: new Date(restoredAt).toISOString() };
  return appendAudit(tx, clock, restoreActor, {
    ...{ action: restoreAction, subject: 'region', facts: { ...facts, ...counts } },
  });
}
