import { listAlerts } from './alert-list.ts';
import { testAlerts } from './alert-test.ts';
import type { CommandLineParts } from './destination-commands.ts';

/** `alert ...`: what is open, and whether people can be told. */
export function addAlertCommands({ program, add, answering }: CommandLineParts): void {
  const group = program.command('alert').description('alerts').exitOverride();
  add(group, 'list', 'what is open, who has it; 1 when something is').action(answering(listAlerts));
  add(
    group,
    'test <recipient>',
    'send a message to each of somebody’s addresses; 1 when one was not taken',
  ).action((recipient: string, options: { readonly config: string; readonly json?: boolean }) =>
    answering(testAlerts)({ ...options, recipient }),
  );
}
