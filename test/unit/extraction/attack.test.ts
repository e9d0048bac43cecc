import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WeekCounts } from '../../../receiver/extraction/week.ts';
import type { Requester } from '../../../receiver/extraction/request.ts';
import { smallWithin } from '../../../receiver/quality/small-numbers.ts';
import type { EdVisit } from '../../../shared/feeds/ed-visits-record.ts';
import {
  dayFromIso,
  dayOfInstant,
  dayToIso,
  parseFrenchDate,
  type Day,
} from '../../../shared/runtime/paris-time.ts';
import { attack, dimensions, givenAway, oneSplits } from '../../support/extraction-attack.ts';
import {
  extract,
  facilities,
  firstMonday,
  requester,
  smallRegion,
  type SmallRegion,
} from '../../support/extraction-region.ts';
import { countAll } from '../../support/portal/quality-days.ts';

const weeks = 4;
const isHidden = { hidden: true };

/** Counted apart, from the visits themselves. */
function classOf(split: string, visit: EdVisit): string {
  if (split === 'hour') return String(Number(visit.arrivedAt.text.slice(11, 13)));
  if (split === 'severity') return visit.severity ?? 'unknown';
  if (split === 'departure')
    return (
      { '8': 'home', '6': 'ward', '7': 'transfer', '9': 'death' }[visit.departureMode ?? ''] ?? 'unknown'
    );
  const birth = visit.birthDate === undefined ? undefined : parseFrenchDate(visit.birthDate);
  if (birth === undefined) return 'unknown';
  const days = dayOfInstant(visit.arrivedAt.at) - birth;
  if (days < 28) return '0-28d';
  const years = Math.floor(days / 365.25);
  const upper = [1, 5, 10, 15, 18, 30, 45, 65, 75, 85];
  const place = upper.findIndex((each) => years < each);
  return (
    ['28d-1', '1-5', '5-10', '10-15', '15-18', '18-30', '30-45', '45-65', '65-75', '75-85', '85+'].at(
      place,
    ) ?? ''
  );
}

function weekOf(visit: EdVisit): number {
  return Math.floor((dayOfInstant(visit.arrivedAt.at) - firstMonday) / 7);
}

function countsOf(visits: readonly EdVisit[], week: number): WeekCounts {
  const ofWeek = visits.filter((visit) => weekOf(visit) === week);
  return {
    places: new Map(
      facilities.flatMap((facility) => {
        const own = ofWeek.filter((visit) => visit.facility === facility);
        const classes = Object.fromEntries(
          dimensions.map(({ name, kind, classes: all }) => [
            name,
            all.map((each) =>
              kind === 'many' ? 0 : own.filter((visit) => classOf(name, visit) === each).length,
            ),
          ]),
        );
        return own.length === 0 ? [] : [[facility, { total: own.length, classes }] as const];
      }),
    ),
  };
}

describe('all answers put together', () => {
  let region: SmallRegion;
  const seen = new Map<string, unknown>();
  const outside = new Map<string, unknown>();

  beforeAll(async () => {
    region = await smallRegion(
      11,
      weeks,
      (facility, week, random) =>
        Math.floor(random() * ([4, 9, 26][facility] ?? 0)) + (week === 2 && facility === 0 ? 0 : 1),
    );
    await countAll(region.store);
    await askEverything(region, seen, outside);
  }, 240_000);

  afterAll(async () => {
    await region.close();
  });

  it('tell every week in one way, whoever asks, for how long and for which facilities', () => {
    expect(seen.size).toBeGreaterThan(500);
    for (const [key, value] of outside)
      if (typeof value === 'number') expect(`${key}: ${String(seen.get(key))}`).toBe(`${key}: ${value}`);
  });

  it('tell what the visits count, where they tell anything', () => {
    let told = 0;
    for (const [key, value] of seen) {
      const [monday = '', facility = '', split = '', name = ''] = key.split('|');
      if (typeof value !== 'number' || split === 'syndrome') continue;
      const week = ((dayFromIso(monday) ?? firstMonday) - firstMonday) / 7;
      const visits = region.visits.filter(
        (visit) =>
          weekOf(visit) === week &&
          (facility === '' || visit.facility === facility) &&
          (name === 'total' || classOf(split, visit) === name),
      );
      expect(`${key}: ${value}`).toBe(`${key}: ${visits.length}`);
      expect(value).toBeGreaterThanOrEqual(smallWithin);
      told += 1;
    }
    expect(told).toBeGreaterThan(50);
  });

  it('leave every hidden small number all but one of the values that it could have', () => {
    for (let week = 0; week < weeks; week += 1) {
      const counts = countsOf(region.visits, week);
      const read = (facility: string, split: string, name: string): number | null => {
        const value = seen.get(`${dayToIso((firstMonday + week * 7) as Day)}|${facility}|${split}|${name}`);
        return typeof value === 'number' ? value : null;
      };
      const all = oneSplits.map(({ name: split, classes }) => ({
        totals: [...counts.places.keys()].map((facility) => read(facility, split, 'total')),
        cells: [...counts.places.keys()].map((facility) =>
          classes.map((each) => read(facility, split, each)),
        ),
        classes: classes.map((each) => read('', split, each)),
      }));
      const total = read('', 'hour', 'total');
      expect(givenAway(attack({ total, splits: all }), counts)).toEqual([]);
      expect(all.some(({ cells }) => cells.flat().some((each) => each !== null))).toBe(true);
    }
  });
});

/** Every question of everybody: by Monday, facility ('' for the region), split and class what was answered. */
async function askEverything(
  { deps }: SmallRegion,
  seen: Map<string, unknown>,
  outside: Map<string, unknown>,
): Promise<void> {
  const subsets = [1, 2, 3, 4, 5, 6, 7].map((bits) =>
    facilities.filter((_each, index) => (bits >> index) & 1),
  );
  const inside: Requester[] = [
    requester('regional-operator'),
    requester('auditor'),
    requester('read-only'),
    requester('read-only', new Set(facilities.slice(1))),
    ...subsets.map((subset) => requester('hospital-admin', new Set(subset))),
  ];
  const months = new Map<string, unknown>();
  const note = (answers: Map<string, unknown>, who: string, key: string, value: unknown): void => {
    if (answers.has(key)) expect([who, key, answers.get(key)]).toEqual([who, key, value]);
    else answers.set(key, value);
  };
  const ask = async (
    who: Requester,
    split: string,
    places: 'region' | 'facility',
    named?: readonly string[],
  ) => {
    const answers = who.profile === 'health-professional' ? outside : seen;
    for (let from = 0; from < weeks; from += 1)
      for (let to = from; to < weeks; to += 1)
        for (const by of from === 0 && to === weeks - 1
          ? (['week', 'month'] as const)
          : (['week'] as const)) {
          const { columns, rows } = await extract(deps, who, {
            from: dayToIso((firstMonday + from * 7) as Day),
            to: dayToIso((firstMonday + to * 7 + 6) as Day),
            ...(named === undefined ? {} : { facilities: named }),
            content: { kind: 'aggregates', split, by, places },
          });
          for (const row of rows) {
            const at = (name: string): string => {
              const cell = row[columns.indexOf(name)];
              return typeof cell === 'string' ? cell : '';
            };
            const key = `${at('first_day')}|${at('facility')}|${split}|${at('class')}`;
            if (by === 'month') months.set(`${who.profile}|${key}`, row.at(-1));
            else note(answers, who.profile, key, row.at(-1));
          }
        }
  };
  for (const { name } of dimensions) {
    await ask(requester('health-professional'), name, 'region');
    for (const who of inside) {
      if (who.facilities === 'all') await ask(who, name, 'region');
      if (name === 'syndrome') continue;
      const named = subsets.filter(
        (subset) =>
          who.facilities === 'all' ||
          subset.every((each) => who.facilities !== 'all' && who.facilities.has(each)),
      );
      for (const subset of named) await ask(who, name, 'facility', subset);
    }
  }
  // A month is the sum of its weeks, and is hidden as soon as one of them is.
  for (const [key, value] of months) {
    const [profile = '', monday = '', ...rest] = key.split('|');
    const answers = profile === 'health-professional' ? outside : seen;
    const parts = Array.from({ length: weeks }, (_none, week) =>
      answers.get([dayToIso(((dayFromIso(monday) ?? firstMonday) + week * 7) as Day), ...rest].join('|')),
    ).filter((each) => each !== null);
    const sum = parts.reduce<number>((all, each) => all + (typeof each === 'number' ? each : 0), 0);
    const expected =
      parts.length === 0 ? null : parts.every((each) => typeof each === 'number') ? sum : isHidden;
    expect([key, value]).toEqual([key, expected]);
  }
}
