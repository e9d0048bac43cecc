import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { carryingDispatches } from '../../../agent/commands/carrying-dispatches.ts';
import { createExportBook, type ExportBook } from '../../../agent/outbox/export-book.ts';
import type { Receipt } from '../../../shared/protocol/receipts.ts';
import { dayOfInstant, dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { exportRow, fakeClock, openOutbox, ready, startAt, temporaryFolder } from '../agent/support.ts';
import { createNotes } from '../../../agent/outbox/notes.ts';
import { openDoors } from '../../support/region-doors.ts';
import { openDesk, type Desk } from '../operations/desk.ts';

/** What the hospital makes of its agencies' answers, from receipts alone. */
const base = { v: 1 as const, id: '', agent: 'a' };
const of = (id: string) => ({ ...base, export: id, feed: 'ed-visits', facility: '990000010', part: '0' });
const day = (number: number): string => dayToIso((20_000 + number) as Day);

interface Listed {
  readonly name: string;
  readonly destination?: string;
  readonly from?: number;
  readonly to?: number;
}

function processed(id: string, ...dispatches: readonly Listed[]): Receipt {
  return {
    ...{ ...of(id), at: startAt, kind: 'processed', result: 'applied', hold: null, trusted: true },
    ...{ window: { from: day(1), to: day(3) }, accepted: 10, rejected: 0, added: 10, updated: 0, removed: 0 },
    ...{ unchanged: 0, stale: 0, suspended: 0, findingsTotal: 0, findings: [], original: null },
    dispatches: dispatches.map(({ name, destination = 'oscour', from = 1, to = 3 }) => ({
      ...{ name, destination, from: day(from), to: day(to) },
    })),
  };
}

let at = startAt;
function said(
  id: string,
  kind: 'forwarded' | 'acknowledged' | 'refused',
  { name, destination = 'oscour', from = 1, to = 3 }: Listed,
  code: string | null = null,
): Receipt {
  at += 60_000;
  return { ...of(id), at, kind, dispatch: name, destination, from: day(from), to: day(to), code };
}

function taker(book: ExportBook): (...receipts: readonly Receipt[]) => void {
  let cursor = 0;
  return (...receipts) => {
    const page = receipts.map((receipt) => {
      cursor += 1;
      return { cursor, receipt, text: JSON.stringify(receipt), jws: 'proof' };
    });
    book.apply(page, cursor);
  };
}

function bookWith(...ids: readonly string[]) {
  const { database, outbox } = openOutbox(join(temporaryFolder(), 'agent.db'), fakeClock());
  for (const id of ids)
    outbox.commit([ready(exportRow(id, { windowFrom: day(1), windowTo: day(3) }), [])], new Map());
  const book = createExportBook(database);
  return { book, take: taker(book) };
}

describe('the outcome of an export', () => {
  const [d1, d2] = [{ name: 'd1' }, { name: 'd2' }];

  it('follows the agency’s latest answer, and keeps when it was forwarded', () => {
    const { book, take } = bookWith('e1');
    take(processed('e1', d1), said('e1', 'forwarded', d1));
    const forwardedAt = at;
    take(said('e1', 'refused', d1, 'R1'));
    expect(book.get('e1')?.outcome).toBe('refused');
    expect(book.dispatches('e1')).toMatchObject([{ delivery: 'refused', code: 'R1', at, forwardedAt }]);
    take(said('e1', 'acknowledged', d1));
    expect(book.get('e1')?.outcome).toBe('acknowledged');
    expect(book.dispatches('e1')).toMatchObject([{ delivery: 'acknowledged', code: null, at, forwardedAt }]);
    take(said('e1', 'refused', d1, 'R2'));
    expect(book.get('e1')?.outcome).toBe('refused');
  });

  it('is not moved back by a forwarded receipt that comes after the answer', () => {
    const { book, take } = bookWith('e1');
    take(processed('e1', d1), said('e1', 'acknowledged', d1), said('e1', 'forwarded', d1));
    expect(book.get('e1')?.outcome).toBe('acknowledged');
    expect(book.dispatches('e1')).toMatchObject([{ delivery: 'acknowledged', forwardedAt: at }]);
  });

  it.each([
    ['acknowledged by one, refused by the other', 'acknowledged', 'refused', 'refused'],
    ['refused by one, only forwarded to the other', 'refused', 'forwarded', 'refused'],
    ['acknowledged by one, only forwarded to the other', 'acknowledged', 'forwarded', 'forwarded'],
    ['acknowledged by both', 'acknowledged', 'acknowledged', 'acknowledged'],
  ] as const)('is the worst over destinations: %s', (_name, one, other, outcome) => {
    const { book, take } = bookWith('e1');
    const atih = { name: 'd9', destination: 'atih' };
    take(processed('e1', d1, atih));
    take(said('e1', one, d1, one === 'refused' ? 'R' : null));
    expect(book.get('e1')?.outcome).toBe('processed');
    take(said('e1', other, atih, other === 'refused' ? 'R' : null));
    expect(book.get('e1')?.outcome).toBe(outcome);
  });

  it('counts what its destination’s calendar composed later: the newest file of the same days', () => {
    const { book, take } = bookWith('e1');
    const [monday, tuesday] = [
      { name: 'w1', destination: 'atih', from: 0, to: 6 },
      { name: 'w2', destination: 'atih', from: 0, to: 7 },
    ];
    take(processed('e1', d1), said('e1', 'acknowledged', d1));
    expect(book.get('e1')?.outcome).toBe('acknowledged');
    take(said('e1', 'forwarded', monday));
    expect(book.get('e1')?.outcome).toBe('forwarded');
    take(said('e1', 'refused', monday, 'R1'));
    expect(book.get('e1')?.outcome).toBe('refused');
    expect(book.dispatches('e1').map(({ name }) => name)).toEqual(['d1', 'w1']);
    take(said('e1', 'forwarded', tuesday), said('e1', 'acknowledged', tuesday));
    expect(book.get('e1')?.outcome).toBe('acknowledged');
    // Told again of its processing, it forgets nothing.
    take(processed('e1', d1, d2), said('e1', 'acknowledged', d2));
    expect(book.dispatches('e1').map(({ name }) => name)).toEqual(['d1', 'd2', 'w1', 'w2']);
    expect(book.get('e1')?.outcome).toBe('acknowledged');
  });

  it('is not touched by a dispatch of days that it is not about', () => {
    const { book, take } = bookWith('e1');
    take(processed('e1', d1), said('e1', 'acknowledged', d1));
    take(said('e1', 'refused', { name: 'other', from: 10, to: 12 }, 'R1'));
    expect(book.get('e1')?.outcome).toBe('acknowledged');
    expect(book.dispatches('e1')).toHaveLength(1);
  });
});

describe('what carries a day', () => {
  it('is the newest dispatch of each destination, the calendar’s too', () => {
    const { book, take } = bookWith('e1', 'e2');
    const [d1, w1, w2] = [
      { name: 'd1' },
      { name: 'w1', destination: 'atih', from: 0, to: 6 },
      { name: 'w0', destination: 'atih', from: 0, to: 7 },
    ];
    take(processed('e1', d1), said('e1', 'forwarded', d1), said('e1', 'forwarded', w1));
    take(said('e1', 'forwarded', w2), said('e1', 'refused', w2, 'R1'));
    const names = (number: number): string[] =>
      book.inForce('990000010', 'ed-visits', day(number)).map(({ name }) => name);
    expect(names(2).toSorted()).toEqual(['d1', 'w0']);
    expect(names(7)).toEqual(['w0']);
    expect(names(9)).toEqual([]);
  });
});

describe('the way of one record', () => {
  const [d1, weekly] = [{ name: 'd1' }, { name: 'w1', destination: 'atih', from: 0, to: 6 }];
  const carried = (book: ExportBook, id: string, on: number) => {
    const row = book.get(id);
    if (row === undefined) throw new Error(`no export ${id}`);
    return carryingDispatches(book, row, day(on)).map(({ name }) => name);
  };

  it('does not lead to what the calendar sent before the record changed', () => {
    const { book, take } = bookWith('e1', 'e2');
    take(processed('e1', d1), said('e1', 'forwarded', d1), said('e1', 'acknowledged', weekly));
    expect(carried(book, 'e1', 2).sort()).toEqual(['d1', 'w1']);
    const d2 = { name: 'd2', from: 2, to: 2 };
    at += 60_000;
    take({ ...processed('e2', d2), at }, said('e2', 'forwarded', d2));
    expect(carried(book, 'e2', 2)).toEqual(['d2']);
    const next = { name: 'w2', destination: 'atih', from: 0, to: 7 };
    take(said('e2', 'forwarded', next));
    expect(carried(book, 'e2', 2).sort()).toEqual(['d2', 'w2']);
  });

  it('leads to what was sent before on a day that the export left as it was', () => {
    const { book, take } = bookWith('e1', 'e2');
    take(processed('e1', d1), said('e1', 'forwarded', d1), said('e1', 'acknowledged', weekly));
    const d2 = { name: 'd2', from: 2, to: 2 };
    at += 60_000;
    take({ ...processed('e2', d2), at }, said('e2', 'forwarded', d2));
    expect(carried(book, 'e2', 1).sort()).toEqual(['d1', 'w1']);
  });
});

describe('a refusal', () => {
  const d1 = { name: 'd1' };

  it('stands until a newer dispatch goes to the same agency for the same days', () => {
    const { book, take } = bookWith('e1', 'e2');
    take(processed('e1', d1), said('e1', 'forwarded', d1), said('e1', 'refused', d1, 'R1'));
    const standing = (): string[] => book.refusals({ since: 0 }, 10).map(({ name }) => name);
    expect(standing()).toEqual(['d1']);
    expect(book.refusals({ day: day(2) }, 10)).toMatchObject([{ destination: 'oscour', code: 'R1' }]);
    expect(book.refusals({ day: day(4) }, 10)).toEqual([]);
    const [elsewhere, less, newer] = [
      { name: 'd5', destination: 'atih' },
      { name: 'd6', from: 2, to: 2 },
      { name: 'd7', from: 0, to: 3 },
    ];
    for (const one of [elsewhere, less]) {
      take(said('e2', 'forwarded', one));
      expect(standing()).toEqual(['d1']);
    }
    take(said('e2', 'forwarded', newer));
    expect(standing()).toEqual([]);
    take(said('e2', 'refused', newer, 'R2'));
    expect(standing()).toEqual(['d7']);
  });

  it('of an older file of the same batch does not stand', () => {
    const { book, take } = bookWith('e1');
    const batch = [{ name: 'd1' }, { name: 'd2' }].map((one) => ({
      ...said('e1', 'forwarded', one),
      at: startAt,
    }));
    take(...batch, said('e1', 'refused', { name: 'd1' }, 'R1'));
    expect(book.refusals({ since: 0 }, 10)).toEqual([]);
  });

  function refusedAt(desk: Desk): string {
    const id = desk.put('passages.xml', 0, { slices: 1, windowFrom: day(1), windowTo: day(3) });
    taker(createExportBook(desk.database))(
      processed(id, d1, { name: 'b1', destination: 'atih' }),
      said(id, 'forwarded', d1),
      said(id, 'refused', d1, 'E-42'),
      said(id, 'forwarded', { name: 'b1', destination: 'atih' }),
      said(id, 'acknowledged', { name: 'b1', destination: 'atih' }),
    );
    return id;
  }

  it('is told by trace in both languages, beside the other agency’s acknowledgement', async () => {
    const desk = openDesk();
    refusedAt(desk);
    const { document } = await desk.ask(['trace', 'passages.xml']);
    expect(document).toMatchObject({
      export: { state: 'refused' },
      dispatches: [
        { name: 'd1', destination: 'oscour', delivery: 'refused', code: 'E-42' },
        { name: 'b1', destination: 'atih', delivery: 'acknowledged', code: null },
      ],
    });
    for (const dispatch of document['dispatches'] as Record<string, unknown>[])
      for (const key of ['forwardedAt', 'at']) expect(String(dispatch[key])).toMatch(/^2\d{3}-.+Z$/);
    const time = '\\d\\d/\\d\\d/\\d{4} \\d\\d:\\d\\d';
    const french = (await desk.say(['trace', 'passages.xml'])).out;
    expect(french).toMatch(
      new RegExp(
        `^Envoi d1 vers oscour, du .+ : transmis le ${time}, refusé par l’agence le ${time} \\(code E-42\\)$`,
        'm',
      ),
    );
    expect(french).toMatch(
      new RegExp(`^Envoi b1 vers atih, .+ : transmis le ${time}, acquitté le ${time}$`, 'm'),
    );
    const english = (await desk.say(['trace', 'passages.xml'], { language: 'en' })).out;
    expect(english).toMatch(/: forwarded on .+, refused by the agency on .+ \(code E-42\)$/m);
  });

  it('is an error in history, with the agency and its code', async () => {
    const desk = openDesk();
    refusedAt(desk);
    desk.put('other.xml', 1, { settled: 'forwarded' });
    const { document } = await desk.ask(['history', '--state', 'refused']);
    expect(document['exports']).toMatchObject([
      {
        ...{ file: 'passages.xml', state: 'refused', findings: 1 },
        refusals: [
          { rule: 'agency-refused', severity: 'error', destination: 'oscour', dispatch: 'd1', code: 'E-42' },
        ],
      },
    ]);
    const french = (await desk.say(['history'], { terminal: true })).out;
    expect(french).toContain(
      '! passages.xml: oscour a refusé l’envoi d1 (05/10/2024 - 07/10/2024), code E-42',
    );
    expect(french).toMatch(/refusé par l’agence/);
    expect((await desk.say(['history'], { language: 'en', terminal: true })).out).toContain(
      'oscour refused dispatch d1 (2024-10-05 - 2024-10-07), code E-42',
    );
  });

  it('is a warning of status until it is replaced, with what to do', async () => {
    const doors = await openDoors(Date.now());
    const desk = openDesk();
    try {
      await doors.enroll(join(desk.root, 'state'), (await doors.invite()).code);
    } finally {
      await doors.close();
    }
    createNotes(desk.database).put('last-contact-at', Date.now());
    const id = desk.put('passages.xml', 0, { slices: 1, windowFrom: day(1), windowTo: day(3) });
    const take = taker(createExportBook(desk.database));
    at = Date.now();
    take(processed(id, d1), said(id, 'forwarded', d1), said(id, 'refused', d1, 'E-42'));
    const { code, document } = await desk.ask(['status'], { language: 'fr' });
    expect([code, document['level']]).toEqual([1, 'warning']);
    expect(document).toMatchObject({
      refusals: [{ name: 'd1', destination: 'oscour', code: 'E-42', facility: '990000010' }],
      troubles: [{ level: 'warning', where: 'oscour', code: 'agency-refused' }],
    });
    const [trouble] = document['troubles'] as { message: string; hint: string }[];
    expect(trouble?.message).toContain('a refusé l’envoi d1 (05/10/2024 - 07/10/2024), code E-42');
    expect(trouble?.hint).toContain('opérateur régional');
    const brief = await desk.say(['status', '--brief'], { language: 'en' });
    expect(brief.out).toContain('WARNING - oscour: agency-refused: oscour refused dispatch d1');
    expect((await desk.say(['status'], { terminal: true })).out).toMatch(
      /refusé par l’agence\n +passages\.xml/,
    );
    take(said(id, 'forwarded', { name: 'd2' }));
    expect((await desk.ask(['status'])).document).toMatchObject({ level: 'well', refusals: [] });
  });

  it('is a line of the day’s faults, under its file, which may be muted like any other', async () => {
    const desk = openDesk();
    refusedAt(desk);
    const rules = async (...words: string[]) =>
      (await desk.ask(['faults', '--day', day(2), ...words], { language: 'en' })).document['rules'];
    const line = {
      ...{ rule: 'agency-refused', severity: 'error', field: null, count: 1 },
      sentence: 'oscour refused dispatch d1 (2024-10-05 - 2024-10-07), code E-42',
    };
    expect(await rules()).toContainEqual(line);
    expect(await rules('--source', 'urgences')).toContainEqual(line);
    expect(await rules('--source', 'gardes')).not.toContainEqual(line);
    const shown = (await desk.say(['faults', '--day', day(2)], { terminal: true })).out;
    expect(shown).toMatch(/^passages\.xml :$/m);
    expect(shown).toContain('agency-refused');
    expect((await desk.ask(['faults', '--day', day(5)])).document['total']).toBe(0);
    await desk.say([
      'faults',
      'mute',
      'agency-refused',
      '--until',
      dayToIso((dayOfInstant(Date.now()) + 30) as Day),
      '--reason',
      'known to both',
    ]);
    expect(await rules()).not.toContainEqual(line);
  });
});
