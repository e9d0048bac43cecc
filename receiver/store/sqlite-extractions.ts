import type { ExtractionTable } from './extraction-tables.ts';
import { sql, type Statements } from './sqlite-statements.ts';

export const extractionSql = {
  recover: sql(`update extraction set state = 'waiting', done = 0 where state = 'running'`),
} as const;

export function createExtractionTable({ run }: Statements): ExtractionTable {
  return { recover: async () => run(extractionSql.recover) } as unknown as ExtractionTable;
}
