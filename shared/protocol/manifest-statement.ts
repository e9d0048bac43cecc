import { createPublicKey, type KeyObject } from 'node:crypto';
import { CompactSign, compactVerify, decodeProtectedHeader } from 'jose';
import { z } from 'zod';
import { spkiDigest } from '../envelope/keys.ts';
import { manifestFlaws, type ManifestFlaw } from '../i18n/errors-calendar.ts';
import { asFault, permanent } from '../runtime/errors.ts';
import type { ReceiptKeys } from './receipt-proof.ts';
import { verifyTrustBundle } from './trust-bundle.ts';

/**
 * A manifest: the region's signed statement of what a destination should have for a day, facility by facility, and of what
 * is missing and why. JWS PS256 by the key that signs receipts; the payload's `typ` keeps the two apart. It counts: it holds
 * no patient's value. Instants are epoch milliseconds.
 */
const count = z.int().min(0);
const instant = z.int().min(0);
const isoDay = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/**
 * received: the region has the day, in time. late: it came after the cut-off. absent: nothing came. held: a person must
 * decide first. closed: nothing came, and nothing was to come. degraded: the facility sends what it can.
 */
export const facilityStates = ['received', 'late', 'absent', 'held', 'closed', 'degraded'] as const;
export type FacilityState = (typeof facilityStates)[number];

const statedFile = z.strictObject({
  name: z.string().max(300),
  /** Lower-case hex SHA-256 of the content as composed, before it was zipped or sealed. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  from: isoDay,
  to: isoDay,
  records: count,
  state: z.enum(['waiting', 'sent', 'acknowledged', 'refused', 'dead']),
  sentAt: instant.nullable(),
  acknowledgedAt: instant.nullable(),
});

const statedFacility = z.strictObject({
  finess: z.string().max(20),
  name: z.string().max(200),
  /** Whether it has an agent, or sent something before. */
  expected: z.boolean(),
  state: z.enum(facilityStates),
  /** Held for this day; for a snapshot feed, in its last file of the day. */
  records: count,
  /** Of any day. */
  lastReceptionAt: instant.nullable(),
  /** The latest file that covers the day; none when there is none. */
  files: z.array(statedFile).max(100),
});
export type StatedFacility = z.infer<typeof statedFacility>;

export const manifestStatement = z.strictObject({
  v: z.literal(1),
  typ: z.literal('vaguemestre-manifest'),
  region: z.string().min(1).max(80),
  destination: z.string().min(1).max(40),
  owner: z.string().max(120).nullable(),
  feed: z.string().min(1).max(80),
  day: isoDay,
  issuedAt: instant,
  /** Over all days of this destination: the higher one of a day stands. */
  serial: z.int().min(1),
  /** HH:MM in Paris, the day after. */
  cutOff: z.string().regex(/^\d{2}:\d{2}$/),
  /** Format and version of the files. */
  formats: z.array(z.string().max(100)).max(20),
  facilities: z.array(statedFacility).max(5000),
  /** Of the expected ones, how many are in each state; records and files of all. */
  totals: z.strictObject({
    facilities: count,
    expected: count,
    ...{ received: count, late: count, absent: count, held: count, closed: count, degraded: count },
    records: count,
    files: count,
  }),
});
export type ManifestStatement = z.infer<typeof manifestStatement>;

/** As it is delivered: for people and programs, with the proof beside it. */
export interface ManifestFile {
  readonly manifest: ManifestStatement;
  readonly jws: string;
}

export const maxManifestBytes = 8 * 1024 * 1024;

export async function signManifest(
  statement: ManifestStatement,
  key: { readonly privateKey: KeyObject; readonly kid: string },
): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(manifestStatement.parse(statement)), 'utf8'))
    .setProtectedHeader({ alg: 'PS256', kid: key.kid })
    .sign(key.privateKey);
}

/** What a manifest says, and by which key it claims to be signed: nothing of it is proven. Throws `manifest-invalid`. */
export function readManifestClaims(jws: string): {
  readonly statement: ManifestStatement;
  readonly kid: string;
} {
  try {
    if (jws.length > maxManifestBytes) throw invalid('size');
    const payload = Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8');
    return {
      statement: manifestStatement.parse(JSON.parse(payload)),
      kid: decodeProtectedHeader(jws).kid ?? '',
    };
  } catch (error) {
    throw asInvalid(error, 'form');
  }
}

/** The statement, when a key of its region signed it while it was allowed to. Throws `manifest-invalid`. */
export async function verifyManifest(
  jws: string,
  { region, receiptKeys: keys }: Pick<RegionTrust, 'region' | 'receiptKeys'>,
): Promise<ManifestStatement> {
  const { statement, kid } = readManifestClaims(jws);
  const key = keys.find((each) => each.kid === kid);
  if (key === undefined) throw invalid('key');
  if (statement.issuedAt < key.notBefore || statement.issuedAt > key.notAfter) throw invalid('period');
  try {
    await compactVerify(jws, createPublicKey(key.publicKey), { algorithms: ['PS256'] });
  } catch (error) {
    throw asInvalid(error, 'signature');
  }
  if (statement.region !== region) throw invalid('region');
  return statement;
}

/** The text of a manifest's file: `{ manifest, jws }`, or the JWS alone. Throws `manifest-invalid` when the two differ. */
export function readManifestFile(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return trimmed;
  let found: unknown;
  try {
    found = JSON.parse(trimmed);
  } catch (error) {
    throw asInvalid(error, 'form');
  }
  const parsed = z.object({ manifest: manifestStatement, jws: z.string() }).safeParse(found);
  if (!parsed.success) throw invalid('form');
  const { manifest, jws } = parsed.data;
  // What a person reads must be what was signed.
  if (JSON.stringify(manifest) !== JSON.stringify(readManifestClaims(jws).statement))
    throw invalid('differs');
  return jws;
}

/** What a region's trust bundle lets one believe. */
export interface RegionTrust {
  readonly region: string;
  /** Lower-case hex SHA-256 of the root's SPKI: to compare with what the region says over another channel. */
  readonly rootDigest: string;
  readonly receiptKeys: ReceiptKeys;
}

/** Reads a trust bundle: signed by the root it names, and by `pinned` when that is said. Throws `bundle-invalid`. */
export async function readRegionTrust(text: string, pinned?: string): Promise<RegionTrust> {
  const jws = text.trim();
  const rootDigest = pinned ?? rootNamedIn(jws);
  const { region, receiptKeys } = await verifyTrustBundle(jws, rootDigest, 0);
  return { region, rootDigest, receiptKeys };
}

function rootNamedIn(jws: string): string {
  try {
    const { jwk } = decodeProtectedHeader(jws);
    if (jwk?.kty !== 'RSA' || jwk.n === undefined || jwk.e === undefined) return '';
    return spkiDigest(createPublicKey({ key: { kty: 'RSA', n: jwk.n, e: jwk.e }, format: 'jwk' }));
  } catch {
    // No root at all: the bundle is refused where it is verified.
    return '';
  }
}

function invalid(flaw: ManifestFlaw, cause?: unknown): Error {
  const { fr, en } = manifestFlaws[flaw];
  return permanent('manifest-invalid', { facts: { reason: flaw, reasonFr: fr, reasonEn: en }, cause });
}

function asInvalid(error: unknown, flaw: ManifestFlaw): Error {
  return asFault(error).code === 'manifest-invalid' ? asFault(error) : invalid(flaw, error);
}
