import { describe, expect, it } from 'vitest';
import { bedAvailability } from '../../../shared/feeds/bed-availability.ts';
import type { BedRow } from '../../../shared/feeds/bed-availability-record.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import type { Values } from './visit-values.ts';

const cleanRow: Values = {
  facility: '990000010',
  zoneId: 'ZONE-1',
  unitLabel: 'Réanimation',
  careClass: 'rea',
  observedAt: '2026-01-11T19:00:00+01:00',
  source: '02',
  nature: '01',
  status: '02',
  horizon: '01',
  count: '4',
};

function build(change: Values = {}, extensions?: Readonly<Record<string, string>>) {
  const values = { ...cleanRow, ...change };
  return bedAvailability.build(extensions === undefined ? { values } : { values, extensions });
}

function rowOf(change: Values = {}): BedRow {
  const built = build(change);
  if (built.kind === 'rejected') throw new Error(built.breach.rule);
  return built.record;
}

function rulesOf(change: Values, extensions?: Readonly<Record<string, string>>): readonly string[] {
  const built = build(change, extensions);
  if (built.kind === 'rejected') return [built.breach.rule];
  return [...built.breaches, ...bedAvailability.check(built.record)].map((breach) => breach.rule);
}

/** Per rule, a row that breaks it and one near the border that does not. */
const cases: Readonly<Record<string, readonly [breaks: Values, keeps: Values]>> = {
  'bed-zone-missing': [{ zoneId: ' ' }, {}],
  'bed-observed-missing': [{ observedAt: '' }, {}],
  'bed-observed-unreadable': [{ observedAt: '2026-02-30T10:00Z' }, { observedAt: '28/02/2026 10:00' }],
  'bed-observed-ambiguous': [{ observedAt: '2026-10-25T02:30' }, { observedAt: '2026-10-25T02:30+01:00' }],
  'bed-observed-skipped': [{ observedAt: '29/03/2026 02:30' }, { observedAt: '29/03/2026 03:30' }],
  'tag-repeated': [{ nature: ['01', '02'] }, { nature: ['01'] }],
  'finess-format': [{ facility: '990000011' }, { facility: '990000010 ' }],
  'bed-care-class-code': [{ careClass: 'icu' }, { careClass: 'autre' }],
  'bed-source-code': [{ source: '05' }, { source: '04' }],
  'bed-nature-code': [{ nature: '' }, { nature: '02' }],
  'bed-status-code': [{ status: '07' }, { status: '06' }],
  'bed-horizon-code': [{ horizon: '1' }, { horizon: '05' }],
  'bed-count-missing': [{ count: '4,5' }, { count: '0' }],
  'bed-count-negative': [{ count: '-1' }, { count: '0' }],
  'bed-gender-code': [{ gender: 'F' }, { gender: '04' }],
  'bed-closing-code': [
    { status: '05', closing: '04' },
    { status: '05', closing: '03' },
  ],
  'bed-additional-code': [
    { status: '06', additional: '04' },
    { status: '06', additional: '03' },
  ],
  'bed-crisis-code': [
    { status: '06', crisis: '03' },
    { status: '06', crisis: '02' },
  ],
  'bed-assignment-code': [{ assignment: '04' }, { assignment: '' }],
  'bed-gender-status': [
    { status: '03', gender: '01' },
    { status: '02', gender: '01' },
  ],
  'bed-closing-status': [
    { status: '02', closing: '01' },
    { status: '05', closing: '01' },
  ],
  'bed-additional-status': [
    { status: '02', additional: '01' },
    { status: '06', additional: '01' },
  ],
  'bed-crisis-status': [
    { status: '05', crisis: '01' },
    { status: '06', crisis: '01' },
  ],
  'text-mojibake': [{ unitLabel: 'RÃ©animation' }, { unitLabel: 'Réanimation' }],
  'text-control': [{ comment: 'a\u0000b' }, { comment: 'a\nb' }],
};

describe('the rules of bed availability', () => {
  it('all have cases here', () => {
    expect([...Object.keys(cases), 'unknown-tag'].sort()).toEqual(
      bedAvailability.rules.map((rule) => rule.id).sort(),
    );
  });

  it.each(Object.entries(cases))(
    '%s is found where it is broken, and only there',
    (rule, [breaks, keeps]) => {
      expect(rulesOf(breaks)).toContain(rule);
      expect(rulesOf(keeps)).not.toContain(rule);
    },
  );

  it('find nothing in a clean row', () => {
    expect(rulesOf({})).toEqual([]);
  });

  it('name unknown columns', () => {
    expect(rulesOf({}, { service: 'x' })).toEqual(['unknown-tag']);
  });
});

describe('a bed row', () => {
  it('is assigned 01 when the source says nothing', () => {
    expect(rowOf().assignment).toBe('01');
    expect(rowOf({ assignment: '02' }).assignment).toBe('02');
  });

  it('has its count as an integer, absent when it is none', () => {
    expect(rowOf({ count: ' 12 ' }).count).toBe(12);
    expect('count' in rowOf({ count: 'douze' })).toBe(false);
  });

  it.each([
    ['2026-01-11T19:00:00+01:00', Date.UTC(2026, 0, 11, 18)],
    ['2026-01-11T18:00:00Z', Date.UTC(2026, 0, 11, 18)],
    ['2026-01-11T12:00-0600', Date.UTC(2026, 0, 11, 18)],
    ['2026-01-11T19:00:00.250', Date.UTC(2026, 0, 11, 18, 0, 0, 250)],
    ['2026-07-11 19:00', Date.UTC(2026, 6, 11, 17)],
    ['11/01/2026 19:00', Date.UTC(2026, 0, 11, 18)],
  ])('observed at %s is placed at its instant', (text, at) => {
    expect(rowOf({ observedAt: text }).observedAt).toEqual({ text, at });
  });

  it('belongs to the Paris day of its observation', () => {
    expect(dayToIso(bedAvailability.dayOf(rowOf({ observedAt: '2026-01-11T23:30:00Z' })))).toBe('2026-01-12');
  });

  it('is known by its zone and codes, not by its count or time', () => {
    const key = bedAvailability.naturalKey(rowOf());
    expect(key).toBe('ZONE-1|01|02|01|||||01');
    expect(bedAvailability.naturalKey(rowOf({ count: '9', observedAt: '12/01/2026 10:00' }))).toBe(key);
    for (const change of [
      { zoneId: 'ZONE-2' },
      { nature: '02' },
      { status: '03' },
      { horizon: '02' },
      { gender: '01' },
      { closing: '01' },
      { additional: '01' },
      { crisis: '01' },
      { assignment: '02' },
    ])
      expect(bedAvailability.naturalKey(rowOf(change))).not.toBe(key);
  });

  it('passes the schema and comes back the same from its JSON, keys in the order of the fields', () => {
    const full = { ...cleanRow, gender: '01', closing: '01', additional: '01', crisis: '01', comment: 'x' };
    const row = rowOf(Object.fromEntries(Object.entries(full).reverse()));
    expect(Object.keys(row)).toEqual(bedAvailability.fields.map((field) => field.name));
    expect(JSON.stringify(bedAvailability.schema.parse(JSON.parse(JSON.stringify(row))))).toBe(
      JSON.stringify(row),
    );
    expect(bedAvailability.schema.safeParse({ ...row, patient: 'x' }).success).toBe(false);
    expect(bedAvailability.schema.safeParse({ ...row, count: 1.5 }).success).toBe(false);
  });
});
