import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { migrations } from '../../../receiver/store/migrations.ts';
import { auditSql } from '../../../receiver/store/sqlite-audit.ts';
import { proposalSql } from '../../../receiver/store/sqlite-proposals.ts';
import type { Query } from '../../../receiver/store/sqlite-statements.ts';
import { openSqlite } from '../../../shared/runtime/sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'vgm-audit-plans-'));
const db = openSqlite(join(folder, 'plans.db'), { migrations });
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const named = { before: 1, from: 1, to: 1, actor: null, action: null, facility: null, limit: 1, now: 1 };

function planOf({ text }: Query<unknown>): string {
  const values = text.includes('@')
    ? [Object.fromEntries(Object.entries(named).filter(([name]) => text.includes(`@${name}`)))]
    : text
        .split('?')
        .slice(1)
        .map(() => null);
  const rows = db.prepare<unknown[], { detail: string }>(`explain query plan ${text}`).all(...values);
  return rows.map(({ detail }) => detail).join('\n');
}

/** A log of a million lines is never read from end to end, nor sorted, for a page. */
const expected: readonly (readonly [string, Query<unknown>, RegExp])[] = [
  ['the latest lines', auditSql.all, /^SEARCH audit USING INTEGER PRIMARY KEY/],
  ['lines of a facility', auditSql.ofFacility, /^SEARCH audit USING INDEX audit_facility \(facility=\? AND/],
  ['lines of a person', auditSql.ofActor, /^SEARCH audit USING INDEX audit_actor \(actor_name=\? AND/],
  ['lines of an action', auditSql.ofAction, /^SEARCH audit USING INDEX audit_action \(action=\? AND/],
  ['lines to walk', auditSql.walk, /^SEARCH audit USING INTEGER PRIMARY KEY \(rowid>\?\)$/],
  ['the start of a period', auditSql.firstSince, /audit_at \(at=\?\)[\s\S]*audit_at \(at>\?\)/],
  ['the end of a period', auditSql.lastUntil, /audit_at \(at=\?\)[\s\S]*audit_at \(at<\?\)/],
  ['persons', auditSql.actors, /SEARCH audit USING COVERING INDEX audit_actor \(actor_name>\?\)/],
  ['actions', auditSql.actions, /SEARCH audit USING COVERING INDEX audit_action \(action>\?\)/],
  ['open proposals', proposalSql.open, /^SCAN proposal USING INDEX proposal_facility$/],
  ['proposals of a batch', proposalSql.ofSubject, /^SEARCH proposal USING INDEX proposal_subject/],
  ['proposals whose time is up', proposalSql.expire, /proposal_expiry/],
];

it.each(expected)('%s are found by a key', (_name, query, path) => {
  const plan = planOf(query);
  expect(plan).toMatch(path);
  expect(plan).not.toMatch(/TEMP B-TREE/);
});
