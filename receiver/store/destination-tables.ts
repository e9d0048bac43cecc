import type { Day } from '../../shared/runtime/paris-time.ts';

/** How a destination fares. No row: nothing went wrong yet, nobody paused it. */
export interface DestinationRow {
  readonly name: string;
  /** closed: as usual. open: it fails, left alone until `nextAttemptAt`. half-open: one file is trying it. */
  readonly breaker: 'closed' | 'open' | 'half-open';
  /** Faults of the destination in a row. */
  readonly failures: number;
  readonly nextAttemptAt: number;
  /** The last fault's code; null since it passed. */
  readonly code: string | null;
  /** When the breaker last changed. */
  readonly since: number;
  readonly pausedBy: string | null;
  readonly pausedAt: number | null;
  /** A pause with an end is over by itself then: see `pauseOf`. */
  readonly pausedUntil?: number | null;
  readonly pauseReason?: string | null;
}

export interface KeyApproval {
  readonly fingerprint: string;
  readonly person: string;
  readonly at: number;
}

/** One sending that a calendar asked for. */
export interface DestinationRun {
  readonly destination: string;
  readonly dueAt: number;
  readonly ranAt: number;
  readonly facilities: number;
  readonly files: number;
}

export interface DestinationTable {
  get(name: string): Promise<DestinationRow | undefined>;
  list(): Promise<readonly DestinationRow[]>;
  put(row: DestinationRow): Promise<void>;
  /** A person vouches for an agency's key; the same person counts once. */
  approveKey(destination: string, approval: KeyApproval): Promise<void>;
  approvals(destination: string): Promise<readonly KeyApproval[]>;
  putRun(run: DestinationRun): Promise<void>;
  /** The latest one due, or the latest due by `upTo`. */
  lastRun(destination: string, upTo?: number): Promise<DestinationRun | undefined>;
}

/** Said by a person: a facility is closed, or sends what it can, for some days. */
export interface FacilityNotice {
  readonly id: number;
  readonly facility: string;
  readonly kind: 'closed' | 'degraded';
  readonly from: Day;
  readonly to: Day;
  readonly reason: string;
  readonly person: string;
  readonly at: number;
}

export interface FacilityNoticeTable {
  add(notice: Omit<FacilityNotice, 'id'>): Promise<number>;
  end(id: number): Promise<boolean>;
  /** Of every facility, touching these days. */
  during(from: Day, to: Day): Promise<readonly FacilityNotice[]>;
}

/** A signed statement of what a destination should have for a day. */
export interface ManifestRow {
  readonly destination: string;
  readonly serial: number;
  readonly day: Day;
  readonly issuedAt: number;
  /** Lower-case hex SHA-256 of the statement without serial and time: equal when nothing changed. */
  readonly digest: string;
  readonly jws: string;
}

export interface ManifestTable {
  put(row: Omit<ManifestRow, 'serial'>): Promise<number>;
  latest(destination: string, day: Day): Promise<ManifestRow | undefined>;
  /** With serials above `after`, in order. */
  list(destination: string, after: number, limit: number): Promise<readonly ManifestRow[]>;
  /** Deletes what a later one of the same day replaced, of those issued before `before`. */
  purgeReplaced(destination: string, before: number): Promise<number>;
  /** Those that any was ever kept of. */
  destinations(): Promise<readonly string[]>;
  /** 0 before the first one. */
  lastSerial(destination: string): Promise<number>;
  /** Up to which serial they were delivered; 0 before the first one. */
  delivered(destination: string): Promise<number>;
  setDelivered(destination: string, serial: number, at: number): Promise<void>;
}
