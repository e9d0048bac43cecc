import { X509Certificate, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import forge from 'node-forge';
import {
  commonNameField,
  forgePublicKey,
  printPem,
  sha256WithRsa,
  signBody,
} from '../../shared/envelope/request.ts';
import type { Random } from '../../shared/runtime/random.ts';

/** What a certificate may be used for; each has its own extensions. */
export type CertificateProfile =
  | { readonly kind: 'authority'; readonly pathLength: number }
  | { readonly kind: 'server'; readonly hosts: readonly string[] }
  | { readonly kind: 'client'; readonly uris: readonly string[] }
  | { readonly kind: 'signature'; readonly uris: readonly string[] }
  | { readonly kind: 'encryption' };

export interface CertificateSpec {
  readonly commonName: string;
  readonly publicKey: KeyObject;
  readonly profile: CertificateProfile;
  /** Epoch milliseconds. */
  readonly notBefore: number;
  readonly notAfter: number;
}

export interface Issuer {
  readonly privateKey: KeyObject;
  /** Undefined: the certificate signs itself. */
  readonly certificate: X509Certificate | undefined;
}

/** node-forge lays out the body, node:crypto signs it. */
export function createCertificate(spec: CertificateSpec, issuer: Issuer, random: Random): X509Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.serialNumber = serial(random);
  certificate.validity.notBefore = new Date(spec.notBefore);
  certificate.validity.notAfter = new Date(spec.notAfter);
  certificate.publicKey = forgePublicKey(spec.publicKey);
  certificate.siginfo.algorithmOid = sha256WithRsa;
  certificate.signatureOid = sha256WithRsa;
  certificate.signature = '';
  const subject = [commonNameField(spec.commonName)];
  certificate.setSubject(subject);
  certificate.setIssuer(issuer.certificate === undefined ? subject : subjectOf(issuer.certificate));
  const issuerKey = issuer.certificate?.publicKey ?? spec.publicKey;
  certificate.setExtensions([
    ...extensions(spec.profile),
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: keyIdentifier(issuerKey) },
  ]);
  const bytes = signBody(forge.pki.certificateToAsn1(certificate), issuer.privateKey);
  return new X509Certificate(printPem('CERTIFICATE', bytes));
}

/** 127 random bits, positive and never shortened by a leading zero. */
function serial(random: Random): string {
  const bytes = random.bytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

/** The authority's own subject, to be written again byte for byte. */
function subjectOf(authority: X509Certificate): forge.pki.CertificateField[] {
  const { attributes } = forge.pki.certificateFromPem(authority.toString()).subject;
  // node-forge reads UTF-8 values as raw bytes and encodes them again when writing.
  return attributes.map((attribute) => ({
    ...attribute,
    value: typeof attribute.value === 'string' ? forge.util.decodeUtf8(attribute.value) : attribute.value,
  }));
}

function keyIdentifier(publicKey: KeyObject): string {
  return forge.pki.getPublicKeyFingerprint(forgePublicKey(publicKey), { type: 'RSAPublicKey' }).getBytes();
}

function extensions(profile: CertificateProfile): object[] {
  switch (profile.kind) {
    case 'authority':
      return [
        { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: profile.pathLength },
        { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
      ];
    case 'server':
      return [
        ...leaf({ digitalSignature: true }),
        { name: 'extKeyUsage', serverAuth: true },
        { name: 'subjectAltName', altNames: profile.hosts.map(hostName) },
      ];
    case 'client':
      return [
        ...leaf({ digitalSignature: true }),
        { name: 'extKeyUsage', clientAuth: true },
        { name: 'subjectAltName', altNames: profile.uris.map(uriName) },
      ];
    case 'signature':
      return [
        ...leaf({ digitalSignature: true }),
        { name: 'subjectAltName', altNames: profile.uris.map(uriName) },
      ];
    case 'encryption':
      return leaf({ keyEncipherment: true });
    default:
      return profile satisfies never;
  }
}

function leaf(usage: Readonly<Record<string, boolean>>): object[] {
  return [
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, ...usage },
  ];
}

/** GeneralName tags of RFC 5280: 2 DNS, 6 URI, 7 IP address. */
function hostName(host: string): object {
  return isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host };
}

function uriName(uri: string): object {
  return { type: 6, value: uri };
}
