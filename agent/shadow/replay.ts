import { dayOfInstant, type Day } from '../../shared/runtime/paris-time.ts';
import type { SideExport, SideVisit } from './read-side.ts';

/** What one side holds in the end: visits by facility and day. */
export interface Held {
  readonly visits: readonly SideVisit[];
  /** Days that the side speaks of, also when it says that there was no visit. */
  readonly days: ReadonlySet<Day>;
  /** When its newest export was made, epoch ms; null without any. */
  readonly lastAt: number | null;
}

/**
 * Replays exports in the order in which they were made, replacing by part and window. `trust: 'header'` is the agency's
 * way with a file as it came: the window replaces whatever else. `'checked'` is the region's: a window counts only when
 * nothing in the export speaks against it; else its visits replace those of the same key.
 */
export function replay(exports: readonly SideExport[], trust: 'header' | 'checked'): Held {
  const held = new Map<string, SideVisit[]>();
  const days = new Set<Day>();
  let lastAt: number | null = null;
  for (const each of [...exports].sort((a, b) => a.at - b.at || (a.file < b.file ? -1 : 1))) {
    const { facility, part, window, visits, at, oddities } = each;
    const place = `${facility}\0${part}`;
    const replaces = window !== null && (trust === 'header' || oddities.length === 0);
    const before = held.get(place) ?? [];
    const keys = new Set(visits.map(({ key }) => key));
    const kept = before.filter(({ day, key }) =>
      replaces ? day < window.from || day > window.to : !keys.has(key),
    );
    held.set(place, [...kept, ...visits]);
    for (const { day } of visits) days.add(day);
    if (replaces) for (const day of daysOf(window, at)) days.add(day);
    lastAt = Math.max(lastAt ?? at, at);
  }
  return { visits: [...held.values()].flat(), days, lastAt };
}

/** At most a year of them: a window of a century says nothing of its days. */
function daysOf(window: { readonly from: Day; readonly to: Day }, at: number): readonly Day[] {
  const last = Math.min(window.to, dayOfInstant(at));
  const count = Math.min(last - window.from + 1, 366);
  return Array.from({ length: Math.max(0, count) }, (_none, index) => (last - index) as Day);
}
