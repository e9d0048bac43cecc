import { manifest as manifestForm } from '../../../shared/protocol/slice.ts';
import type { ProcessedReceipt } from '../../../shared/protocol/receipts.ts';
import { dayFromIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { reaches } from '../../accounts/profile.ts';
import { holdOf, nameOfDay, openTarget } from '../../apply/carry-out.ts';
import { targetOf } from '../../apply/proposals.ts';
import { printOf } from '../../apply/second-person.ts';
import type { ProposalRow } from '../../store/proposal-tables.ts';
import type { ExportRow } from '../../store/export-tables.ts';
import type { StoreTx } from '../../store/store.ts';
import type { ViewReach } from './reach.ts';

/** What waits for a decision, within the viewer's reach. */
export interface DecisionReads {
  /** Undefined when there is nothing to decide about it, or it is not the viewer's to see. */
  held(exportId: string): Promise<HeldBatch | undefined>;
  proposal(id: string): Promise<ProposalRow | undefined>;
}

export interface HeldBatch {
  readonly id: string;
  readonly facility: string;
  readonly facilityName: string;
  readonly agentName: string;
  readonly hold: Exclude<ProcessedReceipt['hold'], null>;
  /** Days of the window, or those that wait when it is long. */
  readonly days: readonly HeldDay[];
  /** Suspended removals over all days. */
  readonly suspended: number;
  readonly proposals: readonly HeldProposal[];
}

export interface HeldDay {
  readonly day: Day;
  readonly part: string;
  readonly facility: string;
  /** Held now, those that a removal would take away included. */
  readonly kept: number;
  readonly suspended: number;
}

export interface HeldProposal {
  readonly row: ProposalRow;
  /** What it is about is no longer what it was. */
  readonly stale: boolean;
}

const longestWindow = 31;

export function createDecisionReads(tx: StoreTx, { facilities }: ViewReach): DecisionReads {
  return {
    held: async (exportId) => {
      const row = await tx.exports.get(exportId);
      if (row === undefined || row.state !== 'held' || !reaches(facilities, row.facility)) return undefined;
      const hold = holdOf(row);
      if (hold === null || hold === 'facility-unknown') return undefined;
      const days = hold === 'removals' ? await heldDays(tx, row) : [];
      // A number that others took over: the whole decision is theirs to see, too.
      if (!days.every((each) => reaches(facilities, each.facility))) return undefined;
      return {
        ...{ id: row.id, facility: row.facility, hold, days },
        facilityName: (await tx.facilities.get(row.facility))?.name ?? row.facility,
        agentName: (await tx.agents.get(row.agent))?.name ?? row.agent,
        suspended: days.reduce((sum, each) => sum + each.suspended, 0),
        proposals: await proposalsOf(tx, row, days),
      };
    },
    proposal: async (id) => {
      const row = await tx.audit.proposals.get(id);
      return row !== undefined && reaches(facilities, row.facility) ? row : undefined;
    },
  };
}

async function heldDays(tx: StoreTx, row: ExportRow): Promise<readonly HeldDay[]> {
  const open = await tx.removals.ofExport(row.id);
  const scopes = new Map(
    open.map(({ facility, feed, part }) => [`${facility}|${part}`, { facility, feed, part }]),
  );
  const found: HeldDay[] = [];
  for (const scope of scopes.values()) {
    const waiting = open
      .filter(({ facility, part }) => facility === scope.facility && part === scope.part)
      .map(({ day }) => day);
    for (const day of windowOf(row, waiting)) {
      const suspended = waiting.includes(day) ? (await tx.removals.ofDay(scope, day)).length : 0;
      const kept = (await tx.records.day(scope, day))?.count ?? 0;
      found.push({ day, part: scope.part, facility: scope.facility, kept, suspended });
    }
  }
  return found;
}

function windowOf({ manifest }: ExportRow, waiting: readonly Day[]): readonly Day[] {
  const window = manifest === null ? null : manifestForm.parse(JSON.parse(manifest)).window;
  const [from, to] = [dayFromIso(window?.from ?? ''), dayFromIso(window?.to ?? '')];
  if (from === undefined || to === undefined || to - from >= longestWindow) return waiting;
  const whole = Array.from({ length: to - from + 1 }, (_, index) => (from + index) as Day);
  return [...new Set([...whole, ...waiting])].sort((a, b) => a - b);
}

async function proposalsOf(
  tx: StoreTx,
  { id, feed }: ExportRow,
  days: readonly HeldDay[],
): Promise<readonly HeldProposal[]> {
  const subjects = [id, ...days.map(({ day, facility, part }) => nameOfDay({ day, facility, part, feed }))];
  const found: HeldProposal[] = [];
  for (const subject of subjects)
    for (const row of await tx.audit.proposals.ofSubject(subject, 20))
      if (row.state === 'open') found.push({ row, stale: await isStale(tx, row) });
  return found;
}

async function isStale(tx: StoreTx, row: ProposalRow): Promise<boolean> {
  try {
    return (await printOf(tx, await openTarget(tx, targetOf(row)))) !== row.print;
  } catch {
    return true;
  }
}
