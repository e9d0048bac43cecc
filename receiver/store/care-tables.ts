import type { Day } from '../../shared/runtime/paris-time.ts';
import type { FeedOfFacility } from './watch-tables.ts';

/** Somebody of a facility who can be called. What is not known is empty. */
export interface Contact {
  readonly id: number;
  readonly facility: string;
  /** What the person answers for: "informatique de garde". */
  readonly role: string;
  readonly name: string;
  readonly phone: string;
  readonly email: string;
  /** Whom to call first: 1, then 2. */
  readonly order: number;
}

export interface FacilityNote {
  readonly id: number;
  readonly facility: string;
  readonly at: number;
  readonly author: string;
  readonly text: string;
}

/** Nothing is awaited of these days. */
export interface Closure {
  readonly id: number;
  readonly facility: string;
  /** null: all that the facility sends. */
  readonly feed: string | null;
  readonly from: Day;
  readonly to: Day;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
  readonly withdrawnAt: number | null;
}

/** The facility writes on paper: what comes of these days comes late, or never. */
export interface DegradedPeriod {
  readonly id: number;
  readonly facility: string;
  readonly from: Day;
  /** null: it goes on. */
  readonly to: Day | null;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
}

/** Counted by a person while degraded: never a visit, never in a total of visits, never sent. */
export interface HandCount extends FeedOfFacility {
  readonly day: Day;
  readonly count: number;
  readonly by: string;
  readonly at: number;
}

/**
 * asked → told (the agent heard it) → refilled, partly (some days are nowhere) or given-up (none came); withdrawn by a
 * person before that.
 */
export const requestStates = ['asked', 'told', 'refilled', 'partly', 'given-up', 'withdrawn'] as const;
export type RequestState = (typeof requestStates)[number];

/** refilled: an export that came since covers it. absent: no file that can still be read holds it. */
export type RequestedDayState = 'asked' | 'refilled' | 'absent';

/** Days of one part that its agent is asked to send again. */
export interface DayRequest extends FeedOfFacility {
  readonly id: number;
  readonly part: string;
  readonly agent: string;
  readonly from: Day;
  readonly to: Day;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
  readonly state: RequestState;
  readonly toldAt: number | null;
  /** When the agent said what it found. */
  readonly answeredAt: number | null;
  readonly closedAt: number | null;
}

export interface RequestedDay {
  readonly day: Day;
  readonly state: RequestedDayState;
}

export interface ContactTable {
  /** In the order in which they are called. */
  of(facility: string): Promise<readonly Contact[]>;
  /** Last in the order. */
  add(contact: Omit<Contact, 'id' | 'order'>): Promise<number>;
  update(contact: Omit<Contact, 'order'>): Promise<boolean>;
  /** Before all others. */
  putFirst(facility: string, id: number): Promise<boolean>;
  remove(facility: string, id: number): Promise<boolean>;
}

export interface NoteTable {
  /** The latest first. */
  of(facility: string, limit: number): Promise<readonly FacilityNote[]>;
  add(note: Omit<FacilityNote, 'id'>): Promise<number>;
}

export interface ClosureTable {
  /** Not withdrawn, touching these days, of every facility. */
  during(from: Day, to: Day): Promise<readonly Closure[]>;
  /** With those that were withdrawn, the latest first. */
  of(facility: string, limit: number): Promise<readonly Closure[]>;
  add(closure: Omit<Closure, 'id' | 'withdrawnAt'>): Promise<number>;
  /** False when it is not this facility's or was withdrawn before. */
  withdraw(facility: string, id: number, at: number): Promise<boolean>;
}

export interface DegradedTable {
  during(from: Day, to: Day): Promise<readonly DegradedPeriod[]>;
  of(facility: string, limit: number): Promise<readonly DegradedPeriod[]>;
  /** The one that goes on. */
  open(facility: string): Promise<DegradedPeriod | undefined>;
  start(period: Omit<DegradedPeriod, 'id' | 'to'>): Promise<number>;
  /** False when none goes on. `to`: its last day. */
  stop(facility: string, to: Day): Promise<boolean>;
}

export interface HandCountTable {
  of(facility: string, from: Day, to: Day): Promise<readonly HandCount[]>;
  put(count: HandCount): Promise<void>;
  remove(facility: string, feed: string, day: Day): Promise<boolean>;
}

export interface RequestTable {
  get(id: number): Promise<DayRequest | undefined>;
  /** The latest first. */
  of(facility: string, limit: number): Promise<readonly DayRequest[]>;
  /** Of every facility, asked or told, the oldest first. */
  open(limit: number): Promise<readonly DayRequest[]>;
  openOfAgent(agent: string): Promise<readonly DayRequest[]>;
  /** Asked at or after `since` (epoch ms), the latest first. */
  recent(since: number, limit: number): Promise<readonly DayRequest[]>;
  daysOf(id: number): Promise<readonly RequestedDay[]>;
  /** Every day from..to is asked. */
  ask(request: Omit<DayRequest, 'id' | 'state' | 'toldAt' | 'answeredAt' | 'closedAt'>): Promise<number>;
  /** Only from asked. */
  told(id: number, at: number): Promise<boolean>;
  answered(id: number, at: number): Promise<void>;
  /** Only from asked or told. */
  close(id: number, state: Exclude<RequestState, 'asked' | 'told'>, at: number): Promise<boolean>;
  /** Days that are asked still. */
  settleDays(id: number, days: readonly Day[], state: 'refilled' | 'absent'): Promise<void>;
  /** Manifests of exports of this part received after `since` (epoch ms) and applied, in order. */
  takenSince(scope: FeedOfFacility & { readonly part: string }, since: number): Promise<readonly string[]>;
  /** Days that hold a record which an export of this part, received after `since`, wrote or confirmed. */
  daysWrittenSince(
    scope: FeedOfFacility & { readonly part: string },
    span: { readonly from: Day; readonly to: Day },
    since: number,
  ): Promise<readonly Day[]>;
}

export interface CareTables {
  readonly contacts: ContactTable;
  readonly notes: NoteTable;
  readonly closures: ClosureTable;
  readonly degraded: DegradedTable;
  readonly handCounts: HandCountTable;
  readonly requests: RequestTable;
}
