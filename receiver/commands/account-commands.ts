import { profiles } from '../accounts/profile.ts';
import {
  addAccount,
  disable,
  enable,
  listAccounts,
  resetAccountPassword,
  resetSecondFactor,
} from './account.ts';
import type { CommandLineParts } from './destination-commands.ts';

interface Common {
  readonly config: string;
  readonly json?: boolean;
}

/** `account ...`: who may look at the pages. */
export function addAccountCommands({ program, add, answering }: CommandLineParts): void {
  const group = program.command('account').description('accounts of the pages').exitOverride();
  add(group, 'add <login>', 'create an account; prints a one-time password')
    .requiredOption('--name <name>', 'first and last name')
    .requiredOption('--profile <profile>', profiles.join(', '))
    .option('--administrator', 'of a regional operator: may change accounts, keys and rules')
    .option('--facilities <finess,...>', 'its facilities')
    .option('--destinations <name,...>', 'of an agency: its destinations')
    .action((login: string, options: Common & Omit<Parameters<typeof addAccount>[1], 'login'>) =>
      answering(addAccount)({ ...options, login }),
    );
  add(group, 'list', 'accounts and their state').action(answering(listAccounts));
  const changes = [
    ['disable <login>', 'refuse an account from now on', disable],
    ['enable <login>', 'open a disabled account again', enable],
    [
      'reset-password <login>',
      'print another one-time password; opens a paused account',
      resetAccountPassword,
    ],
    ['reset-totp <login>', 'forget its authenticator application', resetSecondFactor],
  ] as const;
  for (const [usage, about, work] of changes)
    add(group, usage, about)
      .option('--reason <text>', 'why, for the audit log')
      .action((login: string, options: Common & { reason?: string }) =>
        answering(work)({ ...options, login }),
      );
}
