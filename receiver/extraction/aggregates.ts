import { setImmediate } from 'node:timers/promises';
import { feedNamed } from '../../shared/feeds/registry.ts';
import type { Feed, FeedTally } from '../../shared/feeds/feed.ts';
import { aggregateColumns, extractionNotes, extractionWords } from '../../shared/i18n/extraction-texts.ts';
import { classNames } from '../../shared/i18n/portal-analysis.ts';
import { fill, speaker, type Language } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import { groupLattice, tellGroups, type GroupLattice } from '../quality/nested-groups.ts';
import { readGroups, type Groups } from '../reports/groups.ts';
import type { FacilityRow, Store, StoreTx } from '../store/store.ts';
import { countGroups, countWeek } from './count-week.ts';
import { latticeOf, type Period, type Span } from './lattice.ts';
import type { Cell, Column, ExtractionPlan, Portion } from './planned.ts';
import type { ExtractionRequest } from './request.ts';
import { tellPlaces, tellRegion, type ToldPlace } from './week.ts';

/**
 * Counts, and nothing but sums of the same published weeks: what is told of a week does not depend on who asks, for how long,
 * or for which of the facilities.
 */
export type AggregatesAsked = Extract<ExtractionRequest['content'], { readonly kind: 'aggregates' }>;

export interface AggregatesWork extends Period {
  readonly store: Store;
  readonly now: number;
  readonly feed: string;
  /** All of the region: what is told is decided over them. */
  readonly all: readonly FacilityRow[];
  /** Those asked for; null: the region. */
  readonly facilities: readonly FacilityRow[] | null;
  /** Counts under it are small for whoever asks. */
  readonly audience: number;
  readonly language: Language;
}

const syndromeSplit = 'syndrome';

export function splitNames(feed: string): readonly string[] {
  return tallyOf(feed).tally.dimensions.map(({ name }) => name);
}

/** Throws `extraction-split-unknown`, `extraction-places-refused`, `extraction-period-short`. */
export async function planAggregates(work: AggregatesWork, asked: AggregatesAsked): Promise<ExtractionPlan> {
  const { language, now } = work;
  const known = splitNames(work.feed);
  if (!known.includes(asked.split))
    throw permanent('extraction-split-unknown', { facts: { split: asked.split, known: known.join(', ') } });
  const byGroup = asked.split === syndromeSplit;
  // Of a facility's week hardly a group could be told, and only the region's are protected against one another.
  if (byGroup && work.facilities !== null) throw permanent('extraction-places-refused');
  const { spans, leftOut } = latticeOf(work, asked.by, now);
  if (spans.length === 0) throw permanent('extraction-period-short');
  const reader = byGroup ? await groupReader(work) : classReader(work, asked.split);
  const say = speaker(extractionNotes, language);
  return {
    columns: columnsOf(work),
    notes: [
      say('hidden', { threshold: work.audience }),
      say('empty'),
      ...(asked.by === 'month' ? [say('months')] : []),
      ...(leftOut > 0 ? [say('leftOut', { days: leftOut })] : []),
      ...reader.notes.map((note) => say(note, { version: reader.version })),
    ],
    parts: spans.length,
    portions: (signal) => readSpans(work, spans, reader, signal),
  };
}

/** Told of one week: of the region under '', or of each facility. */
interface WeekReader {
  readonly classes: readonly { readonly name: string; readonly title: string }[];
  readonly notes: readonly ('groups' | 'purgedWeeks')[];
  readonly version: number;
  readonly read: (monday: Day) => Promise<ReadonlyMap<string, ToldPlace>>;
}

function classReader(
  { store, feed: name, all, facilities, audience, language }: AggregatesWork,
  split: string,
): WeekReader {
  const { feed, tally } = tallyOf(name);
  const dimension = tally.dimensions.find((each) => each.name === split);
  const finess = all.map((each) => each.finess);
  return {
    classes: (dimension?.classes ?? []).map((each) => ({
      name: each,
      title: classTitle(split, each, language),
    })),
    ...{ notes: [], version: 0 },
    read: async (monday) => {
      const week = await countWeek(store, feed, finess, monday);
      return facilities === null
        ? regionAlone(tellRegion(week, tally.dimensions, split, audience))
        : tellPlaces(week, tally.dimensions, split);
    },
  };
}

async function groupReader({
  store,
  feed: name,
  all,
  audience,
  language,
}: AggregatesWork): Promise<WeekReader> {
  const { feed, tally } = tallyOf(name);
  const finess = all.map((each) => each.finess);
  const { current, lattice } = await store.read(readGroupLattice);
  const coded = { name: 'coded', title: classTitle(syndromeSplit, 'coded', language) };
  const places = [0, ...current.groups.map((group) => lattice.placeOf(group))];
  return {
    classes: [coded, ...current.groups.map((group) => ({ name: group.id, title: group.name[language] }))],
    ...{ notes: ['groups', 'purgedWeeks'], version: current.version },
    read: async (monday) => {
      const masks = await countGroups(store, feed, finess, monday, lattice);
      const region = tellRegion(
        await countWeek(store, feed, finess, monday),
        tally.dimensions,
        'hour',
        audience,
      );
      if (masks === undefined || region === undefined) return new Map();
      const told = tellGroups(lattice, masks, audience);
      const isSecret = region.total === null;
      const classes = places.map((place) => (isSecret ? null : (told[place] ?? null)));
      return regionAlone({ total: region.total, classes });
    },
  };
}

/** Every group that ever was in force, the oldest first: the program's own, then each version set. */
async function readGroupLattice(
  tx: StoreTx,
): Promise<{ readonly current: Groups; readonly lattice: GroupLattice }> {
  const history = await tx.reports.syndromes.history();
  const versions = [0, ...history.map(({ version }) => version).sort((one, other) => one - other)];
  const all: Groups[] = [];
  for (const version of versions) all.push(await readGroups(tx, version));
  const current = all.at(-1) ?? (await readGroups(tx));
  return { current, lattice: groupLattice(all.flatMap(({ groups }) => groups)) };
}

async function* readSpans(
  { language, facilities }: AggregatesWork,
  spans: readonly Span[],
  { classes, read }: WeekReader,
  signal: AbortSignal,
): AsyncIterable<Portion> {
  let done = 0;
  for (const span of spans) {
    const weeks: ReadonlyMap<string, ToldPlace>[] = [];
    for (const monday of span.mondays) {
      signal.throwIfAborted();
      weeks.push(await read(monday));
      // The pages and the other loops of this thread have their turn.
      await setImmediate();
    }
    done += 1;
    const days = [span.mondays[0], ((span.mondays.at(-1) ?? 0) + 6) as Day].map((day) =>
      dayToIso(day ?? (0 as Day)),
    );
    const places = facilities?.map(({ finess, name }) => ({ finess, cells: [finess, name] })) ?? [
      { finess: '', cells: [] },
    ];
    const rows = places.flatMap(({ finess, cells }) => {
      const told = weeks.flatMap((week) => week.get(finess) ?? []);
      const start = [span.name, ...days, ...cells];
      return [
        [...start, 'total', extractionWords.total[language], sumOf(told.map(({ total }) => total))],
        ...classes.map(({ name, title }, index) => [
          ...start,
          ...[name, title, sumOf(told.map((place) => place.classes[index] ?? null))],
        ]),
      ];
    });
    yield { done, rows };
  }
}

/** Of published weeks only: hidden as soon as one of them is. Weeks from which nothing came add nothing. */
function sumOf(told: readonly (number | null)[]): Cell {
  if (told.length === 0) return null;
  let sum = 0;
  for (const count of told) {
    if (count === null) return { hidden: true };
    sum += count;
  }
  return sum;
}

function regionAlone(told: ToldPlace | undefined): ReadonlyMap<string, ToldPlace> {
  return new Map(told === undefined ? [] : [['', told]]);
}

function columnsOf({ facilities, language }: AggregatesWork): readonly Column[] {
  const names = [
    'period',
    'first_day',
    'last_day',
    ...(facilities === null ? [] : (['facility', 'facility_name'] as const)),
    'class',
    'class_title',
    'visits',
  ] as const;
  return names.map((name) => ({
    ...{ name, title: aggregateColumns[name][language] },
    kind: name === 'visits' ? 'integer' : 'text',
  }));
}

function classTitle(split: string, name: string, language: Language): string {
  if (split === 'hour') return fill(extractionWords.hour[language], { hour: name });
  return classNames[split]?.[name]?.[language] ?? name;
}

function tallyOf(name: string): { readonly feed: Feed; readonly tally: FeedTally } {
  const feed = feedNamed(name);
  if (feed?.tally === undefined)
    throw permanent('extraction-split-unknown', { facts: { split: name, known: '' } });
  return { feed, tally: feed.tally };
}
