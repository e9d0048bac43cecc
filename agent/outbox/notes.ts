import { isStorageFault } from '../health/disk-guard.ts';
import type { AgentDatabase } from './database.ts';
import { metaSql } from './queries.ts';

/** What the running agent leaves for `status` and for its own next start. Instants in epoch ms; codes, never values. */
export interface NoteValues {
  /** The receiver's last authenticated answer. */
  readonly 'last-contact-at': number;
  /** Why it was not reached, or refused us; gone once it answers well. */
  readonly 'contact-problem': { readonly code: string; readonly since: number };
  /** This machine's clock minus the receiver's. */
  readonly 'clock-offset-ms': number;
  /** The outage that was told. `mail`: due until it has been sent. */
  readonly 'region-silent': { readonly since: number; readonly mail: 'none' | 'due' | 'sent' };
  /** The end of an outage, still to be mailed. */
  readonly 'region-answers': { readonly since: number; readonly until: number };
  /** A notice that the mail server did not take. */
  readonly 'notice-problem': { readonly code: string; readonly host: string; readonly reason: string };
  /** A new configuration that is not in force, because of its faults. */
  readonly 'config-refused': {
    readonly at: number;
    readonly code: string;
    readonly facts: Readonly<Record<string, string | number>>;
  };
  /** How an agent last worked on this state; `once`: when a whole run ended. */
  readonly 'last-run': { readonly how: 'once' | 'service'; readonly at: number };
  /** An update that did not start well: the version before it runs again since then. */
  readonly 'release-rolled-back': { readonly version: string; readonly at: number };
  readonly 'intake-paused': { readonly code: string; readonly since: number };
}

export interface Notes {
  read<K extends keyof NoteValues>(key: K): NoteValues[K] | undefined;
  put<K extends keyof NoteValues>(key: K, value: NoteValues[K]): void;
  drop(key: keyof NoteValues): void;
}

/** A full disk does not stop what the notes tell of: what could not be written is known to this process all the same. */
export function createNotes({ get, run }: AgentDatabase): Notes {
  const unwritten = new Map<keyof NoteValues, string | undefined>();
  const write = (key: keyof NoteValues, value: string | undefined): void => {
    try {
      if (value === undefined) run(metaSql.drop, key);
      else run(metaSql.put, key, value);
      unwritten.delete(key);
    } catch (error) {
      if (!isStorageFault(error)) throw error;
      unwritten.set(key, value);
    }
  };
  return {
    read: <K extends keyof NoteValues>(key: K) => {
      const text = unwritten.has(key) ? unwritten.get(key) : get<{ value: string }>(metaSql.get, key)?.value;
      return text === undefined ? undefined : (JSON.parse(text) as NoteValues[K]);
    },
    put: (key, value) => {
      write(key, JSON.stringify(value));
    },
    drop: (key) => {
      write(key, undefined);
    },
  };
}
