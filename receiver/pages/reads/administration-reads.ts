import { heartbeatRequest } from '../../../shared/protocol/push.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import { reaches } from '../../accounts/profile.ts';
import type { KeyApproval } from '../../store/destination-tables.ts';
import type { RestoredRow } from '../../store/restore-tables.ts';
import type { AgentRow, StoreTx } from '../../store/store.ts';
import type { ViewReach } from './reach.ts';

/** Agents, facilities and keys, for whoever administers. */
export interface AdministrationReads {
  agents(): Promise<readonly AgentSeen[]>;
  agent(id: string): Promise<AgentSeen | undefined>;
  facilities(): Promise<readonly RegisteredFacility[]>;
  approvals(destination: string): Promise<readonly KeyApproval[]>;
  /** Undefined unless the region was restored and nobody has confirmed it yet. */
  restored(): Promise<RestoredRow | undefined>;
}

export interface AgentSeen {
  readonly row: AgentRow;
  readonly seenAt: number | null;
  /** As the agent said at its last heartbeat. */
  readonly version: string | null;
  /** When the first of its certificates in use ends; null when it has none. */
  readonly certificateUntil: number | null;
  /** Until when its installation code is good; null when none is open. */
  readonly invitedUntil: number | null;
  /** A machine that has given the code and waits for a second person: who made the invitation. */
  readonly waiting: { readonly invitedBy: string } | null;
  /** An update that it gave up, and when (epoch ms). */
  readonly rolledBack: { readonly version: string; readonly at: number } | null;
}

export interface RegisteredFacility {
  readonly finess: string;
  readonly name: string;
  readonly addedAt: number;
  /** The number that took its place, and from which day on. */
  readonly alias: { readonly to: string; readonly from: string } | null;
}

const byName = new Intl.Collator('fr', { numeric: true });

export function createAdministrationReads(
  tx: StoreTx,
  { facilities, destinations }: ViewReach,
): AdministrationReads {
  const within = (row: AgentRow): boolean => row.facilities.every((finess) => reaches(facilities, finess));
  return {
    agents: async () => {
      const rows = (await tx.agents.list())
        .filter(within)
        .sort((one, other) => byName.compare(one.name, other.name));
      const seen: AgentSeen[] = [];
      for (const row of rows) seen.push(await agentSeen(tx, row));
      return seen;
    },
    agent: async (id) => {
      const row = await tx.agents.get(id);
      return row === undefined || !within(row) ? undefined : agentSeen(tx, row);
    },
    facilities: async () => {
      const aliases = new Map((await tx.facilities.aliases()).map((alias) => [alias.old, alias]));
      return (await tx.facilities.list())
        .filter(({ finess }) => reaches(facilities, finess))
        .sort((one, other) => byName.compare(one.name, other.name))
        .map(({ finess, name, addedAt }) => {
          const alias = aliases.get(finess);
          return {
            ...{ finess, name, addedAt },
            alias: alias === undefined ? null : { to: alias.to, from: dayToIso(alias.from) },
          };
        });
    },
    approvals: async (destination) =>
      reaches(destinations, destination) ? tx.destinations.approvals(destination) : [],
    restored: () => tx.restores.get(),
  };
}

/** Kept without its rejected exports, which have a table of their own. */
const spoken = heartbeatRequest.pick({ version: true, rolledBack: true }).partial();

async function agentSeen(tx: StoreTx, row: AgentRow): Promise<AgentSeen> {
  const heartbeat = await tx.agents.heartbeat(row.id);
  const said = heartbeat === undefined ? undefined : spoken.safeParse(parsed(heartbeat.body)).data;
  const good = (await tx.agents.certificatesOf(row.id)).filter(({ revokedAt }) => revokedAt === null);
  const latest = new Map<string, number>();
  for (const { use, notAfter } of good) latest.set(use, Math.max(latest.get(use) ?? 0, notAfter));
  const invitation = await tx.agents.invitation(row.id);
  const second = invitation?.second;
  const waits = second !== undefined && second.asked !== null && second.approved === null;
  return {
    row,
    seenAt: heartbeat?.at ?? null,
    version: said?.version ?? null,
    certificateUntil: latest.size === 0 ? null : Math.min(...latest.values()),
    invitedUntil: invitation?.expiresAt ?? null,
    waiting: waits ? { invitedBy: second.invitedBy } : null,
    rolledBack: said?.rolledBack ?? null,
  };
}

/** What an agent sent, kept as it came. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
