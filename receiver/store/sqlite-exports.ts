import type { Finding } from '../../shared/feeds/feed.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import { counterSql, countersOf, sql, type Query, type Statements } from './sqlite-statements.ts';
import type { ExportRow, ExportState, ExportTable, StagedRecord } from './export-tables.ts';

const states: readonly ExportState[] = ['receiving', 'complete', 'waiting', 'processed', 'held', 'rejected'];
export const exportColumns = `
  id, agent, facility, feed, part, source, received_at as receivedAt, reception, slices_seen as slicesSeen,
  manifest, digest, state, extract, outcome`;

const inState = (state: ExportState): Query<ExportRow> =>
  sql(`select ${exportColumns} from export where state = '${state}' order by reception limit ?`);

export const exportSql = {
  get: sql<ExportRow>(`select ${exportColumns} from export where id = ?`),
  put: sql(`
    insert into export (id, agent, facility, feed, part, source, received_at, reception, slices_seen, manifest,
                        digest, state, extract, outcome)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
  update: sql(`
    update export
       set agent = ?, facility = ?, feed = ?, part = ?, source = ?, received_at = ?, reception = ?,
           slices_seen = ?, manifest = ?, digest = ?, state = ?, extract = ?, outcome = ?
     where id = ?`),
  inState: {
    receiving: sql<ExportRow>(
      `select ${exportColumns} from export where state = 'receiving' order by received_at limit ?`,
    ),
    complete: inState('complete'),
    waiting: inState('waiting'),
    processed: inState('processed'),
    held: inState('held'),
    rejected: inState('rejected'),
  },
  processedDigest: sql<ExportRow>(`
    select ${exportColumns}
      from export
     where facility = ? and feed = ? and part = ? and digest = ? and state = 'processed'
     order by reception
     limit 1`),
  incomplete: sql<ExportRow>(
    `select ${exportColumns} from export where state = 'receiving' and received_at < ? order by received_at`,
  ),
  recent: sql<ExportRow>(`select ${exportColumns} from export order by reception desc limit ?`),
  stage: sql('insert into staged (export, day, record, line, body) values (?, ?, ?, ?, ?)'),
  stagedDays: sql<{ day: Day }>('select distinct day from staged where export = ? order by day'),
  stagedOfDay: sql<StagedRecord>(
    'select day, record, line, body from staged where export = ? and day = ? order by record',
  ),
  unstage: sql('delete from staged where export = ?'),
  putFindings: sql('insert or replace into export_findings (export, listed, totals) values (?, ?, ?)'),
  findings: sql<{ listed: string; totals: string }>(
    'select listed, totals from export_findings where export = ?',
  ),
} as const;

export function createExportTable(statements: Statements): ExportTable {
  const { all, get, run } = statements;
  return {
    get: async (id) => get(exportSql.get, id),
    put: async (row) => {
      const { id, agent, facility, feed, part, source, receivedAt, reception, slicesSeen } = row;
      const { manifest, digest, state, extract, outcome } = row;
      run(
        ...([
          exportSql.put,
          id,
          agent,
          facility,
          feed,
          part,
          source,
          receivedAt,
          reception,
          slicesSeen,
        ] as const),
        ...[manifest, digest, state, extract, outcome],
      );
    },
    update: async (id, change) => {
      const held = get(exportSql.get, id);
      if (held === undefined) return;
      const { agent, facility, feed, part, source, receivedAt, reception, slicesSeen, ...rest } = {
        ...held,
        ...change,
      };
      run(
        ...([
          exportSql.update,
          agent,
          facility,
          feed,
          part,
          source,
          receivedAt,
          reception,
          slicesSeen,
        ] as const),
        ...[rest.manifest, rest.digest, rest.state, rest.extract, rest.outcome, id],
      );
    },
    nextReception: async () => get(counterSql.add, 'reception', 1)?.value ?? 1,
    inState: async (state, limit) => all(exportSql.inState[state], limit),
    processedDigest: async ({ facility, feed, part }, digest) =>
      get(exportSql.processedDigest, facility, feed, part, digest),
    incompleteSince: async (before) => all(exportSql.incomplete, before),
    recent: async (limit) => all(exportSql.recent, limit),
    counts: async () => countersOf(statements, 'export', states),
    stage: async (id, records) => {
      const stage = statements.prepare(exportSql.stage);
      for (const { day, record, line, body } of records) stage.run(id, day, record, line, body);
    },
    stagedDays: async (id) => all(exportSql.stagedDays, id).map(({ day }) => day),
    stagedOfDay: async (id, day) => all(exportSql.stagedOfDay, id, day),
    unstage: async (id) => {
      run(exportSql.unstage, id);
    },
    putFindings: async (id, listed, totals) => {
      run(exportSql.putFindings, id, JSON.stringify(listed), JSON.stringify(totals));
    },
    findings: async (id) => {
      const row = get(exportSql.findings, id);
      if (row === undefined) return { listed: [], totals: {} };
      return {
        listed: JSON.parse(row.listed) as Finding[],
        totals: JSON.parse(row.totals) as Record<string, number>,
      };
    },
  };
}
