import { reaches } from '../../accounts/profile.ts';
import { readGroups, type Groups } from '../../reports/groups.ts';
import type {
  ReportFilter,
  KeptForm,
  ReportForm,
  ReportMailState,
  ReportRow,
  SyndromeVersion,
} from '../../store/report-tables.ts';
import type { StoreTx } from '../../store/store.ts';
import type { ViewReach } from './reach.ts';

/** A kept report, in which forms, and how its mails stand: to whom they go is on no page. */
export interface KeptReport extends ReportRow {
  readonly forms: readonly ReportForm[];
  readonly mails: Readonly<Partial<Record<ReportMailState, number>>>;
}

export interface ReportReads {
  /** Within the reach, the latest first. The region's are for whoever reaches all of it. */
  list(filter: ReportFilter, limit: number): Promise<readonly KeptReport[]>;
  get(id: number): Promise<KeptReport | undefined>;
  file(id: number, form: KeptForm): Promise<Buffer | undefined>;
  /** Syndromic groups in force. */
  groups(): Promise<Groups>;
  /** Versions of the groups, the latest first. */
  versions(): Promise<readonly SyndromeVersion[]>;
}

export function createReportReads(tx: StoreTx, { facilities: reach }: ViewReach): ReportReads {
  const { stored, mails, syndromes } = tx.reports;
  const isWithin = ({ facility }: Pick<ReportRow, 'facility'>): boolean =>
    facility === null ? reach === 'all' : reaches(reach, facility);
  const found = async (id: number): Promise<ReportRow | undefined> => {
    const row = await stored.get(id);
    return row !== undefined && isWithin(row) ? row : undefined;
  };
  const whole = async (row: ReportRow): Promise<KeptReport> => {
    const counts: Partial<Record<ReportMailState, number>> = {};
    for (const { state } of await mails.of(row.id)) counts[state] = (counts[state] ?? 0) + 1;
    return { ...row, forms: await stored.forms(row.id), mails: counts };
  };
  const listed = async (filter: ReportFilter, limit: number): Promise<readonly ReportRow[]> => {
    if (filter.facility !== undefined)
      return isWithin({ facility: filter.facility }) ? stored.list(filter, limit) : [];
    if (reach === 'all') return stored.list(filter, limit);
    const rows: ReportRow[] = [];
    for (const facility of reach) rows.push(...(await stored.list({ ...filter, facility }, limit)));
    return rows.sort((one, other) => other.id - one.id).slice(0, limit);
  };
  return {
    list: async (filter, limit) => {
      const reports: KeptReport[] = [];
      for (const row of await listed(filter, limit)) reports.push(await whole(row));
      return reports;
    },
    get: async (id) => {
      const row = await found(id);
      return row === undefined ? undefined : whole(row);
    },
    file: async (id, form) => ((await found(id)) === undefined ? undefined : stored.file(id, form)),
    groups: () => readGroups(tx),
    versions: () => syndromes.history(),
  };
}
