import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCatchUp } from '../../../agent/health/catch-up.ts';
import { createCatchUpBook } from '../../../agent/outbox/catch-up-book.ts';
import { catchUpSql } from '../../../agent/outbox/catch-up-queries.ts';
import { createFileBook } from '../../../agent/outbox/file-book.ts';
import type { ReadExportRow } from '../../../agent/outbox/rows.ts';
import { exportRow, fakeClock, openOutbox, quiet, ready, temporaryFolder } from '../agent/support.ts';

const part = { facility: '990000010', feed: 'ed-visits', part: '0' };
const dayMs = 86_400_000;

function lab() {
  const clock = fakeClock();
  const folder = temporaryFolder();
  const { database, outbox } = openOutbox(join(folder, 'agent.db'), clock);
  onTestFinished(() => database.close());
  const files = createFileBook(database);
  let nudges = 0;
  const refill = createCatchUp({
    ...{ book: createCatchUpBook(database), files, clock, logger: quiet },
    sources: new Set(['urgences']),
    onAsked: () => (nudges += 1),
  });
  return {
    clock,
    database,
    nudges: () => nudges,
    /** An export of these days, its file in place unless `isGone`. */
    add: (
      id: string,
      from: string,
      to: string,
      change: Partial<ReadExportRow> & { isGone?: boolean } = {},
    ) => {
      const { isGone, ...more } = change;
      const path = join(folder, `${id}.xml`);
      if (isGone !== true) writeFileSync(path, id);
      const row = exportRow(id, {
        ...{
          path: Buffer.from(path),
          bytes: id.length,
          windowFrom: from,
          windowTo: to,
          outcome: 'processed',
        },
        digest: createHash('sha256').update(id).digest('hex'),
        ...more,
      });
      outbox.commit([ready(row, [])], new Map());
    },
    lacks: (...days: string[]) => refill(days.length === 0 ? [] : [{ ...part, days }]),
    /** What is to be read again; taken, as the intake takes it. */
    asked: (): readonly string[] => {
      const found = files
        .rereads(100)
        .map(({ export: id, resend }) => `${id}${resend === 1 ? '' : ' without resend'}`);
      for (const { export: id } of files.rereads(100)) files.dropReread(id);
      return found;
    },
  };
}

describe('days that the region lacks', () => {
  it('are refilled from the newest export that covers them, one export for all its days', async () => {
    const { add, lacks, asked, nudges } = lab();
    add('e1', '2026-01-10', '2026-01-12');
    add('e2', '2026-01-11', '2026-01-13');
    add('e3', '2026-01-15', '2026-01-15');
    await lacks('2026-01-10', '2026-01-11', '2026-01-12', '2026-01-13');
    expect(asked()).toEqual(['e1', 'e2']);
    expect(nudges()).toBe(1);
  });

  it('that nobody visited do not come round for ever: one content a day, three in all', async () => {
    const { clock, add, lacks, asked } = lab();
    for (const id of ['e1', 'e2', 'e3', 'e4', 'e5']) add(id, '2026-01-10', '2026-01-16');
    const all: string[] = [];
    for (let minute = 0; minute < 10 * 24 * 4; minute += 1) {
      await lacks('2026-01-12');
      all.push(...asked());
      clock.pass(15 * 60_000);
    }
    expect(all).toEqual(['e5', 'e4', 'e3']);
  });

  it('do not send one export twice in a day for two of its days', async () => {
    const { clock, add, lacks, asked } = lab();
    add('e1', '2026-01-10', '2026-01-16');
    await lacks('2026-01-12');
    expect(asked()).toEqual(['e1']);
    clock.pass(3_600_000);
    await lacks('2026-01-12', '2026-01-13');
    expect(asked()).toEqual([]);
  });

  it('once held again, may be lost and refilled anew', async () => {
    const { clock, add, lacks, asked } = lab();
    add('e1', '2026-01-10', '2026-01-16');
    await lacks('2026-01-12');
    expect(asked()).toEqual(['e1']);
    await lacks();
    clock.pass(60_000);
    await lacks('2026-01-12');
    expect(asked()).toEqual(['e1']);
  });

  it('wait while an export that covers them is on its way, or for a person to decide', async () => {
    const { clock, add, lacks, asked } = lab();
    add('e1', '2026-01-10', '2026-01-16');
    add('e2', '2026-01-12', '2026-01-12', { outcome: 'unknown' });
    await lacks('2026-01-11', '2026-01-12');
    expect(asked()).toEqual(['e1']);
    clock.pass(2 * dayMs);
    await lacks('2026-01-12');
    expect(asked()).toEqual([]);
  });

  it('leave alone exports whose file is gone, of another part, or that were rejected', async () => {
    const { add, lacks, asked } = lab();
    add('e1', '2026-01-12', '2026-01-12');
    add('e2', '2026-01-12', '2026-01-12', { isGone: true });
    add('e3', '2026-01-12', '2026-01-12', { part: '7' });
    add('e4', '2026-01-12', '2026-01-12', { outcome: 'rejected' });
    add('e5', '2026-01-12', '2026-01-12', { source: 'closed' });
    await lacks('2026-01-12', '2026-01-20');
    expect(asked()).toEqual(['e1']);
  });

  it('are found by an index, among any number of exports', () => {
    const { database } = lab();
    const plan = database.db
      .prepare(`explain query plan ${catchUpSql.covering}`)
      .all('f', 'd', '0', 'x', 'x', 1)
      .map((row) => (row as { detail: string }).detail)
      .join('; ');
    expect(plan).toContain('exports_by_part');
    expect(plan).not.toContain('TEMP B-TREE');
    for (const sql of Object.values(catchUpSql)) expect(() => database.db.prepare(sql)).not.toThrow();
  });
});
