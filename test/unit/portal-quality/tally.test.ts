import { describe, expect, it } from 'vitest';
import { syndromesOf, syndromes } from '../../../shared/feeds/syndromes.ts';
import { bedAvailability } from '../../../shared/feeds/bed-availability.ts';
import { edVisits } from '../../../shared/feeds/ed-visits.ts';
import { cellPlaces, tallyDay, type ItemCounts } from '../../../shared/feeds/tally.ts';
import type { EdVisit } from '../../../shared/feeds/ed-visits-record.ts';
import { dayFromIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { fullVisit, fullVisitBut, visitOn, type VisitPart } from '../../support/portal/quality-days.ts';
import { finess } from '../../support/rpu-text.ts';

const day = dayFromIso('2026-03-10') as Day;

function visit(part: VisitPart): EdVisit {
  const { departureMode, ...rest } = fullVisit;
  return visitOn(finess(1), day, {
    ...rest,
    ...(part.departureMode === undefined ? {} : { departureMode }),
    ...part,
  });
}

function countsOf(visits: readonly EdVisit[], tag: string): ItemCounts {
  const tally = tallyDay(
    edVisits,
    visits.map((record) => ({ record, repeated: false })),
  );
  const index = edVisits.tally?.items.findIndex((item) => item.tag === tag) ?? -1;
  return tally?.summary.items[index] ?? [0, 0, 0, 0, 0];
}

const left = { departedAt: { text: '10/03/2026 12:00', at: 1 } };

describe('what is counted of a day', () => {
  it('counts a destination and an orientation as due after a stay in hospital only', () => {
    const visits = [
      visit({ ...left, departureMode: '6', destination: '1', disposition: 'MED' }),
      visit({ ...left, departureMode: '7' }),
      visit({ ...left, departureMode: '8' }),
      visit({ ...left, departureMode: '9' }),
      visit({}),
    ];
    expect(countsOf(visits, 'DESTINATION').slice(0, 3)).toEqual([2, 1, 1]);
    expect(countsOf(visits, 'ORIENT').slice(0, 3)).toEqual([2, 1, 1]);
  });

  it('asks no diagnosis of who left without being seen', () => {
    const without = fullVisitBut('principalDiagnosis');
    const visits = ['FUGUE', 'PSA', 'SCAM', 'REO'].map((disposition) =>
      visitOn(finess(1), day, { ...without, ...left, disposition }),
    );
    expect(countsOf(visits, 'DP')).toEqual([0, 0, 0, 0, 0]);
    const seen = visitOn(finess(1), day, { ...without, ...left, hour: 3 });
    expect(countsOf([...visits, seen, visit({ hour: 3 })], 'DP')).toEqual([2, 1, 1, 2, 1]);
  });

  it('tells a value that cannot be used from one that is filled', () => {
    const visits = [
      visit({ severity: '7' }),
      visit({ severity: '3' }),
      visit({ reason: 'mal au ventre depuis hier' }),
      visit({ birthDate: '31/02/2020' }),
    ];
    expect(countsOf(visits, 'GRAVITE').slice(0, 3)).toEqual([4, 4, 3]);
    expect(countsOf(visits, 'MOTIF').slice(0, 3)).toEqual([4, 4, 3]);
    expect(countsOf(visits, 'NAISSANCE').slice(0, 3)).toEqual([4, 4, 3]);
  });

  it('counts the night from 20:00 to 07:59', () => {
    const visits = [0, 7, 8, 19, 20, 23].map((hour) => visit({ hour }));
    expect(countsOf(visits, 'SEXE')).toEqual([6, 6, 6, 4, 4]);
  });

  it('counts contradictions between fields once a record, and repetitions', () => {
    const contradicts = visit({ ...left, departureMode: '8', destination: '1', severity: '5' });
    const tally = tallyDay(edVisits, [
      { record: contradicts, repeated: false },
      { record: visit({}), repeated: true },
    ]);
    expect(tally?.summary).toMatchObject({ records: 2, consistent: 1, repeated: 1 });
    expect(tally?.summary.rules).toMatchObject({ 'destination-mode-sortie': 1, 'ccmu-home': 1 });
  });

  it('counts codes 5 and 8 of arrivals from home', () => {
    const origins = ['5', '8', '8', '1'].map((origin) => visit({ origin }));
    const tally = tallyDay(
      edVisits,
      origins.map((record) => ({ record, repeated: false })),
    );
    expect(tally?.summary.signs).toEqual({ 'origin-5': 1, 'origin-8': 2 });
  });

  it('holds no value of a record', () => {
    const secret = visit({ commune: 'SECRETVILLE', birthDate: '01/02/1903', reason: 'texte secret' });
    const tally = tallyDay(edVisits, [{ record: secret, repeated: false }]);
    expect(JSON.stringify(tally?.summary)).not.toMatch(/SECRET|1903|secret/);
  });

  it('fits all classes of a record into one number', () => {
    const places = cellPlaces(edVisits.tally?.dimensions ?? []);
    expect(places.reduce((bits, { mask }) => bits + Math.log2(mask + 1), 0)).toBeLessThanOrEqual(31);
  });

  it('is not made of a feed that has nothing to count', () => {
    expect(tallyDay(bedAvailability, [])).toBeUndefined();
  });
});

describe('syndromic groups', () => {
  const named = (principal: string | undefined, associated: readonly string[], age?: number): string[] =>
    syndromesOf(principal, associated, age).map((index) => syndromes[index]?.name ?? '');

  it.each([
    ['J101', [], 40, ['ari', 'influenza']],
    ['J219', [], 1, ['ari', 'bronchiolitis']],
    ['J219', [], 2, ['ari']],
    ['J219', [], undefined, ['ari']],
    ['J23', [], 40, []],
    ['R05', ['U0711'], 40, ['ari']],
    ['U0713', [], 40, []],
    ['R05', ['A09'], 40, []],
    ['E871', [], 80, ['hyponatraemia']],
    ['X300', [], 80, ['hyperthermia']],
    [undefined, [], 80, []],
  ] as const)('%s with %j at %s years', (principal, associated, age, expected) => {
    expect(named(principal, associated, age)).toEqual(expected);
  });
});
