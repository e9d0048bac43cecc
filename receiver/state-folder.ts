import { join } from 'node:path';

/** What lies in the receiver's state folder. */
export interface StateFolder {
  readonly folder: string;
  readonly database: string;
  readonly keys: string;
  /** Held by the process that serves. */
  readonly lock: string;
  /** Held by the process that makes a backup. */
  readonly backupLock: string;
  /** What a backup in the making copies; 0700, emptied by the next one. */
  readonly backupWork: string;
  /** Files of extractions, where `retention.extractionFolder` names no other place. */
  readonly extractions: string;
  /** Held by the process that makes extractions, while it does. */
  readonly extractionLock: string;
  /** Where the listeners really listen, written once they do. */
  readonly listeners: string;
}

export function stateFolder(folder: string): StateFolder {
  return {
    folder,
    database: join(folder, 'receiver.db'),
    keys: join(folder, 'keys'),
    lock: join(folder, 'serve.lock'),
    backupLock: join(folder, 'backup.lock'),
    backupWork: join(folder, 'backup.tmp'),
    extractions: join(folder, 'extractions'),
    extractionLock: join(folder, 'extraction.lock'),
    listeners: join(folder, 'listeners.json'),
  };
}
