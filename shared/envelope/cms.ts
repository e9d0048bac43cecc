import {
  constants,
  createCipheriv,
  createDecipheriv,
  publicEncrypt,
  type KeyObject,
  type X509Certificate,
} from 'node:crypto';
import { permanent } from '../runtime/errors.ts';
import { createDerReader, der, derHeader, derOid, derSmallInteger, tags, type DerReader } from './der.ts';
import { requireRsa3072, signatureBytes } from './keys.ts';

/**
 * CMS AuthEnvelopedData (RFC 5083, 5084) in DER: AES-256-GCM with a nonce of 12 bytes and a tag of 16, one
 * KeyTransRecipientInfo per recipient (RSAES-OAEP, SHA-256, MGF1-SHA-256, RFC 4055) named by issuer and serial number.
 * No authenticated attributes: deployed OpenSSL does not read them as associated data (3.0.19 cannot open such a
 * message), so that the header is bound by the outer signature and by its digest inside instead.
 *
 * Exactly this shape is read back, whatever else CMS allows: a fixed walk, no recursion.
 */
const malformed = 'envelope-malformed';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const maxRecipients = 8;

const sha256 = der(tags.sequence, derOid('2.16.840.1.101.3.4.2.1'), der(tags.null));
const mgf1Sha256 = der(tags.sequence, derOid('1.2.840.113549.1.1.8'), sha256);
const oaepSha256 = der(
  tags.sequence,
  derOid('1.2.840.113549.1.1.7'),
  der(tags.sequence, der(tags.explicit0, sha256), der(tags.explicit1, mgf1Sha256)),
);
const authEnvelopedData = derOid('1.2.840.113549.1.9.16.1.23');
const data = derOid('1.2.840.113549.1.7.1');
const aes256Gcm = derOid('2.16.840.1.101.3.4.1.46');
const version0 = derSmallInteger(0);
const tagLength = derSmallInteger(tagBytes);

export interface ContentKey {
  readonly key: Buffer;
  readonly nonce: Buffer;
}

export interface CmsWriter {
  /** The DER as a list of chunks, for one copy at the end. `content.key` must be fresh for every call. */
  write(plaintext: readonly Buffer[], content: ContentKey): readonly Buffer[];
}

interface PreparedRecipient {
  /** Everything of its RecipientInfo before the encrypted key. */
  readonly prefix: Buffer;
  readonly encryptedKeyBytes: number;
  encryptKey(key: Buffer): Buffer;
}

/**
 * `requireKey` throws for keys that may not be sealed for: our own envelopes are for RSA-3072 alone, which is what `readCms`
 * reads back; others name their own rule, for RSA of any size. Throws what it throws (`key-unsuitable`), and
 * `certificate-malformed`.
 */
export function createCmsWriter(
  certificates: readonly X509Certificate[],
  requireKey: (key: KeyObject) => void = requireRsa3072,
): CmsWriter {
  // DER orders a SET OF by its encodings; the prefixes already differ.
  const recipients = certificates
    .map((certificate) => prepare(certificate, requireKey))
    .sort((a, b) => Buffer.compare(a.prefix, b.prefix));
  const recipientsLength = recipients.reduce(
    (sum, { prefix, encryptedKeyBytes }) => sum + prefix.length + encryptedKeyBytes,
    0,
  );
  const recipientsHeader = derHeader(tags.set, recipientsLength);

  return {
    write: (plaintext, { key, nonce }) => {
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      const encrypted = plaintext.map((part) => cipher.update(part));
      encrypted.push(cipher.final());
      const mac = der(tags.octets, cipher.getAuthTag());

      const length = encrypted.reduce((sum, part) => sum + part.length, 0);
      const algorithm = der(tags.sequence, aes256Gcm, der(tags.sequence, der(tags.octets, nonce), tagLength));
      const contentHeader = derHeader(tags.implicit0, length);
      const infoLength = data.length + algorithm.length + contentHeader.length + length;
      const infoHeader = derHeader(tags.sequence, infoLength);
      const bodyLength =
        version0.length +
        recipientsHeader.length +
        recipientsLength +
        infoHeader.length +
        infoLength +
        mac.length;
      const body = derHeader(tags.sequence, bodyLength);
      const explicit = derHeader(tags.explicit0, body.length + bodyLength);
      const outer = derHeader(
        tags.sequence,
        authEnvelopedData.length + explicit.length + body.length + bodyLength,
      );
      return [
        outer,
        authEnvelopedData,
        explicit,
        body,
        version0,
        recipientsHeader,
        ...recipients.flatMap((recipient) => [recipient.prefix, recipient.encryptKey(key)]),
        infoHeader,
        data,
        algorithm,
        contentHeader,
        ...encrypted,
        mac,
      ];
    },
  };
}

function prepare(certificate: X509Certificate, requireKey: (key: KeyObject) => void): PreparedRecipient {
  const { publicKey } = certificate;
  requireKey(publicKey);
  const { modulusLength } = publicKey.asymmetricKeyDetails ?? {};
  if (modulusLength === undefined) throw permanent('key-unsuitable', { facts: { expected: 'rsa' } });
  const encryptedKeyBytes = Math.ceil(modulusLength / 8);
  const fixed = Buffer.concat([
    version0,
    issuerAndSerial(certificate),
    oaepSha256,
    derHeader(tags.octets, encryptedKeyBytes),
  ]);
  return {
    prefix: Buffer.concat([derHeader(tags.sequence, fixed.length + encryptedKeyBytes), fixed]),
    encryptedKeyBytes,
    encryptKey: (key) =>
      publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, key),
  };
}

/** IssuerAndSerialNumber of a certificate, as CMS names a recipient. */
export function issuerAndSerial(certificate: X509Certificate): Buffer {
  const body = createDerReader(certificate.raw, 'certificate-malformed')
    .enter(tags.sequence)
    .enter(tags.sequence);
  if (body.peek() === tags.explicit0) body.content(tags.explicit0);
  const serial = body.whole(tags.integer);
  body.content(tags.sequence);
  const issuer = body.whole(tags.sequence);
  return der(tags.sequence, issuer, serial);
}

export interface CmsParts {
  readonly recipients: readonly { readonly name: Buffer; readonly encryptedKey: Buffer }[];
  readonly nonce: Buffer;
  readonly content: Buffer;
  readonly tag: Buffer;
}

/** Throws `envelope-malformed`. The parts point into `bytes`. */
export function readCms(bytes: Buffer): CmsParts {
  const file = createDerReader(bytes, malformed);
  const outer = file.enter(tags.sequence);
  file.end();
  outer.exactly(authEnvelopedData);
  const explicit = outer.enter(tags.explicit0);
  outer.end();
  const body = explicit.enter(tags.sequence);
  explicit.end();
  body.exactly(version0);
  const recipients = readRecipients(body.enter(tags.set));
  const info = body.enter(tags.sequence);
  const tag = sized(body.content(tags.octets), tagBytes);
  body.end();
  info.exactly(data);
  const algorithm = info.enter(tags.sequence);
  const content = info.content(tags.implicit0);
  info.end();
  algorithm.exactly(aes256Gcm);
  const parameters = algorithm.enter(tags.sequence);
  algorithm.end();
  const nonce = sized(parameters.content(tags.octets), nonceBytes);
  parameters.exactly(tagLength);
  parameters.end();
  return { recipients, nonce, content, tag };
}

function readRecipients(set: DerReader): CmsParts['recipients'] {
  const recipients: { name: Buffer; encryptedKey: Buffer }[] = [];
  while (set.peek() !== undefined) {
    if (recipients.length >= maxRecipients) throw permanent(malformed, { facts: { where: 'recipients' } });
    const recipient = set.enter(tags.sequence);
    recipient.exactly(version0);
    const name = recipient.whole(tags.sequence);
    recipient.exactly(oaepSha256);
    const encryptedKey = sized(recipient.content(tags.octets), signatureBytes);
    recipient.end();
    recipients.push({ name, encryptedKey });
  }
  return recipients;
}

function sized(part: Buffer, length: number): Buffer {
  if (part.length !== length) throw permanent(malformed, { facts: { where: 'cms' } });
  return part;
}

/** Throws `envelope-tampered` when the content is not what was sealed under this key. */
export function decryptContent(parts: CmsParts, key: Buffer): Buffer {
  try {
    if (key.length !== keyBytes) throw permanent('envelope-tampered');
    const decipher = createDecipheriv('aes-256-gcm', key, parts.nonce, { authTagLength: tagBytes });
    decipher.setAuthTag(parts.tag);
    const plaintext = decipher.update(parts.content);
    // GCM is a stream: everything is out already, and final only checks the tag.
    decipher.final();
    return plaintext;
  } catch {
    throw permanent('envelope-tampered');
  }
}
