import type { Clock } from '../../shared/runtime/clock.ts';
import type { Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { ReceiverConfig } from '../config.ts';
import { stateFolder } from '../state-folder.ts';
import type { Store } from '../store/store.ts';
import { createExtractionDesk, type ExtractionDesk } from './desk.ts';
import { createMaking, type Making } from './making.ts';

export interface ExtractionsDeps {
  readonly config: Pick<ReceiverConfig, 'state' | 'retention'>;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface Extractions {
  readonly desk: ExtractionDesk;
  readonly loop: Loop;
  readonly step: Making['step'];
}

/** The desk, and the loop that makes what is asked for there. Where the settings say nothing, files lie in the state folder. */
export function openExtractions({ config, store, clock, random, logger }: ExtractionsDeps): Extractions {
  const { extractionFolder: folder, extractionDays: keptDays } = config.retention;
  const lock = stateFolder(config.state).extractionLock;
  const { loop, step } = createMaking({ store, clock, logger, folder, lock, keptDays });
  const desk = createExtractionDesk({ store, clock, random, folder, onChange: () => loop.nudge() });
  return { desk, loop, step };
}
