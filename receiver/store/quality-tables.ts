import type { TallySummary } from '../../shared/feeds/tally.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';

export interface DayOfFacility {
  readonly facility: string;
  readonly day: Day;
}

export interface CountedTally extends DayOfFacility {
  /** Of the content counted: equal contents, equal stamps. */
  readonly stamp: string;
  readonly summary: TallySummary;
  readonly cells: Uint32Array;
}

export interface SummaryRow extends DayOfFacility {
  readonly summary: TallySummary;
}

export interface CellsRow extends DayOfFacility {
  readonly cells: Uint32Array;
}

/** claimed: about to be handed over, or nobody knows. failed: surely not sent. */
export type MailState = 'claimed' | 'sent' | 'failed';

/** One facility's scorecard of one week (its Monday), to one address. */
export interface WeeklyMail {
  readonly facility: string;
  readonly week: Day;
  readonly address: string;
}

export interface QualityTables {
  /** Days whose count is not of what they hold now, the latest first. `version`: of the counting. */
  uncounted(feed: string, version: number, limit: number): Promise<readonly DayOfFacility[]>;
  /** The stamp of what a day holds now; undefined when it holds and held nothing. */
  stampOf(feed: string, version: number, place: DayOfFacility): Promise<string | undefined>;
  /** What a day holds, to be counted: `rank` above 0 is a repetition of the same natural key. */
  recordsOf(
    feed: string,
    place: DayOfFacility,
  ): Promise<
    readonly {
      readonly body: string;
      readonly rank: number;
      readonly export: string;
      readonly line: number;
    }[]
  >;
  put(feed: string, tallies: readonly CountedTally[]): Promise<void>;
  /** Drops counts of days that are no more; answers how many. */
  forget(feed: string): Promise<number>;
  /** Of one facility, or of all. */
  summaries(feed: string, from: Day, to: Day, facility: string | undefined): Promise<readonly SummaryRow[]>;
  cells(feed: string, facility: string, from: Day, to: Day): Promise<readonly CellsRow[]>;
  /** Days between from and to whose count is not of what they hold now, by facility. */
  remaining(
    feed: string,
    version: number,
    from: Day,
    to: Day,
  ): Promise<readonly { readonly facility: string; readonly days: number }[]>;
  /** Whether a facility has such a day between from and to. */
  isLate(feed: string, version: number, facility: string, from: Day, to: Day): Promise<boolean>;
  /** The week (its Monday) of the file kept for a facility. */
  fileWeek(facility: string): Promise<Day | undefined>;
  file(facility: string): Promise<{ readonly text: string; readonly proof: string } | undefined>;
  /** Replaces the file of an earlier week. */
  putFile(
    facility: string,
    week: Day,
    file: { readonly text: string; readonly proof: string },
  ): Promise<void>;
  mail(mail: WeeklyMail): Promise<{ readonly state: MailState; readonly attempts: number } | undefined>;
  /** True once for each attempt: never for what was sent, may have been, or failed `most` times. */
  claimMail(mail: WeeklyMail, most: number, at: number): Promise<boolean>;
  /** Of what is claimed. */
  settleMail(mail: WeeklyMail, state: 'sent' | 'failed', at: number): Promise<void>;
}
