import type { Statements } from './sqlite-statements.ts';
import type { CareTables } from './care-tables.ts';

export function createCareTables(_statements: Statements): CareTables {
  return { kind: 'care' };
}
