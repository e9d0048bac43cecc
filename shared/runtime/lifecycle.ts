import type { Logger } from './logger.ts';

/** A part that runs: started in data order, stopped in reverse. `stop` is idempotent and leaves rows resumable. */
export interface Service {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function startAll(services: readonly Service[], logger: Logger): Promise<Service> {
  const started: Service[] = [];
  const stop = async (): Promise<void> => {
    for (let service = started.pop(); service !== undefined; service = started.pop()) {
      await service.stop();
      logger.debug({ service: service.name }, 'service-stopped');
    }
  };
  for (const service of services) {
    try {
      await service.start();
    } catch (error) {
      await stop();
      throw error;
    }
    started.push(service);
    logger.debug({ service: service.name }, 'service-started');
  }
  return { name: 'all', start: () => Promise.resolve(), stop };
}

/** Waits `ms`, or less when the signal fires: resolves either way. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}

export interface LoopOptions {
  readonly name: string;
  readonly idleMs: number;
  readonly logger: Logger;
  /** Does one bounded unit of work; true means "more at once". May throw: logged here, then the loop waits. */
  step(signal: AbortSignal): Promise<boolean>;
  /** Wait after a throw; default idleMs. */
  faultMs?: (error: unknown) => number;
}

export interface Loop extends Service {
  /** Wakes the loop; a nudge during a step makes it run once more. */
  nudge(): void;
}

/** A loop at its own pace: events only nudge it. */
export function createLoop(options: LoopOptions): Loop {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let nudged = false;
  let wake: AbortController | undefined;
  const isStopping = (): boolean => stopping.signal.aborted;

  const idle = async (ms: number): Promise<void> => {
    if (nudged || isStopping()) return;
    wake = new AbortController();
    await pause(ms, AbortSignal.any([wake.signal, stopping.signal]));
    wake = undefined;
  };

  const run = async (): Promise<void> => {
    while (!isStopping()) {
      nudged = false;
      try {
        if (!(await options.step(stopping.signal))) await idle(options.idleMs);
      } catch (error) {
        if (isStopping()) return;
        options.logger.error({ err: error, loop: options.name }, 'loop-step-failed');
        nudged = false;
        await idle(options.faultMs?.(error) ?? options.idleMs);
      }
    }
  };

  return {
    name: options.name,
    start: () => {
      running ??= run();
      return Promise.resolve();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
    nudge: () => {
      nudged = true;
      wake?.abort();
    },
  };
}
