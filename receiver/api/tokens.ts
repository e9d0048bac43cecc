import { hash } from 'node:crypto';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { checkedAccess } from '../accounts/access.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Profile } from '../accounts/profile.ts';
import { appendAudit } from '../audit/audit-log.ts';
import type { Store } from '../store/store.ts';
import { apiScopes, type ApiScope, type ApiTokenRow } from '../store/token-tables.ts';
import { scopesOfProfile } from './rights.ts';

/**
 * Tokens of the API: 256 bits that a program sends with every request. What is kept of one is its SHA-256: whoever reads the
 * database can use none. Each ends by itself, and can be revoked at once.
 */
export interface TokenDeps {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly random: Random;
  readonly actor: Actor;
}

/** As a person asks for it; no facilities = those of the profile. */
export interface TokenAsked {
  readonly name: string;
  readonly profile: string;
  readonly scopes: readonly string[];
  readonly facilities: readonly string[];
  readonly days: number;
}

export const usualDays = 365;
export const mostDays = 730;
const dayMs = 86_400_000;

/** What is sent: kept nowhere. */
export interface NewToken {
  readonly row: Omit<ApiTokenRow, 'revokedAt' | 'usedAt'>;
  readonly said: string;
}

/**
 * Throws `token-name-invalid`, `token-scope-unknown`, `token-scope-refused`, `token-profile-refused`, `token-days`,
 * `facility-unknown` and what an account's access throws.
 */
export async function createApiToken(asked: TokenAsked, deps: TokenDeps): Promise<NewToken> {
  const { store, clock, random, actor } = deps;
  const name = asked.name.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  if (name === '' || name.length > 100) throw permanent('token-name-invalid', { facts: { most: 100 } });
  const { profile, facilities } = checkedReach(asked);
  const scopes = checkedScopes(asked.scopes, profile);
  if (!Number.isInteger(asked.days) || asked.days < 1 || asked.days > mostDays)
    throw permanent('token-days', { facts: { most: mostDays } });
  const createdAt = clock.now();
  const said = `vgm_${random.bytes(32).toString('base64url')}`;
  const row = {
    ...{ id: random.uuid(createdAt), name, hash: hashOfToken(said), profile, scopes, facilities },
    ...{ createdAt, createdBy: actor.name, expiresAt: createdAt + asked.days * dayMs },
  };
  await store.transaction(async (tx) => {
    for (const facility of facilities ?? [])
      if ((await tx.facilities.get(facility)) === undefined)
        throw permanent('token-facility-unknown', { facts: { facility } });
    await tx.tokens.add(row);
    await appendAudit(tx, clock, actor, {
      ...{ action: 'token.created', subject: row.id },
      facts: {
        ...{ name, profile, scopes: scopes.join(' '), facilities: facilities?.join(' ') ?? 'all' },
        days: asked.days,
      },
    });
  });
  return { row, said };
}

/** Throws `token-unknown`, `token-reason` and `token-revoked-before`. */
export async function revokeApiToken(
  { id, reason }: { readonly id: string; readonly reason: string },
  { store, clock, actor }: Omit<TokenDeps, 'random'>,
): Promise<ApiTokenRow> {
  const words = reason.replace(/\p{Cc}+/gu, ' ').trim();
  if (words === '' || words.length > 500) throw permanent('token-reason', { facts: { most: 500 } });
  return store.transaction(async (tx) => {
    const row = await tx.tokens.get(id.trim().toLowerCase());
    if (row === undefined) throw permanent('token-unknown', { facts: { token: id.slice(0, 40) } });
    if (!(await tx.tokens.revoke(row.id, clock.now())))
      throw permanent('token-revoked-before', { facts: { name: row.name } });
    await appendAudit(tx, clock, actor, {
      ...{ action: 'token.revoked', subject: row.id, reason: words, facts: { name: row.name } },
    });
    return row;
  });
}

/** What the database knows a token by; undefined for what is no token of ours. */
export function tokenHashOf(authorization: string | undefined): Buffer | undefined {
  const [, said] = /^Bearer +(vgm_[\w-]{43})$/i.exec(authorization ?? '') ?? [];
  return said === undefined ? undefined : hashOfToken(said);
}

function hashOfToken(said: string): Buffer {
  return hash('sha256', said, 'buffer');
}

/** As an account of the profile: an agency has a door of its own. */
function checkedReach({ profile, facilities }: TokenAsked): {
  readonly profile: Profile;
  readonly facilities: readonly string[] | null;
} {
  if (profile === 'agency') throw permanent('token-profile-refused', { facts: { profile } });
  const access = checkedAccess({ profile, administrator: false, facilities, destinations: [] }, []);
  return {
    profile: access.profile,
    facilities: access.facilities === 'all' ? null : [...new Set(access.facilities)].sort(),
  };
}

function checkedScopes(asked: readonly string[], profile: Profile): readonly ApiScope[] {
  const may = scopesOfProfile(profile);
  for (const each of asked) {
    const scope = apiScopes.find((known) => known === each);
    if (scope === undefined)
      throw permanent('token-scope-unknown', {
        facts: { scope: each.slice(0, 40), known: apiScopes.join(', ') },
      });
    if (!may.includes(scope))
      throw permanent('token-scope-refused', { facts: { scope, profile, may: may.join(', ') } });
  }
  const scopes = apiScopes.filter((scope) => asked.includes(scope));
  if (scopes.length === 0)
    throw permanent('token-scope-unknown', { facts: { scope: '—', known: may.join(', ') } });
  return scopes;
}
