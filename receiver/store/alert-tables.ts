import type { Day } from '../../shared/runtime/paris-time.ts';
import type { WatchCause } from './watch-tables.ts';

/** facility: one hospital. region: many at once, by one cause. destination: an agency. receiver: this very program. */
export const alertKinds = ['facility', 'region', 'destination', 'receiver'] as const;
export type AlertKind = (typeof alertKinds)[number];

/** As the watching says it of a facility; blocked: of a destination; fault: of anything else. */
export const alertStates = ['silent', 'partial', 'low', 'held', 'blocked', 'fault'] as const;
export type AlertState = (typeof alertStates)[number];

/**
 * What the watching finds of a facility, and besides: a destination that fails, or stays paused; an export whose slices do
 * not all come; a facility that nobody registered; a gap in a ledger; a watching that no longer looks.
 */
export const otherCauses = [
  'destination-down',
  'destination-paused',
  'export-incomplete',
  'facility-unknown',
  'ledger-gap',
  'watch-stale',
] as const;
export type AlertCause = WatchCause | (typeof otherCauses)[number];

/** What messages and pages say besides; ids, counts and instants only. */
export interface AlertFacts {
  /** When something last came of the facility, epoch ms. */
  readonly lastAt?: number;
  readonly agent?: 'alive' | 'silent';
  /** Waiting for a destination. */
  readonly files?: number;
  /** Of `members`, how many still are in trouble. */
  readonly remaining?: number;
}

export interface AlertRow {
  readonly id: number;
  /** What it is about: the same trouble has the same key. One alert with a key is open at a time. */
  readonly key: string;
  readonly kind: AlertKind;
  readonly facility: string | null;
  /** null: over all feeds. */
  readonly feed: string | null;
  readonly destination: string | null;
  /** Facilities it concerns: whose people are told, and see it. */
  readonly members: readonly string[];
  readonly state: AlertState;
  readonly cause: AlertCause;
  /** In order; empty where days mean nothing. */
  readonly days: readonly Day[];
  /** Visits that the national sending lacks, estimated. */
  readonly missing: number;
  readonly facts: AlertFacts;
  /** When the trouble began, epoch ms, as are all that end in At. */
  readonly since: number;
  readonly openedAt: number;
  /** When the first messages were written; null: it has not lasted long enough. */
  readonly toldAt: number | null;
  readonly remindedAt: number | null;
  readonly escalatedAt: number | null;
  /** The trouble is gone since; it closes when that lasts. */
  readonly recoveringAt: number | null;
  /** How often it came back within a day. */
  readonly returns: number;
  readonly takenBy: string | null;
  readonly takenName: string | null;
  readonly takenAt: number | null;
  readonly closedAt: number | null;
  /** recovered: by itself. person: with a reason. grouped: a wider one tells of it. */
  readonly ending: 'recovered' | 'person' | 'grouped' | null;
  readonly closedName: string | null;
  readonly reason: string | null;
  readonly changedAt: number;
}

export type AlertEventKind =
  | 'opened'
  | 'returned'
  | 'worse'
  | 'cause'
  | 'told'
  | 'nobody'
  | 'reminded'
  | 'escalated'
  | 'recovering'
  | 'again'
  | 'called'
  | 'taken'
  | 'released'
  | 'note'
  | 'closed'
  | 'recovered'
  | 'grouped'
  | 'undelivered';

/** A line of an alert's own journal. `name`: who did it; null: nobody, it happened. */
export interface AlertEvent {
  readonly id: number;
  readonly alert: number;
  readonly at: number;
  readonly kind: AlertEventKind;
  readonly name: string | null;
  /** A note, a reason, a cause; '' where there is nothing to add. */
  readonly text: string;
}

export type AlertChannel = 'email' | 'sms' | 'webhook';
export type MessageKind = 'first' | 'reminder' | 'escalation' | 'recovery' | 'test';

/**
 * pending: not tried yet. sending: on its way now. sent: taken by the next server. failed: will be tried again. dead: not
 * any more. withdrawn: never left, and its alert is over.
 */
export const messageStates = ['pending', 'sending', 'sent', 'failed', 'dead', 'withdrawn'] as const;
export type MessageState = (typeof messageStates)[number];

export interface AlertMessage {
  readonly id: number;
  /** null: a test. */
  readonly alert: number | null;
  /** Name in the settings. */
  readonly recipient: string;
  readonly role: string;
  readonly channel: AlertChannel;
  /** An e-mail address, a number, or the webhook's name. */
  readonly address: string;
  readonly kind: MessageKind;
  /** The same on every attempt: who gets it twice can tell. */
  readonly identity: string;
  readonly subject: string;
  readonly text: string;
  readonly createdAt: number;
  readonly dueAt: number;
  readonly state: MessageState;
  readonly attempts: number;
  /** An attempt ended without an answer: it may have arrived. */
  readonly doubt: boolean;
  readonly sentAt: number | null;
  /** Of the last failure. */
  readonly code: string | null;
}

export interface GapSeen {
  readonly agent: string;
  readonly feed: string;
  readonly receivedAt: number;
}

export interface AlertRound {
  readonly at: number;
  /** Changes of the watching up to this one have been read. */
  readonly transition: number;
}

export interface AlertTables {
  /** The latest first. */
  open(limit: number): Promise<readonly AlertRow[]>;
  closedSince(since: number, limit: number): Promise<readonly AlertRow[]>;
  get(id: number): Promise<AlertRow | undefined>;
  /** The last one closed with this key. */
  lastClosed(key: string): Promise<AlertRow | undefined>;
  add(row: Omit<AlertRow, 'id'>): Promise<number>;
  /** The whole row; false when there is none. */
  save(row: AlertRow): Promise<boolean>;
  addEvent(event: Omit<AlertEvent, 'id'>): Promise<void>;
  /** The latest first. */
  events(alert: number, limit: number): Promise<readonly AlertEvent[]>;
  addMessage(
    message: Omit<AlertMessage, 'id' | 'state' | 'attempts' | 'doubt' | 'sentAt' | 'code'>,
  ): Promise<number>;
  message(id: number): Promise<AlertMessage | undefined>;
  /** The latest first. */
  messages(alert: number, limit: number): Promise<readonly AlertMessage[]>;
  /** Whether anything is due of a channel: asked without the writer, mostly in vain. */
  hasDue(channel: AlertChannel, now: number): Promise<boolean>;
  /** Takes what is due of a channel; nobody is sent the second message of an alert before the first is settled. */
  claim(channel: AlertChannel, now: number, limit: number): Promise<readonly AlertMessage[]>;
  /** Takes this one now, whatever its hour; undefined when it is being sent or settled. */
  claimOne(id: number): Promise<AlertMessage | undefined>;
  /** Of a message that is being sent; false when it is not. */
  settle(
    id: number,
    change: Pick<AlertMessage, 'state' | 'attempts' | 'doubt' | 'dueAt' | 'sentAt' | 'code'>,
  ): Promise<boolean>;
  /** What a dead process was sending is due again, and may have arrived. Answers how many. */
  recoverSending(): Promise<number>;
  /** What surely did not leave is not sent any more. */
  withdraw(alert: number): Promise<number>;
  /** Messages given up since, the latest first. */
  dead(since: number, limit: number): Promise<readonly AlertMessage[]>;
  /** The latest first. */
  tests(limit: number): Promise<readonly AlertMessage[]>;
  /** Envelopes received before this, and still ahead of their ledger's head. */
  gaps(before: number, limit: number): Promise<readonly GapSeen[]>;
  /** The last round that made alerts agree with what is seen; undefined before the first. */
  round(): Promise<AlertRound | undefined>;
  putRound(round: AlertRound): Promise<void>;
  /** Deletes alerts closed before this, with all that belongs to them, and old tests; at most `limit` of each. */
  purge(before: number, limit: number): Promise<number>;
}
