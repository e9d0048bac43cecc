import { formatUuid7 } from '../../shared/runtime/random.ts';
import { dayToIso, instantOf, type Day } from '../../shared/runtime/paris-time.ts';
import type { AgentDatabase } from './database.ts';
import { historySql } from './operation-queries.ts';
import type { ExportRow } from './rows.ts';
import type { Outcome } from './states.ts';

export interface HistoryQuery {
  /** Days of reading, both included. */
  readonly from?: Day | undefined;
  readonly to?: Day | undefined;
  readonly source?: string | undefined;
  readonly outcome?: Outcome | undefined;
  /** Only what was read before this export. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Exports by date, from an index whatever is asked: the same cost in a year's database. */
export interface History {
  /** Newest first. */
  page(query: HistoryQuery): readonly ExportRow[];
  /** Exports whose window touches the days, or, where none is known, that were read on them; oldest first. */
  covering(from: Day, to: Day, limit: number): readonly ExportRow[];
  countSince(outcome: Outcome, at: number): number;
  /** Exports that no receipt has settled yet, by source. */
  waiting(): ReadonlyMap<string, number>;
}

export function createHistory({ get, all }: AgentDatabase): History {
  return {
    page: ({ from, to, source, outcome, before, limit }) => {
      const low = from === undefined ? '' : startOf(from);
      const end = to === undefined ? '~' : startOf(nextDay(to));
      const high = before !== undefined && before < end ? before : end;
      const range = [low, high, limit];
      if (outcome === undefined)
        return source === undefined
          ? all<ExportRow>(historySql.all, ...range)
          : all<ExportRow>(historySql.ofSource, source, ...range);
      return source === undefined
        ? all<ExportRow>(historySql.ofOutcome, outcome, ...range)
        : all<ExportRow>(historySql.ofOutcomeAndSource, outcome, source, ...range);
    },
    covering: (from, to, limit) =>
      all<ExportRow>(
        historySql.covering,
        startOf(from),
        startOf(nextDay(to)),
        dayToIso(to),
        dayToIso(from),
        limit,
      ),
    countSince: (outcome, at) => get<{ n: number }>(historySql.countSince, outcome, idAt(at))?.n ?? 0,
    waiting: () =>
      new Map(all<{ source: string; n: number }>(historySql.waiting).map(({ source, n }) => [source, n])),
  };
}

/** Export ids are UUIDv7: they begin with the instant of reading, so that a time is a place among them. */
function idAt(at: number): string {
  return formatUuid7(at, Buffer.alloc(16)).slice(0, 13);
}

function startOf(day: Day): string {
  return idAt(instantOf(day, 0).at);
}

function nextDay(day: Day): Day {
  return (day + 1) as Day;
}
