import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { migrations } from '../../../receiver/store/migrations.ts';
import { qualitySql } from '../../../receiver/store/sqlite-quality.ts';
import type { Query } from '../../../receiver/store/sqlite-statements.ts';
import { openSqlite } from '../../../shared/runtime/sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'vgm-quality-plans-'));
const db = openSqlite(join(folder, 'plans.db'), { migrations });
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

function planOf(query: Query<unknown>): string {
  const values = query.text
    .split('?')
    .slice(1)
    .map(() => null);
  const rows = db.prepare<unknown[], { detail: string }>(`explain query plan ${query.text}`).all(...values);
  return rows.map(({ detail }) => detail).join('\n');
}

it.each([
  [
    'counts of a facility',
    qualitySql.ofFacility,
    /^SEARCH day_tally USING PRIMARY KEY \([^)]*day>\? AND day<\?\)$/,
  ],
  [
    'cells of a facility',
    qualitySql.cells,
    /^SEARCH day_cells USING PRIMARY KEY \([^)]*day>\? AND day<\?\)$/,
  ],
  [
    'records of a day',
    qualitySql.recordsOf,
    /^SEARCH record USING PRIMARY KEY \(facility=\? AND feed=\? AND day=\?\)$/,
  ],
  [
    'the stamp of a day',
    qualitySql.stampOf,
    /^SEARCH day_state USING PRIMARY KEY \(facility=\? AND feed=\? AND day=\?\)/,
  ],
  ['a message of a week', qualitySql.mail, /^SEARCH scorecard_mail USING PRIMARY KEY/],
  ['counts beside what is held', qualitySql.uncounted, /SEARCH day_tally USING PRIMARY KEY/],
] as const)('%s: found by a key', (_name, query, path) => {
  expect(planOf(query)).toMatch(path);
});
