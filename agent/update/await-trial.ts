import { setTimeout as sleep } from 'node:timers/promises';
import { trialOf, type CurrentFile } from '../../shared/release/choose-version.ts';
import type { InstallFile } from '../../shared/release/layout.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { ServiceControl } from '../service/control.ts';

/** healthy: it runs for good. rolled-back: the version before runs again. stopped: nothing runs. undecided: not yet known. */
export type TrialEnd = 'healthy' | 'rolled-back' | 'stopped' | 'undecided';

const lookEveryMs = 500;
/** Three starts of five minutes, and what lies between them. */
const limitMs = 20 * 60_000;
/** Asked less often: it starts a program. */
const askEveryLooks = 20;

/** Waits until the service has said how the version on trial fares. */
export async function awaitTrial({
  install,
  current,
  service,
  clock,
  onStart,
  pause = (ms) => sleep(ms),
}: {
  readonly install: InstallFile;
  readonly current: CurrentFile;
  readonly service: Pick<ServiceControl, 'runs'>;
  readonly clock: Clock;
  /** The service has begun to start it for the nth time. */
  readonly onStart: (starts: number) => void;
  readonly pause?: (ms: number) => Promise<unknown>;
}): Promise<TrialEnd> {
  const from = clock.monotonic();
  let starts = 0;
  let silent = 0;
  for (let look = 1; clock.monotonic() - from < limitMs; look += 1) {
    const trial = trialOf(install, current);
    if (trial.healthy) return 'healthy';
    if (trial.rolledBackAt !== undefined) return 'rolled-back';
    if (trial.starts > starts) onStart((starts = trial.starts));
    if (look % askEveryLooks === 0) silent = (await service.runs()) ? 0 : silent + 1;
    if (silent >= 2) return 'stopped';
    await pause(lookEveryMs);
  }
  return 'undecided';
}
