import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { hasSchemaOf, openSqlite } from '../../../shared/runtime/sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'vgm-schema-'));
afterAll(() => rmSync(folder, { recursive: true }));
const migrations = [
  'create table one (id integer primary key) strict;',
  'create table two (id integer primary key, one integer references one (id)) strict; create index two_one on two (one);',
];

it('a file has the schema of the migrations that made it', () => {
  const db = openSqlite(join(folder, 'whole.db'), { migrations });
  expect(hasSchemaOf(db, migrations)).toBe(true);
  db.close();
});

it('a letter that flipped in the text of a table is seen, where SQLite itself sees nothing', () => {
  const path = join(folder, 'flipped.db');
  openSqlite(path, { migrations }).close();
  const bytes = readFileSync(path).toString('latin1');
  expect(bytes).toContain('references one');
  writeFileSync(path, Buffer.from(bytes.replace('references one', 'references oue'), 'latin1'));
  const db = openSqlite(path, { migrations });
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(hasSchemaOf(db, migrations)).toBe(false);
  db.close();
});
