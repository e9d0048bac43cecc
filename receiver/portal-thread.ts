import { Worker } from 'node:worker_threads';
import { permanent, transient } from '../shared/runtime/errors.ts';
import { pause, type Service } from '../shared/runtime/lifecycle.ts';
import type { Logger, LogLevel } from '../shared/runtime/logger.ts';
import type { ListenerAddress } from './config.ts';
import type { PortalConfig } from './portal.ts';

/** An entry of its own where the code is bundled. */
const workerFile = new URL(
  import.meta.url.endsWith('.ts') ? './portal-worker.ts' : './portal-worker.mjs',
  import.meta.url,
);

/** What the pages' thread says. */
export type FromPortal =
  | { readonly kind: 'listening'; readonly address: ListenerAddress }
  | { readonly kind: 'changed' }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly facts: Readonly<Record<string, string | number>>;
    };

export interface PortalThreadDeps {
  readonly config: PortalConfig;
  readonly logger: Logger;
  readonly level: LogLevel;
  readonly onChange: () => void;
}

export interface PortalThread extends Service {
  address(): ListenerAddress;
}

const restartMs = 5000;

/** The region's pages in a thread of their own. Should it die, reception goes on and it is started again. */
export function createPortalThread({ config, logger, level, onChange }: PortalThreadDeps): PortalThread {
  const stopping = new AbortController();
  let address = config.listeners.portal;
  let worker: Worker | undefined;
  let ended: Promise<unknown> = Promise.resolve();

  /** Resolves when it listens; when it dies later, it is started again. */
  const launch = (): Promise<void> =>
    new Promise((resolve, reject) => {
      // The same port again when it was a free one.
      const listeners = { ...config.listeners, portal: address };
      const launched = new Worker(workerFile, {
        workerData: { config: { ...config, listeners }, level },
      });
      worker = launched;
      let listens = false;
      let reason = '';
      launched.on('message', (message: FromPortal) => {
        if (message.kind === 'changed') onChange();
        else if (message.kind === 'failed') reject(permanent(message.code, { facts: message.facts }));
        else {
          ({ address } = message);
          listens = true;
          resolve();
        }
      });
      launched.on('error', (error: unknown) => {
        reason = error instanceof Error ? error.name : 'error';
        logger.error({ err: error }, 'portal-broken');
      });
      ended = new Promise((gone) => {
        launched.once('exit', (code) => {
          gone(undefined);
          if (stopping.signal.aborted) return;
          const facts = { reason: reason === '' ? `exit ${code}` : reason };
          reject(transient('portal-stopped', { facts }));
          if (listens) void again();
        });
      });
    });

  const again = async (): Promise<void> => {
    for (;;) {
      await pause(restartMs, stopping.signal);
      if (stopping.signal.aborted) return;
      try {
        await launch();
        logger.info({ address }, 'portal-listening');
        return;
      } catch (error) {
        logger.error({ err: error }, 'portal-stopped');
      }
    }
  };

  return {
    name: 'portal',
    address: () => address,
    start: launch,
    stop: async () => {
      stopping.abort();
      worker?.postMessage('stop');
      const insist = setTimeout(() => void worker?.terminate(), 10_000);
      await ended;
      clearTimeout(insist);
    },
  };
}
