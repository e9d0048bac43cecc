import { parentPort, workerData } from 'node:worker_threads';
import { asFault } from '../shared/runtime/errors.ts';
import { systemClock } from '../shared/runtime/clock.ts';
import { createLogger, type LogLevel } from '../shared/runtime/logger.ts';
import { systemRandom } from '../shared/runtime/random.ts';
import { startPortal, type PortalConfig } from './portal.ts';
import type { FromPortal } from './portal-thread.ts';

/** The thread of the pages: tells where it listens and that it changed something; ends when it is told to. */
const { config, level } = workerData as { readonly config: PortalConfig; readonly level: LogLevel };
const tell = (message: FromPortal): void => parentPort?.postMessage(message);
try {
  const portal = await startPortal({
    ...{ config, clock: systemClock, random: systemRandom },
    logger: createLogger({ name: 'portal', level }),
    onChange: () => tell({ kind: 'changed' }),
  });
  parentPort?.once('message', () => {
    void portal.stop().finally(() => parentPort?.close());
  });
  tell({ kind: 'listening', address: portal.address() });
} catch (error) {
  const { code, facts } = asFault(error);
  tell({ kind: 'failed', code, facts });
  parentPort?.close();
}
