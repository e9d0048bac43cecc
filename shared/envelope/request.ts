import { sign, type KeyObject } from 'node:crypto';
import forge from 'node-forge';
import { createDerReader, der, derOid, tags } from './der.ts';
import type { KeyPair } from './keys.ts';

/**
 * Certificate requests (PKCS#10) and certificates share their outer form: a body, an algorithm, a signature. node-forge
 * builds the body; node:crypto signs it, so that no private key ever enters node-forge.
 */
export function createRequest(key: KeyPair, commonName: string): string {
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forgePublicKey(key.publicKey);
  request.setSubject([commonNameField(commonName)]);
  request.siginfo.algorithmOid = sha256WithRsa;
  request.signatureOid = sha256WithRsa;
  request.signature = '';
  return printPem(
    'CERTIFICATE REQUEST',
    signBody(forge.pki.certificationRequestToAsn1(request), key.privateKey),
  );
}

export const sha256WithRsa = '1.2.840.113549.1.1.11';
export const sha256WithRsaAlgorithm = der(tags.sequence, derOid(sha256WithRsa), der(tags.null));

/** Takes the body out of an unsigned certificate or request, and makes the signed one around it. */
export function signBody(unsigned: forge.asn1.Asn1, privateKey: KeyObject): Buffer {
  const bytes = Buffer.from(forge.asn1.toDer(unsigned).getBytes(), 'latin1');
  const body = createDerReader(bytes, 'certificate-malformed').enter(tags.sequence).whole(tags.sequence);
  const signature = sign('sha256', body, privateKey);
  return der(tags.sequence, body, sha256WithRsaAlgorithm, der(tags.bits, Buffer.from([0]), signature));
}

export function forgePublicKey(key: KeyObject): forge.pki.rsa.PublicKey {
  return forge.pki.publicKeyFromPem(key.export({ type: 'spki', format: 'pem' }).toString());
}

/** Always UTF-8: names have accents. */
export function commonNameField(value: string): forge.pki.CertificateField {
  return { name: 'commonName', value, valueTagClass: utf8 };
}

// The types take the tag of the value for a class of tags.
const utf8 = forge.asn1.Type.UTF8 as unknown as forge.asn1.Class;

export function printPem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
