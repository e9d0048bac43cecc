import { describe, expect, it } from 'vitest';
import { reportSql } from '../../../receiver/store/sqlite-reports.ts';
import { openPlans } from '../../support/query-plans.ts';

const planOf = openPlans();

describe('the queries of reports', () => {
  it('walk no table, and sort nothing', () => {
    for (const [name, query] of Object.entries(reportSql)) {
      if (name.startsWith('add') || name.startsWith('put')) continue;
      const plan = planOf(query);
      // The latest first of all of them, in the table's own order; and all of a small index.
      const isWhole = ['versions', 'latestVersion', 'latest', 'recover'].includes(name);
      expect([name, isWhole ? '' : plan]).toEqual([name, isWhole ? '' : expect.not.stringMatching(/SCAN/)]);
      expect([name, plan]).toEqual([name, expect.not.stringMatching(/TEMP B-TREE/)]);
    }
  });

  it('find what is due of mails, and what a schedule made, by their indexes', () => {
    expect(planOf(reportSql.hasDue)).toContain('report_mail_due');
    expect(planOf(reportSql.due)).toContain('report_mail_due');
    expect(planOf(reportSql.recover)).toContain('report_mail_sending');
    expect(planOf(reportSql.isMade)).toContain('report_once');
    expect(planOf(reportSql.ofScope)).toContain('report_scope');
    expect(planOf(reportSql.ofScopeAndKind)).toContain('report_scope');
    expect(planOf(reportSql.ofKind)).toContain('report_kind');
    expect(planOf(reportSql.wishedSince)).toContain('report_age');
    expect(planOf(reportSql.exportsBetween)).toContain('export_facility');
  });
});
