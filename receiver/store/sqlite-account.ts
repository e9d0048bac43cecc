import type { Statements } from './sqlite-statements.ts';
import type { AccountTables } from './account-tables.ts';

export function createAccountTables(_statements: Statements): AccountTables {
  return { kind: 'account' };
}
