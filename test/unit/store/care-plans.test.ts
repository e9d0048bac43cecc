import { expect, it } from 'vitest';
import { careSql } from '../../../receiver/store/sqlite-care.ts';
import { requestSql } from '../../../receiver/store/sqlite-care-requests.ts';
import type { Query } from '../../../receiver/store/sqlite-statements.ts';
import { openPlans } from '../../support/query-plans.ts';

const planOf = openPlans();

/** Asked with every heartbeat, at every look and on every page of a facility. */
const expected: readonly (readonly [string, Query<unknown>, RegExp])[] = [
  ['contacts', careSql.contacts, /care_contact_order/],
  ['notes', careSql.notes, /care_note_latest/],
  ['closures of days', careSql.closuresDuring, /care_closure_days/],
  ['closures of a facility', careSql.closuresOf, /care_closure_latest/],
  ['the degraded running that goes on', careSql.degradedOpen, /care_degraded_open/],
  ['degraded running of a facility', careSql.degradedOf, /care_degraded_latest/],
  ['hand counts', careSql.handCounts, /SEARCH care_hand_count USING PRIMARY KEY/],
  ['requests of an agent', requestSql.openOfAgent, /care_request_open/],
  ['open requests', requestSql.open, /care_request_open/],
  ['requests of a facility', requestSql.of, /care_request_latest/],
  ['recent requests', requestSql.recent, /care_request_age/],
  ['exports since', requestSql.taken, /care_export_of_part/],
  ['days written since', requestSql.written, /care_export_of_part/],
];

it.each(expected)('%s are found by a key', (_name, query, path) => {
  expect(planOf(query)).toMatch(path);
});
