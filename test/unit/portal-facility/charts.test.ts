import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayDashes } from '../../../receiver/pages/charts/dashes.ts';
import { ticksUpTo } from '../../../receiver/pages/charts/scale.ts';
import { sparkline } from '../../../receiver/pages/charts/sparkline.ts';
import { targetBar } from '../../../receiver/pages/charts/target-bar.ts';
import { volumeChart } from '../../../receiver/pages/charts/volume-chart.ts';
import type { VolumePoint } from '../../../receiver/pages/charts/volume-point.ts';
import type { WatchState } from '../../../receiver/store/watch-tables.ts';
import { dayFromIso, type Day } from '../../../shared/runtime/paris-time.ts';

const states: readonly (WatchState | null)[] = [
  'received',
  'late',
  'partial',
  'low',
  'silent',
  'held',
  'degraded',
  'closed',
  'not-connected',
  null,
];
const anyNumber = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, 1, 1e308, -1e308, NaN, Infinity));
const anyDays: fc.Arbitrary<readonly VolumePoint[]> = fc
  .tuple(
    fc.integer({ min: 15_000, max: 25_000 }),
    fc.array(
      fc.record({
        count: anyNumber,
        state: fc.constantFrom(...states),
        expected: fc.option(fc.record({ median: anyNumber, p10: anyNumber, p90: anyNumber })),
      }),
      { maxLength: 400 },
    ),
  )
  .map(([first, days]) => days.map((each, index) => ({ ...each, day: (first + index) as Day })));

/** Every point that the paths and shapes of a drawing go through, relative moves followed. */
function pointsOf(svg: string): { readonly x: number; readonly y: number }[] {
  const found: { x: number; y: number }[] = [];
  for (const [, path = ''] of svg.matchAll(/ d="([^"]*)"/g)) {
    let [x, y] = [0, 0];
    for (const [, command = '', values = ''] of path.matchAll(/([MLHVZhvzmla])([^MLHVZhvzmla]*)/g)) {
      const numbers = (values.match(/-?\d*\.?\d+/g) ?? []).map(Number);
      if (command === 'M') [x, y] = [numbers[0] ?? NaN, numbers[1] ?? NaN];
      if (command === 'H') x = numbers[0] ?? NaN;
      if (command === 'V') y = numbers[0] ?? NaN;
      if (command === 'h') x += numbers[0] ?? NaN;
      if (command === 'v') y += numbers[0] ?? NaN;
      if (command === 'm') [x, y] = [x + (numbers[0] ?? NaN), y + (numbers[1] ?? NaN)];
      if (command === 'L' || command === 'l')
        for (let at = 0; at < numbers.length; at += 2) {
          const [dx = NaN, dy = NaN] = numbers.slice(at, at + 2);
          [x, y] = command === 'L' ? [dx, dy] : [x + dx, y + dy];
          found.push({ x, y });
        }
      if (command !== 'Z' && command !== 'z') found.push({ x, y });
    }
  }
  for (const [, x, y] of svg.matchAll(/<(?:text|circle) c?x="([^"]*)" c?y="([^"]*)"/g))
    found.push({ x: Number(x), y: Number(y) });
  return found;
}

function drawn(svg: string): readonly { width: number; height: number; text: string }[] {
  return [...svg.matchAll(/<svg [^>]*viewBox="0 0 (\d+) (\d+)"[^>]*>(.*?)<\/svg>/gs)].map(
    ([, width, height, text = '']) => ({ width: Number(width), height: Number(height), text }),
  );
}

function staysInside(svg: string): void {
  expect(svg).not.toMatch(/NaN|Infinity|undefined|e\+/);
  for (const { width, height, text } of drawn(svg))
    for (const { x, y } of pointsOf(text)) {
      expect(x).toBeGreaterThanOrEqual(-8);
      expect(x).toBeLessThanOrEqual(width + 8);
      expect(y).toBeGreaterThanOrEqual(-1);
      expect(y).toBeLessThanOrEqual(height + 2);
    }
}

describe('drawings', () => {
  it.each(['fr', 'en'] as const)('a volume chart of any days stays inside its box (%s)', (language) => {
    fc.assert(
      fc.property(anyDays, (points) => {
        staysInside(volumeChart(points, { language, noun: 'Passages', id: 'v' }).toString());
      }),
      { numRuns: 60 },
    );
  });

  it('sparklines and target bars of any numbers stay inside theirs', () => {
    fc.assert(
      fc.property(fc.array(fc.option(anyNumber), { maxLength: 40 }), (values) => {
        staysInside(sparkline(values).toString());
      }),
    );
    fc.assert(
      fc.property(anyNumber, fc.option(anyNumber, { nil: undefined }), (share, target) => {
        staysInside(targetBar(share, target === undefined ? {} : { target }).toString());
      }),
    );
  });

  it('a sparkline of one value is a dot at the right, of none an empty box', () => {
    expect(sparkline([5]).toString()).toMatch(/circle cx="80"/);
    expect(sparkline([]).toString()).not.toContain('circle');
    expect(sparkline([null, 3, null]).toString()).toContain('circle cx="73');
  });

  it('ticks go up in steps of 1, 2 or 5 and reach the highest value', () => {
    expect(ticksUpTo(126)).toEqual([0, 50, 100, 150]);
    expect(ticksUpTo(0)).toEqual([0, 1]);
    expect(ticksUpTo(4)).toEqual([0, 1, 2, 3, 4]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (highest) => {
        const ticks = ticksUpTo(highest);
        expect(ticks.length).toBeLessThanOrEqual(5);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest);
        expect(String(ticks[1])).toMatch(/^[125]0*$/);
      }),
    );
  });

  it('a volume chart says its finding, and the same numbers in its table', () => {
    const monday = dayFromIso('2026-11-09') ?? (0 as Day);
    const points: readonly VolumePoint[] = [
      { day: monday, count: 62, state: 'low', expected: { median: 115, p10: 92, p90: 140 } },
      { day: (monday + 1) as Day, count: 0, state: 'silent', expected: { median: 103, p10: 80, p90: 120 } },
      { day: (monday + 2) as Day, count: 1234, state: 'received', expected: null },
    ];
    const chart = volumeChart(points, { language: 'fr', noun: 'Passages', id: 'v' }).toString();
    expect(chart).toContain('Un jour anormalement bas\u00a0: lundi 9 novembre, 62 pour 115 attendus.');
    expect(chart).toContain('Un jour en silence\u00a0: mardi 10 novembre.');
    const rows = [
      ...chart.matchAll(/<th scope="row">(.*?)<td class="num">(.*?)<td class="num">(.*?)<td>(.*?)(?=<)/g),
    ];
    expect(rows.map((row) => row.slice(1))).toEqual([
      ['mer. 11 nov.', '1\u202f234', '—', 'reçu'],
      ['mar. 10 nov.', '—', '103', 'silence'],
      ['lun. 9 nov.', '62', '115', 'anormalement bas'],
    ]);
    // One drawn bar for each day with a number, and a dashed one for the silence.
    expect(chart.match(/class="bl" d="M[^M"]*"/g)).toHaveLength(2);
    expect(chart.match(/class="bs" d="M[^M"]*"/g)).toHaveLength(2);
  });

  it('the height of a bar is its share of the scale', () => {
    const day = 20_000 as Day;
    const chart = volumeChart(
      [{ day, count: 50, state: 'received', expected: { median: 100, p10: 100, p90: 100 } }],
      {
        ...{ language: 'fr', noun: 'Passages', id: 'v' },
      },
    ).toString();
    // 100 is the top of the scale at 10, 0 at 196: half of it is 103.
    expect(chart).toMatch(/class="bk" d="M[\d.]+ 196V103h/);
    expect(chart).toMatch(/class="med" d="M[\d.]+ 10"/);
  });

  it('a year of days weighs less than sixty kilobytes', () => {
    const points = Array.from({ length: 365 }, (_none, index) => ({
      ...{ day: (20_000 + index) as Day, count: 80 + (index % 40), state: 'received' as const },
      expected: { median: 98, p10: 80, p90: 120 },
    }));
    const text = volumeChart(points, { language: 'fr', noun: 'Passages', id: 'v' }).toString();
    expect(Buffer.byteLength(text)).toBeLessThan(60_000);
  });

  it('a hostile noun is text', () => {
    const chart = volumeChart([], { language: 'fr', noun: '<script>alert(1)</script>', id: 'v' }).toString();
    expect(chart).not.toContain('<script');
  });

  it('fourteen dashes say how many days are in which state', () => {
    const dashes = dayDashes([...Array.from({ length: 12 }, () => 'received' as const), 'late', null], 'fr');
    expect(dashes.toString()).toContain('aria-label="12 reçus, 1 tardif, 1 pas encore attendu"');
    expect(dashes.toString().match(/<i/g)).toHaveLength(14);
    expect(dayDashes([], 'en').toString()).toContain('aria-label=""');
  });
});
