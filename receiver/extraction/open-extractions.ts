import type { Clock } from '../../shared/runtime/clock.ts';
import type { Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { ReceiverConfig } from '../config.ts';
import { createWatchRules } from '../monitor/settings.ts';
import { stateFolder } from '../state-folder.ts';
import type { Store } from '../store/store.ts';
import { createExtractionDesk, type ExtractionDesk } from './desk.ts';
import { createMaking, type Making } from './making.ts';
import { planExtraction } from './plan.ts';

/** What of the settings extractions need. */
export type ExtractionConfig = Pick<ReceiverConfig, 'state' | 'retention' | 'watching' | 'destinations'>;

export interface ExtractionDeskDeps {
  readonly config: ExtractionConfig;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly onChange: () => void;
}

export interface ExtractionsDeps extends Omit<ExtractionDeskDeps, 'onChange'> {
  readonly logger: Logger;
}

export interface Extractions {
  readonly desk: ExtractionDesk;
  readonly loop: Loop;
  readonly step: Making['step'];
}

/** The desk, and the loop that makes what is asked for there. */
export function openExtractions(deps: ExtractionsDeps): Extractions {
  const { config, store, clock, logger } = deps;
  const { extractionFolder: folder, extractionDays: keptDays } = config.retention;
  const lock = stateFolder(config.state).extractionLock;
  const { loop, step } = createMaking({
    ...{ store, clock, logger, folder, lock, keptDays },
    plan: planner(config),
  });
  return { desk: openExtractionDesk({ ...deps, onChange: () => loop.nudge() }), loop, step };
}

/** The desk alone, where something else is told that there is work. */
export function openExtractionDesk({ config, ...deps }: ExtractionDeskDeps): ExtractionDesk {
  return createExtractionDesk({ ...deps, folder: config.retention.extractionFolder });
}

/** Plans that say which days are whole, as the region judges them. */
function planner({ watching, destinations }: ExtractionConfig): typeof planExtraction {
  const watch = { rules: createWatchRules(watching), destinations };
  return (deps, requester, request) => planExtraction({ ...deps, watch }, requester, request);
}
