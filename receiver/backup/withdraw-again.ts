import { isDeepStrictEqual } from 'node:util';
import { feedNamed } from '../../shared/feeds/registry.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import type { Actor } from '../accounts/actor.ts';
import { erase, type EraseDeps } from '../retention/erase.ts';
import { visitNamed } from '../retention/find-visit.ts';
import type { AccountAccess, Scope } from '../store/account-tables.ts';
import { isSameName } from '../store/erasure-tables.ts';
import type { StoreTx } from '../store/store.ts';
import type { Withdrawals } from './withdrawals.ts';

export const restoreActor: Actor = { kind: 'system', id: 'restore', name: 'restore' };

/** Answers how many were. What facilities sent after the backup is named too: it does not come back by being sent again. */
export async function eraseAgain(deps: EraseDeps, { visits }: Withdrawals): Promise<number> {
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
        if (!known.some((each) => isSameName(each, name))) return true;
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

/** Answers how many agents, certificates, accounts and tokens were shut out by this. */
export async function withdrawAgain(tx: StoreTx, list: Withdrawals, now: number): Promise<number> {
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
  for (const access of list.access) if (await narrowAgain(tx, access)) count += 1;
  for (const id of list.tokens) if (await tx.tokens.revoke(id, now)) count += 1;
  return count;
}

/**
 * What an account lost since the backup it loses again; what it was given since, a person gives again. Profiles have no order:
 * the last one counts.
 */
async function narrowAgain(tx: StoreTx, listed: Withdrawals['access'][number]): Promise<boolean> {
  const account = await tx.accounts.get(listed.id);
  if (account === undefined) return false;
  const access: AccountAccess = {
    profile: listed.profile,
    administrator: account.administrator && listed.administrator,
    facilities: both(account.facilities, listed.facilities),
    destinations: both(account.destinations, listed.destinations),
  };
  const { profile, administrator, facilities, destinations } = account;
  if (isDeepStrictEqual(access, { profile, administrator, facilities, destinations })) return false;
  await tx.accounts.setAccess(listed.id, access);
  return true;
}

function both(one: Scope, other: Scope): Scope {
  if (one === 'all') return other;
  return other === 'all' ? one : one.filter((name) => other.includes(name));
}

/**
 * Sessions, sign-ins under way and invitations that were open at the backup's instant: each may have been used or ended since,
 * and whoever holds one would come in by it. People sign in again; agents are invited again.
 */
export async function closeWaysIn(tx: StoreTx): Promise<void> {
  await tx.accounts.purgeSessions(Number.MAX_SAFE_INTEGER);
  for (const { id } of await tx.agents.list()) await tx.agents.deleteInvitation(id);
}
