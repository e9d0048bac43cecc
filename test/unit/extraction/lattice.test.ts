import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { latticeOf } from '../../../receiver/extraction/lattice.ts';
import { createWatchRules } from '../../../receiver/monitor/settings.ts';
import { watchingSettings } from '../../../receiver/config-watching.ts';
import { smallWithin } from '../../../receiver/quality/small-numbers.ts';
import { groupLattice, tellGroups } from '../../../receiver/quality/nested-groups.ts';
import { setGroups } from '../../../receiver/reports/groups.ts';
import {
  coversGroup,
  defaultGroups,
  matcherOf,
  type SyndromicGroup,
} from '../../../shared/feeds/syndromic-groups.ts';
import { dayFromIso, dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import {
  extract,
  facilities,
  firstMonday,
  requester,
  smallRegion,
  textOf,
  thrower,
  type SmallRegion,
} from '../../support/extraction-region.ts';
import { putDay } from '../../support/portal/quality-days.ts';

const day = (text: string): Day => dayFromIso(text) as Day;
const later = Date.parse('2028-01-15T10:00:00+01:00');
const spansOf = (from: string, to: string, by: 'week' | 'month', now = later) =>
  latticeOf({ from: day(from), to: day(to) }, by, now);

describe('periods of counts', () => {
  it('are weeks from Monday to Sunday, each once, over the changes of the clock and of the year', () => {
    const { spans, leftOut } = spansOf('2026-01-01', '2026-12-31', 'week');
    expect(spans).toHaveLength(51);
    expect([spans[0]?.name, spans.at(-1)?.name]).toEqual(['2026-W02', '2026-W52']);
    spans.forEach(({ mondays }, index) => expect(mondays).toEqual([(day('2026-01-05') + index * 7) as Day]));
    expect(leftOut).toBe(365 - 51 * 7);
    expect(spansOf('2026-12-28', '2027-01-03', 'week').spans.map(({ name }) => name)).toEqual(['2026-W53']);
  });

  it('are months made of the weeks whose Thursday lies in them, every week in one', () => {
    const { spans } = spansOf('2025-12-29', '2027-01-03', 'month');
    expect(spans.map(({ name }) => name)).toEqual(
      Array.from({ length: 12 }, (_none, month) => `2026-${String(month + 1).padStart(2, '0')}`),
    );
    const mondays = spans.flatMap((span) => span.mondays);
    mondays.forEach((monday, index) => expect(monday).toBe(day('2025-12-29') + index * 7));
    expect(mondays).toHaveLength(53);
    for (const { name, mondays: own } of spans)
      for (const monday of own) expect(dayToIso((monday + 3) as Day).slice(0, 7)).toBe(name);
  });

  it('are none of which a day is missing or to come', () => {
    expect(spansOf('2026-03-03', '2026-03-15', 'week').spans.map(({ name }) => name)).toEqual(['2026-W11']);
    expect(spansOf('2026-03-03', '2026-04-29', 'month').spans).toEqual([]);
    expect(spansOf('2026-03-03', '2026-05-03', 'month').spans.map(({ name }) => name)).toEqual(['2026-04']);
    // As calendars have it: the month that bears the name is given, and says from when to when it goes.
    const april = spansOf('2026-04-01', '2026-04-30', 'month');
    expect(april).toMatchObject({ spans: [{ name: '2026-04' }], leftOut: 0 });
    expect(april.spans[0]?.mondays.map((monday) => dayToIso(monday))).toEqual([
      '2026-03-30',
      '2026-04-06',
      '2026-04-13',
      '2026-04-20',
      '2026-04-27',
    ]);
    expect(
      spansOf('2026-04-01', '2026-04-30', 'month', Date.parse('2026-05-03T12:00:00+02:00')).spans,
    ).toEqual([]);
    const sunday = Date.parse('2026-03-15T22:30:00+01:00');
    expect(spansOf('2026-03-09', '2026-03-15', 'week', sunday).spans).toEqual([]);
    expect(spansOf('2026-03-09', '2026-03-15', 'week', sunday + 7_200_000).spans).toHaveLength(1);
  });
});

describe('groups that hold one another', () => {
  const named = (id: string): SyndromicGroup =>
    defaultGroups.find((group) => group.id === id) as SyndromicGroup;
  const group = (
    id: string,
    codes: readonly string[],
    more: Partial<SyndromicGroup> = {},
  ): SyndromicGroup => ({
    ...{
      id,
      name: { fr: id, en: id },
      codes,
      diagnoses: 'principal',
      source: '-',
      confidence: 'local',
      ...more,
    },
  });

  it('are known by their definitions', () => {
    expect(coversGroup(named('ari'), named('influenza'))).toBe(true);
    expect(coversGroup(named('influenza'), named('ari'))).toBe(false);
    expect(coversGroup(named('ari'), named('bronchiolitis'))).toBe(true);
    expect(coversGroup(group('a', ['J21']), named('bronchiolitis'))).toBe(true);
    expect(coversGroup(named('bronchiolitis'), group('a', ['J21']))).toBe(false);
    expect(coversGroup(group('a', ['=J21']), group('b', ['J21']))).toBe(false);
    expect(coversGroup(group('a', ['J21']), group('b', ['=J21', 'J21.0']))).toBe(true);
    expect(coversGroup(group('a', ['J20-J22']), group('b', ['J20', 'J21-J22']))).toBe(true);
  });

  it('hold what they are said to hold', () => {
    const all = [
      ...defaultGroups,
      group('a', ['J20-J22']),
      group('b', ['=J21', 'J210'], { age: { below: 40 } }),
    ];
    const match = matcherOf(all);
    const random = thrower(5);
    const codes = [
      'J09',
      'J101',
      'J21',
      'J210',
      'J22',
      'A090',
      'U071',
      'U0710',
      'E871',
      'E86',
      'R55',
      'S525',
      'X300',
    ];
    const any = (): string | undefined => codes[Math.floor(random() * (codes.length + 2))];
    let nested = 0;
    for (let visit = 0; visit < 3000; visit += 1) {
      const found = new Set(
        match(any(), [any() ?? 'Z99'], random() < 0.2 ? undefined : Math.floor(random() * 4)),
      );
      all.forEach((inner, index) =>
        all.forEach((outer, other) => {
          if (index === other || !coversGroup(outer, inner) || !found.has(index)) return;
          nested += 1;
          expect(found.has(other)).toBe(true);
        }),
      );
    }
    expect(nested).toBeGreaterThan(200);
  });

  it('leave no small number by any difference, whatever comes after', () => {
    const versions = [
      ...defaultGroups,
      group('respiratory', ['J00-J99']),
      group('bronchiolitis', ['J21', 'J20'], { age: { below: 2 } }),
      group('upper', ['J00-J06']),
      group('lower', ['J09-J99']),
    ];
    const lattice = groupLattice(versions);
    const codes = ['J00', 'J101', 'J189', 'J21', 'J20', 'J45', 'A09', 'R55', 'S525'];
    let [told, hidden] = [0, 0];
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = thrower(seed);
      const masks = new Map<bigint, number>();
      for (let visit = 0; visit < 250; visit += 1) {
        const code = codes[Math.floor(random() ** 2 * codes.length)];
        const mask = random() < (seed % 8) / 100 ? 0n : lattice.maskOf(code, [], Math.floor(random() * 6));
        masks.set(mask, (masks.get(mask) ?? 0) + 1);
      }
      const counts = tellGroups(lattice, masks, smallWithin);
      const shown = counts.flatMap((count, place) => (count === null ? [] : [place]));
      told += shown.length;
      hidden += counts.length - shown.length;
      // Every sum of groups that share no visit, taken from whatever holds them all, and from the whole.
      for (const outer of [-1, ...shown]) {
        const inner = shown.filter(
          (place) => place !== outer && (outer < 0 || lattice.holders[place]?.has(outer) === true),
        );
        const bitOf = (place: number): bigint => 1n << BigInt(place);
        const sum = (test: (mask: bigint) => boolean): number =>
          [...masks].reduce((all, [mask, count]) => (test(mask) ? all + count : all), 0);
        const whole = outer < 0 ? sum(() => true) : (counts[outer] ?? 0);
        for (let bits = 1; bits < 1 << Math.min(inner.length, 12); bits += 1) {
          const chosen = inner.filter((_place, index) => (bits >> index) & 1);
          const isApart = [...masks.keys()].every(
            (mask) => chosen.filter((place) => mask & bitOf(place)).length <= 1,
          );
          if (!isApart) continue;
          const left = whole - chosen.reduce((all, place) => all + (counts[place] ?? 0), 0);
          if (left < smallWithin)
            throw new Error(`seed ${seed}: ${outer} less ${chosen.join('+')} leaves ${left}`);
        }
      }
    }
    expect(told).toBeGreaterThan(100);
    expect(hidden).toBeGreaterThan(100);
  });
});

describe('counts by group', () => {
  let region: SmallRegion;
  const period = { from: dayToIso(firstMonday), to: dayToIso((firstMonday + 27) as Day) };
  const asked = {
    ...period,
    content: { kind: 'aggregates', split: 'syndrome', by: 'week', places: 'region' },
  };
  const operator = requester('regional-operator', 'all', true);

  beforeAll(async () => {
    region = await smallRegion(4, 4, (facility) => 9 + facility * 6);
  });

  afterAll(async () => {
    await region.close();
  });

  it('are those of the region, as its visits say', async () => {
    const { rows, notes } = await extract(region.deps, operator, asked);
    const match = matcherOf(defaultGroups);
    let told = 0;
    for (const [, monday, sunday, name, , count] of rows) {
      if (typeof count !== 'number') continue;
      told += 1;
      const visits = region.visits.filter(({ arrivedAt }) => {
        const at = dayToIso(Math.floor((arrivedAt.at + 3_600_000) / 86_400_000) as Day);
        return at >= textOf(monday) && at <= textOf(sunday);
      });
      const place = defaultGroups.findIndex(({ id }) => id === name);
      const expected = visits.filter(({ principalDiagnosis, associatedDiagnoses = [] }) =>
        name === 'total'
          ? true
          : name === 'coded'
            ? principalDiagnosis !== undefined || associatedDiagnoses.length > 0
            : match(principalDiagnosis, associatedDiagnoses, 50).includes(place),
      ).length;
      // Bronchiolitis has an age: of the others the age says nothing.
      if (name !== 'bronchiolitis') expect([name, count]).toEqual([name, expected]);
    }
    expect(told).toBeGreaterThan(20);
    expect(notes.join('\n')).toContain('version 0');
  });

  it('are not given by facility', async () => {
    const content = { ...asked.content, places: 'facility' };
    await expect(extract(region.deps, operator, { ...asked, content })).rejects.toMatchObject({
      code: 'extraction-places-refused',
    });
  });

  it('do not let two versions of nearly the same group be told apart', async () => {
    const before = await extract(region.deps, operator, asked);
    // One visit a week more: those of A09 and, on one day, of R55.
    const nearly = defaultGroups.map((each) =>
      each.id === 'gastroenteritis' ? { ...each, codes: ['A09', 'K59'] } : each,
    );
    const [one] = facilities;
    for (let week = 0; week < 4; week += 1) {
      const monday = (firstMonday + week * 7) as Day;
      const own = region.visits.filter(
        ({ facility, arrivedAt }) =>
          facility === one && Math.floor((arrivedAt.at + 3_600_000) / 86_400_000) === monday,
      );
      await putDay(
        region.store,
        one,
        monday,
        own.map((visit, index) => (index === 0 ? { ...visit, principalDiagnosis: 'K590' } : visit)),
      );
    }
    const person = { kind: 'command-line', id: 'p', name: 'p' } as const;
    await setGroups({ store: region.store, clock: region.deps.clock }, person, nearly, 'essai');
    const after = await extract(region.deps, operator, asked);
    expect(after.notes.join('\n')).toContain('version 1');
    const ofGroup = (found: typeof before) =>
      found.rows.filter((row) => row.includes('gastroenteritis')).map((row) => row.at(-1));
    expect(ofGroup(before).some((count) => typeof count === 'number')).toBe(true);
    // The newer group holds the older one, and one visit more: it is the newer that is not told.
    expect(ofGroup(after)).toEqual([1, 2, 3, 4].map(() => ({ hidden: true })));
  });

  it('say which days are whole when the region’s rules are known', async () => {
    const watch = { rules: createWatchRules(watchingSettings.parse({})), destinations: [] };
    const { notes } = await extract({ ...region.deps, watch }, operator, asked);
    expect(notes.at(-1)).toMatch(
      /^Jours d’établissement : \d+ complets, \d+ incomplets ou absents, \d+ non attendus/,
    );
  });
});
