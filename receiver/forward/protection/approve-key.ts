import { permanent } from '../../../shared/runtime/errors.ts';
import type { DestinationConfig } from '../../config-destinations.ts';
import type { KeyApproval } from '../../store/destination-tables.ts';
import type { Store, StoreTx } from '../../store/store.ts';
import { isSealed, keyPlace, requireNamed } from './agency-key.ts';
import { approvalsOf, approversNeeded, samePerson } from './approvals.ts';
import { inspectKey } from './inspect-key.ts';

export interface ApprovedKey {
  readonly fingerprint: string;
  /** Each person once, the earliest first. */
  readonly approvals: readonly KeyApproval[];
  /** How many more people must approve it. */
  readonly missing: number;
}

const longestName = 100;

/**
 * A person vouches for an agency's key, having compared the fingerprint typed here with the agency over another channel: it
 * must be that of the key's file and that of the settings. The same person counts once. When the last approval is in, a queue
 * that was held for its key tries at once.
 *
 * Throws `agency-key-none`, `agency-key-approver`, `agency-key-other`, `agency-key-swapped`, and the faults of `inspectKey`.
 */
export async function approveKey(
  store: Store,
  settings: DestinationConfig,
  fingerprint: string,
  person: string,
  now: number,
  /** In the same transaction. */
  writeDown?: (tx: StoreTx, approved: ApprovedKey) => Promise<void>,
): Promise<ApprovedKey> {
  const destination = settings.name;
  const key = await inspectKey(settings);
  if (!isSealed(settings) || key === undefined)
    throw permanent('agency-key-none', { facts: { destination } });
  const name = person.normalize('NFC').trim();
  if (samePerson(name) === '' || name.length > longestName || /\p{C}/u.test(name))
    throw permanent('agency-key-approver', { facts: { destination, longest: longestName } });
  requireNamed(key, settings);
  const typed = fingerprint.replace(/[:\s]/g, '').toLowerCase();
  if (typed !== key.fingerprint)
    throw permanent('agency-key-other', {
      facts: { ...keyPlace(settings), typed: typed.slice(0, 128), found: key.fingerprint },
    });
  return store.transaction(async (tx) => {
    const before = approvalsOf(await tx.destinations.approvals(destination), typed);
    if (!before.some((one) => samePerson(one.person) === samePerson(name)))
      await tx.destinations.approveKey(destination, { fingerprint: typed, person: name, at: now });
    const approvals = approvalsOf(await tx.destinations.approvals(destination), typed);
    const missing = Math.max(0, approversNeeded - approvals.length);
    if (missing === 0) await tryAtOnce(tx, destination, now);
    const approved = { fingerprint: typed, approvals, missing };
    await writeDown?.(tx, approved);
    return approved;
  });
}

/** Only what was held for its key: a peer that asked to be left alone still is. */
async function tryAtOnce(tx: StoreTx, destination: string, now: number): Promise<void> {
  const row = await tx.destinations.get(destination);
  if (row === undefined || row.nextAttemptAt <= now || row.code?.startsWith('agency-key-') !== true) return;
  await tx.destinations.put({ ...row, nextAttemptAt: now });
}
