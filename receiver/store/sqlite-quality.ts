import type { Statements } from './sqlite-statements.ts';
import type { QualityTables } from './quality-tables.ts';

export function createQualityTables(_statements: Statements): QualityTables {
  return { kind: 'quality' };
}
