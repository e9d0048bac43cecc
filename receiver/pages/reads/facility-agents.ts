import { heartbeatRequest } from '../../../shared/protocol/push.ts';
import { deadAfterMs } from '../../monitor/causes.ts';
import type { AgentStatus, StoreTx } from '../../store/store.ts';

/** An agent that feeds a facility, or may, and what it last said of itself. Epoch ms. */
export interface SeenAgent {
  readonly id: string;
  readonly name: string;
  readonly status: AgentStatus;
  /** Heard from within the last quarter of an hour. */
  readonly alive: boolean;
  readonly lastSeenAt: number | undefined;
  readonly version: string | undefined;
  /** Envelopes that wait there. */
  readonly pending: number;
  readonly oldestPendingAt: number | null;
  /** Code of why it takes no export. */
  readonly paused: string | null;
  readonly pausedSince: number | null;
  readonly freeDiskBytes: number | null;
  readonly certificateUntil: number | null;
  readonly clockOffsetMs: number | null;
  /** An update that it gave up: the version before it runs again. */
  readonly rolledBack: { readonly version: string; readonly at: number } | null;
}

const spoken = heartbeatRequest.omit({ rejectedExports: true, bundleVersion: true, at: true });

/** Those in force; withdrawn ones only where nothing else is left. */
export async function readAgentsOf(
  tx: StoreTx,
  facility: string,
  now: number,
): Promise<readonly SeenAgent[]> {
  const feeding = new Set<string>();
  for (const part of await tx.watch.parts()) if (part.facility === facility) feeding.add(part.agent);
  const own = (await tx.agents.list()).filter(
    ({ id, facilities }) => facilities.includes(facility) || feeding.has(id),
  );
  const inForce = own.filter(({ status }) => status !== 'revoked');
  const found: SeenAgent[] = [];
  for (const { id, name, status } of inForce.length > 0 ? inForce : own) {
    const beat = await tx.agents.heartbeat(id);
    const certificates = await tx.agents.certificatesOf(id);
    const ends = certificates.filter(({ revokedAt }) => revokedAt === null).map(({ notAfter }) => notAfter);
    const said = beat === undefined ? undefined : readBeat(beat.body);
    const waiting =
      said?.feeds.map(({ oldestPendingAt }) => oldestPendingAt).filter((at) => at !== null) ?? [];
    found.push({
      ...{ id, name, status, lastSeenAt: beat?.at, version: said?.version },
      alive: status === 'active' && beat !== undefined && now - beat.at <= deadAfterMs,
      pending: said?.feeds.reduce((sum, { pending }) => sum + pending, 0) ?? 0,
      oldestPendingAt: waiting.length === 0 ? null : Math.min(...waiting),
      paused: said?.paused ?? null,
      pausedSince: said?.pausedSince ?? null,
      freeDiskBytes: said?.freeDiskBytes ?? null,
      certificateUntil: said?.certificateUntil ?? (ends.length === 0 ? null : Math.max(...ends)),
      clockOffsetMs: said?.clockOffsetMs ?? null,
      rolledBack: said?.rolledBack ?? null,
    });
  }
  return found;
}

/** An agent of another version may say less: what it says is taken. */
function readBeat(body: string) {
  const read = spoken.partial().safeParse(JSON.parse(body));
  return read.success ? { ...read.data, feeds: read.data.feeds ?? [] } : undefined;
}
