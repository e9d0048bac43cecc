import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { backupTo, isWhole, openSqlite } from '../../../shared/runtime/sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'vgm-copy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const migrations = ['create table entry (id integer primary key, body blob not null) strict;'];

it('a copy is of the instant it was asked for, whoever goes on writing', async () => {
  const path = join(folder, 'source.db');
  const writer = openSqlite(path, { migrations });
  const insert = writer.prepare('insert into entry (body) values (?)');
  // More than two steps of the copy.
  for (let index = 0; index < 400; index += 1) insert.run(randomBytes(100_000));

  const reader = openSqlite(path, { migrations, readonly: true });
  const copied = new AbortController();
  const copying = backupTo(reader, join(folder, 'copy.db')).finally(() => {
    copied.abort();
  });
  let written = 0;
  while (!copied.signal.aborted) {
    insert.run(Buffer.alloc(10));
    written += 1;
    await nextTurn();
  }
  await copying;
  expect(written).toBeGreaterThan(2);
  const copy = openSqlite(join(folder, 'copy.db'), { migrations, readonly: true });
  expect(isWhole(copy)).toBe(true);
  expect(copy.prepare('select count(*) n from entry').get()).toEqual({ n: 400 });
  copy.close();
  expect(reader.prepare('select count(*) n from entry').get()).toEqual({ n: 400 + written });
  reader.close();
  writer.close();
});
