import type { Profile } from '../accounts/profile.ts';
import { sql, type Statements } from './sqlite-statements.ts';
import type { ApiScope, ApiTokenRow, ApiTokenTable } from './token-tables.ts';

const columns = `
  id, name, hash, profile, scopes, facilities, created_at as createdAt, created_by as createdBy,
  expires_at as expiresAt, revoked_at as revokedAt, used_at as usedAt`;

export const tokenSql = {
  add: sql(`
    insert into api_token (id, name, hash, profile, scopes, facilities, created_at, created_by, expires_at)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
  byHash: sql<StoredToken>(`select ${columns} from api_token where hash = ?`),
  get: sql<StoredToken>(`select ${columns} from api_token where id = ?`),
  // Ids are in the order of their making.
  list: sql<StoredToken>(`select ${columns} from api_token order by id desc`),
  revoke: sql('update api_token set revoked_at = ? where id = ? and revoked_at is null'),
  used: sql('update api_token set used_at = max(coalesce(used_at, 0), ?) where id = ?'),
} as const;

interface StoredToken extends Omit<ApiTokenRow, 'profile' | 'scopes' | 'facilities'> {
  readonly profile: Profile;
  readonly scopes: string;
  readonly facilities: string | null;
}

export function createApiTokenTable({ all, get, run }: Statements): ApiTokenTable {
  return {
    add: async (row) => {
      run(
        tokenSql.add,
        ...[row.id, row.name, row.hash, row.profile, JSON.stringify(row.scopes)],
        ...[row.facilities === null ? null : JSON.stringify(row.facilities), row.createdAt, row.createdBy],
        row.expiresAt,
      );
    },
    byHash: async (hash) => rowOf(get(tokenSql.byHash, hash)),
    get: async (id) => rowOf(get(tokenSql.get, id)),
    list: async () => all(tokenSql.list).map(read),
    revoke: async (id, at) => run(tokenSql.revoke, at, id) === 1,
    used: async (id, at) => void run(tokenSql.used, at, id),
  };
}

function rowOf(stored: StoredToken | undefined): ApiTokenRow | undefined {
  return stored === undefined ? undefined : read(stored);
}

function read(stored: StoredToken): ApiTokenRow {
  return {
    ...stored,
    // As they were written here.
    scopes: JSON.parse(stored.scopes) as readonly ApiScope[],
    facilities: stored.facilities === null ? null : (JSON.parse(stored.facilities) as readonly string[]),
  };
}
