import { dayOfInstant, type Day } from '../../shared/runtime/paris-time.ts';
import type { SideVisit } from './read-side.ts';
import type { Held } from './replay.ts';

/** same: nothing to tell. more: ours lacks nothing and has visits or values besides. less: a visit is missing in ours. */
export type Verdict = 'same' | 'more' | 'less' | 'differs';

export interface TagCounts {
  /** Both have a value, and not the same. */
  changed: number;
  /** Only the old one has a value. */
  onlyOld: number;
  onlyOurs: number;
}

export interface Place {
  readonly file: string;
  readonly line: number;
}

/** One day, in counts, tags and lines: never a value. */
export interface DayReport {
  readonly day: Day;
  readonly verdict: Verdict;
  /** The newer of the two sides may still bring it: no verdict counts. */
  readonly open: boolean;
  readonly old: number;
  readonly ours: number;
  readonly onlyOld: number;
  readonly onlyOurs: number;
  /** Visits on both sides whose values are not the same. */
  readonly differing: number;
  readonly tags: Readonly<Record<string, TagCounts>>;
  /** At most 20 of each. */
  readonly placesOnlyOld: readonly Place[];
  readonly placesOnlyOurs: readonly Place[];
  readonly placesDiffering: readonly Place[];
}

const listedPlaces = 20;

/** Day by day, within the days asked for, or those that the old side speaks of. */
export function compare(
  old: Held,
  ours: Held,
  asked: { readonly from?: Day | undefined; readonly to?: Day | undefined },
): readonly DayReport[] {
  const spoken = [...old.days].sort((a, b) => a - b);
  const from = asked.from ?? spoken[0];
  const to = asked.to ?? spoken.at(-1);
  if (from === undefined || to === undefined) return [];
  const [ofOld, ofOurs] = [byDay(old.visits), byDay(ours.visits)];
  // The day of an extraction is not over when it is made: both must have been made after the day.
  const openFrom = Math.min(
    ...[old.lastAt, ours.lastAt].map((at) => (at === null ? Infinity : dayOfInstant(at))),
  );
  return Array.from({ length: Math.min(to - from + 1, 3660) }, (_none, index) => {
    const day = (from + index) as Day;
    return compareDay(day, ofOld.get(day) ?? [], ofOurs.get(day) ?? [], day >= openFrom);
  });
}

function byDay(visits: readonly SideVisit[]): ReadonlyMap<Day, SideVisit[]> {
  return grouped(visits, ({ day }) => day);
}

function grouped<K>(visits: readonly SideVisit[], by: (visit: SideVisit) => K): Map<K, SideVisit[]> {
  const groups = new Map<K, SideVisit[]>();
  for (const visit of visits) {
    const label = by(visit);
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [visit]);
    else group.push(visit);
  }
  return groups;
}

function compareDay(
  day: Day,
  old: readonly SideVisit[],
  ours: readonly SideVisit[],
  open: boolean,
): DayReport {
  const byKey = pairUp(old, ours, ({ facility, key }) => `${facility}\0${key}`, 'in-order');
  // What is left may be the same visit with another birth date: paired when the minute leaves no doubt.
  const byMinute = pairUp(
    byKey.onlyOld,
    byKey.onlyOurs,
    ({ facility, minute }) => `${facility}\0${minute}`,
    'single',
  );
  const tags: Record<string, TagCounts> = {};
  const differing: Place[] = [];
  let differs = 0;
  let lost = 0;
  for (const [before, after] of [...byKey.pairs, ...byMinute.pairs]) {
    const found = differences(before, after);
    if (found.length === 0) continue;
    differs += 1;
    if (differing.length < listedPlaces) differing.push(placeOf(after));
    for (const [tag, kind] of found) {
      const counts = (tags[tag] ??= { changed: 0, onlyOld: 0, onlyOurs: 0 });
      counts[kind] += 1;
      if (kind !== 'onlyOurs') lost += 1;
    }
  }
  const [onlyOld, onlyOurs] = [byMinute.onlyOld, byMinute.onlyOurs];
  return {
    ...{ day, open, tags, differing: differs, old: old.length, ours: ours.length },
    verdict: verdictOf(onlyOld.length, onlyOurs.length, differs, lost),
    onlyOld: onlyOld.length,
    onlyOurs: onlyOurs.length,
    placesOnlyOld: onlyOld.slice(0, listedPlaces).map(placeOf),
    placesOnlyOurs: onlyOurs.slice(0, listedPlaces).map(placeOf),
    placesDiffering: differing,
  };
}

function verdictOf(onlyOld: number, onlyOurs: number, differing: number, lost: number): Verdict {
  if (onlyOld > 0) return 'less';
  if (lost > 0) return 'differs';
  return onlyOurs > 0 || differing > 0 ? 'more' : 'same';
}

interface Pairs {
  readonly pairs: readonly (readonly [SideVisit, SideVisit])[];
  readonly onlyOld: readonly SideVisit[];
  readonly onlyOurs: readonly SideVisit[];
}

/** `in-order`: equal ones pair one by one, identical content first. `single`: only where there is one on each side. */
function pairUp(
  old: readonly SideVisit[],
  ours: readonly SideVisit[],
  label: (visit: SideVisit) => string,
  how: 'in-order' | 'single',
): Pairs {
  const waiting = grouped(ours, label);
  const asked = grouped(old, label);
  const pairs: [SideVisit, SideVisit][] = [];
  const onlyOld: SideVisit[] = [];
  for (const [name, befores] of asked) {
    const afters = waiting.get(name) ?? [];
    if (how === 'single' && (befores.length !== 1 || afters.length !== 1)) {
      onlyOld.push(...befores);
      continue;
    }
    waiting.set(name, afters);
    const unlike = befores.filter((before) => !take(before, afters, pairs, (after) => isSame(before, after)));
    onlyOld.push(...unlike.filter((before) => !take(before, afters, pairs, () => true)));
  }
  return { pairs, onlyOld, onlyOurs: [...waiting.values()].flat() };
}

function take(
  before: SideVisit,
  afters: SideVisit[],
  pairs: [SideVisit, SideVisit][],
  fits: (after: SideVisit) => boolean,
): boolean {
  const at = afters.findIndex(fits);
  const [after] = at < 0 ? [] : afters.splice(at, 1);
  if (after === undefined) return false;
  pairs.push([before, after]);
  return true;
}

function isSame(before: SideVisit, after: SideVisit): boolean {
  return differences(before, after).length === 0;
}

function differences(before: SideVisit, after: SideVisit): readonly (readonly [string, keyof TagCounts])[] {
  const tags = new Set([...before.texts.keys(), ...after.texts.keys()]);
  return [...tags].flatMap((tag) => {
    const [was, is] = [before.texts.get(tag), after.texts.get(tag)];
    if (was === is) return [];
    return [[tag, was === undefined ? 'onlyOurs' : is === undefined ? 'onlyOld' : 'changed'] as const];
  });
}

function placeOf({ file, line }: SideVisit): Place {
  return { file, line };
}

/** The last closed days are all the same or better: the old script can be switched off. */
export function canSwitch(
  days: readonly DayReport[],
  enough: number,
): { readonly good: number; readonly ready: boolean } {
  const closed = days.filter(({ open }) => !open);
  const bad = closed.findLastIndex(({ verdict }) => verdict === 'less' || verdict === 'differs');
  const good = closed.length - 1 - bad;
  return { good, ready: good >= enough };
}
