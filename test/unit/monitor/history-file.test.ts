import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readHistoryFile } from '../../../receiver/monitor/history-file.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';

const folder = mkdtempSync(join(tmpdir(), 'vgm-history-'));
afterAll(() => rmSync(folder, { recursive: true }));
const [a, b] = ['990000010', '990000028'] as const;
const now = Date.parse('2026-06-10T08:00:00Z');

async function read(text: string | Buffer) {
  const file = join(folder, 'history');
  writeFileSync(file, text);
  const { days, passedOver } = await readHistoryFile(file, now);
  const shown = [...days].flatMap(([finess, own]) =>
    own.map(({ day, count }) => `${finess} ${dayToIso(day)} ${count}`),
  );
  return { shown, passedOver, days };
}
const fault = (line: number) => ({ code: 'history-invalid', position: { line } });

describe('a history told as CSV', () => {
  it('is read with semicolons, commas or tabs, with or without titles, in both forms of date', async () => {
    const wanted = [`${a} 2026-06-01 40`, `${b} 2026-06-02 7`];
    expect((await read(`finess;jour;passages\n${a};2026-06-01;40\n${b};02/06/2026;7\n`)).shown).toEqual(
      wanted,
    );
    expect((await read(`${a},"2026-06-01",40\r\n${b},2026-06-02,7`)).shown).toEqual(wanted);
    expect((await read(`\ufeff${a}\t2026-06-01\t40\n\n${b}\t2026-06-02\t7`)).shown).toEqual(wanted);
  });

  it('passes over days without visits and days that are not over', async () => {
    const { shown, passedOver } = await read(`${a};2026-06-01;0\n${a};2026-06-10;4\n${a};2026-06-09;4\n`);
    expect([shown, passedOver]).toEqual([[`${a} 2026-06-09 4`], 2]);
  });

  it('is refused with the line that cannot be read', async () => {
    for (const bad of [
      '990000011;2026-06-01;4',
      `${a};31/02/2026;4`,
      `${a};2026-06-01;-4`,
      `${a};2026-06-01;`,
    ])
      await expect(read(`finess;jour;passages\n${a};2026-06-02;1\n${bad}\n`)).rejects.toMatchObject(fault(3));
    await expect(read('')).rejects.toMatchObject({ code: 'history-invalid' });
    await expect(read('finess;jour;passages\n')).rejects.toMatchObject({ code: 'history-invalid' });
    await expect(read('x'.repeat(600_000))).rejects.toMatchObject(fault(1));
    await expect(readHistoryFile(join(folder, 'none'), now)).rejects.toMatchObject({
      ...{ code: 'history-unreadable', facts: { reason: 'ENOENT' } },
    });
  });
});

describe('a history told by national files', () => {
  const visit = (entry: string): string =>
    `<PATIENT><CP>67000</CP>\n<ENTREE>${entry}</ENTREE><MOTIF>R10 & co</MOTIF></PATIENT>`;
  const file = (visits: readonly string[], extract = '03/06/2026 02:00:00'): string =>
    `<?xml version="1.0" encoding="ISO-8859-1"?>\n<OSCOUR><ETABLISSEMENT><FINESS>${a}</FINESS>` +
    `<EXTRACT>${extract}</EXTRACT></ETABLISSEMENT><PASSAGES>\n${visits.join('\n')}</PASSAGES></OSCOUR>`;

  it('counts entries by day and hour, without the day on which it was taken', async () => {
    const { shown, passedOver, days } = await read(
      file(['01/06/2026 00:10', '01/06/2026 23:59', '02/06/2026 10:00', '03/06/2026 01:00'].map(visit)),
    );
    expect([shown, passedOver]).toEqual([[`${a} 2026-06-01 2`, `${a} 2026-06-02 1`], 1]);
    const counts = days.get(a)?.[0]?.counts;
    expect([counts?.[0], counts?.[23], counts?.[12]]).toEqual([1, 1, 0]);
  });

  it('finds every entry of a large file, wherever it is cut in pieces', async () => {
    const visits = Array.from({ length: 20_000 }, (_none, n) =>
      visit(`01/06/2026 ${String(n % 24).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`),
    );
    expect((await read(file(visits))).shown).toEqual([`${a} 2026-06-01 20000`]);
  });

  it('is refused when an entry is no date, or when it names no hospital or two', async () => {
    await expect(read(file([visit('01/06/2026 10:00'), visit('today')]))).rejects.toMatchObject(fault(6));
    await expect(read('<OSCOUR><ENTREE>01/06/2026 10:00</ENTREE></OSCOUR>')).rejects.toMatchObject(fault(1));
    const two = `${file([visit('01/06/2026 10:00')])}\n<FINESS>${b}</FINESS>`;
    await expect(read(two)).rejects.toMatchObject(fault(5));
    await expect(read('<html>nothing</html>')).rejects.toMatchObject({ code: 'history-invalid' });
    await expect(read(Buffer.from(file([visit('01/06/2026 10:00')]), 'utf16le'))).rejects.toMatchObject({
      code: 'history-invalid',
    });
  });
});
