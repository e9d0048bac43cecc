/**
 * An agency at the end of one transport, as the matrix sees it: what the region's settings say of it, what can go wrong
 * there, and what it ends up holding, read as the agency reads it.
 */
export interface Agency {
  /** The settings' `transport`. */
  readonly transport: () => Settings;
  /** What else the settings say. */
  readonly settings?: Settings;
  /** Everything it was given under a final name. */
  holds(): Promise<ReadonlyMap<string, Buffer>>;
  /** Names that a delivery left behind and that are no final names. */
  leftovers(): Promise<readonly string[]>;
  /** A file of this name is there before any delivery. */
  plant(name: string, content: Buffer): Promise<void>;
  remove(name: string): Promise<void>;
  readonly faults: Readonly<Partial<Record<FaultName, (files: readonly Parcel[]) => Promise<Inflicted>>>>;
  /** Nothing held, nothing wrong. */
  clear(): Promise<void>;
  close(): Promise<void>;
  /** Faults that could not be tried on this machine, and why. */
  readonly leftOut?: ReadonlyMap<FaultName, string>;
}

export type Settings = Readonly<Record<string, unknown>>;

/** A dispatch of a case, under the name it travels. */
export interface Parcel {
  readonly name: string;
  readonly bytes: number;
}

export interface Inflicted {
  /** Merged over the agency's transport settings until the fault is lifted: a person wrote them wrong. */
  readonly transport?: Settings;
  /**
   * waits: it heals by itself once lifted. person: nothing is tried for long, breaker open at once. nothing: deliveries
   * pass all the same.
   */
  readonly shows: 'waits' | 'person' | 'nothing';
  /** What the store may say of it. */
  readonly codes: readonly string[];
  readonly lift: () => Promise<void>;
  /** Once the agency has been read. */
  undo?(): Promise<void>;
}

export const faultNames = [
  'none',
  'refused-connection',
  'cut-at-connect',
  'cut-in-handshake',
  'cut-at-10',
  'cut-at-50',
  'cut-at-99',
  'cut-before-rename',
  'cut-before-answer',
  'disk-full',
  'stalled',
  'busy',
  'wrong-identity',
  'wrong-credentials',
  'rename-refused',
  'name-taken',
  'repeat',
  'accepted-then-dropped',
  'digest-differs',
  'killed-before-settling',
] as const;
export type FaultName = (typeof faultNames)[number];

/** Faults that need nothing of the agency: the case itself makes them. */
export const ownFaults: readonly FaultName[] = ['none', 'name-taken', 'repeat', 'killed-before-settling'];

export const never = new AbortController().signal;
