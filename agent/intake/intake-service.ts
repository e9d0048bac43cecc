import { createLoop, type Service } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { watchSource, type Watcher } from '../source/watch.ts';
import type { Intake } from './intake.ts';
import type { SourceRuntime } from './source-runtime.ts';

/** The loop around the intake: woken by its own clock and by file events. */
export function createIntakeService(deps: {
  readonly intake: Intake;
  readonly sources: readonly SourceRuntime[];
  readonly logger: Logger;
}): Service & { nudge(): void } {
  const { intake, sources, logger } = deps;
  let watchers: Watcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  const loop = createLoop({
    name: 'intake',
    idleMs: 86_400_000,
    logger,
    step: async (signal) => {
      clearTimeout(timer);
      const { againInMs } = await intake.round(signal);
      if (againInMs === 0) return true;
      timer = setTimeout(() => loop.nudge(), againInMs);
      return false;
    },
    faultMs: () => 10_000,
  });
  const hint = (source: SourceRuntime): (() => void) => {
    let scheduled: NodeJS.Timeout | undefined;
    return () => {
      scheduled ??= setTimeout(() => {
        scheduled = undefined;
        source.scanner.force();
        source.nextScanAt = 0;
        loop.nudge();
      }, 500).unref();
    };
  };
  return {
    name: 'intake',
    start: async () => {
      watchers = sources
        .filter(({ config }) => config.watch)
        .map((source) => watchSource({ folder: source.config.folder, logger, hint: hint(source) }));
      await loop.start();
    },
    stop: async () => {
      clearTimeout(timer);
      await Promise.all(watchers.map((watcher) => watcher.close()));
      await loop.stop();
    },
    nudge: () => loop.nudge(),
  };
}
