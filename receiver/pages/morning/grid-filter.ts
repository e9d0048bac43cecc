import { territoryOf } from '../territory.ts';
import type { SeenPair } from '../reads/region-seen.ts';

/** What of the grid is asked for, as the address says it. What the address says wrongly is not said. */
export interface GridFilter {
  readonly state: 'tous' | 'a-traiter' | 'chiffres';
  readonly days: Span;
  /** Asked for in the address. */
  readonly chosen: boolean;
  /** Code of a territory. */
  readonly territory: string | undefined;
}

export const spans = [7, 14, 30, 90] as const;
export type Span = (typeof spans)[number];

/** More facilities than this on 30 days make a page too heavy for a slow line. */
export const manyFacilities = 40;

export function readFilter(query: URLSearchParams, pairs: readonly SeenPair[]): GridFilter {
  const asked = query.get('territoire');
  const territory = pairs.some(({ facility }) => territoryOf(facility).code === asked)
    ? (asked ?? undefined)
    : undefined;
  const rows = pairs.filter(({ facility }) => isIn(facility, territory)).length;
  const state = query.get('etat');
  const days = spans.find((each) => String(each) === query.get('jours'));
  return {
    state: state === 'a-traiter' || state === 'chiffres' ? state : 'tous',
    days: bounded(days ?? 30, rows),
    chosen: days !== undefined,
    territory,
  };
}

function bounded(days: Span, rows: number): Span {
  return rows > manyFacilities && days > 14 ? 14 : days;
}

export function isIn(facility: string, territory: string | undefined): boolean {
  return territory === undefined || territoryOf(facility).code === territory;
}

/** The same page with another filter; what is usual is not written. */
export function filterPath(filter: GridFilter, change: Partial<GridFilter>): string {
  const { state, days, territory, chosen } = { ...filter, ...change };
  const query = new URLSearchParams();
  if (state !== 'tous') query.set('etat', state);
  if (chosen) query.set('jours', String(days));
  if (territory !== undefined) query.set('territoire', territory);
  const text = query.toString();
  return text === '' ? '/' : `/?${text}`;
}
