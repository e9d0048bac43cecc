import { createHmac, createPublicKey } from 'node:crypto';
import { CompactSign } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { publicKeyPem, spkiDigest } from '../../../shared/envelope/keys.ts';
import {
  signTrustBundle,
  verifyTrustBundle,
  type TrustBundle,
} from '../../../shared/protocol/trust-bundle.ts';
import { testKey } from '../../golden/envelope/vector.ts';
import { faultOf, keys } from '../envelope/sealed.ts';

const root = testKey('root');
const rootDigest = spkiDigest(root.certificate.publicKey);
const bundle: TrustBundle = {
  v: 1,
  typ: 'vaguemestre-trust-bundle',
  region: 'Région d’essai',
  version: 5,
  issuedAt: 1_794_000_000_000,
  authorities: [root.certificate.toString()],
  recipients: [
    { certificate: keys.receiver.certificate.toString(), use: 'receiver', notBefore: 0, notAfter: 9e12 },
  ],
  receiptKeys: [
    { kid: 'k1', publicKey: publicKeyPem(keys.other.certificate.publicKey), notBefore: 0, notAfter: 9e12 },
  ],
  suites: [1],
};
let jws: string;
beforeAll(async () => {
  jws = await signTrustBundle(bundle, root.privateKey);
});

const refused = (given: string, minVersion = 0): Promise<string> =>
  faultOf(() => verifyTrustBundle(given, rootDigest, minVersion));

test('a bundle signed by the pinned root is read', async () => {
  expect(await verifyTrustBundle(jws, rootDigest, 5)).toEqual(bundle);
});

test('a version below the known one is a rollback', async () => {
  expect(await refused(jws, 6)).toBe('bundle-rollback');
});

test('a bundle signed by anyone else is refused, whatever key it brings along', async () => {
  const forged = await signTrustBundle({ ...bundle, version: 9 }, keys.other.privateKey);
  expect(await refused(forged)).toBe('bundle-invalid');
  const rootJwk = createPublicKey(root.privateKey).export({ format: 'jwk' });
  const borrowed = await new CompactSign(Buffer.from(JSON.stringify(bundle)))
    .setProtectedHeader({ alg: 'PS256', jwk: rootJwk })
    .sign(keys.other.privateKey);
  expect(await refused(borrowed)).toBe('bundle-invalid');
});

test('an unsigned bundle, and one "signed" with the public key as a secret, are refused', async () => {
  const payload = jws.split('.')[1] ?? '';
  const rootPublic = createPublicKey(root.privateKey);
  const jwk = rootPublic.export({ format: 'jwk' });
  const head = (alg: string): string => Buffer.from(JSON.stringify({ alg, jwk })).toString('base64url');
  expect(await refused(`${head('none')}.${payload}.`)).toBe('bundle-invalid');
  const signed = `${head('HS256')}.${payload}`;
  const mac = createHmac('sha256', publicKeyPem(rootPublic)).update(signed).digest('base64url');
  expect(await refused(`${signed}.${mac}`)).toBe('bundle-invalid');
  const rs256 = await new CompactSign(Buffer.from(JSON.stringify(bundle)))
    .setProtectedHeader({ alg: 'RS256', jwk })
    .sign(root.privateKey);
  expect(await refused(rs256)).toBe('bundle-invalid');
});

test('a bundle of another form is refused even from the root', async () => {
  const jwk = createPublicKey(root.privateKey).export({ format: 'jwk' });
  for (const value of [{ ...bundle, extra: 1 }, { ...bundle, typ: 'vaguemestre-receipts' }, []]) {
    const other = await new CompactSign(Buffer.from(JSON.stringify(value)))
      .setProtectedHeader({ alg: 'PS256', jwk })
      .sign(root.privateKey);
    expect(await refused(other)).toBe('bundle-invalid');
  }
});

test('what is no JWS at all is refused', async () => {
  for (const given of ['', 'a.b.c', `${jws}.x`, 'x'.repeat(300_000)])
    expect(await refused(given)).toBe('bundle-invalid');
});
