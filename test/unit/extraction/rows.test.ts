import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  columnNames,
  columnsOf,
  fieldTreatments,
  rowColumns,
} from '../../../receiver/extraction/catalogue.ts';
import { fieldsFor, planExtraction, splitsFor } from '../../../receiver/extraction/plan.ts';
import { extractionRequest } from '../../../receiver/extraction/request.ts';
import { edVisitFields, edVisitSchema, type EdVisit } from '../../../shared/feeds/ed-visits-record.ts';
import { extractionColumns } from '../../../shared/i18n/extraction-texts.ts';
import { dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import {
  extract,
  facilities,
  firstMonday,
  requester,
  smallRegion,
  textOf,
  type SmallRegion,
} from '../../support/extraction-region.ts';
import { putDay, visitOn } from '../../support/portal/quality-days.ts';

let region: SmallRegion;
const weeks = 2;
const lastDay = (firstMonday + weeks * 7 - 1) as Day;
const period = { from: dayToIso(firstMonday), to: dayToIso(lastDay) };
const operator = requester('regional-operator', 'all', true);
const [one] = facilities;
const admin = requester('hospital-admin', new Set([one]));
const rows = (fields: readonly string[], more: object = {}) => ({
  ...period,
  content: { kind: 'rows', fields, ...more },
});

beforeAll(async () => {
  region = await smallRegion(3, weeks, (facility) => 8 + facility * 5);
});

afterAll(async () => {
  await region.close();
});

function ageOf({ birthDate, arrivedAt }: EdVisit): number | undefined {
  if (birthDate === undefined) return undefined;
  const birth = Date.UTC(
    Number(birthDate.slice(6)),
    Number(birthDate.slice(3, 5)) - 1,
    Number(birthDate.slice(0, 2)),
  );
  const days = Math.floor((arrivedAt.at + 3_600_000 - birth) / 86_400_000);
  return Math.floor(days / 365.25);
}

describe('columns', () => {
  it('classify every field of the schema, and come from none that nobody may have', () => {
    const names = Object.keys(edVisitSchema.shape).sort();
    expect(Object.keys(fieldTreatments).sort()).toEqual(names);
    expect([...edVisitFields.map(({ name }) => name), 'extensions'].sort()).toEqual(names);
    for (const name of columnNames)
      for (const field of rowColumns[name].of)
        expect([name, fieldTreatments[field]]).not.toEqual([name, 'never']);
    expect(Object.keys(extractionColumns).sort()).toEqual([...columnNames].sort());
  });

  it('tell the region nothing that is its facilities’ own, as it stands', () => {
    const own = columnNames.filter((name) => !columnsOf('region').includes(name));
    expect(own).toEqual(['postal_code', 'commune', 'birth_date', 'arrived_at', 'departed_at']);
    expect(fieldsFor(operator, 'fr').map(({ name }) => name)).toEqual(columnsOf('region'));
    expect(fieldsFor(admin, 'en').map(({ name }) => name)).toEqual(columnNames);
    expect(fieldsFor(requester('auditor'), 'fr')).toEqual([]);
    expect(splitsFor(requester('auditor'), 'en').map(({ title }) => title)).toContain('Age');
    expect(splitsFor(requester('agency'), 'en')).toEqual([]);
  });

  it('never hold a number of the visit, an unknown tag, or a reason in somebody’s own words', async () => {
    for (const who of [operator, admin]) {
      const { rows: found } = await extract(
        region.deps,
        who,
        rows(fieldsFor(who, 'fr').map(({ name }) => name)),
      );
      const text = JSON.stringify(found);
      expect(found.length).toBeGreaterThan(50);
      expect(text).not.toMatch(/id-\d|SECRET|cheval/);
      expect(text).toContain('R06.0');
    }
  });

  it('give the region a year of age, a department, an hour and a quarter of an hour', async () => {
    const fields = [
      'age',
      'department',
      'arrival_day',
      'arrival_hour',
      'departure_day',
      'stay_minutes',
      'syndromes',
    ];
    const monday = firstMonday;
    const visit = visitOn(one, (monday - 7) as Day, {
      ...{ hour: 23, birthDate: dayToFrenchOf((monday - 7 - 40) as Day), postalCode: '97412' },
      ...{ principalDiagnosis: 'J101', reason: 'mal au ventre' },
      departedAt: { text: `${dayToFrenchOf((monday - 6) as Day)} 01:20`, at: 0 },
    });
    const departedAt = { text: visit.departedAt?.text ?? '', at: visit.arrivedAt.at + 135 * 60_000 };
    await putDay(region.store, one, (monday - 7) as Day, [{ ...visit, departedAt }]);
    const day = dayToIso((monday - 7) as Day);
    const { rows: found } = await extract(region.deps, operator, { ...rows(fields), from: day, to: day });
    expect(found).toEqual([[0, '974', day, 23, dayToIso((monday - 6) as Day), 135, 'ari influenza']]);
    const whole = await extract(region.deps, admin, {
      ...rows(['postal_code', 'birth_date', 'arrived_at', 'departed_at', 'reason_code', 'facility_name']),
      ...{ from: day, to: day },
    });
    expect(whole.rows).toEqual([
      ['97412', visit.birthDate, visit.arrivedAt.text, departedAt.text, null, `CH ${one}`],
    ]);
    await putDay(region.store, one, (monday - 7) as Day, []);
  });
});

function dayToFrenchOf(day: Day): string {
  return dayToIso(day).split('-').reverse().join('/');
}

describe('rows', () => {
  it('are every visit once, by facility, day and arrival', async () => {
    const { rows: found, parts } = await extract(
      region.deps,
      operator,
      rows(['facility', 'arrival_day', 'arrival_hour']),
    );
    expect(found).toHaveLength(region.visits.length);
    expect(parts).toBe(3 * 7 * weeks);
    const keys = found.map(
      ([facility, day, hour]) => `${textOf(facility)} ${textOf(day)} ${textOf(hour).padStart(2, '0')}`,
    );
    expect(keys).toEqual([...keys].sort());
  });

  it('are those of the facilities asked for', async () => {
    const { rows: found } = await extract(region.deps, operator, {
      ...rows(['facility']),
      facilities: [one],
    });
    expect(new Set(found.flat())).toEqual(new Set([one]));
    expect((await extract(region.deps, admin, rows(['facility']))).rows).toEqual(found);
  });

  it.each([
    [
      'age',
      { age: { from: 18, below: 65 } },
      (visit: EdVisit) => (ageOf(visit) ?? -1) >= 18 && (ageOf(visit) ?? 99) < 65,
    ],
    ['age from nothing up', { age: { below: 2 } }, (visit: EdVisit) => (ageOf(visit) ?? 99) < 2],
    ['sex', { sex: ['F'] }, (visit: EdVisit) => visit.sex === 'F'],
    ['severity', { severity: ['3', '4'] }, (visit: EdVisit) => ['3', '4'].includes(visit.severity ?? '')],
    ['departure', { departure: ['9'] }, (visit: EdVisit) => visit.departureMode === '9'],
    [
      'codes of any diagnosis',
      { codes: ['J09-J18'] },
      (visit: EdVisit) =>
        [visit.principalDiagnosis, ...(visit.associatedDiagnoses ?? [])].some((code) =>
          /^J(09|1[0-8])/.test(code ?? ''),
        ),
    ],
    ['a code alone', { codes: ['=J10'] }, (visit: EdVisit) => visit.principalDiagnosis === 'J10'],
    [
      'a group',
      { group: 'bronchiolitis' },
      (visit: EdVisit) => visit.principalDiagnosis === 'J210' && (ageOf(visit) ?? 99) < 2,
    ],
    [
      'all filters together',
      { sex: ['F', 'I'], departure: ['8'] },
      (visit: EdVisit) => visit.sex !== 'M' && visit.departureMode === '8',
    ],
  ] as const)('pass the filter by %s', async (_name, filter, isAsked) => {
    const { rows: found } = await extract(region.deps, operator, rows(['sex'], filter));
    expect(found).toHaveLength(region.visits.filter(isAsked).length);
  });

  it('are none, without a fault, where there is nothing', async () => {
    const nothing = await extract(region.deps, operator, {
      ...rows(['sex']),
      from: '2025-01-01',
      to: '2025-01-31',
    });
    expect(nothing).toMatchObject({ rows: [], parts: 0 });
    const noFacility = requester('hospital-admin', new Set<string>());
    expect(await extract(region.deps, noFacility, rows(['sex']))).toMatchObject({ rows: [], parts: 0 });
  });

  it('of one day and of every day of five years are both given', async () => {
    const day = { from: period.from, to: period.from };
    expect((await extract(region.deps, operator, { ...rows(['sex']), ...day })).parts).toBe(3);
    const all = await extract(region.deps, operator, {
      ...rows(['sex']),
      from: '2021-04-05',
      to: '2199-12-31',
    });
    expect(all.rows).toHaveLength(region.visits.length);
  });

  it('refuse a group and codes that are none', async () => {
    await expect(extract(region.deps, operator, rows(['sex'], { group: 'plague' }))).rejects.toMatchObject({
      code: 'extraction-group-unknown',
      facts: { group: 'plague' },
    });
    for (const codes of [['('], ['J18-J09'], ['rhume'], ['J10', 'J.*']])
      await expect(extract(region.deps, operator, rows(['sex'], { codes }))).rejects.toMatchObject({
        code: 'extraction-codes-invalid',
      });
  });

  it('stop when they are told to', async () => {
    const request = extractionRequest.parse({ ...rows(['sex']), purpose: 'pour un essai du produit' });
    const plan = await planExtraction(region.deps, operator, request);
    const stop = new AbortController();
    const read = async (): Promise<number> => {
      let portions = 0;
      for await (const portion of plan.portions(stop.signal)) {
        portions = portion.done;
        if (portions === 5) stop.abort(new Error('enough'));
      }
      return portions;
    };
    await expect(read()).rejects.toThrow('enough');
  });

  it('read one day of one facility at a time', async () => {
    let [reading, most] = [0, 0];
    const store: typeof region.store = {
      ...region.store,
      read: (work) =>
        region.store.read((tx) =>
          work({
            ...tx,
            records: {
              ...tx.records,
              bodiesOfDay: async (...of) => {
                const bodies = await tx.records.bodiesOfDay(...of);
                reading += 1;
                most = Math.max(most, bodies.length);
                return bodies;
              },
            },
          }),
        ),
    };
    const request = extractionRequest.parse({ ...rows(['sex']), purpose: 'pour un essai du produit' });
    const plan = await planExtraction({ ...region.deps, store }, operator, request);
    expect(reading).toBe(0);
    let taken = 0;
    for await (const portion of plan.portions(new AbortController().signal)) {
      taken += 1;
      // Nothing is read ahead of what was taken.
      expect([portion.done, reading]).toEqual([taken, taken]);
    }
    expect(most).toBeLessThan(20);
  });
});
