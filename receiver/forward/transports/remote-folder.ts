import { hash } from 'node:crypto';
import type { ProbeName } from '../destination.ts';

/**
 * A folder at the agency, over one connection. Every method throws a Fault: `delivery-unavailable`, `delivery-disk-full`,
 * `peer-folder-refused`; waits are bounded, and one that ends without an answer ends the connection.
 */
export interface RemoteFolder {
  /** False once the connection has ended: nothing more can be asked. */
  readonly isOpen: boolean;
  /** Files that may be on their way at the same time. */
  readonly lanes: number;
  /** Asks for nothing, and throws when there is no answer. */
  ping(): Promise<void>;
  /** What stands under a name; undefined: nothing. Links and folders are no files. */
  entry(name: string): Promise<RemoteEntry | undefined>;
  /** The first bytes of a file, at most this many. */
  read(name: string, maxBytes: number): Promise<Buffer>;
  /** Writes the bytes from `from` on at their place, and syncs where the server can; 0 makes the file. */
  write(name: string, content: Buffer, from: number): Promise<void>;
  /** Some servers overwrite what is there: look before. */
  rename(from: string, to: string): Promise<void>;
  /** Nothing there is a success. */
  remove(name: string): Promise<void>;
  /** Names, in no order, at most `maxNames` of them. */
  list(maxNames: number): Promise<readonly string[]>;
  /** Ends the connection at once; whatever is asked fails. */
  close(): void;
}

export interface RemoteEntry {
  readonly isFile: boolean;
  readonly bytes: number;
}

/** How a connection is made: the steps it takes are told as they pass. */
export interface RemoteOpener {
  /** Reads the secrets it needs; throws `peer-secret-unreadable`. */
  check(): Promise<void>;
  /**
   * Throws `delivery-unavailable`, `delivery-stopped`, `peer-identity-refused`, `peer-login-refused`, `peer-folder-refused`
   * and what `check` throws. Secrets are read again each time: a changed one needs no restart.
   */
  open(signal: AbortSignal, steps?: ConnectSteps): Promise<RemoteFolder>;
}

/** Called when a step has passed, with what was found. */
export type ConnectSteps = (step: Extract<ProbeName, ConnectStep>, found?: string) => void;
export type ConnectStep = 'resolve' | 'connect' | 'identity' | 'login';
export const connectSteps: readonly ConnectStep[] = ['resolve', 'connect', 'identity', 'login'];

/** Hidden, and of this very content: what is found under it can only be a piece of the same bytes, or damage. */
export function temporaryName(file: { readonly name: string; readonly digest: string }): string {
  return `.${file.name}.${file.digest.slice(0, 8)}.tmp`;
}

const ofOurs = /^\.(.+)\.[0-9a-f]{8}\.tmp$/;

/** The file's name that a temporary name of ours was made for. */
export function madeFor(temporary: string): string | undefined {
  return ofOurs.exec(temporary)?.[1];
}

export function digestOf(content: Buffer): string {
  return hash('sha256', content, 'hex');
}
