import type { Day } from '../../shared/runtime/paris-time.ts';
import type { DispatchRow } from './dispatch-table.ts';
import type { DayChange, DeliveryDay, ExportQuery, ListingTables } from './listing-tables.ts';
import { dispatchColumns } from './sqlite-dispatches.ts';
import { exportColumns } from './sqlite-exports.ts';
import { sql, type Query, type Statements } from './sqlite-statements.ts';
import type { ExportRow, ExportState } from './export-tables.ts';

const latestFirst = 'order by received_at desc, reception desc limit ?';
const page = 'received_at >= ? and received_at < ? and (received_at, reception) < (?, ?)';

/** Few of them at any time: their own index, and a sort of what is in it. */
function rare(state: Exclude<ExportState, 'processed'>): Query<ExportRow> {
  return sql(`
    select ${exportColumns} from export indexed by export_${state}
     where state = '${state}' and ${page} ${latestFirst}`);
}

function dispatchesIn(state: string): Query<DispatchRow> {
  return sql(`
    select ${dispatchColumns} from dispatch
     where destination = ? and state = '${state}' and id < ? order by id desc limit ?`);
}

export const listingSql = {
  exports: sql<ExportRow>(
    `select ${exportColumns} from export indexed by export_received where ${page} ${latestFirst}`,
  ),
  // Most exports are processed: those that are not are passed over.
  processed: sql<ExportRow>(`
    select ${exportColumns} from export indexed by export_received
     where state = 'processed' and ${page} ${latestFirst}`),
  rare: {
    receiving: rare('receiving'),
    complete: rare('complete'),
    waiting: rare('waiting'),
    held: rare('held'),
    rejected: rare('rejected'),
  },
  ofFacility: sql<ExportRow>(`
    select ${exportColumns} from export indexed by export_facility
     where facility = ? and ${page} and state = coalesce(?, state) ${latestFirst}`),
  byPrefix: sql<ExportRow>(
    `select ${exportColumns} from export where id >= ? and id < ? order by id limit ?`,
  ),
  ofEnvelopes: sql<{ export: string }>(
    'select distinct export from envelope where id >= ? and id < ? and export is not null limit ?',
  ),
  before: sql<{ id: string }>(`
    select id from export indexed by export_facility
     where facility = ? and (received_at, reception) < (?, ?) and feed = ?
     order by received_at desc, reception desc limit 1`),
  after: sql<{ id: string }>(`
    select id from export indexed by export_facility
     where facility = ? and (received_at, reception) > (?, ?) and feed = ?
     order by received_at, reception limit 1`),
  // On their way now: a batch at most.
  sending: sql<DispatchRow>(`
    select ${dispatchColumns} from dispatch
     where state = 'sending' and destination = ? and id < ? order by id desc limit ?`),
  dispatchesIn: {
    waiting: dispatchesIn('waiting'),
    sent: dispatchesIn('sent'),
    acknowledged: dispatchesIn('acknowledged'),
    refused: dispatchesIn('refused'),
    dead: dispatchesIn('dead'),
  },
  dispatchesFrom: sql<DispatchRow>(`
    select ${dispatchColumns} from dispatch
     where id in (select dispatch from dispatch_source where export = ? order by dispatch desc limit ?)
     order by id desc`),
  deliveryDays: sql<DeliveryDay>(`
    select day, state, files, records
      from delivery_day
     where destination = ? and day between ? and ? and files > 0
     order by day`),
  putChanges: sql('insert or replace into export_change (export, days) values (?, ?)'),
  changes: sql<{ days: string }>('select days from export_change where export = ?'),
} as const;

export function createListingTables(statements: Statements): ListingTables {
  const { all, get, run } = statements;
  return {
    exports: async (query) => {
      if (query.facilities === undefined) return all(regionQuery(query.state), ...pageOf(query));
      const found = query.facilities.flatMap((facility) => {
        const [from, to, receivedAt, reception, limit] = pageOf(query);
        const state = query.state ?? null;
        return all(listingSql.ofFacility, facility, from, to, receivedAt, reception, state, limit);
      });
      return found.sort(byReception).slice(0, query.limit);
    },
    exportsByPrefix: async (prefix, limit) => all(listingSql.byPrefix, prefix, afterPrefix(prefix), limit),
    exportsOfEnvelopes: async (prefix, limit) =>
      all(listingSql.ofEnvelopes, prefix, afterPrefix(prefix), limit).map((row) => row.export),
    neighbours: async ({ facility, feed, receivedAt, reception }) => ({
      before: get(listingSql.before, facility, receivedAt, reception, feed)?.id,
      after: get(listingSql.after, facility, receivedAt, reception, feed)?.id,
    }),
    dispatches: async ({ destination, state, before, limit }) => {
      // Each state has its index, which the forwarder's claim depends on: one over all states would be taken in its place.
      const queries =
        state === undefined
          ? [...Object.values(listingSql.dispatchesIn), listingSql.sending]
          : [listingSql.dispatchesIn[state]];
      const found = queries.flatMap((query) => all(query, destination, before, limit));
      return found.sort((one, other) => other.id - one.id).slice(0, limit);
    },
    dispatchesFrom: async (exportId, limit) => all(listingSql.dispatchesFrom, exportId, limit),
    lastAcknowledged: async (destination) =>
      get(listingSql.dispatchesIn.acknowledged, destination, Number.MAX_SAFE_INTEGER, 1),
    deliveryDays: async (destination, from, to) => all(listingSql.deliveryDays, destination, from, to),
    putChanges: async (exportId, days) => {
      run(listingSql.putChanges, exportId, JSON.stringify(days.map(packed)));
    },
    changes: async (exportId) => {
      const row = get(listingSql.changes, exportId);
      return row === undefined ? undefined : (JSON.parse(row.days) as Packed[]).map(unpacked);
    },
  };
}

function regionQuery(state: ExportState | undefined): Query<ExportRow> {
  if (state === undefined) return listingSql.exports;
  return state === 'processed' ? listingSql.processed : listingSql.rare[state];
}

function pageOf({ from, to, after, limit }: ExportQuery) {
  const { receivedAt, reception } = after ?? {
    receivedAt: Number.MAX_SAFE_INTEGER,
    reception: Number.MAX_SAFE_INTEGER,
  };
  return [from, to, receivedAt, reception, limit] as const;
}

function byReception(one: ExportRow, other: ExportRow): number {
  return other.receivedAt - one.receivedAt || other.reception - one.reception;
}

/** Ids are lower-case hex and dashes: all that start with the prefix lie before it and a letter past f. */
function afterPrefix(prefix: string): string {
  return `${prefix}g`;
}

type Packed = readonly [string, number, number, number, number, number, number, number];

function packed({ facility, day, before, after, added, updated, removed, suspended }: DayChange): Packed {
  return [facility, day, before, after, added, updated, removed, suspended];
}

function unpacked([facility, day, before, after, added, updated, removed, suspended]: Packed): DayChange {
  return { facility, day: day as Day, before, after, added, updated, removed, suspended };
}
