import type { Day } from '../../shared/runtime/paris-time.ts';
import type { AccountTables } from './account-tables.ts';
import type { AlertTables } from './alert-tables.ts';
import type { AuditTables } from './audit-tables.ts';
import type { CalendarTable, CoverageTable } from './calendar-tables.ts';
import type { CareTables } from './care-tables.ts';
import type { DestinationTable, FacilityNoticeTable, ManifestTable } from './destination-tables.ts';
import type { DispatchTable } from './dispatch-table.ts';
import type { ExportTable } from './export-tables.ts';
import type { KeyTables } from './key-tables.ts';
import type { ListingTables } from './listing-tables.ts';
import type { QualityTables } from './quality-tables.ts';
import type { Scope } from './record-scope.ts';
import type { RestoreTable } from './restore-tables.ts';
import type { RetentionTables } from './retention-tables.ts';
import type { ErasureTables } from './erasure-tables.ts';
import type { ExtractionTable } from './extraction-tables.ts';
import type { ApiTokenTable } from './token-tables.ts';
import type { ReportTables } from './report-tables.ts';
import type { WatchTable } from './watch-tables.ts';

/**
 * The receiver's memory, in domain verbs. SQLite is the first engine; a second one (PostgreSQL) joins by passing
 * test/contract/store. Every verb is asynchronous for that reason, works on batches, and takes no engine's types.
 *
 * All writing happens inside `transaction`: serialised, all or nothing, durable when its promise resolves.
 */
export interface Store {
  transaction<T>(work: (tx: StoreTx) => Promise<T>): Promise<T>;
  /** A consistent read, outside the writer's queue. */
  read<T>(work: (tx: StoreTx) => Promise<T>): Promise<T>;
  /**
   * Writes the whole file anew, so that nothing deleted is left between rows or in the log of changes. Others wait to write
   * meanwhile. False when others kept it from ending: it is worth asking again.
   */
  rewrite(): Promise<boolean>;
  close(): Promise<void>;
}

export interface StoreTx {
  /** Undoes what `work` wrote when it throws or answers `{ undo: true }`; the outer transaction goes on. */
  savepoint<T>(work: () => Promise<T>, undoWhen?: (result: T) => boolean): Promise<T>;
  readonly agents: AgentTable;
  readonly facilities: FacilityTable;
  readonly inbox: InboxTable;
  readonly exports: ExportTable;
  readonly records: RecordTable;
  readonly removals: RemovalTable;
  readonly dispatches: DispatchTable;
  readonly receipts: ReceiptTable;
  readonly destinations: DestinationTable;
  readonly notices: FacilityNoticeTable;
  readonly manifests: ManifestTable;
  readonly calendars: CalendarTable;
  readonly coverage: CoverageTable;
  readonly watch: WatchTable;
  readonly accounts: AccountTables;
  readonly audit: AuditTables;
  readonly alerts: AlertTables;
  readonly quality: QualityTables;
  readonly care: CareTables;
  readonly listings: ListingTables;
  readonly keys: KeyTables;
  readonly retention: RetentionTables;
  readonly erasure: ErasureTables;
  readonly reports: ReportTables;
  readonly extractions: ExtractionTable;
  readonly tokens: ApiTokenTable;
  readonly restores: RestoreTable;
}

// ---- agents and their certificates ----

export type AgentStatus = 'invited' | 'active' | 'revoked';

export interface AgentRow {
  readonly id: string;
  readonly name: string;
  readonly status: AgentStatus;
  readonly facilities: readonly string[];
  readonly createdAt: number;
}

export interface CertificateRow {
  /** Lower-case hex SHA-256 of the DER. */
  readonly fingerprint: string;
  readonly agent: string;
  readonly use: 'tls' | 'seal';
  readonly pem: string;
  readonly notAfter: number;
  readonly revokedAt: number | null;
}

export interface Invitation {
  readonly agent: string;
  /** HMAC key derived from the token; deleted at first use. */
  readonly tokenKey: Buffer;
  readonly expiresAt: number;
  readonly triesLeft: number;
  /** A second person must let the machine in; absent: nobody need. */
  readonly second?: SecondPerson;
}

export interface SecondPerson {
  /** Id of the actor who invited: another one approves. */
  readonly invitedBy: string;
  /** Digest of the requests that asked last, and knew the token. */
  readonly asked: string | null;
  /** Digest of the requests that may come in. */
  readonly approved: string | null;
}

export interface AgentTable {
  put(agent: AgentRow): Promise<void>;
  get(id: string): Promise<AgentRow | undefined>;
  list(): Promise<readonly AgentRow[]>;
  setStatus(id: string, status: AgentStatus, at: number): Promise<void>;
  putCertificate(certificate: CertificateRow): Promise<void>;
  certificate(fingerprint: string): Promise<CertificateRow | undefined>;
  certificatesOf(agent: string): Promise<readonly CertificateRow[]>;
  revokeCertificates(agent: string, at: number): Promise<void>;
  putInvitation(invitation: Invitation): Promise<void>;
  invitation(agent: string): Promise<Invitation | undefined>;
  /** One try fewer; the invitation is gone at zero. */
  spendTry(agent: string): Promise<void>;
  deleteInvitation(agent: string): Promise<void>;
  putHeartbeat(agent: string, at: number, body: string): Promise<void>;
  heartbeat(agent: string): Promise<{ readonly at: number; readonly body: string } | undefined>;
  putRejectedExport(agent: string, row: AgentReject): Promise<void>;
  rejectedExports(limit: number): Promise<readonly (AgentReject & { readonly agent: string })[]>;
}

export interface AgentReject {
  readonly export: string;
  readonly source: string;
  readonly digest: string;
  readonly code: string;
  readonly line: number | null;
  readonly record: number | null;
  readonly at: number;
}

// ---- facilities ----

export interface FacilityRow {
  readonly finess: string;
  readonly name: string;
  /** 32-byte HMAC key for record keys. */
  readonly key: Buffer;
  readonly addedAt: number;
}

/** From `from` on, what `old` sends is `to`'s; before, what `to` sends is `old`'s. */
export interface AliasRow {
  readonly old: string;
  readonly to: string;
  readonly from: Day;
}

export interface FacilityTable {
  put(facility: FacilityRow): Promise<void>;
  get(finess: string): Promise<FacilityRow | undefined>;
  list(): Promise<readonly FacilityRow[]>;
  putAlias(alias: AliasRow): Promise<void>;
  aliases(): Promise<readonly AliasRow[]>;
}

// ---- inbox: envelopes, ledger ----

/**
 * stored: durable, receipted, not opened yet. opened: its records are staged with its export. done: its export is settled.
 * refused: could not be opened or does not fit its export (receipt `rejected` says why).
 */
export type EnvelopeState = 'stored' | 'opened' | 'done' | 'refused' | 'tombstone';

export interface EnvelopeRow {
  readonly id: string;
  readonly agent: string;
  readonly feed: string;
  readonly epoch: number;
  readonly seq: number;
  /** Lower-case hex, as signed. */
  readonly digest: string;
  readonly prev: string;
  readonly receivedAt: number;
  readonly bytes: number;
  readonly state: EnvelopeState;
  readonly export: string | null;
  readonly slice: number | null;
}

export interface LedgerHead {
  readonly agent: string;
  readonly feed: string;
  readonly epoch: number;
  /** Highest sequence with nothing missing before it; 0 = none yet. */
  readonly seq: number;
  readonly digest: string;
}

export interface InboxTable {
  byId(id: string): Promise<EnvelopeRow | undefined>;
  bySequence(agent: string, feed: string, epoch: number, seq: number): Promise<EnvelopeRow | undefined>;
  /** `content` null for a tombstone. */
  put(row: EnvelopeRow, content: Buffer | null): Promise<void>;
  content(id: string): Promise<Buffer | undefined>;
  /** Oldest first. */
  inState(state: EnvelopeState, limit: number): Promise<readonly EnvelopeRow[]>;
  setState(
    id: string,
    state: EnvelopeState,
    where?: { readonly export: string; readonly slice: number },
  ): Promise<void>;
  ofExport(exportId: string): Promise<readonly EnvelopeRow[]>;
  /** Current (highest) epoch's head for an agent's feed. */
  head(agent: string, feed: string): Promise<LedgerHead | undefined>;
  putHead(head: LedgerHead): Promise<void>;
  heads(agent: string): Promise<readonly LedgerHead[]>;
  /** Every row of a ledger in sequence order, page by page, for `verify`. */
  ledger(
    agent: string,
    feed: string,
    epoch: number,
    afterSeq: number,
    limit: number,
  ): Promise<readonly EnvelopeRow[]>;
  /** Deletes contents of settled envelopes received before `before`; rows stay with the ledger. At most `limit`. */
  purgeContents(before: number, limit: number): Promise<number>;
  counts(): Promise<Readonly<Record<EnvelopeState, number>>>;
}

// ---- records ----

export interface PartRow extends Scope {
  readonly agent: string;
  readonly source: string;
}

export interface RecordId {
  readonly day: Day;
  /** HMAC-SHA-256 of the natural key, 16 bytes. */
  readonly key: Buffer;
  /** 0-based among equal natural keys. */
  readonly rank: number;
}

export interface HeldRecord extends RecordId {
  /**
   * What names the record whatever its day: HMAC-SHA-256 of the visit id, 16 bytes, when the source gives one; for
   * snapshot feeds, the key.
   */
  readonly visit: Buffer | null;
  /** SHA-256 of the body, 16 bytes. */
  readonly hash: Buffer;
  /** Epoch ms of the instant that places it (arrival). */
  readonly at: number;
  /** EXTRACT (epoch ms) and reception of the export that wrote it last, or confirmed it. */
  readonly extract: number;
  readonly reception: number;
  /** Where it stood when it was last written. */
  readonly export: string;
  readonly line: number;
  readonly record: number;
}

export interface StoredRecord extends HeldRecord {
  readonly body: string;
}

/** Of one scope and day, kept in the transaction that changes the records. */
export interface DayState {
  readonly day: Day;
  readonly count: number;
  /** EXTRACT and reception of the newest trusted window that covered the day. */
  readonly mark: { readonly extract: number; readonly reception: number } | null;
  /** Sum, lane by lane modulo 2^32, of the four 32-bit words of every body hash: equal days have equal sums. */
  readonly sum: readonly [number, number, number, number];
}

export type HistoryReason = 'updated' | 'removed' | 'moved' | 'confirmed' | 'aliased' | 'superseded';

export interface RecordTable {
  /** Who feeds a part; undefined = nobody yet. */
  part(scope: Scope): Promise<PartRow | undefined>;
  putPart(part: PartRow): Promise<void>;
  parts(facility: string, feed: string): Promise<readonly PartRow[]>;
  /** Every part of a feed that an agent feeds. */
  partsOfAgent(agent: string, feed: string): Promise<readonly PartRow[]>;
  day(scope: Scope, day: Day): Promise<DayState | undefined>;
  /** The first day that holds or held something. */
  firstDay(scope: Scope): Promise<Day | undefined>;
  /** States of the days from..to that hold or held something, in order. */
  days(scope: Scope, from: Day, to: Day): Promise<readonly DayState[]>;
  /** A state without records and without mark is forgotten. */
  putDay(scope: Scope, state: DayState): Promise<void>;
  ofDay(scope: Scope, day: Day): Promise<readonly HeldRecord[]>;
  byVisit(scope: Scope, visits: readonly Buffer[]): Promise<readonly HeldRecord[]>;
  byKey(scope: Scope, ids: readonly RecordId[]): Promise<readonly StoredRecord[]>;
  /** Bodies of all parts of a facility's day, by instant, part and text: the same visits print the same file in every region. */
  bodiesOfDay(
    facility: string,
    feed: string,
    day: Day,
  ): Promise<readonly { readonly body: string; readonly export: string }[]>;
  /** Days between from and to on which any part of the facility holds records, with the count over all parts. */
  countsByDay(
    facility: string,
    feed: string,
    from: Day,
    to: Day,
  ): Promise<readonly { readonly day: Day; readonly count: number }[]>;
  insert(scope: Scope, records: readonly StoredRecord[]): Promise<void>;
  /** Replaces body and origin of records that exist, keeping the earlier body as history. */
  replace(scope: Scope, records: readonly StoredRecord[], reason: HistoryReason, at: number): Promise<void>;
  /** Same content, newer EXTRACT: only origin, order and visit change. */
  confirm(scope: Scope, records: readonly HeldRecord[]): Promise<void>;
  /** Moved to history. */
  remove(
    scope: Scope,
    ids: readonly RecordId[],
    reason: HistoryReason,
    at: number,
    by: string,
  ): Promise<void>;
  /** Records whose key starts with this hex prefix (≥ 8 digits), over all scopes; for `trace`. */
  findByKeyPrefix(prefix: string, limit: number): Promise<readonly (HeldRecord & Scope)[]>;
  total(): Promise<number>;
}

// ---- suspended removals ----

/** One open decision per scope and day. */
export interface Removal extends RecordId {
  readonly extract: number;
  readonly reception: number;
  /** The export that asked for it. */
  readonly export: string;
}

export interface RemovalTable {
  ofDay(scope: Scope, day: Day): Promise<readonly Removal[]>;
  /** Days between from and to with an open decision, in order. */
  days(scope: Scope, from: Day, to: Day): Promise<readonly Day[]>;
  /** The open decisions an export still has removals in. */
  ofExport(exportId: string): Promise<readonly (Scope & { readonly day: Day })[]>;
  /** Joins the day's open decision: the same absences are not added twice. */
  suspend(scope: Scope, removals: readonly Removal[]): Promise<void>;
  /** Closes the day's decision, whatever was decided; answers what was pending. */
  close(scope: Scope, day: Day): Promise<readonly Removal[]>;
  open(): Promise<
    readonly (Scope & { readonly day: Day; readonly count: number; readonly exports: readonly string[] })[]
  >;
}

// ---- receipts ----

export interface ReceiptTable {
  /** Receipts put from now on have cursors above this one. */
  startAfter(cursor: number): Promise<void>;
  /** Signed texts with the proof that covers them. `export` null for envelope receipts. Answers their cursors. */
  put(
    jws: string,
    receipts: readonly {
      readonly agent: string;
      readonly text: string;
      readonly kind: string;
      readonly export: string | null;
      readonly envelope: string | null;
    }[],
  ): Promise<readonly number[]>;
  after(
    agent: string,
    cursor: number,
    limit: number,
  ): Promise<readonly { readonly cursor: number; readonly text: string; readonly proof: number }[]>;
  proofs(ids: readonly number[]): Promise<readonly { readonly id: number; readonly jws: string }[]>;
  /** The original `stored` receipt of an envelope. */
  stored(envelope: string): Promise<{ readonly text: string; readonly jws: string } | undefined>;
  ofExport(exportId: string): Promise<readonly { readonly cursor: number; readonly text: string }[]>;
}
