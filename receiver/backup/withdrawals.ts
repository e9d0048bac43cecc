import { z } from 'zod';
import { publicKeyPem } from '../../shared/envelope/keys.ts';
import { createReceiptVerifier } from '../../shared/protocol/receipt-proof.ts';
import { verifyTrustBundle } from '../../shared/protocol/trust-bundle.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { profiles } from '../accounts/profile.ts';
import { keyRoles } from '../pki/key-ring.ts';
import type { Region } from '../pki/region-keys.ts';
import type { Scope } from '../store/account-tables.ts';
import type { KeptWithdrawal } from '../store/restore-tables.ts';
import type { StoreTx } from '../store/store.ts';

/**
 * What must outlive a restore: whom the region has shut out, which visits it has erased, which keys it has. A backup knows
 * nothing of what was withdrawn after it; this list, signed anew at each change and laid beside the backups, does. It names
 * ids, fingerprints and keyed hashes, never a person or a patient's value.
 */
const id = z.string().max(100);
const hex = z
  .string()
  .regex(/^[0-9a-f]*$/)
  .max(200);
const scope = z.union([z.literal('all'), z.array(id)]);
const visit = z.strictObject({ facility: id, feed: id, key: hex, visit: hex.nullable(), deletion: id });

export const withdrawals = z.strictObject({
  v: z.literal(1),
  typ: z.literal('vaguemestre-withdrawals'),
  /** SPKI digest of the region's root key. */
  root: hex,
  /** Epoch ms. */
  madeAt: z.int(),
  /** Of the trust bundle in force. */
  bundleVersion: z.int(),
  agents: z.array(id),
  /** Fingerprints of certificates that were revoked before their end. */
  certificates: z.array(hex),
  accounts: z.array(id),
  /** What each account may do; lists of before this was said have none. */
  access: z
    .array(
      z.strictObject({
        ...{ id, profile: z.enum(profiles), administrator: z.boolean() },
        ...{ facilities: scope, destinations: scope },
      }),
    )
    .default([]),
  tokens: z.array(id),
  visits: z.array(visit),
  /** All keys that turn over, by what is public of them. */
  keys: z.array(
    z.strictObject({
      ...{ id, role: z.enum(keyRoles), from: z.int(), version: z.int(), destroyed: z.boolean() },
      pem: z.string().max(20_000),
    }),
  ),
});
export type Withdrawals = z.infer<typeof withdrawals>;

const signedList = z.strictObject({ bundle: z.string(), text: z.string(), proof: z.string() });

const page = 1000;

/** What the region has withdrawn up to now. */
export async function collectWithdrawals(
  tx: StoreTx,
  region: Region,
  { now, bundleVersion }: { readonly now: number; readonly bundleVersion: number },
): Promise<Withdrawals> {
  const agents = await tx.agents.list();
  const certificates: string[] = [];
  for (const { id: agent } of agents)
    for (const { fingerprint, notAfter, revokedAt } of await tx.agents.certificatesOf(agent))
      if (revokedAt !== null && notAfter > now) certificates.push(fingerprint);
  const accounts = await tx.accounts.list();
  const tokens = await tx.tokens.list();
  const visits = await erasedVisits(tx);
  const kept = await stillUnknown(tx, namesOf(visits));
  return {
    ...{ v: 1, typ: 'vaguemestre-withdrawals', root: region.rootDigest, madeAt: Math.trunc(now) },
    bundleVersion,
    agents: [...agents.filter(({ status }) => status === 'revoked').map((agent) => agent.id), ...kept.agent],
    certificates: [...certificates, ...kept.certificate],
    accounts: [
      ...accounts.filter(({ disabledAt }) => disabledAt !== null).map((account) => account.id),
      ...kept.account,
    ],
    access: accounts.map(({ id: account, profile, administrator, facilities, destinations }) => ({
      ...{ id: account, profile, administrator },
      facilities: scopeOf(facilities),
      destinations: scopeOf(destinations),
    })),
    tokens: [...tokens.filter(({ revokedAt }) => revokedAt !== null).map((token) => token.id), ...kept.token],
    visits: [...visits, ...kept.visit.map((name) => visit.parse(JSON.parse(name)))],
    keys: region.keys.map(({ id: key, role, from, version, destroyedAt, certificate, publicKey }) => ({
      ...{ id: key, role, from, version, destroyed: destroyedAt !== null },
      pem: certificate?.toString() ?? publicKeyPem(publicKey),
    })),
  };
}

function scopeOf(of: Scope): 'all' | string[] {
  return of === 'all' ? 'all' : [...of];
}

type ByKind = Readonly<Record<KeptWithdrawal['kind'], readonly string[]>>;

/** What the list of before the last restore named. Of what the region knows again, its own tables say what has become of it. */
async function stillUnknown(tx: StoreTx, erased: ReadonlySet<string>): Promise<ByKind> {
  const unknown: Record<KeptWithdrawal['kind'], string[]> = {
    ...{ agent: [], certificate: [], account: [], token: [], visit: [] },
  };
  for (const withdrawal of await tx.restores.kept())
    if (!(await isKnown(tx, withdrawal, erased))) unknown[withdrawal.kind].push(withdrawal.name);
  return unknown;
}

async function isKnown(
  tx: StoreTx,
  { kind, name }: KeptWithdrawal,
  erased: ReadonlySet<string>,
): Promise<boolean> {
  switch (kind) {
    case 'agent':
      return (await tx.agents.get(name)) !== undefined;
    case 'certificate':
      return (await tx.agents.certificate(name)) !== undefined;
    case 'account':
      return (await tx.accounts.get(name)) !== undefined;
    case 'token':
      return (await tx.tokens.get(name)) !== undefined;
    case 'visit':
      return erased.has(nameOf(visit.parse(JSON.parse(name))));
  }
}

function namesOf(visits: Withdrawals['visits']): ReadonlySet<string> {
  return new Set(visits.map(nameOf));
}

/** Not by its deletion: a restore erases again under another. */
function nameOf({ facility, feed, key, visit: of }: Withdrawals['visits'][number]): string {
  return `${facility} ${feed} ${key} ${of ?? ''}`;
}

/** After a list was applied: what it names and the region does not know is remembered for the lists to come. */
export async function keepUnknown(tx: StoreTx, list: Withdrawals): Promise<void> {
  const erased = namesOf(await erasedVisits(tx));
  const named: readonly KeptWithdrawal[] = [
    ...list.agents.map((name) => ({ kind: 'agent', name }) as const),
    ...list.certificates.map((name) => ({ kind: 'certificate', name }) as const),
    ...list.accounts.map((name) => ({ kind: 'account', name }) as const),
    ...list.tokens.map((name) => ({ kind: 'token', name }) as const),
    ...list.visits.map((each) => ({ kind: 'visit', name: JSON.stringify(each) }) as const),
  ];
  for (const withdrawal of named)
    if (!(await isKnown(tx, withdrawal, erased))) await tx.restores.keep(withdrawal);
}

async function erasedVisits(tx: StoreTx): Promise<Withdrawals['visits']> {
  const found: Withdrawals['visits'] = [];
  for (let after = 0; ;) {
    const rows = await tx.erasure.allErasedVisits(after, page);
    for (const { id: row, facility, feed, key, visit, deletion } of rows) {
      after = row;
      found.push({
        ...{ facility, feed, deletion },
        ...{ key: key.toString('hex'), visit: visit?.toString('hex') ?? null },
      });
    }
    if (rows.length < page) return found;
  }
}

/** The file's text: the list, its proof, and the trust bundle that names the key of the proof. */
export async function signWithdrawals(
  list: Withdrawals,
  { bundle, sign }: { readonly bundle: string; readonly sign: (texts: readonly string[]) => Promise<string> },
): Promise<string> {
  const text = JSON.stringify(list);
  return `${JSON.stringify({ bundle, text, proof: await sign([text]) })}\n`;
}

/** Throws `withdrawals-invalid` unless the region of this root signed it. */
export async function readWithdrawals(
  content: string,
  { root, path }: { readonly root: string; readonly path: string },
): Promise<Withdrawals> {
  try {
    const { bundle, text, proof } = signedList.parse(JSON.parse(content));
    const { receiptKeys } = await verifyTrustBundle(bundle, root, 0);
    await createReceiptVerifier(receiptKeys)
      .covers(text, proof)
      .then((covered) => {
        if (!covered) throw new Error('not signed');
      });
    const list = withdrawals.parse(JSON.parse(text));
    if (list.root !== root) throw new Error('another region');
    return list;
  } catch (error) {
    throw permanent('withdrawals-invalid', { facts: { path }, cause: error });
  }
}

/** While a region serves, its list is signed anew each day: one that is older may have missed something. */
export const trustedMs = 7 * 86_400_000;

/**
 * What a list is worth for a backup: `before`: older than it, so that it misses what was withdrawn between the two. `old`: it
 * says what was withdrawn up to some days ago, and nothing of the days since.
 */
export function worthOf(
  { madeAt }: Pick<Withdrawals, 'madeAt'>,
  { backupAt, now }: { readonly backupAt: number; readonly now: number },
): 'good' | 'before' | 'old' {
  if (madeAt < backupAt) return 'before';
  return now - madeAt > trustedMs ? 'old' : 'good';
}

/** Whether both say the same, whenever they were made. */
export function saysTheSame(one: Withdrawals, other: Withdrawals): boolean {
  return plain(one) === plain(other);
}

/** Fields in the schema's order, whoever put it together. */
function plain(list: Withdrawals): string {
  return JSON.stringify({ ...withdrawals.parse(list), madeAt: 0 });
}
