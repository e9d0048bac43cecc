import { join } from 'node:path';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import { writeDurably } from '../../shared/runtime/durable-file.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { stateFolder } from '../state-folder.ts';
import type { Store, StoreTx } from '../store/store.ts';
import { changingKeys } from './key-files.ts';
import { isFree, issuedBy, obstaclesOf, type Obstacles } from './key-obstacles.ts';
import { stateOf, type RingKey } from './key-ring.ts';
import { loadRegion, type RegionKey } from './region-keys.ts';
import { publishedVersion, replaced, rootKeyOf, switchTo, type KeyChange } from './rotate-key.ts';

export interface Destruction extends Omit<KeyChange, 'writeDown'> {
  readonly store: Store;
  readonly id: string;
  /** Though it is still needed. */
  readonly evenSo: boolean;
  /** Without the root's key: the trust bundle says so from the next rotation on. */
  readonly bundleLater?: boolean;
  /** In the transaction that takes back what the key issued, before the key goes. */
  readonly writeDown: (tx: StoreTx, key: RingKey, left: Obstacles) => Promise<void>;
}

/**
 * Makes an end of a key that another has taken over from. What it opened opens no more, but for the recovery key; certificates
 * it issued let nobody in any more. Throws `key-unknown`, `key-in-use`, `key-still-needed`, and what a change of keys throws.
 */
export async function destroyKey(wanted: Destruction): Promise<RingKey> {
  const { folder, clock, store, id } = wanted;
  const { keys: keyFolder } = stateFolder(folder);
  return changingKeys(folder, async () => {
    const region = await loadRegion(keyFolder, clock);
    const now = clock.now();
    const key = region.keys.find((one) => one.id === id);
    if (key === undefined || key.destroyedAt !== null) throw permanent('key-unknown', { facts: { key: id } });
    if (stateOf(region.keys, key, now) !== 'retiring') throw permanent('key-in-use', { facts: { key: id } });
    // A bundle lists what is to be trusted: of receipts the past stays, so that it need not be signed again.
    const isUnsaid = key.role === 'receipts' || wanted.bundleLater === true;
    const rootKey = isUnsaid ? undefined : await rootKeyOf(region, wanted.rootKeyFile);
    await store.transaction(async (tx) => {
      const left = await obstaclesOf(tx, region, key, now);
      if (!isFree(left, now) && !wanted.evenSo) throw needed(key, left, now);
      if (key.role === 'issuing') await takeBack(tx, key, now);
      await wanted.writeDown(tx, key, left);
    });
    crashPoint('before-key-destroy');
    if (key.role === 'receipts') await writeDurably(join(keyFolder, `${key.file}.pem`), key.pem);
    const destroyed = { ...key, destroyedAt: now };
    const version = (await publishedVersion(wanted)) + 1;
    await switchTo(wanted, region, replaced(region.keys, destroyed), { rootKey, version });
    return destroyed;
  });
}

async function takeBack(tx: StoreTx, issuer: RegionKey, now: number): Promise<void> {
  for (const { id } of await tx.agents.list())
    for (const row of (await issuedBy(tx, id, issuer)).filter(({ notAfter }) => notAfter > now))
      await tx.agents.putCertificate({ ...row, revokedAt: now });
}

const namesShown = 10;

function needed({ id }: RegionKey, left: Obstacles, now: number): Error {
  const { agents, envelopes, certificates, keptUntil } = left;
  const names = agents.slice(0, namesShown).map(({ name }) => name);
  return permanent('key-still-needed', {
    facts: {
      ...{ key: id, agents: agents.length, envelopes, certificates },
      names: agents.length > namesShown ? `${names.join(', ')}…` : names.join(', ') || '-',
      days: Math.max(0, Math.ceil(((keptUntil ?? now) - now) / 86_400_000)),
    },
  });
}
