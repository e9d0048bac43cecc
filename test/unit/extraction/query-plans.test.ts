import { describe, expect, it } from 'vitest';
import { extractionSql } from '../../../receiver/store/sqlite-extractions.ts';
import { openPlans } from '../../support/query-plans.ts';

const planOf = openPlans();

describe('the queries of extractions', () => {
  it('walk no table, and sort nothing', () => {
    for (const [name, query] of Object.entries(extractionSql)) {
      if (name === 'add') continue;
      const plan = planOf(query);
      // The latest of all, in the table's own order.
      expect([name, plan]).toEqual([
        name,
        name === 'latest' ? 'SCAN extraction' : expect.not.stringMatching(/SCAN extraction$/m),
      ]);
      expect([name, plan]).toEqual([name, expect.not.stringMatching(/TEMP B-TREE/)]);
    }
  });

  it('find what waits, runs, is over, or is a requester’s by its index', () => {
    expect(planOf(extractionSql.firstWaiting)).toContain('extraction_waiting');
    expect(planOf(extractionSql.waitingOf)).toContain('extraction_waiting');
    expect(planOf(extractionSql.runningOf)).toContain('extraction_running');
    expect(planOf(extractionSql.firstRunning)).toContain('extraction_running');
    expect(planOf(extractionSql.recover)).toContain('extraction_running');
    expect(planOf(extractionSql.readyOf)).toContain('extraction_due');
    expect(planOf(extractionSql.due)).toContain('extraction_due');
    expect(planOf(extractionSql.ofRequester)).toContain('extraction_requester');
  });
});
