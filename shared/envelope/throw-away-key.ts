import { X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import { generateKey, type CertifiedKey } from './keys.ts';
import { commonNameField, forgePublicKey, printPem, sha256WithRsa, signBody } from './request.ts';

const hourMs = 3_600_000;

/** A key with a certificate that it has signed itself: for a trial, and nowhere trusted. */
export async function throwAwayKey(
  commonName: string,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<CertifiedKey> {
  const key = await generateKey();
  const certificate = forge.pki.createCertificate();
  certificate.serialNumber = `40${random.bytes(8).toString('hex')}`;
  certificate.validity.notBefore = new Date(clock.now() - hourMs);
  certificate.validity.notAfter = new Date(clock.now() + hourMs);
  certificate.publicKey = forgePublicKey(key.publicKey);
  certificate.siginfo.algorithmOid = sha256WithRsa;
  certificate.signatureOid = sha256WithRsa;
  certificate.signature = '';
  certificate.setSubject([commonNameField(commonName)]);
  certificate.setIssuer([commonNameField(commonName)]);
  const bytes = signBody(forge.pki.certificateToAsn1(certificate), key.privateKey);
  return {
    privateKey: key.privateKey,
    certificate: new X509Certificate(printPem('CERTIFICATE', bytes)),
  };
}
