import { shownInstant } from '../../shared/i18n/shown.ts';
import { accountTerminal, profileWords } from '../../shared/i18n/terminal-accounts.ts';
import { speaker, type Language } from '../../shared/i18n/texts.ts';
import { checkedAccess, namesIn } from '../accounts/access.ts';
import {
  createAccount,
  disableAccount,
  enableAccount,
  resetPassword,
  resetTotp,
  type ChangeDeps,
  type OneTime,
} from '../accounts/account-changes.ts';
import type { Account } from '../store/account-tables.ts';
import type { Store } from '../store/store.ts';
import { commandActor } from './command-actor.ts';
import { withRestoredStore, withStore, type CommandAnswer, type CommandContext } from './command.ts';

interface AddOptions {
  readonly login: string;
  readonly name: string;
  readonly profile: string;
  readonly administrator?: boolean;
  readonly facilities?: string;
  readonly destinations?: string;
}

/** Prints a password that opens the account once. */
export async function addAccount(context: CommandContext, options: AddOptions): Promise<CommandAnswer> {
  const { config, language } = context;
  const access = checkedAccess(
    {
      ...{ profile: options.profile, administrator: options.administrator === true },
      facilities: namesIn(options.facilities ?? ''),
      destinations: namesIn(options.destinations ?? ''),
    },
    config.destinations.map(({ name }) => name),
  );
  const { login, name } = options;
  const made = await withStore(config, (store) =>
    createAccount({ login, name, language, access }, depsOf(context, store)),
  );
  return oneTime(made, 'created', language);
}

export async function listAccounts({ config, language, clock }: CommandContext): Promise<CommandAnswer> {
  const now = clock.now();
  const { accounts, sessions } = await withStore(config, (store) =>
    store.read(async (tx) => ({
      accounts: await tx.accounts.list(),
      sessions: await tx.accounts.countSessions(now),
    })),
  );
  const say = speaker(accountTerminal, language);
  const lines = accounts.map((account) =>
    say('line', {
      ...{ login: account.login, name: account.name, profile: profileWords[account.profile][language] },
      ...{ scope: scopeWords(account, language), state: stateWords(account, now, language) },
    }),
  );
  return {
    document: { accounts: accounts.map((account) => shown(account, sessions.get(account.id) ?? 0)) },
    lines: lines.length === 0 ? [say('none')] : lines,
  };
}

/** Hashes and secrets stay in the database. */
function shown(account: Account, sessions: number): object {
  const { id, login, name, profile, administrator, facilities, destinations, language } = account;
  const { disabledAt, lockedUntil, createdAt, totpSecret, mustChange, fromRoles } = account;
  return {
    ...{ id, login, name, profile, administrator, facilities, destinations, language },
    ...{ disabledAt, lockedUntil, createdAt, mustChange, fromRoles, sessions },
    secondFactor: totpSecret !== null,
  };
}

interface Named {
  readonly login: string;
  readonly reason?: string;
}

export async function disable(context: CommandContext, options: Named): Promise<CommandAnswer> {
  return changed(context, options, 'disabled', disableAccount);
}

export async function enable(context: CommandContext, options: Named): Promise<CommandAnswer> {
  return changed(context, options, 'enabled', enableAccount);
}

export async function resetSecondFactor(context: CommandContext, options: Named): Promise<CommandAnswer> {
  return changed(context, options, 'totpReset', resetTotp);
}

export async function resetAccountPassword(
  context: CommandContext,
  { login, reason }: Named,
): Promise<CommandAnswer> {
  const made = await withStore(context.config, (store) =>
    resetPassword({ account: login, reason }, depsOf(context, store)),
  );
  return oneTime(made, 'reset', context.language);
}

async function changed(
  context: CommandContext,
  { login, reason }: Named,
  words: 'disabled' | 'enabled' | 'totpReset',
  change: typeof disableAccount,
): Promise<CommandAnswer> {
  const opened = words === 'disabled' ? withRestoredStore : withStore;
  const account = await opened(context.config, (store) =>
    change({ account: login, reason }, depsOf(context, store)),
  );
  const say = speaker(accountTerminal, context.language);
  return {
    document: { account: account.id, login: account.login, change: words },
    lines: [say(words, { login: account.login })],
  };
}

function depsOf({ clock, random }: CommandContext, store: Store): ChangeDeps {
  return { store, clock, random, actor: commandActor() };
}

function oneTime(
  { account, password }: OneTime,
  words: 'created' | 'reset',
  language: Language,
): CommandAnswer {
  const say = speaker(accountTerminal, language);
  const { id, login, name, profile } = account;
  return {
    document: { id, login, name, profile, password },
    lines: [say(words, { login, name, profile: profileWords[profile][language] }), say('once'), password],
  };
}

function scopeWords({ facilities, destinations, profile }: Account, language: Language): string {
  const scope = profile === 'agency' ? destinations : facilities;
  return scope === 'all' ? accountTerminal.everything[language] : scope.join(' ');
}

function stateWords({ disabledAt, lockedUntil }: Account, now: number, language: Language): string {
  const say = speaker(accountTerminal, language);
  if (disabledAt !== null) return say('stateDisabled');
  if (lockedUntil === null || lockedUntil <= now) return say('stateActive');
  return say('stateLocked', { until: shownInstant(lockedUntil, language) });
}
