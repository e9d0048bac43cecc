import type { Statements } from './sqlite-statements.ts';
import type { AlertTables } from './alert-tables.ts';

export function createAlertTables(_statements: Statements): AlertTables {
  return { kind: 'alert' };
}
