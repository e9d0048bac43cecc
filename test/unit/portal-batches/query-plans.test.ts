import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { migrations } from '../../../receiver/store/migrations.ts';
import { listingSql } from '../../../receiver/store/sqlite-listing.ts';
import type { Query } from '../../../receiver/store/sqlite-statements.ts';
import { openSqlite } from '../../../shared/runtime/sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'vgm-listing-plans-'));
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

/** A page of a list costs a page, whatever lies behind it: an index in the list's own order, no sort. */
const expected: readonly (readonly [string, Query<unknown>, RegExp])[] = [
  [
    'exports',
    listingSql.exports,
    /^SEARCH export USING INDEX export_received \(received_at>\? AND [^\n]*\)$/,
  ],
  ['processed exports', listingSql.processed, /^SEARCH export USING INDEX export_received [^\n]*$/],
  [
    'exports of a facility',
    listingSql.ofFacility,
    /^SEARCH export USING INDEX export_facility \(facility=\? AND received_at>\?[^\n]*\)$/,
  ],
  ['exports held', listingSql.rare.held, /^SCAN export USING INDEX export_held/],
  ['exports rejected', listingSql.rare.rejected, /^SCAN export USING INDEX export_rejected/],
  ['exports by id', listingSql.byPrefix, /^SEARCH export USING INDEX sqlite_autoindex_export_1/],
  ['envelopes by id', listingSql.ofEnvelopes, /SEARCH envelope USING INDEX sqlite_autoindex_envelope_1/],
  ['the export before', listingSql.before, /^SEARCH export USING INDEX export_facility [^\n]*$/],
  ['the export after', listingSql.after, /^SEARCH export USING INDEX export_facility [^\n]*$/],
  ['dispatches being sent', listingSql.sending, /^SEARCH dispatch USING INDEX dispatch_sending \(id<\?\)$/],
  [
    'dispatches acknowledged',
    listingSql.dispatchesIn.acknowledged,
    /^SEARCH dispatch USING INDEX dispatch_acknowledged \(destination=\? AND id<\?\)$/,
  ],
  ['dispatches from an export', listingSql.dispatchesFrom, /COVERING INDEX dispatch_source_export/],
  ['days of deliveries', listingSql.deliveryDays, /^SEARCH delivery_day USING PRIMARY KEY [^\n]*$/],
];

it.each(expected)('%s are found by an index, in order', (_name, query, path) => {
  expect(planOf(query)).toMatch(path);
});
