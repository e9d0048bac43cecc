import type { Command } from 'commander';
import type { CommandAnswer, CommandContext } from './command.ts';
import { acknowledgeDispatch, refuseDispatch } from './destination-answer.ts';
import { listDispatches } from './destination-dispatches.ts';
import { listDestinations } from './destination-list.ts';
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
  add(group, 'set-aside <name> <file>', 'let the queue go past a dispatch that blocks it').action(
    (name: string, file: string, options: Common) => answering(setAsideDispatch)({ ...options, name, file }),
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
}
