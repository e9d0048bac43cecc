import { describe, expect, it } from 'vitest';
import { bedExport } from '../../../installers/sandbox/bed-exports.ts';
import {
  cut,
  fictitiousFiness,
  hospital,
  usualExtract,
  type Hospital,
} from '../../../installers/sandbox/exports.ts';
import type { ShapeName } from '../../../installers/sandbox/shapes.ts';
import { streamExport } from '../../../installers/sandbox/stream.ts';
import { dayOf, type Day } from '../../../shared/runtime/paris-time.ts';

const sunday = dayOf(2026, 1, 11) as Day;
const finess = fictitiousFiness(1);
const shaped = (shape: ShapeName, visitsPerDay = 40): Hospital =>
  hospital(7, { finess, name: 'Hôpital de Valmorte', visitsPerDay, shape });
const count = (content: Buffer, text: string): number => content.toString('latin1').split(text).length - 1;

describe('a generated hospital', () => {
  it('writes the same bytes for the same seed, and others for another', () => {
    const again = shaped('B').exportFor(sunday);
    expect(again).toEqual(shaped('B').exportFor(sunday));
    const other = hospital(8, { finess, name: '', visitsPerDay: 40, shape: 'B' }).exportFor(sunday);
    expect(other.content.equals(again.content)).toBe(false);
  });

  it('completes in a later export the visits of an earlier one, and invents none', () => {
    const early = shaped('C').exportFor(sunday, { windowDays: 1, extractAt: usualExtract(sunday) });
    const late = shaped('C').exportFor(sunday, {
      windowDays: 1,
      extractAt: usualExtract(sunday) + 4 * 86_400_000,
    });
    const entries = (text: string): string[] => text.match(/<ENTREE>[^<]*/g) ?? [];
    expect(entries(late.content.toString('latin1'))).toEqual(entries(early.content.toString('latin1')));
    expect(count(late.content, '<DP></DP>')).toBeLessThan(count(early.content, '<DP></DP>'));
    expect(count(late.content, '<SORTIE></SORTIE>')).toBeLessThan(count(early.content, '<SORTIE></SORTIE>'));
  });

  it('shows no visit that had not arrived when it was extracted', () => {
    const noon = usualExtract((sunday - 1) as Day) + 9.5 * 3_600_000;
    const { content } = shaped('A').exportFor(sunday, { windowDays: 1, extractAt: noon });
    const hours = [...content.toString('latin1').matchAll(/<ENTREE>\S+ (\d\d)/g)].map(([, hour]) => hour);
    expect(hours.length).toBeGreaterThan(0);
    expect(hours.filter((hour) => Number(hour) > 12)).toEqual([]);
  });

  it('is busier in the day than before dawn', () => {
    const hours = shaped('A', 400)
      .visitsOn(sunday)
      .map(({ arrivedMinute }) => Math.floor(arrivedMinute / 60) % 24);
    const within = (from: number, to: number): number =>
      hours.filter((hour) => hour >= from && hour < to).length;
    expect(within(9, 12)).toBeGreaterThan(2 * within(2, 5));
  });

  it('can lose a day that its header still claims', () => {
    const whole = shaped('A').exportFor(sunday);
    const lost = shaped('A').exportFor(sunday, { lostDays: [(sunday - 2) as Day] });
    expect(count(whole.content, '<ENTREE>09/01/2026')).toBeGreaterThan(0);
    expect(count(lost.content, '<ENTREE>09/01/2026')).toBe(0);
    expect(count(lost.content, '<DATEDEBUT>05/01/2026')).toBe(1);
  });

  it('can be cut before its end', () => {
    const whole = shaped('A').exportFor(sunday);
    expect(count(whole.content, '</OSCOUR>')).toBe(1);
    expect(count(cut(whole).content, '</OSCOUR>')).toBe(0);
  });
});

describe('the shapes', () => {
  it('A breaks its first line with CRLF and the others with LF', () => {
    const text = shaped('A').exportFor(sunday).content.toString('latin1');
    expect(text.indexOf('\r\n')).toBe(text.indexOf('\n') - 1);
    expect(text.split('\r\n')).toHaveLength(2);
  });

  it('B is one line of ISO-8859-15, PASSAGES around each visit, town before postcode, dots in codes', () => {
    const { content, visits } = shaped('B', 120).exportFor(sunday);
    expect(count(content, '\n')).toBe(0);
    expect(count(content, '<PASSAGES>')).toBe(visits);
    expect(count(content, '<PATIENT><COMMUNE>')).toBe(visits);
    expect(content.includes(Buffer.from([0xbd, 0x69, 0x6c]))).toBe(true);
    expect(content.toString('latin1')).toMatch(/<DP>[A-Z]\d\d\.\d/);
    expect(content.toString('latin1')).toContain('&amp;');
  });

  it('C ends every line with CRLF', () => {
    const { content } = shaped('C').exportFor(sunday);
    expect(count(content, '\r\n')).toBe(count(content, '\n'));
  });

  it('D declares nothing, speaks UTF-8, writes seconds, and claims a window its visits are outside of', () => {
    const { content, name } = shaped('D').exportFor(sunday);
    const text = content.toString('utf8');
    expect(text.startsWith('<OSCOUR>')).toBe(true);
    expect(text).toMatch(/<ENTREE>\d\d\/\d\d\/\d{4} \d\d:\d\d:00</);
    expect(text).toContain('<DATEDEBUT>12/01/2026');
    expect(text).not.toContain('<ENTREE>12/01/2026');
    expect(name.endsWith('.txt')).toBe(true);
  });

  it('csv has a row a visit, in windows-1252', () => {
    const { content, visits } = shaped('csv', 120).exportFor(sunday);
    expect(count(content, '\r\n')).toBe(visits + 1);
    expect(content.includes(Buffer.from([0x9c, 0x69, 0x6c]))).toBe(true);
  });

  it('beds give every unit what is open, taken and free, never more than installed', () => {
    const rows = bedExport(7, finess, usualExtract(sunday)).content.toString('latin1').trim().split('\r\n');
    const units = new Map<string, Record<string, number>>();
    for (const row of rows.slice(1)) {
      const cells = row.split(';');
      units.set(cells[1] ?? '', { ...units.get(cells[1] ?? ''), [cells[7] ?? '']: Number(cells[9]) });
    }
    expect(units.size).toBe(5);
    for (const unit of units.values()) {
      expect((unit['03'] ?? 0) + (unit['02'] ?? 0) + (unit['05'] ?? 0)).toBe(unit['01']);
    }
  });
});

describe('a streamed export', () => {
  it('holds exactly the records asked for and ends well', async () => {
    const pieces: Buffer[] = [];
    const options = { seed: 1, finess, shape: 'A', records: 1234, from: sunday, visitsPerDay: 100 } as const;
    for await (const piece of streamExport(options)) pieces.push(piece);
    const content = Buffer.concat(pieces);
    expect(pieces.length).toBeGreaterThan(5);
    expect(count(content, '<PATIENT>')).toBe(1234);
    expect(content.toString('latin1').endsWith('</OSCOUR>\n')).toBe(true);
  });
});
