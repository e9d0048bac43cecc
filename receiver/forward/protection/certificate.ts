import { X509Certificate } from 'node:crypto';
import { createDerReader, derOid, tags, type DerReader } from '../../../shared/envelope/der.ts';
import { fingerprint } from '../../../shared/envelope/keys.ts';
import { asFault, permanent } from '../../../shared/runtime/errors.ts';
import { requireRsaSize, unsuitable, type AgencyKey, type KeyPlace } from './agency-key.ts';
import { unreadable } from './key-files.ts';

/** Further tags of a certificate's body (RFC 5280, 4.1). */
const explicit3 = 0xa3;
const implicit1 = 0x81;
const implicit2 = 0x82;
const boolean = 0x01;
const keyUsage = derOid('2.5.29.15');
const keyEncipherment = 0x20;

export interface AgencyCertificate {
  readonly key: AgencyKey;
  readonly certificate: X509Certificate;
}

/**
 * One certificate, PEM or DER, that data may be encrypted for: RSA of 2048 to 8192 bits whose usage does not forbid it. Who
 * signed it is not looked at: its fingerprint is in the settings and two people vouch for it. Throws
 * `agency-key-unreadable`, `agency-key-several`, `agency-key-private`, `agency-key-weak`, `agency-key-unsuitable`.
 */
export function readAgencyCertificate(bytes: Buffer, place: KeyPlace): AgencyCertificate {
  const certificate = onlyCertificate(bytes, place);
  const { publicKey } = certificate;
  const type = publicKey.asymmetricKeyType ?? '';
  const bits = publicKey.asymmetricKeyDetails?.modulusLength;
  if (type !== 'rsa' || bits === undefined) throw unsuitable(place, type);
  requireRsaSize(bits, place);
  const usage = readKeyUsage(certificate, place);
  if (usage !== undefined && (usage & keyEncipherment) === 0)
    throw unsuitable(place, `keyUsage 0x${usage.toString(16).padStart(2, '0')}`);
  const key: AgencyKey = {
    ...{ kind: 'cms', fingerprint: fingerprint(certificate), algorithm: `rsa-${bits}`, bits },
    createdAt: certificate.validFromDate.getTime(),
    expiresAt: certificate.validToDate.getTime(),
  };
  return { key, certificate };
}

function onlyCertificate(bytes: Buffer, place: KeyPlace): X509Certificate {
  const text = bytes.toString('latin1');
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text))
    throw permanent('agency-key-private', { facts: place });
  const count = text.split(/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/).length - 1;
  if (count > 1) throw permanent('agency-key-several', { facts: { ...place, count } });
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(bytes);
  } catch (cause) {
    throw unreadable(place, cause);
  }
  if (count === 0 && !certificate.raw.equals(bytes)) throw unreadable(place);
  return certificate;
}

/** The first eight bits of the extension (RFC 5280, 4.2.1.3); undefined without it: any use is allowed. */
function readKeyUsage(certificate: X509Certificate, place: KeyPlace): number | undefined {
  try {
    const extensions = enterExtensions(certificate.raw);
    while (extensions?.peek() !== undefined) {
      const extension = extensions.enter(tags.sequence);
      const id = extension.whole(tags.oid);
      if (extension.peek() === boolean) extension.content(boolean);
      const value = extension.content(tags.octets);
      if (id.equals(keyUsage)) return createDerReader(value, malformed).content(tags.bits)[1] ?? 0;
    }
    return undefined;
  } catch (error) {
    throw unreadable(place, asFault(error));
  }
}

const malformed = 'certificate-malformed';

function enterExtensions(raw: Buffer): DerReader | undefined {
  const body = createDerReader(raw, malformed).enter(tags.sequence).enter(tags.sequence);
  if (body.peek() === tags.explicit0) body.content(tags.explicit0);
  body.content(tags.integer);
  // Signature algorithm, issuer, validity, subject, public key.
  for (let part = 0; part < 5; part += 1) body.content(tags.sequence);
  for (const id of [implicit1, implicit2]) if (body.peek() === id) body.content(id);
  return body.peek() === explicit3 ? body.enter(explicit3).enter(tags.sequence) : undefined;
}
