import { fingerprint, readCertificate } from '../../shared/envelope/keys.ts';
import { readHeader } from '../../shared/envelope/header.ts';
import { heartbeatRequest } from '../../shared/protocol/push.ts';
import type { AgentRow, CertificateRow, StoreTx } from '../store/store.ts';
import { stateOf, successorOf } from './key-ring.ts';
import { lateSigningMs } from './region-bundle.ts';
import type { Region, RegionKey } from './region-keys.ts';

const dayMs = 86_400_000;
/** How long a key that opened envelopes is kept after the next took over, whatever agents say. */
const keptDays = 90;
/** Clocks of hospitals are wrong by less: an envelope sealed this long after the next key took over is sealed for that one. */
const doubtMs = dayMs;

/** Why a key is still needed. Nothing in it: it may go. */
export interface Obstacles {
  /** In use, or about to be. */
  readonly inUse: boolean;
  /** Agents that do not say they know the next key, or have envelopes that wait since before it. */
  readonly agents: readonly Pick<AgentRow, 'id' | 'name'>[];
  /** Envelopes here, stored and not opened yet, that only it opens. */
  readonly envelopes: number;
  /** Certificates it issued that are good still: of agents, and of the listeners. */
  readonly certificates: number;
  /** Epoch ms; null: no such time. */
  readonly keptUntil: number | null;
}

export async function obstaclesOf(
  tx: StoreTx,
  region: Region,
  key: RegionKey,
  now: number,
): Promise<Obstacles> {
  const state = stateOf(region.keys, key, now);
  const next = successorOf(region.keys, key);
  const none = { inUse: state !== 'retiring', agents: [], envelopes: 0, certificates: 0, keptUntil: null };
  if (next === undefined || state !== 'retiring') return none;
  switch (key.role) {
    case 'server':
      return none;
    case 'receipts':
      return { ...none, keptUntil: next.from + lateSigningMs };
    case 'issuing':
      return { ...none, ...(await hangingOn(tx, region, key, now)) };
    case 'encryption':
      return {
        ...none,
        agents: await notYetOn(tx, next),
        envelopes: await unopenedFor(tx, key),
        keptUntil: next.from + keptDays * dayMs,
      };
  }
}

export function isFree(
  { inUse, agents, envelopes, certificates, keptUntil }: Obstacles,
  now: number,
): boolean {
  return (
    !inUse &&
    agents.length === 0 &&
    envelopes === 0 &&
    certificates === 0 &&
    (keptUntil === null || keptUntil <= now)
  );
}

/** The bundle that an agent said it has, in its last heartbeat; undefined: never heard, or not understood. */
export async function heardOf(
  tx: StoreTx,
  agent: string,
): Promise<{ readonly at: number; readonly version: number; readonly oldestAt: number | null } | undefined> {
  const beat = await tx.agents.heartbeat(agent);
  const said = spoken.safeParse(beat === undefined ? undefined : JSON.parse(beat.body));
  if (beat === undefined || !said.success) return undefined;
  const { bundleVersion, clockOffsetMs, feeds } = said.data;
  const waiting = feeds.flatMap(({ pending, oldestPendingAt }) =>
    pending === 0 ? [] : [(oldestPendingAt ?? 0) - (clockOffsetMs ?? 0)],
  );
  const oldestAt = waiting.length === 0 ? null : Math.min(...waiting);
  return { at: beat.at, version: bundleVersion, oldestAt };
}

const spoken = heartbeatRequest.pick({ bundleVersion: true, clockOffsetMs: true, feeds: true });

async function notYetOn(
  tx: StoreTx,
  next: Pick<RegionKey, 'from' | 'version'>,
): Promise<readonly Pick<AgentRow, 'id' | 'name'>[]> {
  const found: Pick<AgentRow, 'id' | 'name'>[] = [];
  for (const { id, name, status } of await tx.agents.list()) {
    if (status !== 'active') continue;
    const heard = await heardOf(tx, id);
    const knows = heard !== undefined && heard.version >= next.version && heard.at >= next.from + doubtMs;
    const holdsOlder =
      heard?.oldestAt !== null && heard !== undefined && heard.oldestAt < next.from + doubtMs;
    if (!knows || holdsOlder) found.push({ id, name });
  }
  return found;
}

const mostUnopened = 1000;

async function unopenedFor(tx: StoreTx, { certificate }: RegionKey): Promise<number> {
  if (certificate === undefined) return 0;
  const own = fingerprint(certificate);
  let count = 0;
  for (const { id } of await tx.inbox.inState('stored', mostUnopened)) {
    const content = await tx.inbox.content(id);
    if (content !== undefined && recipientsOf(content).includes(own)) count += 1;
  }
  return count;
}

/** For whom a stored envelope is sealed; its form was checked before it was stored. */
export function recipientsOf(envelope: Buffer): readonly string[] {
  return readHeader(envelope.subarray(8, 8 + envelope.readUInt32BE(4))).recipients;
}

async function hangingOn(
  tx: StoreTx,
  region: Region,
  issuer: RegionKey,
  now: number,
): Promise<Pick<Obstacles, 'agents' | 'certificates'>> {
  const agents: Pick<AgentRow, 'id' | 'name'>[] = [];
  let certificates = isIssuedBy(region.server.certificate.toString(), issuer) ? 1 : 0;
  for (const { id, name } of await tx.agents.list()) {
    const hanging = (await issuedBy(tx, id, issuer)).filter(({ notAfter }) => notAfter > now);
    certificates += hanging.length;
    if (hanging.length > 0) agents.push({ id, name });
  }
  return { agents, certificates };
}

/** The agent's TLS certificates that an authority issued, and nobody revoked. What was sealed under another is judged apart. */
export async function issuedBy(
  tx: StoreTx,
  agent: string,
  issuer: RegionKey,
): Promise<readonly CertificateRow[]> {
  const rows = await tx.agents.certificatesOf(agent);
  return rows.filter(
    ({ use, revokedAt, pem }) => use === 'tls' && revokedAt === null && isIssuedBy(pem, issuer),
  );
}

function isIssuedBy(pem: string, { publicKey }: RegionKey): boolean {
  return readCertificate(pem).verify(publicKey);
}
