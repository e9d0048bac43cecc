import type { Language } from '../../shared/i18n/texts.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { ServiceControl } from '../service/control.ts';
import type { Installation } from '../update/installation.ts';
import type { Trying } from '../update/prove-release.ts';
import type { Surroundings } from './command.ts';

/** What an update has of the machine. */
export interface UpdateDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly service: ServiceControl;
  readonly clock: Clock;
}

/** One `update` under its lock. */
export interface UpdateJob {
  readonly context: Surroundings;
  readonly language: Language;
  readonly deps: UpdateDeps;
  readonly here: Installation;
  readonly trying: Trying;
  readonly yes: boolean;
  /** Until it is known how the new version fares. */
  readonly wait: boolean;
}
