import type { Fault } from '../../shared/runtime/errors.ts';

/** A national agency's endpoint. Implementations pass test/contract/forwarders. */
export interface Destination {
  readonly name: string;
  /** Prepares what delivery needs; called once before the first delivery. */
  open(): Promise<void>;
  /**
   * Delivers files in the order given, and stops at the first that cannot be: those before it are delivered and
   * durable when this resolves. Delivering again what was delivered already is a success and changes nothing.
   */
  deliver(files: readonly OutgoingFile[], signal: AbortSignal): Promise<DeliveryReport>;
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
}
