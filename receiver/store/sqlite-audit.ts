import type { Statements } from './sqlite-statements.ts';
import type { AuditTables } from './audit-tables.ts';

export function createAuditTables(_statements: Statements): AuditTables {
  return { kind: 'audit' };
}
