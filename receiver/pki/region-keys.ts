import { access, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPublicKey, hash, type KeyObject, type X509Certificate } from 'node:crypto';
import {
  generateKey,
  loadPrivateKey,
  privateKeyPem,
  publicKeyPem,
  readCertificate,
  savePrivateKey,
  spkiDigest,
  type CertifiedKey,
} from '../../shared/envelope/keys.ts';
import { systemClock, type Clock } from '../../shared/runtime/clock.ts';
import { writeDurably } from '../../shared/runtime/durable-file.ts';
import { asFault, permanent } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { createAuthority, createIssuing, createRoot, lifetimeDays } from './authority.ts';
import { currentOf, keysOf, type KeyRole, type RingKey } from './key-ring.ts';
import { recoveryNotice } from './recovery-notice.ts';
import { readRegionFile, writeRegionFile, type RegionFile } from './region-file.ts';

/**
 * The region's key folder (0700; keys 0600):
 *
 *   root.key root.pem               signs the issuing authority and the trust bundle; its SPKI digest is in every code.
 *                                   The key may lie elsewhere: it is needed to rotate keys, and for nothing else
 *   issuing.key issuing.pem         signs all other certificates
 *   server.key server.pem           ingest and enrolment listeners; the PEM holds the leaf, then the issuing authority
 *   encryption.key encryption.pem   opens envelopes
 *   receipts.key                    signs receipts
 *   recovery.pem                    second recipient of every envelope
 *   recovery/recovery.key           its private key, to be moved offline, with a notice; never read again
 *   ROLE-<id>.key ROLE-<id>.pem     later keys of the four roles above (for receipts the PEM is the public key)
 *   region.json                     written last: without it there is no region, and no key that it does not name
 */
export interface Region {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly createdAt: number;
  /** Lower-case hex SHA-256 of the root's SPKI, pinned through the enrolment code. */
  readonly rootDigest: string;
  /** Taking its private key throws `root-key-away` when it lies elsewhere. */
  readonly root: CertifiedKey;
  readonly recovery: X509Certificate;
  /** PEM: root and every issuing authority that is left, as `ca` of either side's TLS. */
  readonly authorities: readonly string[];
  readonly keys: readonly RegionKey[];
  /** As the last rotation signed it; undefined before the first. */
  readonly bundle: string | undefined;
  // Of each role the key in use at this moment:
  readonly issuing: CertifiedKey;
  readonly server: CertifiedKey;
  /** PEM: leaf, then issuing authority, as a TLS server presents it. */
  readonly serverChain: string;
  readonly serverKeyPem: string;
  readonly encryption: CertifiedKey;
  readonly receipts: { readonly kid: string; readonly privateKey: KeyObject };
}

/** A key of the ring, with what its files hold. */
export interface RegionKey extends RingKey {
  /** PEM: a certificate, a chain (server), or a public key (receipts). */
  readonly pem: string;
  readonly publicKey: KeyObject;
  /** Undefined for keys that sign receipts: the trust bundle vouches for them. */
  readonly certificate: X509Certificate | undefined;
  /** Undefined: destroyed. */
  readonly privateKey: KeyObject | undefined;
}

export interface RegionOptions {
  readonly name: string;
  /** DNS names or addresses agents reach the receiver by. */
  readonly hosts: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
}

/** Throws `region-exists`. */
export async function createRegion(folder: string, options: RegionOptions): Promise<Region> {
  const { name, hosts, clock, random } = options;
  const at = (file: string): string => join(folder, file);
  if (await exists(at('region.json'))) throw permanent('region-exists', { facts: { path: folder } });
  await mkdir(at('recovery'), { recursive: true, mode: 0o700 });

  const [rootKey, issuingKey, serverKey, encryptionKey, recoveryKey, receiptsKey] = await Promise.all([
    generateKey(),
    generateKey(),
    generateKey(),
    generateKey(),
    generateKey(),
    generateKey(),
  ]);
  const root = createRoot(rootKey, name, { clock, random });
  const issuing = createIssuing(issuingKey, name, root, { clock, random });
  const authority = createAuthority(issuing, { clock, random });
  const server = authority.issueServer(serverKey.publicKey, hosts);
  const { encryption, recovery } = lifetimeDays;
  const encryptionPem = authority.issueEncryption(encryptionKey.publicKey, `${name}, receiver`, encryption);
  const recoveryPem = authority.issueEncryption(recoveryKey.publicKey, `${name}, recovery`, recovery);

  await savePrivateKey(at('root.key'), root.privateKey);
  await writeDurably(at('root.pem'), root.certificate.toString());
  await savePrivateKey(at('issuing.key'), issuing.privateKey);
  await writeDurably(at('issuing.pem'), issuing.certificate.toString());
  await savePrivateKey(at('server.key'), serverKey.privateKey);
  await writeDurably(at('server.pem'), `${server.toString()}${issuing.certificate.toString()}`);
  await savePrivateKey(at('encryption.key'), encryptionKey.privateKey);
  await writeDurably(at('encryption.pem'), encryptionPem.toString());
  await savePrivateKey(at('receipts.key'), receiptsKey.privateKey);
  await writeDurably(at('recovery.pem'), recoveryPem.toString());
  await savePrivateKey(at('recovery/recovery.key'), recoveryKey.privateKey);
  await writeDurably(at('recovery/LISEZMOI-README.txt'), recoveryNotice);
  await writeRegionFile(folder, { name, hosts, createdAt: clock.now(), turned: undefined });
  return loadRegion(folder, clock);
}

/** Throws `region-incomplete`, and what loading a key throws. */
export async function loadRegion(folder: string, clock: Clock = systemClock): Promise<Region> {
  const file = await readRegionFile(folder);
  const rootPem = readCertificate(await readText(join(folder, 'root.pem')));
  const rootKey = await keyIfThere(join(folder, 'root.key'));
  const ring = file.turned?.keys ?? (await firstRing(folder));
  const keys = await Promise.all(ring.map((key) => loadKey(folder, key)));
  const inUse = (role: KeyRole): RegionKey & { readonly privateKey: KeyObject } => {
    const id = currentOf(ring, role, clock.now())?.id;
    const key = keys.find((one) => one.id === id);
    if (key?.privateKey === undefined) throw permanent('region-incomplete', { facts: { path: role } });
    return { ...key, privateKey: key.privateKey };
  };
  const certified = (role: KeyRole): CertifiedKey => {
    const { certificate, privateKey } = inUse(role);
    if (certificate === undefined) throw permanent('region-incomplete', { facts: { path: role } });
    return { privateKey, certificate };
  };
  return {
    ...{ name: file.name, hosts: file.hosts, createdAt: file.createdAt, keys, bundle: file.turned?.bundle },
    rootDigest: spkiDigest(rootPem.publicKey),
    root: {
      certificate: rootPem,
      get privateKey() {
        if (rootKey === undefined) throw permanent('root-key-away', { facts: { path: folder } });
        return rootKey;
      },
    },
    recovery: readCertificate(await readText(join(folder, 'recovery.pem'))),
    authorities: authoritiesOf(rootPem, keys),
    get issuing() {
      return certified('issuing');
    },
    get server() {
      return certified('server');
    },
    get serverChain() {
      return inUse('server').pem;
    },
    get serverKeyPem() {
      return privateKeyPem(inUse('server').privateKey);
    },
    get encryption() {
      return certified('encryption');
    },
    get receipts() {
      const { publicKey, privateKey } = inUse('receipts');
      return { kid: keyId(publicKey), privateKey };
    },
  };
}

/** PEM: the root, and every issuing authority that is left. */
export function authoritiesOf(root: X509Certificate, keys: readonly RegionKey[]): readonly string[] {
  const issuers = keys.filter(({ role, destroyedAt }) => role === 'issuing' && destroyedAt === null);
  return [root.toString(), ...issuers.map(({ pem }) => pem)];
}

/** What opens envelopes, the latest first: most are sealed for it. */
export function openersOf({ keys }: Region): readonly CertifiedKey[] {
  return keysOf(keys, 'encryption')
    .toReversed()
    .flatMap(({ id }) => {
      const key = keys.find((one) => one.id === id);
      if (key?.privateKey === undefined || key.certificate === undefined) return [];
      return [{ privateKey: key.privateKey, certificate: key.certificate }];
    });
}

/** A region that never rotated a key: one of each, under its role's own name. */
async function firstRing(folder: string): Promise<readonly RingKey[]> {
  const root = readCertificate(await readText(join(folder, 'root.pem')));
  const ofCertificate = async (role: KeyRole): Promise<RingKey> => {
    const certificate = readCertificate(await readText(join(folder, `${role}.pem`)));
    return firstKey(role, certificate.publicKey, Date.parse(certificate.validFrom));
  };
  const receipts = createPublicKey(await loadPrivateKey(join(folder, 'receipts.key')));
  return [
    await ofCertificate('encryption'),
    firstKey('receipts', receipts, Date.parse(root.validFrom)),
    await ofCertificate('issuing'),
    await ofCertificate('server'),
  ];
}

function firstKey(role: KeyRole, publicKey: KeyObject, from: number): RingKey {
  return { id: idOf(role, publicKey), role, file: role, from, version: 0, destroyedAt: null };
}

export function idOf(role: KeyRole, publicKey: KeyObject): string {
  return `${role}-${spkiDigest(publicKey).slice(0, 8)}`;
}

export async function loadKey(folder: string, key: RingKey): Promise<RegionKey> {
  const at = join(folder, key.file);
  const privateKey = key.destroyedAt === null ? await loadPrivateKey(`${at}.key`) : undefined;
  if (key.role === 'receipts') {
    // The first one has no file for its public half, until it is retired.
    const pem =
      privateKey === undefined ? await readText(`${at}.pem`) : publicKeyPem(createPublicKey(privateKey));
    return { ...key, pem, privateKey, publicKey: createPublicKey(pem), certificate: undefined };
  }
  const pem = await readText(`${at}.pem`);
  const certificate = readCertificate(pem);
  return { ...key, pem, privateKey, publicKey: certificate.publicKey, certificate };
}

async function keyIfThere(path: string): Promise<KeyObject | undefined> {
  return loadPrivateKey(path).catch((error: unknown) => {
    if (asFault(error).code === 'key-file-missing') return undefined;
    throw error;
  });
}

/** A new certificate for the listeners, for the same key: other hosts, or the old one ends soon. */
export async function renewServer(
  folder: string,
  hosts: readonly string[],
  deps: Pick<RegionOptions, 'clock' | 'random'>,
): Promise<Region> {
  const region = await loadRegion(folder, deps.clock);
  const authority = createAuthority(region.issuing, deps);
  const server = authority.issueServer(region.server.certificate.publicKey, hosts);
  const file = currentOf(region.keys, 'server', deps.clock.now())?.file ?? 'server';
  await writeDurably(
    join(folder, `${file}.pem`),
    `${server.toString()}${region.issuing.certificate.toString()}`,
  );
  const said: RegionFile = { ...(await readRegionFile(folder)), hosts };
  await writeRegionFile(folder, said);
  return loadRegion(folder, deps.clock);
}

/** How a receipt's proof names the key that signed it. */
export function keyId(publicKey: KeyObject): string {
  return hash('sha256', publicKeyPem(publicKey), 'hex').slice(0, 16);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw permanent('region-incomplete', { facts: { path }, cause: error });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
