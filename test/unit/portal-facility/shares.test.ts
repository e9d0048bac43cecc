import { expect, it } from 'vitest';
import { readShares } from '../../../receiver/pages/facility/usual-shares.ts';
import type { JudgedFeed } from '../../../receiver/pages/reads/facility-judgement.ts';
import { edVisits } from '../../../shared/feeds/ed-visits.ts';
import { packCell } from '../../../shared/feeds/tally.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import { yesterday } from './kit.ts';

const dimensions = edVisits.tally?.dimensions ?? [];

/** One visit of these classes, by name; the others unknown. */
function cell(age: string, departure: string): number {
  return packCell(
    dimensions,
    dimensions.map(({ name, kind, classes }) => {
      if (kind === 'many') return [];
      const asked = name === 'age' ? age : name === 'departure' ? departure : 'unknown';
      return Math.max(0, classes.indexOf(asked));
    }),
  );
}
const judged = {
  feed: 'ed-visits',
  days: [{ day: yesterday, state: 'received', count: 5 }],
} as unknown as JudgedFeed;
const quality = (days: readonly { day: Day; cells: readonly number[] }[]) => ({
  cells: async () => days.map(({ day, cells }) => ({ facility: 'f', day, cells: Uint32Array.from(cells) })),
});
const day = [
  cell('85+', 'ward'),
  cell('18-30', 'home'),
  cell('5-10', 'transfer'),
  cell('75-85', 'home'),
  cell('unknown', 'unknown'),
];

it('shares are of the visits whose class is known, beside the facility’s own habit', async () => {
  const past = Array.from({ length: 40 }, (_none, n) => ({ day: (yesterday - 40 + n) as Day, cells: day }));
  const shares = await readShares(quality([...past, { day: yesterday, cells: day }]), 'f', judged, 'fr');
  expect(shares).toEqual([
    { name: 'Hospitalisés', value: '50\u202f%', usual: '(habituel 50–50)' },
    { name: '75 ans et plus', value: '50\u202f%', usual: '(habituel 50–50)' },
  ]);
});

it('a day that nobody counted has no shares, and few days make no habit', async () => {
  expect(await readShares(quality([]), 'f', judged, 'fr')).toEqual([]);
  const [one] = await readShares(quality([{ day: yesterday, cells: day }]), 'f', judged, 'fr');
  expect(one?.usual).toBeUndefined();
});
