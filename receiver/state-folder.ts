import { join } from 'node:path';

/** What lies in the receiver's state folder. */
export interface StateFolder {
  readonly folder: string;
  readonly database: string;
  readonly keys: string;
  /** Held by the process that serves. */
  readonly lock: string;
  /** Where the listeners really listen, written once they do. */
  readonly listeners: string;
}

export function stateFolder(folder: string): StateFolder {
  return {
    folder,
    database: join(folder, 'receiver.db'),
    keys: join(folder, 'keys'),
    lock: join(folder, 'serve.lock'),
    listeners: join(folder, 'listeners.json'),
  };
}
