import { expect, it } from 'vitest';
import { alertSql } from '../../../receiver/store/sqlite-alert.ts';
import { openPlans } from '../../support/query-plans.ts';

const planOf = openPlans();

/** Asked by every page, every minute or every few seconds: never a table from end to end, never sorted anew. */
it.each([
  ['what is open', alertSql.open, /USING INDEX alert_open/],
  ['what was closed', alertSql.closedSince, /USING INDEX alert_closed/],
  ['the last one of a key', alertSql.lastClosed, /USING INDEX alert_past/],
  ['an alert’s journal', alertSql.events, /USING INDEX alert_event_alert/],
  ['an alert’s messages', alertSql.messages, /USING INDEX alert_message_alert/],
  ['what is due', alertSql.due, /USING INDEX alert_message_due[\s\S]*USING INDEX alert_message_alert/],
  ['whether anything is due', alertSql.anyDue, /USING (COVERING )?INDEX alert_message_due/],
  ['what was being sent', alertSql.recoverSending, /alert_message_sending/],
  ['what was given up', alertSql.dead, /USING INDEX alert_message_dead/],
  ['tests', alertSql.tests, /USING INDEX alert_message_alert/],
  ['what is old', alertSql.old, /USING (COVERING )?INDEX alert_closed/],
] as const)('%s is found by an index', (_name, query, wanted) => {
  const plan = planOf(query);
  expect(plan).toMatch(wanted);
  expect(plan).not.toMatch(/^SCAN (?!.*USING)|TEMP B-TREE FOR ORDER BY/m);
});
