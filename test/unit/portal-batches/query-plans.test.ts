import { expect, it } from 'vitest';
import { listingSql } from '../../../receiver/store/sqlite-listing.ts';
import type { Query } from '../../../receiver/store/sqlite-statements.ts';
import { openPlans } from '../../support/query-plans.ts';

const planOf = openPlans();

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
