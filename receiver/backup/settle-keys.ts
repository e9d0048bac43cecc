import type { Clock } from '../../shared/runtime/clock.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { appendAudit } from '../audit/audit-log.ts';
import { destroyKey } from '../pki/destroy-key.ts';
import { stateOf, type KeyRole, type RingKey } from '../pki/key-ring.ts';
import { adoptLostKeys, type LostKeys } from '../pki/lost-keys.ts';
import { loadRegion } from '../pki/region-keys.ts';
import { rotateKey } from '../pki/rotate-key.ts';
import { stateFolder } from '../state-folder.ts';
import type { Store, StoreTx } from '../store/store.ts';
import { restoreActor } from './withdraw-again.ts';
import type { Withdrawals } from './withdrawals.ts';

interface KeyDeps {
  /** The receiver's state folder. */
  readonly folder: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Keys as the list has them. Those made after the backup are gone, and agents were told of them: others take their place, in a
 * trust bundle that counts on from the last one they saw. Those destroyed after the backup came back with it: they are ended
 * again, whatever still needs them. Where the root's key lies elsewhere, a person makes the new ones with `key rotate --now`;
 * a key that came back and has no successor serves until then.
 */
export async function settleKeysOf(deps: KeyDeps, list: Withdrawals, lost: LostKeys): Promise<void> {
  const gone = new Set(list.keys.filter(({ destroyed }) => destroyed).map(({ id }) => id));
  await adopt(deps, lost);
  await endRetired(deps, list, gone);
  if (await isRootHere(deps)) {
    for (const role of lost.roles) await replace(deps, list, role);
    // One that was to begin later begins by the first change, and ends by the second.
    for (let left = 3; left > 0; left -= 1) {
      await endRetired(deps, list, gone);
      const roles = new Set((await cameBack(deps, gone)).map(({ role }) => role));
      for (const role of roles) if (role !== 'server') await replace(deps, list, role);
    }
  }
  // The certificate of the listeners needs no root; the one before goes with the change.
  if ((await cameBack(deps, gone)).some(({ role }) => role === 'server')) await replace(deps, list, 'server');
}

async function adopt(deps: KeyDeps, { keys }: LostKeys): Promise<void> {
  if (keys.length === 0) return;
  const { folder, store, clock } = deps;
  await store.transaction(async (tx) => {
    for (const key of keys) await tellEnd(tx, clock, key);
  });
  await adoptLostKeys(stateFolder(folder), keys, clock);
  crashPoint('restore-keys-adopted');
}

/** Of the keys that were destroyed after the backup, those that are there. */
async function cameBack({ folder, clock }: KeyDeps, gone: ReadonlySet<string>): Promise<readonly RingKey[]> {
  const { keys } = await loadRegion(stateFolder(folder).keys, clock);
  return keys.filter(({ id, destroyedAt }) => gone.has(id) && destroyedAt === null);
}

async function endRetired(deps: KeyDeps, list: Withdrawals, gone: ReadonlySet<string>): Promise<void> {
  const { folder, clock, random, store } = deps;
  const bundleLater = !(await isRootHere(deps));
  for (const key of await cameBack(deps, gone)) {
    const { keys } = await loadRegion(stateFolder(folder).keys, clock);
    const here = keys.find(({ id }) => id === key.id);
    if (here === undefined || stateOf(keys, here, clock.now()) !== 'retiring') continue;
    await destroyKey({
      ...{ folder, clock, random, store, id: key.id, evenSo: true, bundleLater },
      seenVersion: list.bundleVersion,
      writeDown: (tx, ended) => tellEnd(tx, clock, ended),
    });
    crashPoint('restore-key-ended');
  }
}

/** Once: what is stopped after it goes on at the next start. */
async function tellEnd(tx: StoreTx, clock: Clock, { id, role }: Pick<RingKey, 'id' | 'role'>): Promise<void> {
  const told = await tx.audit.find({ action: 'key.destroy' }, Number.MAX_SAFE_INTEGER, 1000);
  if (told.some(({ subject }) => subject === id)) return;
  await appendAudit(tx, clock, restoreActor, {
    ...{ action: 'key.destroy', subject: id, reason: 'restore', facts: { role } },
  });
}

async function replace(deps: KeyDeps, { bundleVersion }: Withdrawals, role: KeyRole): Promise<void> {
  const { folder, store, clock, random } = deps;
  await rotateKey(role, {
    ...{ folder, clock, random, from: 'now', seenVersion: bundleVersion },
    writeDown: (made) =>
      store.transaction((tx) =>
        appendAudit(tx, clock, restoreActor, {
          ...{ action: 'key.rotate', subject: made.id },
          facts: { role: made.role, from: new Date(made.from).toISOString() },
        }),
      ),
  });
}

async function isRootHere({ folder, clock }: KeyDeps): Promise<boolean> {
  const region = await loadRegion(stateFolder(folder).keys, clock);
  try {
    return region.root.privateKey.type === 'private';
  } catch {
    return false;
  }
}
