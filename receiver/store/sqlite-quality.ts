import type { TallySummary } from '../../shared/feeds/tally.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import { sql, type Statements } from './sqlite-statements.ts';
import type { CellsRow, DayOfFacility, MailState, QualityTables, SummaryRow } from './quality-tables.ts';

/** What a day holds, over its parts; the same words as of `watch_hours`, after the counting's version. */
const stamped = `
  select facility, feed, day,
         ? || ' ' || group_concat(part || ':' || count || ':' || sum0 || ':' || sum1 || ':' || sum2 || ':' || sum3, ' ')
           as stamp
    from day_state`;

export const qualitySql = {
  uncounted: sql<DayOfFacility>(`
    select held.facility, held.day
      from (${stamped} group by facility, feed, day) held
      left join day_tally
        on day_tally.feed = held.feed and day_tally.facility = held.facility and day_tally.day = held.day
     where held.feed = ? and day_tally.stamp is not held.stamp
     order by held.day desc, held.facility
     limit ?`),
  stampOf: sql<{ stamp: string | null }>(`
    ${stamped} where facility = ? and feed = ? and day = ? group by facility, feed, day`),
  recordsOf: sql<{ body: string; rank: number; export: string; line: number }>(`
    select body, rank, export, line from record where facility = ? and feed = ? and day = ?`),
  put: sql(`
    insert or replace into day_tally (facility, feed, day, stamp, records, summary) values (?, ?, ?, ?, ?, ?)`),
  putCells: sql('insert or replace into day_cells (facility, feed, day, cells) values (?, ?, ?, ?)'),
  gone: sql<DayOfFacility>(`
    select facility, day
      from day_tally
     where feed = ?
       and not exists (
             select 1 from day_state
              where day_state.facility = day_tally.facility and day_state.feed = day_tally.feed
                and day_state.day = day_tally.day)
       -- What was counted of a day outlives its records.
       and not exists (
             select 1 from purged_day
              where purged_day.facility = day_tally.facility and purged_day.feed = day_tally.feed
                and purged_day.day = day_tally.day)`),
  drop: sql('delete from day_tally where feed = ? and facility = ? and day = ?'),
  dropCells: sql('delete from day_cells where feed = ? and facility = ? and day = ?'),
  ofFacility: sql<StoredSummary>(`
    select facility, day, summary from day_tally where feed = ? and facility = ? and day between ? and ? order by day`),
  facilities: sql<{ facility: string }>('select distinct facility from day_tally where feed = ?'),
  cells: sql<{ facility: string; day: Day; cells: Buffer }>(`
    select facility, day, cells from day_cells where feed = ? and facility = ? and day between ? and ? order by day`),
  remaining: sql<{ facility: string; days: number }>(`
    select held.facility, count(*) as days
      from (${stamped} where day between ? and ? group by facility, feed, day) held
      left join day_tally
        on day_tally.feed = held.feed and day_tally.facility = held.facility and day_tally.day = held.day
     where held.feed = ? and day_tally.stamp is not held.stamp
     group by held.facility`),
  isLate: sql<{ found: number }>(`
    select 1 as found
      from (${stamped} where facility = ? and feed = ? and day between ? and ? group by facility, feed, day) held
      left join day_tally
        on day_tally.feed = held.feed and day_tally.facility = held.facility and day_tally.day = held.day
     where day_tally.stamp is not held.stamp
     limit 1`),
  fileWeek: sql<{ week: Day }>('select week from scorecard_file where facility = ?'),
  file: sql<{ text: string; proof: string }>('select text, proof from scorecard_file where facility = ?'),
  putFile: sql('insert or replace into scorecard_file (facility, week, text, proof) values (?, ?, ?, ?)'),
  mail: sql<{ state: MailState; attempts: number }>(`
    select state, attempts from scorecard_mail where facility = ? and week = ? and address = ?`),
  claimMail: sql(`
    insert into scorecard_mail (facility, week, address, state, attempts, at)
    values (?, ?, ?, 'claimed', 1, ?)
        on conflict do update set state = 'claimed', attempts = attempts + 1, at = excluded.at
     where state = 'failed' and attempts < ?`),
  settleMail: sql(`
    update scorecard_mail
       set state = ?, at = ?
     where facility = ? and week = ? and address = ? and state = 'claimed'`),
} as const;

interface StoredSummary extends DayOfFacility {
  readonly summary: string;
}

export function createQualityTables({ all, get, run, prepare }: Statements): QualityTables {
  const ofFacility = (feed: string, facility: string, from: Day, to: Day): readonly SummaryRow[] =>
    all(qualitySql.ofFacility, feed, facility, from, to).map((row) => ({
      ...row,
      // What this table itself wrote.
      summary: JSON.parse(row.summary) as TallySummary,
    }));
  return {
    uncounted: async (feed, version, limit) => all(qualitySql.uncounted, version, feed, limit),
    stampOf: async (feed, version, { facility, day }) =>
      get(qualitySql.stampOf, version, facility, feed, day)?.stamp ?? undefined,
    recordsOf: async (feed, { facility, day }) => all(qualitySql.recordsOf, facility, feed, day),
    put: async (feed, tallies) => {
      const [put, putCells] = [prepare(qualitySql.put), prepare(qualitySql.putCells)];
      for (const { facility, day, stamp, summary, cells } of tallies) {
        put.run(facility, feed, day, stamp, summary.records, JSON.stringify(summary));
        putCells.run(facility, feed, day, bytesOf(cells));
      }
    },
    forget: async (feed) => {
      const gone = all(qualitySql.gone, feed);
      for (const { facility, day } of gone) {
        run(qualitySql.drop, feed, facility, day);
        run(qualitySql.dropCells, feed, facility, day);
      }
      return gone.length;
    },
    summaries: async (feed, from, to, facility) => {
      if (facility !== undefined) return ofFacility(feed, facility, from, to);
      return all(qualitySql.facilities, feed).flatMap((row) => ofFacility(feed, row.facility, from, to));
    },
    cells: async (feed, facility, from, to) =>
      all(qualitySql.cells, feed, facility, from, to).map((row): CellsRow => ({
        ...row,
        cells: cellsOf(row.cells),
      })),
    remaining: async (feed, version, from, to) => all(qualitySql.remaining, version, from, to, feed),
    isLate: async (feed, version, facility, from, to) =>
      get(qualitySql.isLate, version, facility, feed, from, to) !== undefined,
    fileWeek: async (facility) => get(qualitySql.fileWeek, facility)?.week,
    file: async (facility) => get(qualitySql.file, facility),
    putFile: async (facility, week, { text, proof }) => {
      run(qualitySql.putFile, facility, week, text, proof);
    },
    mail: async ({ facility, week, address }) => get(qualitySql.mail, facility, week, address),
    claimMail: async ({ facility, week, address }, most, at) =>
      run(qualitySql.claimMail, facility, week, address, at, most) === 1,
    settleMail: async ({ facility, week, address }, state, at) => {
      run(qualitySql.settleMail, state, at, facility, week, address);
    },
  };
}

/** Little-endian wherever it runs: the file may be carried to another machine. */
function bytesOf(cells: Uint32Array): Buffer {
  const bytes = Buffer.alloc(cells.length * 4);
  cells.forEach((cell, index) => bytes.writeUInt32LE(cell, index * 4));
  return bytes;
}

function cellsOf(bytes: Buffer): Uint32Array {
  const cells = new Uint32Array(bytes.length >> 2);
  for (let index = 0; index < cells.length; index += 1) cells[index] = bytes.readUInt32LE(index * 4);
  return cells;
}
