import { describe, expect, it } from 'vitest';
import { bedRow, countZones, createBedRhythm } from '../../../agent/adt/beds.ts';
import { bedAvailability } from '../../../shared/feeds/bed-availability.ts';
import { startAt } from '../agent/support.ts';

const zones = {
  W2: { zoneId: 'MED1', careClass: 'med' },
  W1: { zoneId: 'MED1', unitLabel: 'Médecine', careClass: 'med' },
  W3: { zoneId: 'CHIR1', careClass: 'chir' },
};
const minute = 60_000;

describe('occupied beds', () => {
  it('are added up over the wards of a zone; a zone without any counts zero', () => {
    const counts = countZones(
      zones,
      new Map([
        ...([
          ['W1', 3],
          ['W2', 2],
          ['W9', 9],
        ] as const),
      ]),
    );
    expect(counts).toEqual([
      { zoneId: 'CHIR1', unitLabel: undefined, careClass: 'chir', count: 0 },
      { zoneId: 'MED1', unitLabel: 'Médecine', careClass: 'med', count: 5 },
    ]);
  });

  it('are a row that breaks no rule of the feed and fits its schema', () => {
    const rows = countZones(zones, new Map()).map((zone) => bedRow('990000010', zone, startAt));
    for (const row of rows) {
      expect(bedAvailability.check(row)).toEqual([]);
      expect(bedAvailability.schema.parse(row)).toEqual(row);
    }
    expect(rows[0]).toMatchObject({ status: '03', source: '03', count: 0, observedAt: { at: startAt } });
  });

  it('are counted at their pace, and sent when changed or an hour after the last time', () => {
    const rhythm = createBedRhythm(15);
    const [few, many] = [countZones(zones, new Map()), countZones(zones, new Map([['W1', 1]]))];
    expect(rhythm.isDue(0)).toBe(true);
    expect(rhythm.counted(few, 0)).toBe(true);
    // Not sent: the next count is as good as the first.
    expect(rhythm.counted(few, 0)).toBe(true);
    rhythm.sent(few, 0);
    expect(rhythm.isDue(14 * minute)).toBe(false);
    expect(rhythm.isDue(15 * minute)).toBe(true);
    expect(rhythm.counted(few, 15 * minute)).toBe(false);
    expect(rhythm.isDue(16 * minute)).toBe(false);
    expect(rhythm.counted(many, 30 * minute)).toBe(true);
    rhythm.sent(many, 30 * minute);
    expect(rhythm.counted(many, 89 * minute)).toBe(false);
    expect(rhythm.counted(many, 90 * minute)).toBe(true);
  });
});
