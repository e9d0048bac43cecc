import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWatchRules } from '../../../receiver/monitor/settings.ts';
import { computeFigures, type FigureDeps, type Figures } from '../../../receiver/reports/figures/compute.ts';
import { coverageOf } from '../../../receiver/reports/figures/coverage.ts';
import { healthSignals } from '../../../receiver/reports/figures/signals.ts';
import { hospitalised, staysOf, type Sums } from '../../../receiver/reports/figures/sums.ts';
import { periodAsked } from '../../../receiver/reports/period.ts';
import { stateFolder } from '../../../receiver/state-folder.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { defaultGroups } from '../../../shared/feeds/syndromic-groups.ts';
import { dayFromIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { createDemoRegion, type DemoRegion } from '../../support/portal/demo-region.ts';

/** The Monday after a week that ends with the night of 23 hours. */
const now = Date.parse('2026-03-30T07:30:00+02:00');
const dayMs = 86_400_000;

let folder: string;
let demo: DemoRegion;
let store: Store;
let deps: FigureDeps;
let rows: readonly Row[];
let states: ReadonlyMap<string, string>;
/** Of the week, each facility's besides. */
let region: Figures;
const facilities: Figures[] = [];

/** A visit as the database holds it. */
interface Row {
  readonly facility: string;
  readonly day: number;
  readonly arrived: Date;
  readonly hour: number;
  readonly years: number | undefined;
  readonly days: number | undefined;
  readonly visit: Readonly<Record<string, unknown>> & { readonly associatedDiagnoses?: readonly string[] };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-figures-'));
  let index = 0;
  demo = await createDemoRegion({
    ...{ folder, now, hospitals: 5, days: 36 },
    // What no generator writes: stays of nothing, of a week, of no date; blank and unknown items.
    rewrite: (body) => {
      index += 1;
      const visit = JSON.parse(body) as Record<string, unknown> & { arrivedAt: { text: string; at: number } };
      const stays = {
        ...{ 3: { ...visit.arrivedAt }, 5: { text: '31/02/2026 12:00', at: null } },
        ...{ 7: { text: '01/01/2027 00:00', at: visit.arrivedAt.at + 7 * dayMs } },
        ...{ 11: { text: 'x', at: visit.arrivedAt.at + 72 * 3_600_000 } },
      } as Readonly<Record<number, unknown>>;
      const departedAt =
        stays[visit.arrivedAt.at % 60_000 === 0 ? hashOf(body) % 40 : -1] ?? visit['departedAt'];
      const changed = departedAt === undefined ? visit : { ...visit, departedAt };
      if (hashOf(body) % 17 === 0) changed['sex'] = 'I';
      if (hashOf(body) % 19 === 0) delete changed['birthDate'];
      if (hashOf(body) % 23 === 0) delete changed['severity'];
      return JSON.stringify(changed);
    },
  });
  expect(index).toBeGreaterThan(0);
  const { database } = stateFolder(demo.config.state);
  store = openSqliteStore(database);
  deps = {
    ...{ store, rules: createWatchRules(demo.config.watching), region: 'Val-de-Brume' },
    destinations: demo.config.destinations,
  };
  const db = new Database(database, { readonly: true });
  rows = (
    db.prepare("select facility, day, body from record where feed = 'ed-visits'").all() as {
      facility: string;
      day: number;
      body: string;
    }[]
  ).map(({ facility, day, body }) => {
    const visit = JSON.parse(body) as Row['visit'] & { arrivedAt: { text: string; at: number } };
    const [, d = '', m = '', y = ''] = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(String(visit['birthDate'])) ?? [];
    const lived = d === '' ? undefined : day - Date.UTC(Number(y), Number(m) - 1, Number(d)) / dayMs;
    const days = lived === undefined || lived < 0 || lived >= 121 * 365.25 ? undefined : lived;
    return {
      ...{ facility, day, visit, days, arrived: new Date(visit.arrivedAt.at) },
      hour: Number(visit.arrivedAt.text.slice(11, 13)),
      years: days === undefined ? undefined : Math.floor(days / 365.25),
    };
  });
  const seen = db.prepare("select facility, day, state from watch_state where feed = 'ed-visits'").all();
  states = new Map(
    (seen as { facility: string; day: number; state: string }[]).map((one) => [
      `${one.facility} ${one.day}`,
      one.state,
    ]),
  );
  db.close();
  region = await computeFigures(deps, {
    ...{ ...periodAsked('weekly', undefined, now), facility: null, now },
    each: async (figures) => void facilities.push(figures),
  });
}, 120_000);
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

function hashOf(text: string): number {
  let value = 7;
  for (const letter of text) value = (value * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return value;
}

const day = (iso: string): Day => dayFromIso(iso) as Day;
const monday = day('2026-03-23');
const sunday = day('2026-03-29');
const facilityDays = 5 * 7;
const tally = (count: number, of: (index: number) => number): number[] =>
  Array.from({ length: count }, (_none, index) => of(index));

/** Everything of `Sums`, counted by filters over the visits. */
function naive(given: readonly Row[]): unknown {
  const count = (of: (row: Row) => boolean): number => given.filter(of).length;
  const years: readonly [number, number][] = [
    ...([
      [1, 5],
      [5, 10],
      [10, 15],
      [15, 18],
      [18, 30],
      [30, 45],
    ] as const),
    ...([
      [45, 65],
      [65, 75],
      [75, 85],
      [85, 200],
    ] as const),
  ].map(([from, to]) => [from, to]);
  const coded = (row: Row): boolean =>
    row.visit['principalDiagnosis'] !== undefined || (row.visit.associatedDiagnoses ?? []).length > 0;
  const minutes = given
    .map(({ visit, arrived }) => {
      const departed = visit['departedAt'] as { at: number | null } | undefined;
      return departed?.at == null ? undefined : (departed.at - arrived.getTime()) / 60_000;
    })
    .filter((each) => each !== undefined && each > 0 && each <= 4320)
    .sort((one, other) => (one ?? 0) - (other ?? 0)) as number[];
  const middle = Math.floor(minutes.length / 2);
  const bounds = [0, 60, 120, 240, 480, 720, 4321];
  const departed = (row: Row): { at: number | null } | undefined =>
    row.visit['departedAt'] as { at: number | null } | undefined;
  const stayed = (row: Row): number => ((departed(row)?.at ?? 0) - row.arrived.getTime()) / 60_000;
  return {
    visits: given.length,
    coded: count(coded),
    elderly: count((row) => (row.years ?? 0) >= 75),
    hours: tally(24, (hour) => count((row) => row.hour === hour)),
    ages: [
      count((row) => row.days !== undefined && row.days < 28),
      count((row) => row.days !== undefined && row.days >= 28 && row.years === 0),
      ...years.map(([from, to]) => count(({ years: own = -1 }) => own >= from && own < to)),
      count((row) => row.years === undefined),
    ],
    sexes: ['M', 'F', 'I', undefined].map((sex) => count((row) => row.visit['sex'] === sex)),
    severities: ['1', 'P', '2', '3', '4', '5', 'D', undefined].map((each) =>
      count((row) => row.visit['severity'] === each),
    ),
    departures: ['8', '6', '7', '9', undefined].map((each) =>
      count((row) => row.visit['departureMode'] === each),
    ),
    groups: Object.values(published).map(({ codes, associated, below }) =>
      count(({ visit, years: own }) => {
        const codesOf = [
          visit['principalDiagnosis'],
          ...(associated ? (visit.associatedDiagnoses ?? []) : []),
        ];
        return (
          (below === undefined || (own ?? 99) < below) && codesOf.some((code) => codes.test(String(code)))
        );
      }),
    ),
    hospitalised: {
      count: count((row) => ['6', '7'].includes(String(row.visit['departureMode']))),
      of: count((row) => ['6', '7', '8', '9'].includes(String(row.visit['departureMode']))),
    },
    leftOut: {
      open: count((row) => departed(row) === undefined),
      unreadable: count((row) => departed(row)?.at === null),
      zero: count((row) => departed(row)?.at != null && stayed(row) <= 0),
      long: count((row) => departed(row)?.at != null && stayed(row) > 4320),
    },
    stays: {
      known: minutes.length,
      median:
        minutes.length === 0
          ? null
          : minutes.length % 2 === 1
            ? minutes[middle]
            : ((minutes[middle - 1] ?? 0) + (minutes[middle] ?? 0)) / 2,
      classes: tally(
        6,
        (index) =>
          minutes.filter((one) => one >= (bounds[index] ?? 0) && one < (bounds[index + 1] ?? 0)).length,
      ),
    },
  };
}

const published: Readonly<Record<string, { codes: RegExp; associated?: true; below?: number }>> = {
  ari: { codes: /^(?:B342|B972|B974|J09|J1[0-8]|J2[0-2]|U049|U071[01245]?$)/, associated: true },
  ...{ influenza: { codes: /^J(?:09|10|11)/ }, bronchiolitis: { codes: /^J21/, below: 2 } },
  ...{
    gastroenteritis: { codes: /^A09/ },
    asthma: { codes: /^J4[56]/ },
    hyperthermia: { codes: /^(?:T67|X30)/ },
  },
  ...{
    dehydration: { codes: /^E86/ },
    hyponatraemia: { codes: /^E871/ },
    malaise: { codes: /^R(?:42|53|55)/ },
  },
  ...{
    bites: { codes: /^(?:T63|W57|X2\d)/ },
    'carbon-monoxide': { codes: /^T58/ },
    mushrooms: { codes: /^T62/ },
  },
};

function told(sums: Sums): unknown {
  const { visits, coded, elderly, hours, ages, sexes, severities, departures, groups, leftOut } = sums;
  return {
    ...{ visits, coded, elderly, hours: [...hours], ages: [...ages], sexes: [...sexes] },
    ...{ severities: [...severities], departures: [...departures], groups: [...groups] },
    ...{ leftOut, hospitalised: hospitalised(sums), stays: staysOf(sums) },
  };
}

const within = (from: number, to: number, facility?: string): readonly Row[] =>
  rows.filter(
    (row) => row.day >= from && row.day <= to && (facility === undefined || row.facility === facility),
  );

async function weekOf(facility: string | null): Promise<Figures> {
  return computeFigures(deps, { ...periodAsked('weekly', '2026-W13', now), facility, now });
}

describe('the figures of a week', () => {
  it('are, cell by cell, what is counted of the visits by hand: region, facilities, days', () => {
    expect([region.from, region.to]).toEqual([monday, sunday]);
    expect(told(region.total)).toEqual(naive(within(monday, sunday)));
    for (const one of region.days) expect(told(one.sums)).toEqual(naive(within(one.day, one.day)));
    expect(facilities.map(({ facility }) => facility)).toEqual(demo.hospitals.map(({ finess }) => finess));
    for (const figures of facilities) {
      expect(told(figures.total)).toEqual(naive(within(monday, sunday, figures.facility ?? '')));
      for (const one of figures.days)
        expect(told(one.sums)).toEqual(naive(within(one.day, one.day, figures.facility ?? '')));
    }
    for (const line of region.facilities)
      expect(line.days.map(({ count }) => count)).toEqual(
        tally(7, (index) => within(monday + index, monday + index, line.facility).length),
      );
    // Every kind of stay was met.
    expect(Object.values(region.total.leftOut).every((count) => count > 0)).toBe(true);
  });

  it('judge every day as the watching did', async () => {
    const found = region.facilities.flatMap(({ facility, days }) =>
      days.map(({ day: on, state }) => [`${facility} ${on}`, state]),
    );
    expect(found).toEqual(found.map(([place = '']) => [place, states.get(place)]));
    const troubled = found.filter(([, state]) => state !== 'received' && state !== 'late');
    expect(troubled.length).toBeGreaterThan(0);
    const coverage = coverageOf(region);
    expect([coverage.whole, coverage.incomplete, coverage.notAwaited]).toEqual([
      facilityDays - troubled.length,
      troubled.length,
      0,
    ]);
  });

  it('compare whole days with whole days of the same facility and weekday', async () => {
    const isWhole = (facility: string, on: number): boolean =>
      ['received', 'late'].includes(states.get(`${facility} ${on}`) ?? '');
    let [days, current, reference] = [0, 0, 0];
    for (const { finess: facility } of demo.hospitals)
      for (let on = monday; on <= sunday; on = (on + 1) as Day) {
        const before = [7, 14, 21, 28].map((back) => on - back).filter((each) => isWhole(facility, each));
        if (!isWhole(facility, on) || before.length === 0) continue;
        days += 1;
        current += within(on, on, facility).length;
        reference +=
          before.reduce((sum, each) => sum + within(each, each, facility).length, 0) / before.length;
      }
    expect([region.previous.days, region.previous.of]).toEqual([days, facilityDays]);
    expect(region.previous.current.visits).toBe(current);
    expect(region.previous.reference.visits).toBeCloseTo(reference, 6);
    expect(days).toBeLessThan(facilityDays);
    // Nothing is held of the year before: nothing is compared, and nothing is zero.
    expect([region.lastYear.days, region.lastYear.reference.visits]).toEqual([0, 0]);
  });

  it('count items as due, filled and usable, over all facilities', async () => {
    const all = within(monday, sunday);
    expect(region.counted.records).toBe(all.length);
    const [severity] = region.counted.items.filter(
      ([due, filled]) =>
        due === all.length && filled === all.filter(({ visit }) => visit['severity'] !== undefined).length,
    );
    expect(severity).toBeDefined();
  });

  it('give a signal of health beside what is expected, with how much is known', async () => {
    const share = (100 * (region.total.groups[0] ?? 0)) / region.total.coded;
    const groups = (low: number, high: number) => [
      {
        ...defaultGroups[0],
        expected: { every: { low: 0, high: 100 }, weeks: { '13': { low, high } } },
      } as never,
    ];
    const signalOf = (low: number, high: number): unknown =>
      healthSignals(groups(low, high), region.total, coverageOf(region), monday)[0]?.signal;
    expect(signalOf(0, share - 0.1)).toBe('above');
    expect(signalOf(share + 0.1, 100)).toBe('below');
    expect(signalOf(share - 0.1, share + 0.1)).toBe('within');
    const [weak] = healthSignals(groups(0, 100), region.total, { ...coverageOf(region), coded: 0.3 }, monday);
    expect(weak?.isWeak).toBe(true);
  });
});

describe('a period', () => {
  it('without a visit is neither zero nor compared', async () => {
    const figures = await computeFigures(deps, {
      ...periodAsked('daily', '2025-07-02', now),
      facility: null,
      now,
    });
    expect(figures.total.visits).toBe(0);
    const coverage = coverageOf(figures);
    expect([coverage.whole, coverage.received, coverage.coded]).toEqual([0, null, null]);
    expect(figures.previous.days).toBe(0);
  });

  it('that is not over says which day is running and which is to come', async () => {
    const figures = await computeFigures(deps, {
      ...periodAsked('weekly', '2026-W14', now),
      facility: null,
      now,
    });
    expect(figures.facilities[0]?.days.map(({ state }) => state)).toEqual([
      'running',
      ...tally(6, () => 0).map(() => 'future'),
    ]);
    expect(coverageOf(figures).incomplete).toBe(5);
  });

  it('to come, or that is none, is refused; so is a facility that nobody registered', async () => {
    expect(() => periodAsked('daily', '2026-03-31', now)).toThrow('report-period-future');
    expect(() => periodAsked('weekly', '2026-W15', now)).toThrow('report-period-future');
    for (const text of ['2026-W54', '2025-W53', '2026-3', ''])
      if (text !== '') expect(() => periodAsked('weekly', text, now)).toThrow('report-period-invalid');
    expect(() => periodAsked('daily', '2026-02-30', now)).toThrow('report-period-invalid');
    await expect(weekOf('990000099')).rejects.toMatchObject({ code: 'report-facility-unknown' });
  });
});
