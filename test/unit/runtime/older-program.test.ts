import { join } from 'node:path';
import { expect, it } from 'vitest';
import { migrations, worksFrom } from '../../../agent/outbox/schema.ts';
import { openSqlite, schemaVersion } from '../../../shared/runtime/sqlite.ts';
import { temporaryFolder } from '../agent/support.ts';
import { faultOf } from '../envelope/sealed.ts';

const first = 'create table one (id integer primary key, name text) strict;';
const adds = 'alter table one add column more text;';
const changes = 'drop table one; create table one (id integer primary key) strict;';

const open = (path: string, made: readonly string[], worksFrom?: number) =>
  openSqlite(path, { migrations: made, ...(worksFrom === undefined ? {} : { worksFrom }) });

it('an older program works on a schema that only added to its own, and leaves it as it is', () => {
  const path = join(temporaryFolder(), 'a.db');
  open(path, [first, adds], 1).close();
  const older = open(path, [first]);
  older.exec(`insert into one (name) values ('a')`);
  expect(schemaVersion(older)).toEqual({ version: 2, floor: 1 });
  older.close();
  open(path, [first, adds], 1).close();
});

it('it refuses one that did more than add, and one whose program never said', async () => {
  const folder = temporaryFolder();
  open(join(folder, 'a.db'), [first, adds, changes], 3).close();
  for (const known of [[first], [first, adds]])
    expect(await faultOf(() => open(join(folder, 'a.db'), known))).toBe('database-newer');
  const db = open(join(folder, 'b.db'), [first, adds]);
  db.pragma('application_id = 0');
  db.close();
  expect(await faultOf(() => open(join(folder, 'b.db'), [first]))).toBe('database-newer');
});

it('a program says no floor above what it has made so far: one that is stopped half way is still worked on by the one before', () => {
  const path = join(temporaryFolder(), 'a.db');
  open(path, [first]).close();
  const failing = [first, adds, 'create nonsense'];
  expect(() => open(path, failing, 3)).toThrow();
  const db = open(path, [first, adds]);
  expect(schemaVersion(db)).toEqual({ version: 2, floor: 2 });
  db.close();
});

it('the agent names a schema of its own, no later than its last', () => {
  expect(worksFrom).toBeGreaterThan(0);
  expect(worksFrom).toBeLessThanOrEqual(migrations.length);
});
