import { feedNamed } from '../../shared/feeds/registry.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Actor } from '../accounts/actor.ts';
import { appendAudit } from '../audit/audit-log.ts';
import { loadRegion } from '../pki/region-keys.ts';
import { adoptLostKeys, lostKeysOf, type LostKeys } from '../pki/lost-keys.ts';
import { rotateKey } from '../pki/rotate-key.ts';
import { erase, type EraseDeps } from '../retention/erase.ts';
import { visitNamed } from '../retention/find-visit.ts';
import { rewriteIfWanted } from '../retention/rewrite.ts';
import { stateFolder } from '../state-folder.ts';
import type { StoreTx } from '../store/store.ts';
import { dropMark, readMark, type RestoredMark } from './restored-mark.ts';
import { readWithdrawals, type Withdrawals } from './withdrawals.ts';

export interface AfterRestoreDeps extends EraseDeps {
  /** The receiver's state folder. */
  readonly folder: string;
  readonly logger: Logger;
}

export const restoreActor: Actor = { kind: 'system', id: 'restore', name: 'restore' };

/**
 * Before a region that was restored serves for the first time: what it had withdrawn since its backup is withdrawn again, so
 * that nobody comes in who was shut out, and nothing comes back that was erased. Stopped anywhere, the next start goes on.
 * Throws `restore-unconfirmed` where nobody knows what was withdrawn, until a person has looked.
 */
export async function settleRestore(deps: AfterRestoreDeps): Promise<void> {
  const { folder, store, clock, logger } = deps;
  const mark = await readMark(folder);
  if (mark === undefined) return;
  const { rootDigest } = await loadRegion(stateFolder(folder).keys, clock);
  const list = await listOf(mark, rootDigest);
  if (list === undefined && !mark.confirmed)
    throw permanent('restore-unconfirmed', { facts: { at: new Date(mark.backupAt).toISOString() } });
  const erased = list === undefined ? 0 : await eraseAgain(deps, list);
  crashPoint('restore-erased');
  const lost = await lostKeysOf(stateFolder(folder), list?.keys ?? [], clock);
  const withdrawn = await store.transaction(async (tx) => {
    const count = list === undefined ? 0 : await withdrawAgain(tx, list, clock.now());
    const { backupAt, restoredAt, confirmed } = mark;
    const knownUntil = list?.madeAt ?? null;
    const counts = { withdrawn: count, erased, lostKeys: lost.keys.length };
    if (await isWrittenDown(tx, restoredAt)) return count;
    if (!confirmed) await tx.restores.put({ backupAt, restoredAt, knownUntil, ...counts });
    await writeDown(tx, deps, mark, counts);
    return count;
  });
  crashPoint('restore-withdrawn');
  await replaceLost(deps, lost, list?.bundleVersion ?? 0);
  await rewriteIfWanted(store);
  await dropMark(folder);
  logger.warn({ withdrawn, erased, lostKeys: lost.keys.length }, 'region-restored');
}

/** One that is older than the backup misses what was withdrawn between the two. */
async function listOf(mark: RestoredMark, root: string): Promise<Withdrawals | undefined> {
  if (mark.list === null) return undefined;
  const list = await readWithdrawals(mark.list, { root, path: 'restored.json' });
  return list.madeAt < mark.backupAt ? undefined : list;
}

/** Answers how many were. What facilities sent after the backup is named too: it does not come back by being sent again. */
async function eraseAgain(deps: AfterRestoreDeps, { visits }: Withdrawals): Promise<number> {
  const { store } = deps;
  let count = 0;
  for (const deletion of new Set(visits.map((visit) => visit.deletion))) {
    const [first, ...more] = visits.filter((visit) => visit.deletion === deletion);
    if (first === undefined) continue;
    const feed = feedNamed(first.feed);
    if (feed === undefined) continue;
    const named = [first, ...more].map(({ facility, key, visit }) => ({
      ...{ facility, key: Buffer.from(key, 'hex') },
      visit: visit === null ? null : Buffer.from(visit, 'hex'),
    }));
    const missing = await store.read(async (tx) => {
      for (const name of named) {
        const of = { facility: name.facility, feed: feed.name };
        if ((await tx.facilities.get(name.facility)) === undefined) continue;
        const known = await tx.erasure.erasedVisits(of);
        if (!known.some(({ key, visit }) => key.equals(name.key) && isSame(visit, name.visit))) return true;
      }
      return false;
    });
    if (!missing) continue;
    const visit = await store.read((tx) => visitNamed(tx, feed, named));
    const request = {
      facility: first.facility,
      reason: 'restore',
      requestedBy: `deletion ${first.deletion}`,
    };
    await erase(deps, visit, { ...request, actor: restoreActor });
    crashPoint('restore-erased-one');
    count += 1;
  }
  return count;
}

function isSame(one: Buffer | null, other: Buffer | null): boolean {
  return one === null || other === null ? one === other : one.equals(other);
}

/** Answers how many agents, certificates, accounts and tokens were shut out by this. */
async function withdrawAgain(tx: StoreTx, list: Withdrawals, now: number): Promise<number> {
  let count = 0;
  for (const id of list.agents) {
    const agent = await tx.agents.get(id);
    if (agent === undefined || agent.status === 'revoked') continue;
    await tx.agents.setStatus(id, 'revoked', now);
    await tx.agents.revokeCertificates(id, now);
    await tx.agents.deleteInvitation(id);
    count += 1;
  }
  for (const fingerprint of list.certificates) {
    const row = await tx.agents.certificate(fingerprint);
    if (row === undefined || row.revokedAt !== null) continue;
    await tx.agents.putCertificate({ ...row, revokedAt: now });
    count += 1;
  }
  for (const id of list.accounts) {
    const account = await tx.accounts.get(id);
    if (account === undefined || account.disabledAt !== null) continue;
    await tx.accounts.disable(id, now);
    count += 1;
  }
  for (const id of list.tokens) if (await tx.tokens.revoke(id, now)) count += 1;
  return count;
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

/**
 * Agents were told of keys that are no more. Others take their place at once, in a trust bundle that counts on from the last
 * one they saw; where the root's key lies elsewhere, a person does that with `key rotate --now`.
 */
async function replaceLost(
  deps: AfterRestoreDeps,
  { keys, roles }: LostKeys,
  seenVersion: number,
): Promise<void> {
  if (keys.length === 0) return;
  const { folder, store, clock, random } = deps;
  const state = stateFolder(folder);
  await store.transaction(async (tx) => {
    const told = await tx.audit.find({ action: 'key.destroy' }, Number.MAX_SAFE_INTEGER, 1000);
    for (const { id, role } of keys)
      if (!told.some(({ subject }) => subject === id))
        await appendAudit(tx, clock, restoreActor, {
          ...{ action: 'key.destroy', subject: id, reason: 'restore', facts: { role } },
        });
  });
  await adoptLostKeys(state, keys, clock);
  crashPoint('restore-keys-adopted');
  if (!(await isRootHere(deps))) return;
  for (const role of roles)
    await rotateKey(role, {
      ...{ folder, clock, random, from: 'now', seenVersion },
      writeDown: (made) =>
        store.transaction((tx) =>
          appendAudit(tx, clock, restoreActor, {
            ...{ action: 'key.rotate', subject: made.id },
            facts: { role: made.role, from: new Date(made.from).toISOString() },
          }),
        ),
    });
}

async function isRootHere({ folder, clock }: AfterRestoreDeps): Promise<boolean> {
  const region = await loadRegion(stateFolder(folder).keys, clock);
  try {
    return region.root.privateKey.type === 'private';
  } catch {
    return false;
  }
}
