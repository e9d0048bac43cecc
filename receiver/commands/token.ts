import { shownInstant } from '../../shared/i18n/shown.ts';
import { profileWords } from '../../shared/i18n/terminal-accounts.ts';
import { tokenTerminal } from '../../shared/i18n/terminal-tokens.ts';
import { speaker, type Language } from '../../shared/i18n/texts.ts';
import { namesIn } from '../accounts/access.ts';
import { createApiToken, revokeApiToken } from '../api/tokens.ts';
import type { ApiTokenRow } from '../store/token-tables.ts';
import { commandActor } from './command-actor.ts';
import { withRestoredStore, withStore, type CommandAnswer, type CommandContext } from './command.ts';

export interface CreateOptions {
  readonly name: string;
  readonly profile: string;
  readonly scope: readonly string[];
  readonly facility?: readonly string[];
  readonly days: string;
}

/** Prints the token: nothing tells it a second time. */
export async function createToken(
  { config, language, clock, random }: CommandContext,
  { name, profile, scope, facility = [], days }: CreateOptions,
): Promise<CommandAnswer> {
  const asked = {
    ...{ name, profile, scopes: scope.flatMap(namesIn), facilities: facility.flatMap(namesIn) },
    days: /^\d{1,6}$/.test(days) ? Number(days) : Number.NaN,
  };
  const { row, said } = await withStore(config, (store) =>
    createApiToken(asked, { store, clock, random, actor: commandActor() }),
  );
  const say = speaker(tokenTerminal, language);
  return {
    document: { ...shown({ ...row, revokedAt: null, usedAt: null }, clock.now()), token: said },
    lines: [
      say('created', {
        ...{ name: row.name, id: row.id, profile: profileWords[row.profile][language] },
        ...{ scopes: row.scopes.join(' '), until: shownInstant(row.expiresAt, language) },
      }),
      say('once'),
      said,
    ],
  };
}

export async function listTokens({ config, language, clock }: CommandContext): Promise<CommandAnswer> {
  const now = clock.now();
  const tokens = await withStore(config, (store) => store.read((tx) => tx.tokens.list()));
  const say = speaker(tokenTerminal, language);
  const lines = tokens.map((token) =>
    say('line', {
      ...{ id: token.id, name: token.name, profile: profileWords[token.profile][language] },
      ...{ scopes: token.scopes.join(' '), reach: token.facilities?.join(' ') ?? say('everything') },
      state: stateWords(token, now, language),
      used:
        token.usedAt === null ? say('neverUsed') : say('used', { at: shownInstant(token.usedAt, language) }),
    }),
  );
  return {
    document: { tokens: tokens.map((token) => shown(token, now)) },
    lines: lines.length === 0 ? [say('none')] : lines,
  };
}

export async function revokeToken(
  { config, language, clock }: CommandContext,
  options: { readonly id: string; readonly reason: string },
): Promise<CommandAnswer> {
  const { id, name } = await withRestoredStore(config, (store) =>
    revokeApiToken(options, { store, clock, actor: commandActor() }),
  );
  return {
    document: { id, name, state: 'revoked' },
    lines: [speaker(tokenTerminal, language)('revokedNow', { id, name })],
  };
}

/** Its hash stays in the database. */
function shown(token: ApiTokenRow, now: number): object {
  const { id, name, profile, scopes, facilities, createdAt, createdBy, expiresAt, revokedAt, usedAt } = token;
  return {
    ...{ id, name, profile, scopes, facilities: facilities ?? 'all', createdAt, createdBy },
    ...{ expiresAt, revokedAt, usedAt, state: stateOf(token, now) },
  };
}

function stateOf({ revokedAt, expiresAt }: ApiTokenRow, now: number): 'good' | 'revoked' | 'ended' {
  if (revokedAt !== null) return 'revoked';
  return expiresAt <= now ? 'ended' : 'good';
}

function stateWords(token: ApiTokenRow, now: number, language: Language): string {
  const say = speaker(tokenTerminal, language);
  const at = token.revokedAt ?? token.expiresAt;
  return say(stateOf(token, now), { at: shownInstant(at, language) });
}
