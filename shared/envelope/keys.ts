import {
  constants,
  createPrivateKey,
  generateKeyPair,
  hash,
  sign,
  verify,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { writeDurably } from '../runtime/durable-file.ts';
import { permanent, systemCode } from '../runtime/errors.ts';

/** Every key of the product is RSA-3072: what HSMs and the national health PKI issue, and what node-forge can certify. */
export const modulusBits = 3072;
export const signatureBytes = modulusBits / 8;

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A private key with the certificate of its public half. */
export interface CertifiedKey {
  readonly privateKey: KeyObject;
  readonly certificate: X509Certificate;
}

const generate = promisify(generateKeyPair);

/** About 0.3 s of one core, on the threadpool: ask for several at once. */
export async function generateKey(): Promise<KeyPair> {
  return generate('rsa', { modulusLength: modulusBits, publicExponent: 0x10001 });
}

/** RSA-PSS, SHA-256, salt of 32 bytes, over label ‖ 0 ‖ digest; on the threadpool. */
export function signDigest(label: string, digest: Buffer, privateKey: KeyObject): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    sign('sha256', labelled(label, digest), { key: privateKey, ...pss }, (error, signature) => {
      if (error === null) resolve(signature);
      else reject(error);
    });
  });
}

/** 0.04 ms: not worth a trip to the threadpool. */
export function verifyDigest(
  label: string,
  digest: Buffer,
  signature: Buffer,
  publicKey: KeyObject,
): boolean {
  return verify('sha256', labelled(label, digest), { key: publicKey, ...pss }, signature);
}

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } as const;

function labelled(label: string, digest: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${label}\0`, 'latin1'), digest]);
}

/** Lower-case hex SHA-256 of the certificate's DER. */
export function fingerprint(certificate: X509Certificate): string {
  return hash('sha256', certificate.raw, 'hex');
}

/** Lower-case hex SHA-256 of the public key's SubjectPublicKeyInfo. */
export function spkiDigest(publicKey: KeyObject): string {
  return hash('sha256', publicKey.export({ type: 'spki', format: 'der' }), 'hex');
}

/** Throws `certificate-malformed`. */
export function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw permanent('certificate-malformed', { cause: error });
  }
}

export function privateKeyPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export function publicKeyPem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

export async function savePrivateKey(path: string, key: KeyObject): Promise<void> {
  await writeDurably(path, privateKeyPem(key), 0o600);
}

/** Throws `key-file-missing`, `key-file-permissions` (Unix: readable by others than its owner), `key-file-malformed`. */
export async function loadPrivateKey(path: string): Promise<KeyObject> {
  const pem = await readKeyFile(path);
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw permanent('key-file-malformed', { facts: { path }, cause: error });
  }
}

async function readKeyFile(path: string): Promise<string> {
  try {
    const { mode } = await stat(path);
    // Windows keeps access rights elsewhere: the installer sets them on the folder.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw permanent('key-file-permissions', { facts: { path, mode: (mode & 0o777).toString(8) } });
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw permanent('key-file-missing', { facts: { path } });
    throw error;
  }
}

/** Throws `key-unsuitable` unless the key is RSA of the size used throughout. */
export function requireRsa3072(key: KeyObject): void {
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (key.asymmetricKeyType !== 'rsa' || bits !== modulusBits)
    throw permanent('key-unsuitable', { facts: { expected: `rsa-${modulusBits}` } });
}
