import type { Statements } from './sqlite-statements.ts';
import type { ListingTables } from './listing-tables.ts';

export function createListingTables(_statements: Statements): ListingTables {
  return { kind: 'listing' };
}
