import type { SyndromicGroup } from '../../shared/feeds/syndromic-groups.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';

/** The groups of a region at a time: versions are added, never edited. Version 0 is the program's own. */
export interface SyndromeVersion {
  readonly version: number;
  /** Epoch ms. */
  readonly at: number;
  readonly person: string;
  readonly reason: string;
}

export interface SyndromeTable {
  /** The latest first. */
  history(): Promise<readonly SyndromeVersion[]>;
  /** The latest, or this one; undefined when there is none but the program's own. */
  get(
    version?: number,
  ): Promise<(SyndromeVersion & { readonly groups: readonly SyndromicGroup[] }) | undefined>;
  /** Answers its version. */
  add(version: Omit<SyndromeVersion, 'version'>, groups: readonly SyndromicGroup[]): Promise<number>;
}

export const reportKinds = ['daily', 'weekly', 'monthly'] as const;
export type ReportKind = (typeof reportKinds)[number];
/** What people are given. */
export const reportForms = ['html', 'csv', 'pdf'] as const;
export type ReportForm = (typeof reportForms)[number];
/** json: the values, for the API; kept with each. */
export type KeptForm = ReportForm | 'json';

/** What a list of reports says of how whole one is. */
export interface CoverageState {
  /** Days of facilities in the period: whole, not whole, and those of which nothing is awaited. */
  readonly whole: number;
  readonly incomplete: number;
  readonly notAwaited: number;
  /** Received of what is expected, 0 to 1 or more; null: nothing is known to expect. */
  readonly received: number | null;
}

export interface ReportRow {
  readonly id: number;
  readonly kind: ReportKind;
  /** null: the whole region. */
  readonly facility: string | null;
  readonly from: Day;
  readonly to: Day;
  readonly language: Language;
  /** schedule: made once a period. person: as often as somebody asks. */
  readonly origin: 'schedule' | 'person';
  readonly author: string;
  /** Epoch ms. */
  readonly madeAt: number;
  readonly groupsVersion: number;
  readonly coverage: CoverageState;
  readonly pdf: 'unasked' | 'made' | 'failed';
  /** Why there is no PDF. */
  readonly pdfCode: string | null;
}

/** pending: to be sent, now or again. sending: on its way. sent: taken by the next server. failed: given up. */
export const reportMailStates = ['pending', 'sending', 'sent', 'failed'] as const;
export type ReportMailState = (typeof reportMailStates)[number];

export interface ReportMail {
  readonly id: number;
  readonly report: number;
  readonly address: string;
  readonly state: ReportMailState;
  readonly attempts: number;
  readonly dueAt: number;
  readonly sentAt: number | null;
  /** Of the last failure. */
  readonly code: string | null;
  /** The same on every attempt: who gets it twice can tell. */
  readonly identity: string;
}

export interface ReportFilter {
  readonly kind?: ReportKind | undefined;
  /** null: of the region. */
  readonly facility?: string | null | undefined;
  /** Only those with a smaller id. */
  readonly before?: number | undefined;
}

export interface StoredReportTable {
  /** With its files and what is to be mailed; undefined when the schedule made this one before. */
  add(
    row: Omit<ReportRow, 'id'>,
    files: Readonly<Partial<Record<KeptForm, Buffer>>>,
    mails: readonly Pick<ReportMail, 'address' | 'identity'>[],
  ): Promise<number | undefined>;
  get(id: number): Promise<ReportRow | undefined>;
  /** The latest first. */
  list(filter: ReportFilter, limit: number): Promise<readonly ReportRow[]>;
  isMade(row: Pick<ReportRow, 'kind' | 'facility' | 'from' | 'language'>): Promise<boolean>;
  file(id: number, form: KeptForm): Promise<Buffer | undefined>;
  /** In which forms people are given it. */
  forms(id: number): Promise<readonly ReportForm[]>;
  /** Exports of a feed of a facility received in [from, to), epoch ms. */
  exportsBetween(facility: string, feed: string, from: number, to: number): Promise<number>;
  /** How many were made at the wish of somebody after this instant (epoch ms). */
  wishedSince(after: number): Promise<number>;
}

export interface ReportMailTable {
  of(report: number): Promise<readonly ReportMail[]>;
  hasDue(now: number): Promise<boolean>;
  claim(now: number, limit: number): Promise<readonly ReportMail[]>;
  /** Of a message that is being sent. */
  settle(
    id: number,
    change: Pick<ReportMail, 'state' | 'attempts' | 'dueAt' | 'sentAt' | 'code'>,
  ): Promise<boolean>;
  /** What a dead process was sending is due again. Answers how many. */
  recover(): Promise<number>;
  /** What was given up of a report is due again. Answers how many. */
  retry(report: number, now: number): Promise<number>;
}

export interface ReportScheduleTable {
  /** Through which due time (epoch ms) reports of a kind were made. */
  ranThrough(kind: ReportKind): Promise<number | undefined>;
  putRan(kind: ReportKind, dueAt: number): Promise<void>;
}

export interface ReportTables {
  readonly syndromes: SyndromeTable;
  readonly stored: StoredReportTable;
  readonly mails: ReportMailTable;
  readonly schedules: ReportScheduleTable;
}
