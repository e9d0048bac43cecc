import { describe, expect, it } from 'vitest';
import { tokenSql } from '../../../receiver/store/sqlite-tokens.ts';
import { openPlans } from '../../support/query-plans.ts';

const planOf = openPlans();

describe('tokens', () => {
  it('are found by index, and listed without sorting', () => {
    for (const query of [tokenSql.get, tokenSql.revoke, tokenSql.used])
      expect(planOf(query)).toBe('SEARCH api_token USING PRIMARY KEY (id=?)');
    expect(planOf(tokenSql.byHash)).toMatch(/^SEARCH api_token USING INDEX \S+ \(hash=\?\)$/);
    expect(planOf(tokenSql.list)).toBe('SCAN api_token');
  });
});
