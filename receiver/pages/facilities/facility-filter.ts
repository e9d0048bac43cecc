import { dayFromIso, dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import type { WatchState } from '../../store/watch-tables.ts';
import { mostDays } from '../reads/region-view-days.ts';

/** What of the list is asked for, as the address says it. What the address says wrongly is not said. */
export interface ListFilter {
  readonly q: string;
  readonly state: StateFilter | undefined;
  readonly territory: string;
  readonly sort: SortName;
  readonly descending: boolean;
  /** Undefined: yesterday. */
  readonly day: Day | undefined;
}

/** As addresses name them. */
export const stateNames = {
  recu: 'received',
  tardif: 'late',
  partiel: 'partial',
  bas: 'low',
  silence: 'silent',
  retenu: 'held',
  degrade: 'degraded',
  ferme: 'closed',
  'non-raccorde': 'not-connected',
} as const satisfies Readonly<Record<string, WatchState>>;
export type StateFilter = keyof typeof stateNames | 'a-traiter';

export const sortNames = [
  'nom',
  'territoire',
  'etat',
  'contact',
  'fichier',
  'volume',
  'complets',
  'qualite',
] as const;
export type SortName = (typeof sortNames)[number];

const longestSearch = 80;

/** `today`: days are looked at up to the one before. */
export function readListFilter(query: URLSearchParams, today: Day): ListFilter {
  const state = query.get('etat') ?? '';
  const sort = sortNames.find((name) => name === query.get('tri'));
  const day = dayFromIso(query.get('jour') ?? '');
  return {
    q: (query.get('q') ?? '').trim().slice(0, longestSearch),
    state: isState(state) ? state : undefined,
    territory: query.get('territoire') ?? '',
    sort: sort ?? 'nom',
    descending: query.get('ordre') === 'desc',
    day: day !== undefined && day < today && day > today - mostDays ? day : undefined,
  };
}

function isState(text: string): text is StateFilter {
  return text === 'a-traiter' || Object.hasOwn(stateNames, text);
}

export function listPath(base: string, filter: ListFilter, change: Partial<ListFilter>): string {
  const { q, state, territory, sort, descending, day } = { ...filter, ...change };
  const query = new URLSearchParams();
  if (q !== '') query.set('q', q);
  if (state !== undefined) query.set('etat', state);
  if (territory !== '') query.set('territoire', territory);
  if (day !== undefined) query.set('jour', dayToIso(day));
  if (sort !== 'nom' || descending) query.set('tri', sort);
  if (descending) query.set('ordre', 'desc');
  const text = query.toString();
  return text === '' ? base : `${base}?${text}`;
}
