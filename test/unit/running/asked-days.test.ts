import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAskedDays } from '../../../agent/health/asked-days.ts';
import { createAskedBook } from '../../../agent/outbox/asked-book.ts';
import { askedSql } from '../../../agent/outbox/asked-queries.ts';
import { createCatchUpBook } from '../../../agent/outbox/catch-up-book.ts';
import { createFileBook } from '../../../agent/outbox/file-book.ts';
import { createOperationBook } from '../../../agent/outbox/operation-book.ts';
import type { ReadExportRow } from '../../../agent/outbox/rows.ts';
import { exportRow, fakeClock, openOutbox, quiet, ready, temporaryFolder } from '../agent/support.ts';

const dayMs = 86_400_000;

function lab() {
  const clock = fakeClock();
  const folder = temporaryFolder();
  const { database, outbox } = openOutbox(join(folder, 'agent.db'), clock);
  onTestFinished(() => database.close());
  const files = createFileBook(database);
  const asked = createAskedBook(database);
  const operations = createOperationBook(database);
  const hear = createAskedDays({
    ...{ database, files, asked, operations, clock, logger: quiet },
    book: createCatchUpBook(database),
    sources: new Set(['urgences']),
    onAsked: () => undefined,
  });
  return {
    ...{ clock, database, asked, operations },
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
        ...{ path: Buffer.from(path), bytes: id.length, windowFrom: from, windowTo: to },
        outcome: 'acknowledged',
        digest: createHash('sha256').update(id).digest('hex'),
        ...more,
      });
      outbox.commit([ready(row, [])], new Map());
    },
    hears: (request: string, days: readonly string[], facilities = ['990000010']) =>
      hear([{ request, facilities, feed: 'ed-visits', part: '0', days: [...days] }]),
    /** What is to be read again; taken, as the intake takes it. */
    again: (): readonly string[] => {
      const found = files.rereads(100);
      for (const { export: id } of found) files.dropReread(id);
      return found.map(({ export: id, resend }) => `${id}${resend === 1 ? '' : ' without resend'}`);
    },
  };
}

describe('days that a person of the region asks for', () => {
  it('are given again though everything of them was received, from the newest export that holds them', async () => {
    const { add, hears, again, asked } = lab();
    add('e1', '2026-01-10', '2026-01-12');
    add('e2', '2026-01-11', '2026-01-13');
    expect(await hears('1.1', ['2026-01-10', '2026-01-11', '2026-01-20'])).toBe(true);
    expect(again()).toEqual(['e1', 'e2']);
    expect(asked.untold(9)).toMatchObject([
      { request: '1.1', sent: ['2026-01-10', '2026-01-11'], absent: ['2026-01-20'], exports: 2 },
    ]);
  });

  it('are given once, however often the request is heard', async () => {
    const { add, hears, again, asked, clock } = lab();
    add('e1', '2026-01-10', '2026-01-12');
    await hears('1.1', ['2026-01-10']);
    expect(again()).toEqual(['e1']);
    asked.told(['1.1']);
    expect(asked.untold(9)).toEqual([]);
    clock.pass(dayMs);
    expect(await hears('1.1', ['2026-01-10'])).toBe(false);
    expect(again()).toEqual([]);
    // Asked again for what was answered: the answer was lost, and is told again.
    expect(asked.untold(9)).toMatchObject([{ request: '1.1' }]);
    await hears('2.5', ['2026-01-10']);
    expect(again()).toEqual(['e1']);
  });

  it('are looked for in older exports when the newest file is gone, and told as nowhere when all are', async () => {
    const { add, hears, again, asked } = lab();
    add('e1', '2026-01-12', '2026-01-12');
    add('e2', '2026-01-12', '2026-01-13', { isGone: true });
    add('e3', '2026-01-12', '2026-01-13', { source: 'closed' });
    await hears('1.1', ['2026-01-12', '2026-01-13']);
    expect(again()).toEqual(['e1']);
    expect(asked.latest()).toMatchObject({ sent: ['2026-01-12'], absent: ['2026-01-13'] });
  });

  it('wait for what is on its way or for a decision, and send nothing beside it', async () => {
    const { add, hears, again, asked } = lab();
    add('e1', '2026-01-12', '2026-01-12');
    add('e2', '2026-01-12', '2026-01-12', { outcome: 'held', isGone: true });
    await hears('1.1', ['2026-01-12']);
    expect(again()).toEqual([]);
    expect(asked.latest()).toMatchObject({ sent: ['2026-01-12'], absent: [] });
  });

  it('are found under the number that the facility had then', async () => {
    const { add, hears, again } = lab();
    add('e1', '2026-01-12', '2026-01-12', { facility: '990000028' });
    await hears('1.1', ['2026-01-12'], ['990000010', '990000028']);
    expect(again()).toEqual(['e1']);
  });

  it('are noted among what was done by hand, as the region’s doing', async () => {
    const { add, hears, operations } = lab();
    add('e1', '2026-01-12', '2026-01-12');
    await hears('1.1', ['2026-01-13', '2026-01-12']);
    expect(operations.audit(0, Number.MAX_SAFE_INTEGER, 9)).toMatchObject([
      { who: 'region', action: 'resend', what: '2026-01-12..2026-01-13', exports: 1 },
    ]);
  });

  it('are remembered for half a year', async () => {
    const { hears, asked, clock } = lab();
    await hears('1.1', ['2026-01-12']);
    clock.pass(181 * dayMs);
    await hears('2.1', ['2026-01-12']);
    expect(asked.isKnown('1.1')).toBe(false);
  });

  it('that were not told yet are found by a key', () => {
    const { database } = lab();
    for (const text of [askedSql.untold, askedSql.latest, askedSql.forget]) {
      const values = text
        .split('?')
        .slice(1)
        .map(() => null);
      const plan = database.db.prepare(`explain query plan ${text}`).all(...values) as { detail: string }[];
      expect(plan.map(({ detail }) => detail).join()).toMatch(/USING INDEX asked_days_/);
    }
  });
});
