import { expect, it } from 'vitest';
import { qualitySql } from '../../../receiver/store/sqlite-quality.ts';
import { openPlans } from '../../support/query-plans.ts';

const planOf = openPlans();

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
  [
    'whether a facility’s days are late',
    qualitySql.isLate,
    /SEARCH day_state USING PRIMARY KEY \(facility=\? AND feed=\? AND day>\? AND day<\?\)[\s\S]*SEARCH day_tally USING PRIMARY KEY \(feed=\? AND facility=\? AND day=\?\)/,
  ],
  ['a message of a week', qualitySql.mail, /^SEARCH scorecard_mail USING PRIMARY KEY/],
  ['counts beside what is held', qualitySql.uncounted, /SEARCH day_tally USING PRIMARY KEY/],
] as const)('%s: found by a key', (_name, query, path) => {
  expect(planOf(query)).toMatch(path);
});
