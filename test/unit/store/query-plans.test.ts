import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { migrations } from '../../../receiver/store/migrations.ts';
import { destinationSql } from '../../../receiver/store/sqlite-destinations.ts';
import { dispatchSql } from '../../../receiver/store/sqlite-dispatches.ts';
import { exportSql } from '../../../receiver/store/sqlite-exports.ts';
import { inboxSql } from '../../../receiver/store/sqlite-inbox.ts';
import { receiptSql } from '../../../receiver/store/sqlite-receipts.ts';
import { recordSql } from '../../../receiver/store/sqlite-records.ts';
import { removalSql } from '../../../receiver/store/sqlite-removals.ts';
import type { Query } from '../../../receiver/store/sqlite-statements.ts';
import { openSqlite } from '../../../shared/runtime/sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'vgm-plans-'));
const db = openSqlite(join(folder, 'plans.db'), { migrations });
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

function planOf(query: Query<unknown>): string {
  // The planner never looks at values here; null fits every column.
  const values = query.text
    .split('?')
    .slice(1)
    .map(() => null);
  const rows = db.prepare<unknown[], { detail: string }>(`explain query plan ${query.text}`).all(...values);
  return rows.map(({ detail }) => detail).join('\n');
}

/** Hot query → the access path that keeps it flat whatever the store holds. */
const expected: readonly (readonly [string, Query<unknown>, RegExp])[] = [
  ['the claim of stored envelopes', inboxSql.inState.stored, /^SCAN envelope USING INDEX envelope_stored$/],
  ['opened envelopes', inboxSql.inState.opened, /^SCAN envelope USING INDEX envelope_opened$/],
  ['refused envelopes', inboxSql.inState.refused, /^SCAN envelope USING INDEX envelope_refused$/],
  ['an envelope by its place', inboxSql.bySequence, /INDEX envelope_ledger/],
  ['a page of a ledger', inboxSql.ledger, /^SEARCH envelope USING INDEX envelope_ledger \([^)]*seq>\?\)$/],
  ['envelopes of an export', inboxSql.ofExport, /envelope_export/],
  [
    'old contents of envelopes',
    inboxSql.purge,
    /SEARCH content USING (COVERING )?INDEX envelope_content_age/,
  ],
  ['exports to apply', exportSql.inState.complete, /^SCAN export USING INDEX export_complete$/],
  ['exports waiting for a facility', exportSql.inState.waiting, /^SCAN export USING INDEX export_waiting$/],
  ['exports held', exportSql.inState.held, /^SCAN export USING INDEX export_held$/],
  ['exports incomplete', exportSql.incomplete, /^SEARCH export USING INDEX export_receiving/],
  ['the first export with a digest', exportSql.processedDigest, /^SEARCH export USING INDEX export_digest/],
  ['recent exports', exportSql.recent, /^SCAN export$/],
  [
    'staged records of a day',
    exportSql.stagedOfDay,
    /^SEARCH staged USING PRIMARY KEY \(export=\? AND day=\?\)$/,
  ],
  ['staged days', exportSql.stagedDays, /^SEARCH staged USING PRIMARY KEY/],
  ['state of a day', recordSql.day, /^SEARCH day_state USING PRIMARY KEY/],
  ['states of days', recordSql.days, /^SEARCH day_state USING PRIMARY KEY \([^)]*day>\? AND day<\?\)$/],
  ['counts by day', recordSql.countsByDay, /^SEARCH day_state USING PRIMARY KEY[^\n]*$/],
  ['records of a day', recordSql.ofDay, /^SEARCH record USING PRIMARY KEY \([^)]*part=\?\)$/],
  ['records by visit', recordSql.byVisit, /^SEARCH record USING INDEX record_visit/],
  ['one record', recordSql.byKey, /^SEARCH record USING PRIMARY KEY \([^)]*rank=\?\)$/],
  [
    'records by the beginning of a key',
    recordSql.byKeyPrefix,
    /SEARCH record USING PRIMARY KEY \([^)]*key>\?/,
  ],
  [
    'bodies of a day',
    recordSql.bodiesOfDay,
    /^SEARCH record USING PRIMARY KEY \(facility=\? AND feed=\? AND day=\?\)/,
  ],
  ['removals of a day', removalSql.ofDay, /^SEARCH removal USING PRIMARY KEY[^\n]*$/],
  ['decisions of an export', removalSql.ofExport, /SEARCH removal USING COVERING INDEX removal_export/],
  [
    'the claim of dispatches',
    dispatchSql.due,
    /^SEARCH dispatch USING INDEX dispatch_due \(destination=\?\)$/,
  ],
  [
    'what awaits an answer',
    dispatchSql.inDelivery.sent,
    /^SEARCH dispatch USING INDEX dispatch_sent \(destination=\? AND id>\?\)$/,
  ],
  [
    'what was acknowledged',
    dispatchSql.inDelivery.acknowledged,
    /^SEARCH dispatch USING INDEX dispatch_acknowledged/,
  ],
  ['what was refused', dispatchSql.inDelivery.refused, /^SEARCH dispatch USING INDEX dispatch_refused/],
  ['what was set aside', dispatchSql.inDelivery.dead, /^SEARCH dispatch USING INDEX dispatch_dead/],
  [
    'what waits',
    dispatchSql.inDelivery.waiting,
    /^SEARCH dispatch USING INDEX dispatch_due \(destination=\? AND id>\?\)$/,
  ],
  [
    'when something last reached a destination',
    dispatchSql.lastSentAt,
    /INDEX dispatch_sent [^]*INDEX dispatch_acknowledged [^]*INDEX dispatch_refused /,
  ],
  ['destinations that something waits for', dispatchSql.awaited, /COVERING INDEX dispatch_due/],
  [
    'old sealed contents',
    dispatchSql.purgeSealed,
    /SEARCH sealed USING (COVERING )?INDEX dispatch_sealed_age/,
  ],
  ['the last run', destinationSql.lastRun, /^SEARCH destination_run USING PRIMARY KEY/],
  [
    'whose manifests there are',
    destinationSql.manifestDestinations,
    /SEARCH manifest USING (COVERING INDEX manifest_day|PRIMARY KEY) \(destination>\?\)/,
  ],
  ['the latest manifest of a day', destinationSql.latestManifest, /INDEX manifest_day/],
  [
    'manifests after a serial',
    destinationSql.manifests,
    /^SEARCH manifest USING PRIMARY KEY \(destination=\? AND serial>\?\)$/,
  ],
  ['the last extract', dispatchSql.lastExtract, /COVERING INDEX dispatch_extract/],
  ['dispatches of an export', dispatchSql.ofExport, /^SEARCH dispatch USING INDEX dispatch_export[^\n]*$/],
  [
    'the dispatch covering a day',
    dispatchSql.covering,
    /^SEARCH dispatch USING COVERING INDEX dispatch_days[^\n]*$/,
  ],
  ['destinations of a facility', dispatchSql.nextDestination, /COVERING INDEX dispatch_days/],
  ['dispatches left sending', dispatchSql.recover, /INDEX dispatch_sending/],
  [
    'old contents of dispatches',
    dispatchSql.purge,
    /SEARCH content USING (COVERING )?INDEX dispatch_content_age/,
  ],
  [
    'receipts after a cursor',
    receiptSql.after,
    /^SEARCH receipt USING INDEX receipt_agent \(agent=\? AND cursor>\?\)$/,
  ],
  ['the stored receipt', receiptSql.stored, /INDEX receipt_envelope/],
  ['receipts of an export', receiptSql.ofExport, /^SEARCH receipt USING INDEX receipt_export/],
];

describe('query plans', () => {
  it.each(expected)('%s takes its index', (_name, query, path) => {
    expect(planOf(query)).toMatch(path);
  });
});
