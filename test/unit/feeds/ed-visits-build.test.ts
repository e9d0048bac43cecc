import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edVisits } from '../../../shared/feeds/ed-visits.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import { buildVisit, cleanVisit, visitOf } from './visit-values.ts';

describe('building a visit', () => {
  it('keeps what the source wrote, trimmed, and leaves blanks out', () => {
    const record = visitOf({ commune: '  Saint-Étienne ', sex: 'x', origin: ' ', procedures: [' ', ''] });
    expect(record.commune).toBe('Saint-Étienne');
    expect(record.sex).toBe('x');
    expect('origin' in record).toBe(false);
    expect('procedures' in record).toBe(false);
  });

  it('does not touch the Unicode form of a text', () => {
    expect(visitOf({ commune: 'Se\u0301lestat' }).commune).toBe('Se\u0301lestat');
  });

  it('takes dots out of diagnoses and out of nothing else', () => {
    const record = visitOf({
      principalDiagnosis: 'R53.+1',
      associatedDiagnoses: ['a99.99'],
      reason: 'R06.0',
    });
    expect(record.principalDiagnosis).toBe('R53+1');
    expect(record.associatedDiagnoses).toEqual(['a9999']);
    expect(record.reason).toBe('R06.0');
    expect('principalDiagnosis' in visitOf({ principalDiagnosis: '.' })).toBe(false);
  });

  it('maps the misprints of the official table', () => {
    const record = visitOf({ transport: 'PERS', disposition: 'PAS' });
    expect([record.transport, record.disposition]).toEqual(['PERSO', 'PSA']);
  });

  it('takes the first text of a repeated tag', () => {
    expect(visitOf({ sex: ['', 'F', 'M'] }).sex).toBe('F');
  });

  it('keeps a time as written beside its instant, seconds included', () => {
    const record = visitOf({ arrivedAt: '11/01/2026 09:42:07', departedAt: 'demain' });
    expect(record.arrivedAt).toEqual({ text: '11/01/2026 09:42:07', at: Date.UTC(2026, 0, 11, 8, 42, 7) });
    expect(record.departedAt).toEqual({ text: 'demain', at: null });
  });

  it('takes the earlier instant of the hour that comes twice, and keeps its text', () => {
    const record = visitOf({ arrivedAt: '25/10/2026 02:30', departedAt: '25/10/2026 03:10' });
    expect(record.arrivedAt).toEqual({ text: '25/10/2026 02:30', at: Date.UTC(2026, 9, 25, 0, 30) });
    expect(dayToIso(edVisits.dayOf(record))).toBe('2026-10-25');
  });

  it('takes the later instant for an exit that would precede its entry in the hour that comes twice', () => {
    const record = visitOf({ arrivedAt: '25/10/2026 02:50', departedAt: '25/10/2026 02:10' });
    expect(record.departedAt?.at).toBe(Date.UTC(2026, 9, 25, 1, 10));
  });

  it('places a visit in its day of Paris, whatever the day in UTC', () => {
    expect(dayToIso(edVisits.dayOf(visitOf({ arrivedAt: '12/01/2026 00:10' })))).toBe('2026-01-12');
    expect(dayToIso(edVisits.dayOf(visitOf({ arrivedAt: '15/07/2026 01:50' })))).toBe('2026-07-15');
  });

  it('rejects nothing but a missing or unreadable entry', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(cleanVisit)), fc.string()), (values) => {
        const built = edVisits.build({ values: { ...values, arrivedAt: '11/01/2026 09:42' } });
        expect(built.kind).toBe('record');
      }),
    );
    expect(buildVisit({ arrivedAt: '99/99/2026 10:00' }).kind).toBe('rejected');
  });

  it('writes keys in the order of the fields, extensions last and sorted', () => {
    const shuffled = Object.fromEntries(Object.entries({ ...cleanVisit, visitId: 'v1' }).reverse());
    const built = edVisits.build({
      values: shuffled,
      extensions: { Z: '1', __proto__x: '3', A: ' 2 ', B: ' ' },
    });
    if (built.kind !== 'record') throw new Error('rejected');
    const order = edVisits.fields.map((field) => field.name);
    expect(Object.keys(built.record)).toEqual([...order, 'extensions']);
    expect(JSON.stringify(built.record.extensions)).toBe('{"A":"2","Z":"1","__proto__x":"3"}');
  });

  it('gives records that pass the schema and come back the same from their JSON', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('', ' ', '.', 'J18.9', '25/10/2026 02:30'));
    const source = fc.dictionary(fc.constantFrom(...edVisits.fields.map((field) => field.name)), text);
    const extensions = fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), text);
    fc.assert(
      fc.property(source, extensions, (values, others) => {
        const placed = { ...values, facility: '990000010', arrivedAt: '11/01/2026 09:42' };
        const built = edVisits.build({ values: placed, extensions: others });
        if (built.kind !== 'record') throw new Error('rejected');
        const body = JSON.stringify(built.record);
        const back = edVisits.schema.parse(JSON.parse(body));
        expect(JSON.stringify(back)).toBe(body);
        expect(edVisits.check(back)).toEqual(edVisits.check(built.record));
      }),
    );
  });
});

describe('the schema of a visit', () => {
  const refused: readonly Readonly<Record<string, unknown>>[] = [
    { surname: 'x' },
    { sex: '' },
    { sex: 1 },
    { sex: undefined },
    { facility: '99000001' },
    { associatedDiagnoses: [] },
    { associatedDiagnoses: 'I10' },
    { arrivedAt: { text: '11/01/2026 09:42', at: null } },
    { arrivedAt: { text: 'demain', at: 1 } },
    { arrivedAt: { text: '11/01/2026 09:42', at: 1.5 } },
    { departedAt: { text: '11/01/2026 09:42', at: 1, zone: 'UTC' } },
    { extensions: { HMED: 3 } },
  ];
  it.each(refused)('refuses a record with %j', (change) => {
    expect(edVisits.schema.safeParse(visitOf()).success).toBe(true);
    expect(edVisits.schema.safeParse({ ...visitOf(), ...change }).success).toBe(false);
  });

  it('refuses a record without its place', () => {
    const placeless = Object.fromEntries(Object.entries(visitOf()).filter(([key]) => key !== 'arrivedAt'));
    expect(edVisits.schema.safeParse(placeless).success).toBe(false);
  });
});

describe('the natural key of a visit', () => {
  it('is entry to the minute, birth date, sex and postal code', () => {
    expect(edVisits.naturalKey(visitOf({ arrivedAt: '11/01/2026 09:42:55' }))).toBe(
      '11/01/2026 09:42|14/02/1951|F|67999',
    );
    expect(edVisits.naturalKey(visitOf({ birthDate: '', sex: 'f', postalCode: '' }))).toBe(
      '11/01/2026 09:42||F|',
    );
  });

  it('does not depend on what is completed later', () => {
    const later = {
      principalDiagnosis: 'I21',
      departedAt: '12/01/2026 01:00',
      severity: '4',
      commune: 'AUTRE',
    };
    expect(edVisits.naturalKey(visitOf(later))).toBe(edVisits.naturalKey(visitOf()));
  });

  it('stands beside the visit id, which only some sources give', () => {
    expect(edVisits.visitId(visitOf())).toBeUndefined();
    expect(edVisits.visitId(visitOf({ visitId: 'abc' }))).toBe('abc');
  });
});
