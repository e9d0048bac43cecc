import type { Dimension } from '../../../shared/feeds/feed.ts';
import { dayFromIso, dayOfInstant, dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import type { Question } from '../../quality/analyse.ts';

/** What an address asks for; whatever it does not say rightly is as if it said nothing. */
export interface Asked extends Question {
  readonly from: Day;
  readonly to: Day;
  /** FINESS; empty: all. */
  readonly facilities: readonly string[];
  /** Hours of arrival [from, to[; 20 to 8 passes midnight. */
  readonly hours: readonly [from: number, to: number] | undefined;
  /** The dimension that visits are split by. */
  readonly along: string;
}

/** Names in addresses, in French as paths are. */
export const fieldNames: Readonly<Record<string, string>> = {
  age: 'age',
  severity: 'gravite',
  departure: 'sortie',
  syndrome: 'groupe',
  hour: 'heure',
};
export const byNames = { day: 'jour', week: 'semaine', hour: 'heure' } as const;

const mostDays = 731;
const usualDays = 30;

export function readQuestion(query: URLSearchParams, dimensions: readonly Dimension[], now: number): Asked {
  const { from, to } = readPeriod(query, now);
  const hours = readHours(query);
  const filters: Record<string, ReadonlySet<number>> = {};
  for (const { name, classes } of dimensions) {
    const field = fieldNames[name];
    if (field === undefined || name === 'hour') continue;
    const asked = new Set(
      query.getAll(field).flatMap((value) => {
        const index = classes.indexOf(value);
        return index < 0 ? [] : [index];
      }),
    );
    if (asked.size > 0) filters[name] = asked;
  }
  if (hours !== undefined) filters['hour'] = hourSet(hours);
  const by = (Object.keys(byNames) as (keyof typeof byNames)[]).find(
    (name) => byNames[name] === query.get('par'),
  );
  const along = dimensions.find(({ name }) => fieldNames[name] === query.get('selon'))?.name;
  return {
    ...{ from, to, filters, hours },
    facilities: [...new Set(query.getAll('etablissement'))].filter((each) => /^[0-9AB]{9}$/.test(each)),
    by: by ?? (to - from > 92 ? 'week' : 'day'),
    along: along ?? 'age',
  };
}

function readPeriod(query: URLSearchParams, now: number): { readonly from: Day; readonly to: Day } {
  const yesterday = (dayOfInstant(now) - 1) as Day;
  const asked = [dayFromIso(query.get('du') ?? ''), dayFromIso(query.get('au') ?? '')] as const;
  const end = Math.min(asked[1] ?? yesterday, yesterday + 1);
  const start = asked[0] ?? end - usualDays + 1;
  const [from, to] = start <= end ? [start, end] : [end, start];
  return { from: Math.max(from, to - mostDays + 1) as Day, to: to as Day };
}

function readHours(query: URLSearchParams): readonly [number, number] | undefined {
  const [from, to] = [hourOf(query.get('de')), hourOf(query.get('a'))];
  if (from === undefined && to === undefined) return undefined;
  const hours = [from ?? 0, (to ?? 24) % 24] as const;
  return hours[0] === hours[1] ? undefined : hours;
}

function hourOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,2}$/.test(text) && Number(text) <= 24 ? Number(text) : undefined;
}

function hourSet([from, to]: readonly [number, number]): ReadonlySet<number> {
  const length = (to - from + 24) % 24;
  return new Set(Array.from({ length }, (_none, index) => (from + index) % 24));
}

/** The address that asks the same, with something changed. */
export function addressOf(asked: Asked, dimensions: readonly Dimension[]): URLSearchParams {
  const query = new URLSearchParams({ du: dayToIso(asked.from), au: dayToIso(asked.to) });
  for (const facility of asked.facilities) query.append('etablissement', facility);
  for (const { name, classes } of dimensions) {
    const field = fieldNames[name];
    if (name === 'hour' || field === undefined) continue;
    for (const index of asked.filters[name] ?? []) query.append(field, classes[index] ?? '');
  }
  if (asked.hours !== undefined) {
    query.set('de', String(asked.hours[0]));
    query.set('a', String(asked.hours[1]));
  }
  query.set('par', byNames[asked.by]);
  query.set('selon', fieldNames[asked.along] ?? 'age');
  return query;
}
