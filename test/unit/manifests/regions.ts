import type { KeyObject } from 'node:crypto';
import { generateKey, publicKeyPem } from '../../../shared/envelope/keys.ts';
import {
  signManifest,
  type ManifestFile,
  type ManifestStatement,
} from '../../../shared/protocol/manifest-statement.ts';
import { signTrustBundle, type TrustBundle } from '../../../shared/protocol/trust-bundle.ts';

/** A region that can sign manifests, and the bundle that lets others believe it. */
export interface SigningRegion {
  readonly name: string;
  readonly bundle: string;
  readonly key: { readonly privateKey: KeyObject; readonly kid: string };
  sign(change?: Partial<ManifestStatement>): Promise<ManifestFile>;
}

const at = Date.parse('2026-01-11T03:00:00Z');

export async function createSigningRegion(
  name: string,
  period = { from: 0, to: at * 2 },
): Promise<SigningRegion> {
  const [root, receipts] = await Promise.all([generateKey(), generateKey()]);
  const key = { privateKey: receipts.privateKey, kid: `${name}-1` };
  const bundle: TrustBundle = {
    ...{ v: 1, typ: 'vaguemestre-trust-bundle', region: name, version: 1, issuedAt: 1, authorities: ['pem'] },
    recipients: [{ certificate: 'pem', use: 'receiver', notBefore: 1, notAfter: 2 }],
    receiptKeys: [
      {
        ...{ kid: key.kid, publicKey: publicKeyPem(receipts.publicKey) },
        ...{ notBefore: period.from, notAfter: period.to },
      },
    ],
    suites: [1],
  };
  return {
    ...{ name, key },
    bundle: await signTrustBundle(bundle, root.privateKey),
    sign: async (change = {}) => {
      const manifest = { ...statementOf(name), ...change };
      return { manifest, jws: await signManifest(manifest, key) };
    },
  };
}

export function statementOf(region: string): ManifestStatement {
  return {
    ...{ v: 1, typ: 'vaguemestre-manifest', region, destination: 'oscour', owner: 'Agency' },
    ...{ feed: 'ed-visits', day: '2026-01-10', issuedAt: at, serial: 1, cutOff: '04:00' },
    formats: ['oscour-xml 2013'],
    facilities: [
      {
        ...{ finess: '990000010', name: 'A', expected: true, state: 'received', records: 42 },
        ...{ lastReceptionAt: at - 1, files: [] },
      },
      {
        ...{ finess: '990000028', name: 'B', expected: true, state: 'absent', records: 0 },
        ...{ lastReceptionAt: null, files: [] },
      },
    ],
    totals: {
      ...{ facilities: 2, expected: 2, received: 1, late: 0, absent: 1, held: 0, closed: 0, degraded: 0 },
      ...{ records: 42, files: 0 },
    },
  };
}

/** The same file, its statement changed after it was signed. */
export function tampered({ manifest, jws }: ManifestFile, change: Partial<ManifestStatement>): ManifestFile {
  const changed = { ...manifest, ...change };
  const [header = '', , signature = ''] = jws.split('.');
  const payload = Buffer.from(JSON.stringify(changed), 'utf8').toString('base64url');
  return { manifest: changed, jws: `${header}.${payload}.${signature}` };
}
