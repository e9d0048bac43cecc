import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import {
  generateKey,
  loadPrivateKey,
  publicKeyPem,
  savePrivateKey,
  type KeyPair,
} from '../../shared/envelope/keys.ts';
import { signTrustBundle } from '../../shared/protocol/trust-bundle.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import { writeDurably } from '../../shared/runtime/durable-file.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { readTrustBundle } from '../auth/trust-bundle-file.ts';
import { stateFolder } from '../state-folder.ts';
import { createAuthority, createIssuing, lifetimeDays } from './authority.ts';
import { changingKeys, finishLastChange, publishCopy } from './key-files.ts';
import { nextOf, type KeyRole, type RingKey } from './key-ring.ts';
import { trustBundleOf, type BundleSource } from './region-bundle.ts';
import { readRegionFile, writeRegionFile } from './region-file.ts';
import { authoritiesOf, idOf, loadKey, loadRegion, type Region, type RegionKey } from './region-keys.ts';

export interface KeyChange {
  /** The receiver's state folder. */
  readonly folder: string;
  readonly clock: Clock;
  readonly random: Random;
  /** The root's private key, where it does not lie in the key folder. */
  readonly rootKeyFile?: string | undefined;
  /** The latest bundle that an agent says it has: after a restored backup it may be ahead of what is on disk. */
  readonly seenVersion: number;
  /** Written down before anything changes: a change that nobody wrote down must not be. */
  readonly writeDown: (key: Pick<RingKey, 'id' | 'role' | 'from'>) => Promise<void>;
}

/**
 * A new key of a role, told of at once and used from `from` on; the one before stays until it is destroyed. `now`: in use at
 * once, and so is one that was to follow later. The certificate of the listeners is always in use at once, and the one before
 * gone: agents know it by its issuer. Throws `keys-being-changed`, `key-rotation-pending`, `root-key-away`, `root-key-other`.
 */
export async function rotateKey(
  role: KeyRole,
  change: KeyChange & { readonly from: number | 'now' },
): Promise<RingKey> {
  const { folder, clock } = change;
  const { keys: keyFolder } = stateFolder(folder);
  return changingKeys(folder, async () => {
    const region = await loadRegion(keyFolder, clock);
    const now = clock.now();
    const from = change.from === 'now' || role === 'server' ? now : change.from;
    const pending = nextOf(region.keys, role, now);
    if (pending !== undefined && change.from !== 'now')
      throw permanent('key-rotation-pending', {
        facts: { key: pending.id, at: new Date(pending.from).toISOString() },
      });
    const rootKey = role === 'server' ? undefined : await rootKeyOf(region, change.rootKeyFile);
    const version = (await publishedVersion(change)) + 1;
    if (pending !== undefined) {
      const advanced = { ...pending, from, version };
      await change.writeDown(advanced);
      await switchTo(change, region, replaced(region.keys, advanced), { rootKey, version });
      return plain(advanced);
    }
    const made = await makeKey(role, region, rootKey, change);
    const ringKey: RingKey = {
      ...{ id: made.id, role, file: made.id, from, destroyedAt: null },
      version: rootKey === undefined ? 0 : version,
    };
    await change.writeDown(ringKey);
    crashPoint('before-key-files');
    await savePrivateKey(join(keyFolder, `${made.id}.key`), made.privateKey);
    await writeDurably(join(keyFolder, `${made.id}.pem`), made.pem);
    crashPoint('after-key-files');
    const others =
      role === 'server'
        ? region.keys.map((key) => (key.role === role ? { ...key, destroyedAt: now } : key))
        : region.keys;
    const added = await loadKey(keyFolder, ringKey);
    await switchTo(change, region, [...others, added], { rootKey, version });
    return ringKey;
  });
}

/** Throws `root-key-away`, `root-key-other`. */
export async function rootKeyOf(region: Region, file: string | undefined): Promise<KeyObject> {
  if (file === undefined) return region.root.privateKey;
  const key = await loadPrivateKey(file);
  if (!region.root.certificate.checkPrivateKey(key))
    throw permanent('root-key-other', { facts: { path: file } });
  return key;
}

/** An agent that says more than could be is not believed: versions go up by one. */
const leapOfVersions = 1000;

export async function publishedVersion({
  folder,
  seenVersion,
}: Pick<KeyChange, 'folder' | 'seenVersion'>): Promise<number> {
  const { version } = await readTrustBundle(folder);
  return seenVersion > version && seenVersion <= version + leapOfVersions ? seenVersion : version;
}

/**
 * Puts a ring in force: signed, then named by one rename, then what follows from it. A stop at any moment leaves the one ring
 * or the other, whole. Without the root's key the bundle stays as it is.
 */
export async function switchTo(
  { folder, clock }: Pick<KeyChange, 'folder' | 'clock'>,
  region: Region,
  keys: readonly RegionKey[],
  { rootKey, version }: { readonly rootKey: KeyObject | undefined; readonly version: number },
): Promise<void> {
  const { keys: keyFolder } = stateFolder(folder);
  const { root, recovery, name } = region;
  const source: BundleSource = {
    name,
    root,
    recovery,
    keys,
    authorities: authoritiesOf(root.certificate, keys),
  };
  const bundle =
    rootKey === undefined
      ? (await readTrustBundle(folder)).jws
      : await signTrustBundle(trustBundleOf(source, version, clock.now()), rootKey);
  const file = await readRegionFile(keyFolder);
  crashPoint('before-key-switch');
  await writeRegionFile(keyFolder, { ...file, turned: { keys: keys.map(plain), bundle } });
  crashPoint('after-key-switch');
  await publishCopy(folder, bundle);
  await finishLastChange(folder);
}

interface Made extends KeyPair {
  readonly id: string;
  readonly pem: string;
}

async function makeKey(
  role: KeyRole,
  region: Region,
  rootKey: KeyObject | undefined,
  deps: Pick<KeyChange, 'clock' | 'random'>,
): Promise<Made> {
  const pair = await generateKey();
  return { ...pair, id: idOf(role, pair.publicKey), pem: certifiedPem(role, pair, region, rootKey, deps) };
}

function certifiedPem(
  role: KeyRole,
  pair: KeyPair,
  region: Region,
  rootKey: KeyObject | undefined,
  deps: Pick<KeyChange, 'clock' | 'random'>,
): string {
  const { name, hosts, issuing } = region;
  const authority = createAuthority(issuing, deps);
  switch (role) {
    case 'encryption':
      return authority
        .issueEncryption(pair.publicKey, `${name}, receiver`, lifetimeDays.encryption)
        .toString();
    case 'receipts':
      return publicKeyPem(pair.publicKey);
    case 'server':
      return `${authority.issueServer(pair.publicKey, hosts).toString()}${issuing.certificate.toString()}`;
    case 'issuing': {
      if (rootKey === undefined) throw permanent('root-key-away', { facts: { path: 'root.key' } });
      const root = { privateKey: rootKey, certificate: region.root.certificate };
      const number = region.keys.filter((key) => key.role === 'issuing').length + 1;
      return createIssuing(pair, name, root, deps, number).certificate.toString();
    }
  }
}

export function replaced(keys: readonly RegionKey[], changed: RingKey): readonly RegionKey[] {
  return keys.map((key) => (key.id === changed.id ? { ...key, ...changed } : key));
}

export function plain({ id, role, file, from, version, destroyedAt }: RingKey): RingKey {
  return { id, role, file, from, version, destroyedAt };
}
