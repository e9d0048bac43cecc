import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { qualitySettings } from '../../../receiver/config-quality.ts';
import { readScorecard } from '../../../receiver/quality/scorecard.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { edVisits } from '../../../shared/feeds/ed-visits.ts';
import { dayFromIso, type Day } from '../../../shared/runtime/paris-time.ts';
import {
  countAll,
  enterFacility,
  putDay,
  visitOn,
  type VisitPart,
} from '../../support/portal/quality-days.ts';
import { finess } from '../../support/rpu-text.ts';

/**
 * Scorecards of visits drawn from everything that hospitals write, right and wrong, counted a second time here: by filters
 * over the visits, one item at a time, with the words of the national guide in the place of the product's tables.
 */
const first = dayFromIso('2026-09-01') as Day;
const days = 60;
const from = (first + 30) as Day;
const to = (first + days - 1) as Day;
const places = [1, 2, 3, 4, 5, 6].map((index) => finess(index));

interface Held {
  readonly facility: string;
  readonly day: number;
  readonly hour: number;
  readonly visit: Readonly<Record<string, unknown>>;
}

let folder: string;
let store: Store;
const held: Held[] = [];

/** Numbers that a seed gives, always the same. */
function createChance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >> 8) % below;
  };
}

/** Right values, wrong ones and none, more often none the higher the facility's number. */
const written: Readonly<Record<string, readonly string[]>> = {
  postalCode: ['67000', '67999', '99999', '6700', 'X'],
  commune: ['VILLE-TEST', 'AILLEURS'],
  birthDate: ['14/02/1951', '01/01/2020', '31/02/2020', '01/01/1850'],
  sex: ['M', 'F', 'I', 'X'],
  arrivalMode: ['6', '7', '8', '9'],
  origin: ['1', '5', '8', '42'],
  transport: ['PERSO', 'AMBU', 'SMUR', 'VELO'],
  transportCare: ['MED', 'PARAMED', 'AUCUN', 'RIEN'],
  severity: ['1', '2', '3', '4', '5', 'P', 'D', '7'],
  departureMode: ['6', '7', '8', '9', '4'],
  destination: ['1', '2', '4', '44'],
  disposition: ['MED', 'UHCD', 'REO', 'FUGUE', 'NULLE'],
};

function draw(chance: (below: number) => number, blanks: number): VisitPart {
  const part: Record<string, string> = {};
  for (const [name, values] of Object.entries(written))
    if (chance(100) >= blanks) part[name] = values[chance(values.length)] ?? '';
  if (chance(100) >= blanks) part['principalDiagnosis'] = chance(9) === 0 ? 'mal' : 'J189';
  return part;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-scorecards-'));
  store = openSqliteStore(join(folder, 'receiver.db'));
  for (const [index, facility] of places.entries()) {
    await enterFacility(store, facility);
    const chance = createChance(index + 7);
    for (let day = first; day <= to; day = (day + 1) as Day) {
      // A day in eleven nothing comes.
      if (chance(11) === 0) continue;
      const visits = Array.from({ length: 4 + chance(5) }, (_none, rank) => {
        // Every fourth hour, so that nobody is taken for another.
        const hour = (rank * 3 + chance(3)) % 24;
        const departs = chance(10) > 2;
        const late = visitOn(facility, day, { hour: Math.min(23, hour) }).arrivedAt;
        const left = { text: late.text, at: late.at + (chance(12) - 1) * 3_600_000 };
        const part = { ...draw(chance, index * 8), hour, ...(departs ? { departedAt: left } : {}) };
        const visit = visitOn(facility, day, part);
        held.push({ facility, day, hour, visit: { ...visit } });
        return visit;
      });
      await putDay(store, facility, day, visits);
    }
  }
  await countAll(store);
}, 60_000);
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

type Test = (row: Held) => boolean;
const has =
  (name: string): Test =>
  ({ visit }) =>
    visit[name] !== undefined;
const inHospital: Test = ({ visit }) => visit['departureMode'] === '6' || visit['departureMode'] === '7';
const everybody: Test = () => true;
const at = (value: unknown): number => (value as { readonly at: number }).at;
const one = (name: string, ...values: readonly string[]): Test => {
  return ({ visit }) => values.includes(String(visit[name]));
};

/** Of whom an item is due, and when what is filled can be used; undefined: not told here. */
const guide: readonly (readonly [tag: string, name: string, due: Test, usable?: Test])[] = [
  ['CP', 'postalCode', everybody, one('postalCode', '67000', '67999', '99999')],
  ['COMMUNE', 'commune', everybody, has('commune')],
  ['NAISSANCE', 'birthDate', everybody, one('birthDate', '14/02/1951', '01/01/2020')],
  ['SEXE', 'sex', everybody, one('sex', 'M', 'F', 'I')],
  ['ENTREE', 'arrivedAt', everybody, everybody],
  ['MODE_ENTREE', 'arrivalMode', everybody, one('arrivalMode', '6', '7', '8')],
  ['PROVENANCE', 'origin', everybody, one('origin', '1', '5', '8')],
  ['TRANSPORT', 'transport', everybody, one('transport', 'PERSO', 'AMBU', 'SMUR')],
  ['TRANSPORT_PEC', 'transportCare', everybody, one('transportCare', 'MED', 'PARAMED', 'AUCUN')],
  ['MOTIF', 'reason', everybody, has('reason')],
  ['GRAVITE', 'severity', everybody, one('severity', '1', '2', '3', '4', '5', 'P', 'D')],
  [
    ...(['DP', 'principalDiagnosis'] as const),
    (row) => !one('disposition', 'FUGUE', 'PSA', 'SCAM', 'REO')(row),
    one('principalDiagnosis', 'J189'),
  ],
  [
    ...(['SORTIE', 'departedAt', everybody] as const),
    (row) => has('departedAt')(row) && at(row.visit['departedAt']) >= at(row.visit['arrivedAt']),
  ],
  ['MODE_SORTIE', 'departureMode', has('departedAt'), one('departureMode', '6', '7', '8', '9')],
  ['DESTINATION', 'destination', inHospital, one('destination', '1', '2', '4')],
  ['ORIENT', 'disposition', inHospital],
];

const rowsOf = (facility: string, since: number, until: number): readonly Held[] =>
  held.filter((row) => row.facility === facility && row.day >= since && row.day <= until);
const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

function filledShare(rows: readonly Held[], name: string, due: Test): number | null {
  const asked = rows.filter(due);
  return share(asked.filter(has(name)).length, asked.length);
}

it('every scorecard is, cell by cell, what is counted of the visits by hand', async () => {
  const settings = qualitySettings.parse({});
  for (const facility of places) {
    const card = await store.read((tx) =>
      readScorecard(tx, edVisits, facility, { from, to }, settings, { examples: false }),
    );
    const rows = rowsOf(facility, from, to);
    expect(card?.records).toBe(rows.length);
    expect(card?.days).toBe(new Set(rows.map(({ day }) => day)).size);
    expect(card?.items.map(({ tag }) => tag).sort()).toEqual(guide.map(([tag]) => tag).sort());
    for (const [tag, name, due, usable] of guide) {
      const item = card?.items.find((each) => each.tag === tag);
      const asked = rows.filter(due);
      const filled = filledShare(rows, name, due);
      const place = [facility, tag];
      expect([...place, item?.due, item?.filled]).toEqual([...place, asked.length, filled]);
      if (usable !== undefined)
        expect([...place, item?.usable]).toEqual([
          ...[...place, share(asked.filter((row) => has(name)(row) && usable(row)).length, asked.length)],
        ]);
      const target = tag === 'DP' ? 0.95 : 0.8;
      expect([...place, item?.target, item?.isBelow]).toEqual([
        ...[...place, target, filled !== null && filled < target],
      ]);
      expect([...place, item?.before]).toEqual([
        ...[...place, filledShare(rowsOf(facility, from - 30, from - 1), name, due)],
      ]);
      expect([...place, item?.trend.slice(-4)]).toEqual([
        ...place,
        [3, 2, 1, 0].map((back) =>
          filledShare(rowsOf(facility, to - 7 * back - 6, to - 7 * back), name, due),
        ),
      ]);
      const lacking = asked.filter((row) => !has(name)(row));
      const night: Test = ({ hour }) => hour >= 20 || hour <= 7;
      expect([...place, item?.night?.missing ?? null]).toEqual([
        ...[...place, share(lacking.filter(night).length, lacking.length)],
      ]);
      // Six facilities, all with enough of it: a place among them, and the distance to the middle.
      const shares = places.map((each) => filledShare(rowsOf(each, from, to), name, due) ?? 0);
      const isEnough = places.every((each) => rowsOf(each, from, to).filter(due).length >= 20);
      if (!isEnough) continue;
      const sorted = [...shares].sort((a, b) => a - b);
      const middle = ((sorted[2] ?? 0) + (sorted[3] ?? 0)) / 2;
      expect([...place, item?.rank]).toEqual([
        ...[...place, { place: 1 + shares.filter((each) => each > (filled ?? 0)).length, of: 6 }],
      ]);
      expect(item?.gap ?? NaN).toBeCloseTo((filled ?? 0) - middle, 12);
    }
  }
});
