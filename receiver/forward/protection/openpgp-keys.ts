import type { Key, PartialConfig, PrivateKey, Subkey } from 'openpgp';
import { permanent } from '../../../shared/runtime/errors.ts';
import {
  hasExpired,
  requireRsaSize,
  smallestRsaBits,
  unsuitable,
  type AgencyKey,
  type KeyPlace,
} from './agency-key.ts';
import { readSecretFile, unreadable } from './key-files.ts';

export type OpenPgp = typeof import('openpgp');

/** Loaded for those who ask for it: it takes 20 MB that most regions have no use for. */
export function loadOpenPgp(): Promise<OpenPgp> {
  return import('openpgp');
}

/** Sizes are judged here, with a fault of their own. */
const reading: PartialConfig = { minRSABits: 0 };

export interface AgencyOpenPgpKey {
  readonly key: AgencyKey;
  readonly openPgp: Key;
  /** The key itself, or the one of its subkeys that is encrypted for. */
  readonly encrypting: Key | Subkey;
}

/**
 * One public key, binary or armored, of the form that GnuPG 2.2 reads (version 4), that data may be encrypted for. Whether it
 * is in force now is for the caller. Throws `agency-key-unreadable`, `agency-key-several`, `agency-key-private`,
 * `agency-key-revoked`, `agency-key-weak`, `agency-key-unsuitable`.
 */
export async function readAgencyOpenPgpKey(
  openpgp: OpenPgp,
  bytes: Buffer,
  place: KeyPlace,
  now: number,
): Promise<AgencyOpenPgpKey> {
  const openPgp = await onlyKey(openpgp, bytes, place);
  const { version } = openPgp.keyPacket;
  if (version !== 4) throw unsuitable(place, `OpenPGP v${version}`);
  const at = new Date(now);
  if (await openPgp.isRevoked(undefined, undefined, at, { ...openpgp.config, ...reading }))
    throw permanent('agency-key-revoked', { facts: place });
  requireStrong(openPgp, place);
  const { encrypting, expiresAt } = await newestEncrypting(openpgp, openPgp, place, now);
  requireStrong(encrypting, place);
  const { algorithm, bits } = algorithmOf(encrypting);
  return {
    ...{ openPgp, encrypting },
    key: {
      ...{ kind: 'openpgp', fingerprint: openPgp.getFingerprint(), algorithm, bits, expiresAt },
      createdAt: Math.max(openPgp.getCreationTime().getTime(), encrypting.getCreationTime().getTime()),
    },
  };
}

async function onlyKey(openpgp: OpenPgp, bytes: Buffer, place: KeyPlace): Promise<Key> {
  const text = bytes.toString('latin1');
  const blocks = text.split('-----BEGIN PGP ').length - 1;
  const keys = await (
    blocks > 0
      ? openpgp.readKeys({ armoredKeys: text, config: reading })
      : openpgp.readKeys({ binaryKeys: new Uint8Array(bytes), config: reading })
  ).catch((cause: unknown) => {
    throw unreadable(place, cause);
  });
  // Of several armored blocks the library reads the first.
  const count = Math.max(blocks, keys.length);
  const [key] = keys;
  if (key === undefined) throw unreadable(place);
  if (keys.some((one) => one.isPrivate())) throw permanent('agency-key-private', { facts: place });
  if (count > 1) throw permanent('agency-key-several', { facts: { ...place, count } });
  return key;
}

interface Candidate {
  readonly encrypting: Key | Subkey;
  readonly expiresAt: number | null;
}

/** The newest part in force that may be encrypted for; when all have expired, the one that lasted longest. */
async function newestEncrypting(
  openpgp: OpenPgp,
  key: Key,
  place: KeyPlace,
  now: number,
): Promise<Candidate> {
  const config = { ...openpgp.config, ...reading };
  // A part made later than now has an end, too.
  const seenAt = (part: Key | Subkey): Date => new Date(Math.max(now, part.getCreationTime().getTime()));
  const ofKey = await key.getExpirationTime(undefined, config);
  const candidates: Candidate[] = [];
  let cause: unknown;
  for (const part of [key, ...key.subkeys]) {
    try {
      // No date: whether it has expired is judged after whether it encrypts at all.
      await key.getEncryptionKey(part.getKeyID(), null, undefined, config);
      const ofPart = 'mainKey' in part ? await part.getExpirationTime(seenAt(part), config) : ofKey;
      const expiresAt = Math.min(millis(ofKey), millis(ofPart));
      candidates.push({ encrypting: part, expiresAt: Number.isFinite(expiresAt) ? expiresAt : null });
    } catch (error) {
      cause = error;
    }
  }
  const created = ({ encrypting }: Candidate): number => encrypting.getCreationTime().getTime();
  const lasts = ({ expiresAt }: Candidate): number => expiresAt ?? Infinity;
  const inForce = candidates.filter((one) => created(one) <= now && !hasExpired(one.expiresAt, now));
  const [best] =
    inForce.length > 0
      ? inForce.sort((a, b) => created(b) - created(a))
      : candidates.sort((a, b) => lasts(b) - lasts(a));
  if (best === undefined) throw unsuitable(place, algorithmOf(key).algorithm, cause);
  return best;
}

/** Null, of something that was never good: it has ended. */
function millis(expiry: Date | number | null): number {
  if (expiry === null) return 0;
  return typeof expiry === 'number' ? expiry : expiry.getTime();
}

function requireStrong(part: Key | Subkey, place: KeyPlace): void {
  const { bits } = algorithmOf(part);
  if (bits !== null) requireRsaSize(bits, place);
}

function algorithmOf(part: Key | Subkey): Pick<AgencyKey, 'algorithm' | 'bits'> {
  const { algorithm, bits, curve } = part.getAlgorithmInfo();
  return algorithm.startsWith('rsa') && bits !== undefined
    ? { algorithm: `rsa-${bits}`, bits }
    : { algorithm: curve ?? algorithm, bits: null };
}

export interface SigningKey {
  readonly privateKey: PrivateKey;
  readonly fingerprint: string;
  readonly expiresAt: number | null;
}

/**
 * The region's own key, unlocked. Throws `signing-key-unreadable`, `key-file-permissions`, `signing-key-unsuitable`,
 * `signing-key-locked`, `signing-key-expired`.
 */
export async function readSigningKey(
  openpgp: OpenPgp,
  place: KeyPlace,
  passphraseFile: string | undefined,
  now: number,
): Promise<SigningKey> {
  const bytes = await readSecretFile(place);
  const armored = bytes.includes('-----BEGIN PGP ');
  const keys = await (
    armored
      ? openpgp.readPrivateKeys({ armoredKeys: bytes.toString('latin1') })
      : openpgp.readPrivateKeys({ binaryKeys: new Uint8Array(bytes) })
  ).catch((cause: unknown) => {
    throw permanent('signing-key-unreadable', { facts: { ...place, reason: 'format' }, cause });
  });
  const [found, ...others] = keys;
  if (found === undefined)
    throw permanent('signing-key-unreadable', { facts: { ...place, reason: 'format' } });
  if (others.length > 0) throw unsuitableToSign(place, `${keys.length}`);
  if (found.keyPacket.version !== 4) throw unsuitableToSign(place, `OpenPGP v${found.keyPacket.version}`);
  const privateKey = await unlocked(openpgp, found, place, passphraseFile);
  const expiry = millis(await privateKey.getExpirationTime());
  const expiresAt = Number.isFinite(expiry) ? expiry : null;
  requireSigningInForce({ expiresAt }, place, now);
  const config = { ...openpgp.config, minRSABits: smallestRsaBits };
  await privateKey.getSigningKey(undefined, new Date(now), undefined, config).catch((cause: unknown) => {
    throw unsuitableToSign(place, algorithmOf(privateKey).algorithm, cause);
  });
  return { privateKey, fingerprint: privateKey.getFingerprint(), expiresAt };
}

/** Throws `signing-key-expired`. */
export function requireSigningInForce(
  { expiresAt }: Pick<SigningKey, 'expiresAt'>,
  place: KeyPlace,
  now: number,
): void {
  if (expiresAt !== null && expiresAt <= now)
    throw permanent('signing-key-expired', { facts: { ...place, at: new Date(expiresAt).toISOString() } });
}

async function unlocked(
  { decryptKey }: OpenPgp,
  privateKey: PrivateKey,
  place: KeyPlace,
  passphraseFile: string | undefined,
): Promise<PrivateKey> {
  if (privateKey.isDecrypted()) return privateKey;
  const passphrase =
    passphraseFile === undefined
      ? ''
      : (await readSecretFile({ ...place, file: passphraseFile })).toString('utf8').replace(/\r?\n$/, '');
  try {
    return await decryptKey({ privateKey, passphrase });
  } catch (cause) {
    throw permanent('signing-key-locked', { facts: place, cause });
  }
}

function unsuitableToSign(place: KeyPlace, found: string, cause?: unknown): Error {
  return permanent('signing-key-unsuitable', { facts: { ...place, found }, cause });
}
