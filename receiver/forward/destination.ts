import type { Fault } from '../../shared/runtime/errors.ts';

/** A national agency's endpoint. Implementations pass test/contract/forwarders. */
export interface Destination {
  readonly name: string;
  /** Prepares what delivery needs; called before the first delivery, and again after it threw. */
  open(): Promise<void>;
  /**
   * Delivers files in the order given, and stops at the first that cannot be: those before it are delivered and
   * durable when this resolves. A file shows its final name only once it is whole. Delivering again what was delivered
   * already is a success and changes nothing; another content under the name is the fault `delivery-name-taken`.
   */
  deliver(files: readonly OutgoingFile[], signal: AbortSignal): Promise<DeliveryReport>;
  /**
   * Walks the chain without data, up to the first step that fails: resolve, connect, identity, login, write, remove.
   * Leaves nothing behind.
   */
  probe(signal: AbortSignal): Promise<readonly ProbeStep[]>;
  /** Ends what `open` and `deliver` keep; the next delivery opens again. */
  close(): Promise<void>;
}

export interface OutgoingFile {
  readonly name: string;
  readonly content: Buffer;
  /** Lower-case hex SHA-256 of the content. */
  readonly digest: string;
}

export interface DeliveryReport {
  /** How many of the first files are delivered. */
  readonly delivered: number;
  /** Why the next one is not; undefined when all are. */
  readonly fault: Fault | undefined;
  /**
   * Whose fault it is. `file`: the next ones may pass, and a permanent one sets the file aside. `destination` (also when
   * not said): nothing may pass, the queue waits.
   */
  readonly blame?: 'file' | 'destination';
  /** The peer asked to be left alone for this long. */
  readonly retryAfterMs?: number;
  /** What the agency said of files delivered now, by name. */
  readonly said?: ReadonlyMap<string, AgencySaid>;
}

export interface AgencySaid {
  /** The agency's own id of the file. */
  readonly reference?: string;
  readonly answer?: AgencyAnswer;
}

export interface AgencyAnswer {
  readonly verdict: 'acknowledged' | 'refused';
  /** The agency's own code: 64 characters of [A-Za-z0-9._-] at most; null when it gives none. */
  readonly code: string | null;
}

export type ProbeName =
  'resolve' | 'connect' | 'identity' | 'login' | 'write' | 'remove' | 'key' | 'seal' | 'folder' | 'answer';

export interface ProbeStep {
  readonly step: ProbeName;
  /** Undefined: it passed. */
  readonly fault: Fault | undefined;
  /** What was found: an address, a fingerprint, a day of expiry. Never a secret. */
  readonly found?: string;
}
