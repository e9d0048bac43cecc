import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { SyndromicGroup } from '../../shared/feeds/syndromic-groups.ts';
import { reportForms } from './report-tables.ts';
import type {
  ReportFilter,
  KeptForm,
  ReportForm,
  ReportMail,
  ReportRow,
  ReportTables,
  SyndromeTable,
  SyndromeVersion,
} from './report-tables.ts';
import { sql, type Statements } from './sqlite-statements.ts';

const columns = `
  id, kind, facility, from_day as "from", to_day as "to", language, origin, author, made_at as madeAt,
  groups_version as groupsVersion, coverage, pdf, pdf_code as pdfCode`;
const mailColumns = `
  id, report, address, state, attempts, due_at as dueAt, sent_at as sentAt, code, identity`;

export const reportSql = {
  versions: sql<SyndromeVersion>(
    'select version, at, person, reason from syndrome_version order by version desc',
  ),
  latestVersion: sql<StoredVersion>('select * from syndrome_version order by version desc limit 1'),
  version: sql<StoredVersion>('select * from syndrome_version where version = ?'),
  addVersion: sql<{ version: number }>(`
    insert into syndrome_version (version, at, person, reason, groups)
    values ((select coalesce(max(version), 0) + 1 from syndrome_version), ?, ?, ?, ?)
 returning version`),
  add: sql<{ id: number }>(`
    insert into report (kind, facility, from_day, to_day, language, origin, author, made_at, groups_version, coverage,
                        pdf, pdf_code)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict do nothing
 returning id`),
  addFile: sql('insert into report_file (report, form, content) values (?, ?, ?)'),
  addMail: sql(`
    insert into report_mail (report, address, state, attempts, due_at, identity)
    values (?, ?, 'pending', 0, ?, ?)
        on conflict do nothing`),
  get: sql<StoredReport>(`select ${columns} from report where id = ?`),
  latest: sql<StoredReport>(`select ${columns} from report where id < ? order by id desc limit ?`),
  ofKind: sql<StoredReport>(
    `select ${columns} from report where kind = ? and id < ? order by id desc limit ?`,
  ),
  ofScope: sql<StoredReport>(
    `select ${columns} from report where coalesce(facility, '') = ? and id < ? order by id desc limit ?`,
  ),
  ofScopeAndKind: sql<StoredReport>(`
    select ${columns} from report where coalesce(facility, '') = ? and +kind = ? and id < ? order by id desc limit ?`),
  isMade: sql<{ id: number }>(`
    select id
      from report
     where kind = ? and coalesce(facility, '') = ? and from_day = ? and language = ? and origin = 'schedule'`),
  file: sql<{ content: Buffer }>('select content from report_file where report = ? and form = ?'),
  forms: sql<{ form: ReportForm }>(
    `select form from report_file where report = ? and form <> 'json' order by form`,
  ),
  exportsBetween: sql<{ count: number }>(`
    select count(*) as count
      from export
     where facility = ? and received_at >= ? and received_at < ? and feed = ?`),
  wishedSince: sql<{ count: number }>(
    `select count(*) as count from report where made_at > ? and origin = 'person'`,
  ),
  mailsOf: sql<ReportMail>(`select ${mailColumns} from report_mail where report = ? order by address`),
  hasDue: sql<{ id: number }>(
    `select id from report_mail where state = 'pending' and due_at <= ? order by due_at, id limit 1`,
  ),
  due: sql<ReportMail>(`
    select ${mailColumns} from report_mail where state = 'pending' and due_at <= ? order by due_at, id limit ?`),
  claim: sql(`update report_mail set state = 'sending' where id = ? and state = 'pending'`),
  settle: sql(`
    update report_mail
       set state = ?, attempts = ?, due_at = ?, sent_at = ?, code = ?
     where id = ? and state = 'sending'`),
  recover: sql(`update report_mail set state = 'pending' where state = 'sending'`),
  retry: sql(`
    update report_mail set state = 'pending', attempts = 0, due_at = ? where report = ? and state = 'failed'`),
  ranThrough: sql<{ dueAt: number }>('select due_at as dueAt from report_schedule where kind = ?'),
  putRan: sql('insert or replace into report_schedule (kind, due_at) values (?, ?)'),
} as const;

interface StoredVersion extends SyndromeVersion {
  readonly groups: string;
}

type StoredReport = Omit<ReportRow, 'coverage'> & { readonly coverage: string };

export function createReportTables(statements: Statements): ReportTables {
  const { all, get, run } = statements;
  return {
    syndromes: createSyndromeTable(statements),
    stored: {
      add: async (row, files, mails) => {
        const added = get(
          reportSql.add,
          ...[row.kind, row.facility, row.from, row.to, row.language, row.origin, row.author, row.madeAt],
          ...[row.groupsVersion, JSON.stringify(row.coverage), row.pdf, row.pdfCode],
        );
        if (added === undefined) return undefined;
        for (const form of [...reportForms, 'json'] as const) {
          const content = files[form];
          if (content !== undefined) run(reportSql.addFile, added.id, form, packed(form, content));
        }
        for (const { address, identity } of mails)
          run(reportSql.addMail, added.id, address, row.madeAt, identity);
        return added.id;
      },
      get: async (id) => {
        const found = get(reportSql.get, id);
        return found === undefined ? undefined : rowOf(found);
      },
      list: async (filter, limit) => listed(statements, filter, limit).map(rowOf),
      isMade: async ({ kind, facility, from, language }) =>
        get(reportSql.isMade, kind, facility ?? '', from, language) !== undefined,
      file: async (id, form) => {
        const found = get(reportSql.file, id, form);
        return found === undefined ? undefined : unpacked(form, found.content);
      },
      forms: async (id) => all(reportSql.forms, id).map(({ form }) => form),
      exportsBetween: async (facility, feed, from, to) =>
        get(reportSql.exportsBetween, facility, from, to, feed)?.count ?? 0,
      wishedSince: async (after) => get(reportSql.wishedSince, after)?.count ?? 0,
    },
    mails: {
      of: async (report) => all(reportSql.mailsOf, report),
      hasDue: async (now) => get(reportSql.hasDue, now) !== undefined,
      claim: async (now, limit) =>
        all(reportSql.due, now, limit).filter(({ id }) => run(reportSql.claim, id) === 1),
      settle: async (id, { state, attempts, dueAt, sentAt, code }) =>
        run(reportSql.settle, state, attempts, dueAt, sentAt, code, id) === 1,
      recover: async () => run(reportSql.recover),
      retry: async (report, now) => run(reportSql.retry, now, report),
    },
    schedules: {
      ranThrough: async (kind) => get(reportSql.ranThrough, kind)?.dueAt,
      putRan: async (kind, dueAt) => {
        run(reportSql.putRan, kind, dueAt);
      },
    },
  };
}

function createSyndromeTable({ all, get }: Statements): SyndromeTable {
  return {
    history: async () => all(reportSql.versions),
    get: async (version) => {
      const found = version === undefined ? get(reportSql.latestVersion) : get(reportSql.version, version);
      // What this table itself wrote.
      return found === undefined
        ? undefined
        : { ...found, groups: JSON.parse(found.groups) as readonly SyndromicGroup[] };
    },
    add: async ({ at, person, reason }, groups) =>
      get(reportSql.addVersion, at, person, reason, JSON.stringify(groups))?.version ?? 0,
  };
}

function listed(
  { all }: Statements,
  { kind, facility, before = Number.MAX_SAFE_INTEGER }: ReportFilter,
  limit: number,
): StoredReport[] {
  if (facility === undefined)
    return kind === undefined
      ? all(reportSql.latest, before, limit)
      : all(reportSql.ofKind, kind, before, limit);
  return kind === undefined
    ? all(reportSql.ofScope, facility ?? '', before, limit)
    : all(reportSql.ofScopeAndKind, facility ?? '', kind, before, limit);
}

function rowOf(stored: StoredReport): ReportRow {
  // What this table itself wrote.
  return { ...stored, coverage: JSON.parse(stored.coverage) as ReportRow['coverage'] };
}

/** Text shrinks to a tenth; a PDF is small already. */
function packed(form: KeptForm, content: Buffer): Buffer {
  return form === 'pdf'
    ? content
    : brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
}

function unpacked(form: KeptForm, content: Buffer): Buffer {
  return form === 'pdf' ? content : brotliDecompressSync(content);
}
