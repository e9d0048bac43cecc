import type { Day } from '../../../shared/runtime/paris-time.ts';
import type { WatchedDay } from '../../monitor/evaluate.ts';
import { wholeShare } from '../morning/grid.ts';
import { isDaily } from '../morning/tally.ts';
import type { Standing } from '../../quality/standing.ts';
import { scoredFeed } from '../quality/quality-panels.ts';
import type { RegionSeen, SeenPair } from '../reads/region-seen.ts';
import { territoryOf, type Territory } from '../territory.ts';
import { stateNames, type ListFilter, type SortName } from './facility-filter.ts';

/** One facility, connected or not yet. */
export interface FacilityRow {
  readonly pair: SeenPair;
  readonly territory: Territory;
  /** Of the day that is looked at. */
  readonly cell: WatchedDay | undefined;
  readonly connected: boolean;
  readonly toTreat: boolean;
  /** null: no agent of it ever spoke. */
  readonly contactAt: number | null;
  readonly whole: number | null;
  /** Of the last thirty days; undefined: nothing is counted of it. */
  readonly quality: Standing | undefined;
}

/** Facilities that others have taken over are no longer here. */
export function facilityRows(
  seen: RegionSeen,
  day: Day,
  standings: ReadonlyMap<string, Standing>,
): readonly FacilityRow[] {
  const toTreat = new Set(seen.calls.map(({ facility }) => facility));
  return seen.pairs
    .filter(isDaily)
    .filter(({ days }) => days.length > 0)
    .map((pair) => ({
      pair,
      territory: territoryOf(pair.facility),
      cell: pair.days.find((each) => each.day === day),
      connected: pair.days.at(-1)?.state !== 'not-connected',
      toTreat: toTreat.has(pair.facility),
      contactAt: pair.agents.reduce<number | null>(
        (latest, { at }) => (at === undefined ? latest : Math.max(at, latest ?? 0)),
        null,
      ),
      whole: wholeShare(pair.days),
      quality: pair.feed === scoredFeed ? standings.get(pair.facility) : undefined,
    }));
}

export function chosenRows(rows: readonly FacilityRow[], filter: ListFilter): readonly FacilityRow[] {
  const { q, state, territory, sort, descending } = filter;
  const wanted = plain(q);
  const found = rows.filter(
    ({ pair, cell, toTreat, territory: own }) =>
      (wanted === '' || plain(pair.name).includes(wanted) || pair.facility.includes(q.replaceAll(' ', ''))) &&
      (territory === '' || own.code === territory) &&
      (state === undefined || (state === 'a-traiter' ? toTreat : cell?.state === stateNames[state])),
  );
  const way = descending ? -1 : 1;
  return found.toSorted((a, b) => way * orders[sort](a, b) || byName(a, b));
}

/** Small letters without accents. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

type Order = (one: FacilityRow, other: FacilityRow) => number;
const names = new Intl.Collator('fr', { numeric: true });
const byName: Order = (a, b) => names.compare(a.pair.name, b.pair.name);
const byNumber =
  (of: (row: FacilityRow) => number | null): Order =>
  (a, b) =>
    (of(a) ?? -1) - (of(b) ?? -1);

/** Worst first, as in a cell of the grid. */
const severity = [
  ...(['held', 'silent', 'partial', 'low', 'late', 'degraded', 'not-connected'] as const),
  ...(['closed', null, 'received'] as const),
];

const orders: Readonly<Record<SortName, Order>> = {
  nom: byName,
  territoire: (a, b) => a.territory.code.localeCompare(b.territory.code),
  etat: byNumber(({ cell }) => severity.indexOf(cell?.state ?? null)),
  contact: byNumber(({ contactAt }) => contactAt),
  fichier: byNumber(({ pair }) => pair.lastReceptionAt),
  volume: byNumber(({ cell }) => cell?.count ?? null),
  complets: byNumber(({ whole }) => whole),
  qualite: byNumber(({ quality }) => (quality === undefined ? null : quality.atTarget / quality.items)),
};
