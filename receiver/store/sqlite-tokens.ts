import { sql, type Statements } from './sqlite-statements.ts';
import type { ApiTokenTable } from './token-tables.ts';

export const tokenSql = {
  used: sql('update api_token set used_at = ? where id = ?'),
} as const;

export function createApiTokenTable({ run }: Statements): ApiTokenTable {
  return {
    used: async (id: string, at: number) => void run(tokenSql.used, at, id),
  } as unknown as ApiTokenTable;
}
