import type { RemoteFolder, RemoteOpener } from './remote-folder.ts';

/** A connection kept from one batch to the next: agencies count connections, and each costs several round trips. */
export interface RemoteLink {
  /** One use at a time. The work's end leaves the connection for the next one; the signal ends it at once. */
  use<T>(signal: AbortSignal, work: (folder: RemoteFolder) => Promise<T>): Promise<T>;
  /** Reads the secrets, unless a connection stands. */
  check(): Promise<void>;
  close(): void;
}

export function createRemoteLink(opener: RemoteOpener, idleMs = 60_000): RemoteLink {
  let kept: RemoteFolder | undefined;
  let idle: NodeJS.Timeout | undefined;

  const drop = (): void => {
    clearTimeout(idle);
    kept?.close();
    kept = undefined;
  };

  /** What was left standing may have died unseen: it is asked before anything is entrusted to it. */
  const standing = async (signal: AbortSignal): Promise<RemoteFolder> => {
    const former = kept;
    if (former?.isOpen === true) {
      try {
        await endedBy(signal, former, () => former.ping());
        return former;
      } catch {
        // The end of a kept connection is no fault of this batch.
      }
    }
    drop();
    kept = await opener.open(signal);
    return kept;
  };

  return {
    use: async (signal, work) => {
      clearTimeout(idle);
      const folder = await standing(signal);
      try {
        return await endedBy(signal, folder, () => work(folder));
      } finally {
        if (folder.isOpen) idle = setTimeout(drop, idleMs).unref();
        else drop();
      }
    },
    check: async () => {
      if (kept?.isOpen !== true) await opener.check();
    },
    close: drop,
  };
}

async function endedBy<T>(signal: AbortSignal, folder: RemoteFolder, work: () => Promise<T>): Promise<T> {
  const end = (): void => folder.close();
  signal.addEventListener('abort', end, { once: true });
  try {
    if (signal.aborted) end();
    return await work();
  } finally {
    signal.removeEventListener('abort', end);
  }
}
