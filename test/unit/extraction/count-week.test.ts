import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countWeek } from '../../../receiver/extraction/count-week.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { edVisits } from '../../../shared/feeds/ed-visits.ts';
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
import { countAll, putDay, visitOn } from '../../support/portal/quality-days.ts';

let region: SmallRegion;
const [one, two, three] = facilities;
const operator = requester('regional-operator', 'all', true);
const period = { from: dayToIso(firstMonday), to: dayToIso((firstMonday + 20) as Day) };
const asked = (split: string, places: 'region' | 'facility') => ({
  ...period,
  content: { kind: 'aggregates', split, by: 'week', places },
});

beforeAll(async () => {
  // The second facility sends nothing in the second week.
  region = await smallRegion(9, 3, (facility, week) =>
    facility === 1 && week === 1 ? 0 : 12 + facility * 9,
  );
  await countAll(region.store);
});

afterAll(async () => {
  await region.close();
});

/** Totals by week and facility. */
async function totals(places: 'region' | 'facility'): Promise<Readonly<Record<string, unknown>>> {
  const { columns, rows } = await extract(region.deps, operator, asked('age', places));
  const at = (name: string): number => columns.indexOf(name);
  return Object.fromEntries(
    rows
      .filter((row) => row[at('class')] === 'total')
      .map((row) => [`${textOf(row[at('period')])} ${textOf(row[at('facility')])}`.trim(), row.at(-1)]),
  );
}

describe('weeks as they are counted', () => {
  it('are empty where nothing came, which is not a zero', async () => {
    expect(await totals('facility')).toEqual({
      ...{ [`2026-W10 ${one}`]: 84, [`2026-W10 ${two}`]: 147, [`2026-W10 ${three}`]: 210 },
      ...{ [`2026-W11 ${one}`]: 84, [`2026-W11 ${two}`]: null, [`2026-W11 ${three}`]: 210 },
      ...{ [`2026-W12 ${one}`]: 84, [`2026-W12 ${two}`]: 147, [`2026-W12 ${three}`]: 210 },
    });
    expect(await totals('region')).toEqual({ '2026-W10': 441, '2026-W11': 294, '2026-W12': 441 });
  });

  it('let others read between two facilities, and look at no other facility’s days', async () => {
    let [reads, turns] = [0, 0];
    const over = new AbortController();
    const store: Store = {
      ...region.store,
      read: (work) => {
        reads += 1;
        return region.store.read((tx) =>
          work({ ...tx, quality: { ...tx.quality, remaining: () => Promise.reject(new Error('all')) } }),
        );
      },
    };
    const others = (async () => {
      while (!over.signal.aborted) {
        await setImmediate();
        turns += 1;
      }
    })();
    const { places } = await countWeek(store, edVisits, facilities, firstMonday);
    over.abort();
    await others;
    expect(places.size).toBe(3);
    expect(reads).toBe(3);
    expect(turns).toBeGreaterThanOrEqual(3);
  });

  it('are what is held now, even before the day was counted again', async () => {
    const day = (firstMonday + 8) as Day;
    await putDay(
      region.store,
      one,
      day,
      Array.from({ length: 30 }, () => visitOn(one, day, { birthDate: '14/02/1951' })),
    );
    // Without the day's twelve, with thirty.
    expect(await totals('region')).toMatchObject({ '2026-W11': 312 });
    await countAll(region.store);
    expect(await totals('region')).toMatchObject({ '2026-W11': 312 });
  });

  it('outlive their records, but for what only the records could say', async () => {
    const before = await totals('facility');
    await region.store.transaction((tx) =>
      tx.retention.purgeDay({ facility: one, feed: 'ed-visits', day: firstMonday }, 1),
    );
    expect(await totals('facility')).toEqual(before);
    // Another day of that week comes anew: what was counted of the deleted one still counts.
    const next = (firstMonday + 1) as Day;
    await putDay(
      region.store,
      one,
      next,
      Array.from({ length: 12 }, () => visitOn(one, next, { sex: 'F' })),
    );
    expect(await totals('facility')).toEqual(before);

    const { rows, notes } = await extract(region.deps, operator, asked('syndrome', 'region'));
    const ofWeek = (week: string) => rows.filter(([period_]) => period_ === week).map((row) => row.at(-1));
    expect(new Set(ofWeek('2026-W10'))).toEqual(new Set([null]));
    expect(ofWeek('2026-W12')[0]).toBe(441);
    expect(notes.join('\n')).toContain('supprimés au terme de leur conservation');

    const content = { kind: 'rows', fields: ['sex'] };
    const visits = await extract(region.deps, operator, { ...period, content });
    expect(visits.rows).toHaveLength(441 + 312 + 441 - 12);
    expect(visits.notes.join('\n')).toContain('1 jours d’établissement ont été supprimés');
  });
});
