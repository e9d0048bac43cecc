import { watchParent } from '../../shared/runtime/parent-watch.ts';

/** Ctrl-C or SIGTERM, or npm gone: what was started is stopped, in reverse, once; a second Ctrl-C does not wait. */
export interface Stopper {
  readonly signal: AbortSignal;
  onStop(close: () => Promise<void>): void;
  /** Stops what was started, without ending the program. */
  stop(): Promise<void>;
  /** The work ended by itself: signals are no longer listened to. */
  done(): void;
}

/** `exitCode`: of a program that was asked to stop. */
export function createStopper(exitCode: number): Stopper {
  const stopping = new AbortController();
  const closing: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (let close = closing.pop(); close !== undefined; close = closing.pop()) {
      await close().catch(() => undefined);
    }
  };
  const stop = (): void => {
    if (stopping.signal.aborted) process.exit(130);
    stopping.abort();
    void closeAll().finally(() => process.exit(exitCode));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', stop);
  // Killing npm leaves its script running.
  const stopWatching = process.env['npm_lifecycle_event'] === undefined ? undefined : watchParent(stop);
  return {
    signal: stopping.signal,
    onStop: (close) => {
      closing.push(close);
    },
    stop: closeAll,
    done: () => {
      stopWatching?.();
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, stop);
    },
  };
}
