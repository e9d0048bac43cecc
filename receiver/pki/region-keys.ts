import { access, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPublicKey, hash, type KeyObject, type X509Certificate } from 'node:crypto';
import { z } from 'zod';
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
import type { TrustBundle } from '../../shared/protocol/trust-bundle.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { writeDurably } from '../../shared/runtime/durable-file.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { createAuthority, createIssuing, createRoot, lifetimeDays } from './authority.ts';
import { recoveryNotice } from './recovery-notice.ts';

/**
 * The region's key folder (0700; keys 0600):
 *
 *   root.key root.pem               signs the issuing authority and the trust bundle; its SPKI digest is in every code
 *   issuing.key issuing.pem         signs all other certificates
 *   server.key server.pem           ingest and enrolment listeners; the PEM holds the leaf, then the issuing authority
 *   encryption.key encryption.pem   opens envelopes
 *   receipts.key                    signs receipts
 *   recovery.pem                    second recipient of every envelope
 *   recovery/recovery.key           its private key, to be moved offline, with a notice; never read again
 *   region.json                     written last: without it there is no region
 */
export interface Region {
  readonly name: string;
  readonly hosts: readonly string[];
  /** Lower-case hex SHA-256 of the root's SPKI, pinned through the enrolment code. */
  readonly rootDigest: string;
  readonly root: CertifiedKey;
  readonly issuing: CertifiedKey;
  readonly server: CertifiedKey;
  /** PEM: leaf, then issuing authority, as a TLS server presents it. */
  readonly serverChain: string;
  readonly serverKeyPem: string;
  /** PEM: root and issuing, as `ca` of either side's TLS. */
  readonly authorities: readonly string[];
  readonly encryption: CertifiedKey;
  readonly recovery: X509Certificate;
  readonly receipts: { readonly kid: string; readonly privateKey: KeyObject };
  readonly createdAt: number;
}

const regionFile = z.strictObject({
  v: z.literal(1),
  name: z.string().min(1).max(80),
  hosts: z.array(z.string()),
  createdAt: z.int(),
});

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
  const about = { v: 1, name, hosts, createdAt: clock.now() };
  await writeDurably(at('region.json'), `${JSON.stringify(about, null, 2)}\n`);
  return loadRegion(folder);
}

/** Throws `region-incomplete`, and what loading a key throws. */
export async function loadRegion(folder: string): Promise<Region> {
  const at = (file: string): string => join(folder, file);
  const about = await readAbout(at('region.json'));
  const certified = async (file: string): Promise<CertifiedKey> => ({
    privateKey: await loadPrivateKey(at(`${file}.key`)),
    certificate: readCertificate(await readText(at(`${file}.pem`))),
  });
  const root = await certified('root');
  const issuing = await certified('issuing');
  const server = await certified('server');
  const receiptsKey = await loadPrivateKey(at('receipts.key'));
  return {
    ...about,
    rootDigest: spkiDigest(root.certificate.publicKey),
    root,
    issuing,
    server,
    serverChain: await readText(at('server.pem')),
    serverKeyPem: privateKeyPem(server.privateKey),
    authorities: [root.certificate.toString(), issuing.certificate.toString()],
    encryption: await certified('encryption'),
    recovery: readCertificate(await readText(at('recovery.pem'))),
    receipts: { kid: keyId(receiptsKey), privateKey: receiptsKey },
  };
}

/** A new certificate for the listeners, for the same key: other hosts, or the old one ends soon. */
export async function renewServer(
  folder: string,
  hosts: readonly string[],
  deps: Pick<RegionOptions, 'clock' | 'random'>,
): Promise<Region> {
  const region = await loadRegion(folder);
  const authority = createAuthority(region.issuing, deps);
  const server = authority.issueServer(region.server.certificate.publicKey, hosts);
  await writeDurably(
    join(folder, 'server.pem'),
    `${server.toString()}${region.issuing.certificate.toString()}`,
  );
  const about = { v: 1, name: region.name, hosts, createdAt: region.createdAt };
  await writeDurably(join(folder, 'region.json'), `${JSON.stringify(about, null, 2)}\n`);
  return loadRegion(folder);
}

/** What agents are told to trust. Sign it with `signTrustBundle(bundle, region.root.privateKey)`. */
export function trustBundleOf(region: Region, version: number, issuedAt: number): TrustBundle {
  const recipient = (
    certificate: X509Certificate,
    use: 'receiver' | 'recovery',
  ): TrustBundle['recipients'][number] => ({
    certificate: certificate.toString(),
    use,
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
  });
  return {
    v: 1,
    typ: 'vaguemestre-trust-bundle',
    region: region.name,
    version,
    issuedAt,
    authorities: [...region.authorities],
    recipients: [
      recipient(region.encryption.certificate, 'receiver'),
      recipient(region.recovery, 'recovery'),
    ],
    receiptKeys: [
      {
        kid: region.receipts.kid,
        publicKey: publicKeyPem(createPublicKey(region.receipts.privateKey)),
        notBefore: Date.parse(region.root.certificate.validFrom),
        notAfter: Date.parse(region.root.certificate.validTo),
      },
    ],
    suites: [1],
  };
}

function keyId(privateKey: KeyObject): string {
  return hash('sha256', publicKeyPem(createPublicKey(privateKey)), 'hex').slice(0, 16);
}

async function readAbout(path: string): Promise<Omit<z.infer<typeof regionFile>, 'v'>> {
  const text = await readText(path);
  try {
    const { name, hosts, createdAt } = regionFile.parse(JSON.parse(text));
    return { name, hosts, createdAt };
  } catch (error) {
    throw permanent('region-incomplete', { facts: { path }, cause: error });
  }
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
