import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { migrations } from '../../receiver/store/migrations.ts';
import type { Query } from '../../receiver/store/sqlite-statements.ts';
import { openSqlite } from '../../shared/runtime/sqlite.ts';

/** What SQLite's planner says of the store's own queries, over an empty store: one line a step. */
export function openPlans(): (query: Query<unknown>) => string {
  const folder = mkdtempSync(join(tmpdir(), 'vgm-plans-'));
  const db = openSqlite(join(folder, 'plans.db'), { migrations });
  afterAll(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });
  return ({ text }) => {
    const values = text
      .split('?')
      .slice(1)
      .map(() => null);
    const rows = db.prepare<unknown[], { detail: string }>(`explain query plan ${text}`).all(...values);
    return rows.map(({ detail }) => detail).join('\n');
  };
}
