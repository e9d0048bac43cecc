import { expect, it } from 'vitest';
import type { Query } from '../../../receiver/store/sqlite-statements.ts';
import { watchSql } from '../../../receiver/store/sqlite-watch.ts';
import { openPlans } from '../../support/query-plans.ts';

const planOf = openPlans();

/** Asked every minute for every facility: never a table from end to end. */
const expected: readonly (readonly [string, Query<unknown>, RegExp])[] = [
  [
    'counts of a facility',
    watchSql.counts,
    /^SEARCH day_state USING PRIMARY KEY \([^)]*day>\? AND day<\?\)$/,
  ],
  [
    'instants of a day',
    watchSql.instants,
    /^SEARCH record USING PRIMARY KEY \(facility=\? AND feed=\? AND day=\?\)$/,
  ],
  ['arrivals', watchSql.arrivals, /^SEARCH watch_arrival USING PRIMARY KEY \([^)]*day>\? AND day<\?\)$/],
  [
    'the first arrival',
    watchSql.connectedAt,
    /^SEARCH watch_arrival USING PRIMARY KEY \(facility=\? AND feed=\?\)$/,
  ],
  ['hours', watchSql.hours, /^SEARCH watch_hours USING PRIMARY KEY/],
  ['imported days', watchSql.imported, /^SEARCH watch_history USING PRIMARY KEY/],
  ['states of days', watchSql.states, /^SEARCH watch_state USING INDEX watch_state_day/],
  ['states of a facility', watchSql.statesOf, /^SEARCH watch_state USING PRIMARY KEY/],
  ['changes of a day', watchSql.transitionsOf, /^SEARCH watch_transition USING INDEX watch_transition_day/],
  ['changes after an id', watchSql.transitions, /^SEARCH watch_transition USING INTEGER PRIMARY KEY/],
  [
    'what waits for a destination',
    watchSql.waiting,
    /^SEARCH dispatch USING INDEX dispatch_due \(destination=\?\)$/,
  ],
  ['rejected exports', watchSql.exportRejects, /SCAN export USING INDEX export_rejected/],
];

it.each(expected)('%s are found by a key', (_name, query, path) => {
  expect(planOf(query)).toMatch(path);
});
