import { currentOf, trialOf, type TrialFile } from '../../shared/release/choose-version.ts';
import { readInstall } from '../../shared/release/layout.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { writeDurably } from '../../shared/runtime/durable-file.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Notes } from '../outbox/notes.ts';
import { agentVersion } from '../version.ts';

/** What a running agent has to say of the update that it is, or that was taken back for it. */
export interface TrialHealth {
  /** Something was asked of the region. `problem`: why it did not answer us well. */
  readonly heard: (problem: string | undefined) => void;
  /** Once the memory is open: tells, or forgets, that an update was taken back. */
  begin(notes: Notes): Promise<void>;
}

/**
 * A version on trial is well once its memory is open and the region has answered it, or is out of reach for the reason for
 * which it was before. Said once, in a file of the service's account; the launcher ends what has not said it.
 */
export function createTrialHealth({
  env,
  clock,
  logger,
}: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly logger: Logger;
}): TrialHealth {
  const home = env['VAGUEMESTRE_HOME'];
  const givenUp = env['VAGUEMESTRE_ROLLED_BACK'];
  const install = home === undefined ? undefined : readInstall(home);
  const current = home === undefined || install === undefined ? undefined : currentOf(home, install);
  const trial = install === undefined || current === undefined ? undefined : trialOf(install, current);

  const write = async (news: Partial<TrialFile>): Promise<void> => {
    if (typeof install?.trial !== 'string' || current === undefined) return;
    // What is there now, not what was there at the start: the launcher counts in it.
    await writeDurably(install.trial, JSON.stringify({ ...trialOf(install, current), ...news }));
  };

  let open = givenUp === undefined && current?.version === agentVersion && trial?.healthy === false;
  return {
    heard: (problem) => {
      if (!open || current === undefined) return;
      const asBefore = !current.reached && (current.problem === undefined || current.problem === problem);
      if (problem !== undefined && !asBefore) return;
      open = false;
      void write({ healthy: true }).then(
        () => logger.info({ version: agentVersion, reached: problem === undefined }, 'release-well'),
        (err: unknown) => logger.error({ err, version: agentVersion }, 'release-not-marked-well'),
      );
    },
    begin: async (notes) => {
      const told = notes.read('release-rolled-back');
      if (givenUp === undefined) {
        if (told !== undefined) notes.drop('release-rolled-back');
        return;
      }
      const at = told?.version === givenUp ? told.at : clock.now();
      logger.error({ version: givenUp, running: agentVersion, at }, 'release-rolled-back');
      notes.put('release-rolled-back', { version: givenUp, at });
      if (current?.version === givenUp && trial?.rolledBackAt === undefined)
        await write({ rolledBackAt: at }).catch((err: unknown) =>
          logger.warn({ err }, 'roll-back-not-written'),
        );
    },
  };
}
