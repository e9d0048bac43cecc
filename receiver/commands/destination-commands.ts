import type { Command } from 'commander';
import type { CommandAnswer, CommandContext } from './command.ts';
import { acknowledgeDispatch, refuseDispatch } from './destination-answer.ts';
import { listDispatches } from './destination-dispatches.ts';
import { approveDestinationKey, showKey } from './destination-key.ts';
import { listDestinations } from './destination-list.ts';
import { showReadiness } from './destination-readiness.ts';
import { replayDays, retryDestination } from './destination-replay.ts';
import { pauseDestinations, resumeDestinations, setAsideDispatch } from './destination-steer.ts';
import { testDestinations } from './destination-test.ts';

interface Common {
  readonly config: string;
  readonly json?: boolean;
}

export interface CommandLineParts {
  readonly program: Command;
  /** A command with its configuration and its `--json`. */
  readonly add: (parent: Command, usage: string, about: string) => Command;
  readonly answering: <Options>(
    work: (context: CommandContext, options: Options) => Promise<CommandAnswer>,
  ) => (options: Common & Options) => Promise<void>;
}

/** `destination ...`: what an operator asks of destinations, and decides about them. */
export function addDestinationCommands({ program, add, answering }: CommandLineParts): void {
  const group = program.command('destination').description('destinations').exitOverride();
  add(group, 'list', 'how each destination stands; 1 when one is not as it should be').action(
    answering(listDestinations),
  );
  add(group, 'test [names]', 'walk the whole chain without data')
    .option('--all', 'every destination')
    .action((names: string | undefined, options: Common & { all?: boolean }) =>
      answering(testDestinations)({ ...options, names }),
    );
  add(group, 'pause <names>', 'send nothing more until it is resumed')
    .requiredOption('--by <who>', 'who pauses it')
    .action((names: string, options: Common & { by: string }) =>
      answering(pauseDestinations)({ ...options, names }),
    );
  add(group, 'resume <names>', 'send what waited, in order').action((names: string, options: Common) =>
    answering(resumeDestinations)({ ...options, names }),
  );
  add(
    group,
    'retry <name> [files...]',
    'try now; compose again the dispatches named, dead or refused',
  ).action((name: string, files: string[], options: Common) =>
    answering(retryDestination)({ ...options, name, files }),
  );
  add(group, 'set-aside <name> <file>', 'let the queue go past a dispatch that blocks it').action(
    (name: string, file: string, options: Common) => answering(setAsideDispatch)({ ...options, name, file }),
  );
  add(group, 'replay <names>', 'compose days anew and send them; without --yes, only say how much')
    .requiredOption('--from <day>', 'first day (yyyy-mm-dd)')
    .requiredOption('--to <day>', 'last day')
    .option('--facilities <finess,...>', 'these only')
    .option('--yes', 'do it')
    .action(
      (names: string, options: Common & { from: string; to: string; facilities?: string; yes?: boolean }) =>
        answering(replayDays)({ ...options, names, facilities: listed(options.facilities) }),
    );
  add(group, 'dispatches <name>', 'its dispatches: dead, refused, waiting')
    .option('--state <state>', 'dead, refused, waiting, sent or acknowledged')
    .option('--limit <count>', 'how many of a state', '20')
    .option('--after <id>', 'after this one', '0')
    .action((name: string, options: Common & { state?: string; limit: string; after: string }) =>
      answering(listDispatches)({ ...options, name }),
    );
  add(group, 'acknowledge <name> <file>', 'the agency has it, says a person').action(
    (name: string, file: string, options: Common) =>
      answering(acknowledgeDispatch)({ ...options, name, file }),
  );
  add(group, 'refuse <name> <file>', 'the agency refused it, says a person')
    .requiredOption('--code <code>', 'the code the agency gave')
    .action((name: string, file: string, options: Common & { code: string }) =>
      answering(refuseDispatch)({ ...options, name, file }),
    );
  add(group, 'key <name>', 'the key of the agency, and who vouches for it').action(
    (name: string, options: Common) => answering(showKey)({ ...options, name }),
  );
  add(group, 'approve-key <name> <fingerprint>', 'vouch for the key of the agency; two people must')
    .requiredOption('--by <who>', 'who vouches for it')
    .action((name: string, fingerprint: string, options: Common & { by: string }) =>
      answering(approveDestinationKey)({ ...options, name, fingerprint }),
    );
  add(group, 'readiness <name>', 'hospitals not ready for the next version of its format')
    .option('--days <count>', 'the last days up to yesterday', '7')
    .action((name: string, options: Common & { days: string }) =>
      answering(showReadiness)({ ...options, name }),
    );
}

function listed(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
