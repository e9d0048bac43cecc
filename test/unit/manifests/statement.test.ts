import { beforeAll, describe, expect, it } from 'vitest';
import {
  readManifestClaims,
  readManifestFile,
  readRegionTrust,
  signManifest,
  verifyManifest,
  type ManifestFile,
  type RegionTrust,
} from '../../../shared/protocol/manifest-statement.ts';
import { createReceiptSigner, createReceiptVerifier } from '../../../shared/protocol/receipt-proof.ts';
import { createSigningRegion, statementOf, tampered, type SigningRegion } from './regions.ts';

let north: SigningRegion;
let south: SigningRegion;
let trust: RegionTrust;
let signed: ManifestFile;
beforeAll(async () => {
  [north, south] = await Promise.all([createSigningRegion('North'), createSigningRegion('South')]);
  trust = await readRegionTrust(north.bundle);
  signed = await north.sign();
});

const refusal = (reason: string) => ({ code: 'manifest-invalid', facts: { reason } });

describe('a signed manifest', () => {
  it('is what its region signed', async () => {
    expect(await verifyManifest(signed.jws, trust)).toEqual(signed.manifest);
    expect(readManifestClaims(signed.jws)).toEqual({ statement: signed.manifest, kid: 'North-1' });
  });

  it('altered anywhere is refused', async () => {
    const more = tampered(signed, { day: '2026-01-09' });
    await expect(verifyManifest(more.jws, trust)).rejects.toMatchObject(refusal('signature'));
    const [header, payload, signature = ''] = signed.jws.split('.');
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    await expect(verifyManifest(`${header}.${payload}.${flipped}`, trust)).rejects.toMatchObject(
      refusal('signature'),
    );
  });

  it('of another region, or in the name of one, is refused', async () => {
    const { jws } = await south.sign();
    await expect(verifyManifest(jws, trust)).rejects.toMatchObject(refusal('key'));
    const posing = await signManifest(statementOf('North'), { ...south.key, kid: 'North-1' });
    await expect(verifyManifest(posing, trust)).rejects.toMatchObject(refusal('signature'));
    const speaking = await north.sign({ region: 'South' });
    await expect(verifyManifest(speaking.jws, trust)).rejects.toMatchObject(refusal('region'));
  });

  it('signed while its key was not allowed to is refused', async () => {
    const ended = await createSigningRegion('North', { from: 0, to: signed.manifest.issuedAt - 1 });
    const found = await readRegionTrust(ended.bundle);
    const { jws } = await ended.sign();
    await expect(verifyManifest(jws, found)).rejects.toMatchObject(refusal('period'));
  });

  it('is never mistaken for a proof of receipts signed by the same key, nor the other way round', async () => {
    const clock = { now: () => signed.manifest.issuedAt, monotonic: () => 0 };
    const proof = await createReceiptSigner({ ...north.key, clock }).sign(['{}']);
    await expect(verifyManifest(proof, trust)).rejects.toMatchObject(refusal('form'));
    expect(await createReceiptVerifier(trust.receiptKeys).covers('{}', signed.jws)).toBe(false);
    expect(await createReceiptVerifier(trust.receiptKeys).covers('{}', proof)).toBe(true);
  });

  it.each(['', 'x', 'a.b.c', '{}', '{"manifest":{},"jws":""}', '{"jws":'])('is not "%s"', async (text) => {
    await expect(async () => readManifestClaims(readManifestFile(text))).rejects.toMatchObject(
      refusal('form'),
    );
  });

  it('as a file shows what was signed, and nothing else', async () => {
    expect(readManifestFile(JSON.stringify(signed, null, 2))).toBe(signed.jws);
    expect(readManifestFile(`${signed.jws}\n`)).toBe(signed.jws);
    const shown = { ...signed, manifest: { ...signed.manifest, day: '2026-01-09' } };
    await expect(async () => readManifestFile(JSON.stringify(shown))).rejects.toMatchObject(
      refusal('differs'),
    );
  });
});

describe('the trust bundle of a region', () => {
  it('names its root, and is refused under another one', async () => {
    expect(trust).toMatchObject({
      region: 'North',
      rootDigest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(await readRegionTrust(`${north.bundle}\n`, trust.rootDigest)).toEqual(trust);
    await expect(readRegionTrust(south.bundle, trust.rootDigest)).rejects.toMatchObject({
      code: 'bundle-invalid',
    });
    await expect(readRegionTrust('nothing')).rejects.toMatchObject({ code: 'bundle-invalid' });
  });
});
