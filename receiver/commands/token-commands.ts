import { mostDays, usualDays } from '../api/tokens.ts';
import { profiles } from '../accounts/profile.ts';
import { apiScopes } from '../store/token-tables.ts';
import type { CommandLineParts } from './destination-commands.ts';
import { createToken, listTokens, revokeToken, type CreateOptions } from './token.ts';

interface Common {
  readonly config: string;
  readonly json?: boolean;
}

/** `token ...`: programs that may ask the API. */
export function addTokenCommands({ program, add, answering }: CommandLineParts): void {
  const group = program.command('token').description('tokens of the API').exitOverride();
  add(group, 'create', 'a token for a program; printed once')
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption('--profile <profile>', profiles.filter((profile) => profile !== 'agency').join(', '))
    .requiredOption('--scope <scope...>', apiScopes.join(', '))
    .option('--facility <finess...>', 'its facilities; those of the profile')
    .option('--days <n>', `it ends after so many days, at most ${mostDays}`, `${usualDays}`)
    .action((options: Common & CreateOptions) => answering(createToken)(options));
  add(group, 'list', 'tokens, what they may, and when they were last used').action(answering(listTokens));
  add(group, 'revoke <id>', 'refuse a token from now on')
    .requiredOption('--reason <text>', 'why, for the audit log')
    .action((id: string, options: Common & { reason: string }) => answering(revokeToken)({ ...options, id }));
}
