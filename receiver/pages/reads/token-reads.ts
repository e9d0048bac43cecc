import type { StoreTx } from '../../store/store.ts';
import type { ApiTokenRow } from '../../store/token-tables.ts';
import type { ViewReach } from './reach.ts';

/** A token as pages know it: not even what it is known by. */
export type TokenShown = Omit<ApiTokenRow, 'hash'>;

export interface TokenReads {
  /** The latest first; none for whoever sees less than the whole region. */
  all(): Promise<readonly TokenShown[]>;
}

export function createTokenReads(tx: StoreTx, { facilities, destinations }: ViewReach): TokenReads {
  return {
    all: async () => {
      if (facilities !== 'all' || destinations !== 'all') return [];
      return (await tx.tokens.list()).map(shownOf);
    },
  };
}

function shownOf(row: ApiTokenRow): TokenShown {
  const { id, name, profile, scopes, facilities, createdAt, createdBy, expiresAt, revokedAt, usedAt } = row;
  return {
    ...{ id, name, profile, scopes, facilities, createdAt, createdBy },
    ...{ expiresAt, revokedAt, usedAt },
  };
}
