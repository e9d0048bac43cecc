import { describe, expect, it } from 'vitest';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import { bedAvailability } from '../../../shared/feeds/bed-availability.ts';
import { dayFromIso } from '../../../shared/runtime/paris-time.ts';
import { formatOf } from './built-format.ts';

const bedsJson = await formatOf({ feed: 'bed-availability', format: 'beds-json' });

function bodyOf(change: Readonly<Record<string, string>> = {}): string {
  const built = bedAvailability.build({
    values: {
      facility: '990000010',
      zoneId: 'ZONE-1',
      unitLabel: 'Réanimation',
      careClass: 'rea',
      observedAt: '11/01/2026 19:00',
      source: '02',
      nature: '01',
      status: '02',
      horizon: '01',
      count: '4',
      ...change,
    },
  });
  if (built.kind === 'rejected') throw new Error(built.breach.rule);
  return JSON.stringify(built.record);
}

function compose(...bodies: readonly string[]): string {
  const day = dayFromIso('2026-01-11');
  if (day === undefined) throw new Error();
  const input = {
    facility: '990000010',
    from: day,
    to: day,
    extract: Date.UTC(2026, 0, 11, 20, 1, 2),
    bodies,
  };
  return bedsJson.compose(input).toString('utf8');
}

function zonesOf(...bodies: readonly string[]): readonly unknown[] {
  const { zones } = JSON.parse(compose(...bodies)) as { zones: readonly unknown[] };
  return zones;
}

describe('the bed file', () => {
  it('of one row is these lines', () => {
    expect(compose(bodyOf())).toBe(`{
  "finessGeo": "990000010",
  "extract": "2026-01-11T20:01:02",
  "from": "2026-01-11",
  "to": "2026-01-11",
  "zones": [
    {
      "zoneId": "ZONE-1",
      "unitLabel": "Réanimation",
      "careClass": "rea",
      "observedAt": "11/01/2026 19:00",
      "rows": [
        {
          "nature": "01",
          "status": "02",
          "horizon": "01",
          "count": 4,
          "assignment": "01",
          "observedAt": "11/01/2026 19:00",
          "source": "02"
        }
      ]
    }
  ]
}
`);
  });

  it('holds the latest row of each key, whatever the order they come in', () => {
    const early = bodyOf({ count: '4' });
    const late = bodyOf({ count: '7', observedAt: '11/01/2026 20:00' });
    expect(compose(early, late)).toBe(compose(late, early));
    expect(zonesOf(early, late)).toMatchObject([{ observedAt: '11/01/2026 20:00', rows: [{ count: 7 }] }]);
  });

  it('groups rows by zone, in the order of their keys', () => {
    const zones = zonesOf(
      bodyOf({ zoneId: 'B' }),
      bodyOf({ zoneId: 'A', status: '03', count: '9' }),
      bodyOf({ zoneId: 'A', status: '01', count: '13' }),
    );
    expect(zones).toMatchObject([
      { zoneId: 'A', rows: [{ status: '01', count: 13 }, { status: '03' }] },
      { zoneId: 'B', rows: [{ status: '02' }] },
    ]);
  });

  it('leaves out rows that say nothing, and unknown details of the others', () => {
    expect(zonesOf(bodyOf({ count: 'x' }), bodyOf({ status: '09' }), bodyOf({ horizon: '' }))).toEqual([]);
    expect(compose(bodyOf({ gender: 'F', assignment: '09' }))).toBe(compose(bodyOf()));
    expect(zonesOf(bodyOf({ gender: '01' }))).toMatchObject([{ rows: [{ gender: '01' }] }]);
  });

  it('of no row has no zone, and is named after its second', () => {
    expect(zonesOf()).toEqual([]);
    expect(
      bedsJson.fileName({
        facility: '990000010',
        from: 0 as Day,
        to: 0 as Day,
        extract: Date.UTC(2026, 0, 11, 20, 1, 2),
      }),
    ).toBe('B990000010_0_20260111200102.json');
  });
});
