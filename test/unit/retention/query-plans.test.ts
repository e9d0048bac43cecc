import { expect, it } from 'vitest';
import { erasureSql } from '../../../receiver/store/sqlite-erasure.ts';
import { restoreSql } from '../../../receiver/store/sqlite-restores.ts';
import { retentionSql } from '../../../receiver/store/sqlite-retention.ts';
import type { Query } from '../../../receiver/store/sqlite-statements.ts';
import { openPlans } from '../../support/query-plans.ts';

const planOf = openPlans();

/** What every envelope, every composed file and every small step of a purge asks: flat whatever the store holds. */
const flat: readonly (readonly [string, Query<unknown>, RegExp])[] = [
  [
    'erased visits of a facility',
    erasureSql.erased,
    /^SEARCH erased_visit USING INDEX erased_visit_facility/,
  ],
  ['all erased visits', erasureSql.allErased, /^SEARCH erased_visit USING INTEGER PRIMARY KEY \(rowid>\?\)$/],
  ['the mark of a restore', restoreSql.get, /^SEARCH restored USING INTEGER PRIMARY KEY \(rowid=\?\)$/],
  ['withdrawals kept from a list', restoreSql.kept, /^SCAN kept_withdrawal$/],
  ['records left out of an export', erasureSql.leftOut, /^SEARCH left_out USING PRIMARY KEY/],
  [
    'purged days of a range',
    retentionSql.purgedDays,
    /^SEARCH purged_day USING PRIMARY KEY \([^)]*day>\? AND day<\?\)$/,
  ],
  ['days past their time', retentionSql.daysBefore, /^SEARCH day_state USING PRIMARY KEY \([^)]*day<\?\)$/],
  [
    'records of a day',
    retentionSql.recordsOfDay,
    /^SEARCH record USING PRIMARY KEY \(facility=\? AND feed=\? AND day=\?\)$/,
  ],
  ['what a day was', retentionSql.dropHistory, /^SEARCH history USING INDEX history_day/],
  ['the oldest history', retentionSql.oldestHistory, /^SCAN history$/],
  [
    'old contents of envelopes',
    retentionSql.oldEnvelopes,
    /SEARCH content USING (COVERING )?INDEX envelope_content_age/,
  ],
  [
    'old contents of dispatches',
    retentionSql.oldDispatches,
    /SEARCH content USING (COVERING )?INDEX dispatch_content_age/,
  ],
  ['old reports', retentionSql.oldReports, /^SEARCH report USING (COVERING )?INDEX report_age/],
  [
    'old lines of the audit log',
    retentionSql.oldAudit,
    /^SEARCH audit USING INTEGER PRIMARY KEY \(rowid<\?\)$/,
  ],
  [
    'a visit before',
    erasureSql.beforeBearing,
    /^SEARCH history USING INDEX history_day \(facility=\? AND feed=\?\)$/,
  ],
];

it.each(flat)('%s is found by its index', (_, query, plan) => {
  const found = planOf(query);
  expect(found).toMatch(plan);
  expect(found).not.toMatch(/TEMP B-TREE/);
});

it('exports that nothing was applied of are looked for among the few that wait', () => {
  const found = planOf(retentionSql.unsettled);
  for (const state of ['receiving', 'waiting', 'held']) expect(found).toContain(`export_${state}`);
  expect(found).not.toMatch(/^SCAN export$/m);
});
