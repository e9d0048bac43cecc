import { describe, expect, it } from 'vitest';
import {
  historySql,
  quarantineSql,
  auditSql,
  worklistSql,
  carrySql,
  muteSql,
} from '../../../agent/outbox/operation-queries.ts';
import { onCommandLine } from '../../support/command-line.ts';
import { openDesk } from './desk.ts';

const names = (document: Readonly<Record<string, unknown>>): readonly string[] =>
  (document['exports'] as readonly { file: string }[]).map(({ file }) => file);

function filled() {
  const desk = openDesk();
  desk.put('tuesday.xml', -24, { settled: 'forwarded' });
  desk.put('morning.xml', 0, { settled: 'acknowledged' });
  desk.put('beds.csv', 1, { source: 'gardes', windowFrom: null, windowTo: null });
  desk.put('late.xml', 13, { outcome: 'rejected', errorCode: 'facility-missing' });
  return desk;
}

describe('history', () => {
  it('lists exports newest first, with their state, for a person in both languages', async () => {
    const { say } = filled();
    const french = await say(['history'], { terminal: true });
    expect(french.code).toBe(0);
    expect(french.out.split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^Lu le +Source +État +Enreg\. +Anomalies +Jours +Fichier$/),
      expect.stringMatching(/^22\/01\/2026 01:00 +urgences +refusé/),
    ]);
    expect(french.out).toContain('20/01/2026');
    const english = await say(['history'], { language: 'en' });
    expect(english.out).toContain('2026-01-22 01:00  urgences  rejected');
    expect(english.out.indexOf('late.xml')).toBeLessThan(english.out.indexOf('tuesday.xml'));
  });

  it('by days of Paris, source and state', async () => {
    const { ask } = filled();
    const listed = async (...words: string[]) => names((await ask(['history', ...words])).document);
    expect(await listed()).toEqual(['late.xml', 'beds.csv', 'morning.xml', 'tuesday.xml']);
    // Read at one in the morning of Paris: the day after, though still the same one in UTC.
    expect(await listed('--from', '2026-01-22')).toEqual(['late.xml']);
    expect(await listed('--from', '21/01/2026', '--to', '21/01/2026')).toEqual(['beds.csv', 'morning.xml']);
    expect(await listed('--to', '2026-01-20')).toEqual(['tuesday.xml']);
    expect(await listed('--source', 'gardes')).toEqual(['beds.csv']);
    expect(await listed('--state', 'acknowledged')).toEqual(['morning.xml']);
    expect(await listed('--state', 'acquitté')).toEqual(['morning.xml']);
    expect(await listed('--state', 'rejected', '--source', 'gardes')).toEqual([]);
  });

  it('is paged: what follows an export', async () => {
    const { ask } = filled();
    const first = await ask(['history', '--limit', '3']);
    expect(names(first.document)).toEqual(['late.xml', 'beds.csv', 'morning.xml']);
    const rest = await ask(['history', '--limit', '3', '--before', String(first.document['next'])]);
    expect(names(rest.document)).toEqual(['tuesday.xml']);
    expect(rest.document['next']).toBeNull();
  });

  it('says in words that nothing was taken, and what is wrong with a question', async () => {
    const { say, ask, root } = filled();
    expect((await say(['history', '--from', '2027-01-01'])).out).toBe('Aucun fichier sur cette période.\n');
    for (const [words, code] of [
      [['--from', '2026-02-30'], 'day-invalid'],
      [['--from', '2026-01-21', '--to', '2026-01-20'], 'days-reversed'],
      [['--source', 'nowhere'], 'source-unknown'],
      [['--state', 'lost'], 'state-unknown'],
      [['--limit', '0'], 'limit-invalid'],
    ] as const)
      expect(await ask(['history', ...words])).toMatchObject({ code: 1, document: { error: { code } } });
    expect((await onCommandLine(['history', '--config', `${root}/none.yaml`])).code).toBe(1);
  });

  it('every question goes by an index, without a sort', () => {
    const { database } = openDesk();
    const plan = (sql: string): string =>
      database.db
        .prepare(`explain query plan ${sql}`)
        .all(...Array.from({ length: sql.split('?').length - 1 }, () => null))
        .map((row) => (row as { detail: string }).detail)
        .join('; ');
    const expected: Readonly<Record<keyof typeof historySql, string>> = {
      all: 'sqlite_autoindex_exports_1',
      ofSource: 'exports_by_source',
      ofOutcome: 'exports_by_outcome',
      ofOutcomeAndSource: 'exports_by_',
      covering: 'sqlite_autoindex_exports_1',
      countSince: 'exports_by_outcome',
      waiting: 'exports_unsettled',
    };
    for (const [name, index] of Object.entries(expected)) {
      const found = plan(historySql[name as keyof typeof historySql]);
      expect(found, name).toContain(index);
      expect(found, name).not.toMatch(/SCAN exports(?! USING)/);
      if (name !== 'waiting') expect(found, name).not.toContain('TEMP B-TREE');
    }
    expect(plan(quarantineSql.waiting)).toContain('exports_by_outcome');
    expect(plan(quarantineSql.waiting)).not.toContain('TEMP B-TREE');
    for (const sql of [auditSql, muteSql, worklistSql, carrySql, quarantineSql].flatMap((set) =>
      Object.values(set),
    ))
      expect(() => database.db.prepare(sql)).not.toThrow();
  });
});
