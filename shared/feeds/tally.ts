import type { Dimension, Feed, FeedRecord, FeedTally, Places } from './feed.ts';

/** Due, filled and usable; then due and filled at night. */
export type ItemCounts = readonly [
  due: number,
  filled: number,
  usable: number,
  nightDue: number,
  nightFilled: number,
];

export interface TallySummary {
  readonly records: number;
  /** Records that break no rule between several fields, infos aside. */
  readonly consistent: number;
  /** Records of the same person, arrival and place as another. */
  readonly repeated: number;
  /** In the order of the feed's items. */
  readonly items: readonly ItemCounts[];
  readonly rules: Readonly<Record<string, number>>;
  readonly signs: Readonly<Record<string, number>>;
}

export interface DayTally {
  readonly summary: TallySummary;
  /** One number a record, sorted: its classes, packed. A cell that counts three stands there three times. */
  readonly cells: Uint32Array;
}

export interface TalliedRecord {
  readonly record: FeedRecord;
  /** Another record has the same natural key. */
  readonly repeated: boolean;
}

/** Counts a day; undefined for a feed of which nothing is counted. */
export function tallyDay(feed: Feed, records: readonly TalliedRecord[]): DayTally | undefined {
  const { tally } = feed;
  if (tally === undefined) return undefined;
  const between = rulesBetweenFields(feed);
  const items = tally.items.map(() => [0, 0, 0, 0, 0] as [number, number, number, number, number]);
  const rules: Record<string, number> = {};
  const signs: Record<string, number> = {};
  const cells = new Uint32Array(records.length);
  let [consistent, repeated] = [0, 0];
  records.forEach((each, index) => {
    const { record } = each;
    const broken = new Set(feed.check(record).map(({ rule }) => rule));
    for (const rule of broken) rules[rule] = (rules[rule] ?? 0) + 1;
    for (const sign of tally.signsOf(record)) signs[sign] = (signs[sign] ?? 0) + 1;
    if (![...broken].some((rule) => between.has(rule))) consistent += 1;
    if (each.repeated) repeated += 1;
    countItems(tally, record, broken, items);
    cells[index] = packCell(tally.dimensions, tally.placesOf(record));
  });
  cells.sort();
  return { summary: { records: records.length, consistent, repeated, items, rules, signs }, cells };
}

function countItems(
  tally: FeedTally,
  record: FeedRecord,
  broken: ReadonlySet<string>,
  items: readonly [number, number, number, number, number][],
): void {
  const night = tally.isNight(record) ? 1 : 0;
  tally.items.forEach((item, index) => {
    const counts = items[index];
    if (counts === undefined || !item.isDue(record)) return;
    const filled = record[item.field] === undefined ? 0 : 1;
    const usable = filled === 1 && ![...broken].some((rule) => item.unusable.has(rule)) ? 1 : 0;
    counts[0] += 1;
    counts[1] += filled;
    counts[2] += usable;
    counts[3] += night;
    counts[4] += night * filled;
  });
}

/** Rules that say two fields contradict each other. */
function rulesBetweenFields({ rules }: Feed): ReadonlySet<string> {
  return new Set(
    rules
      .filter(({ fields, severity, id }) => fields.length > 1 && severity !== 'info' && !/^text-/.test(id))
      .map(({ id }) => id),
  );
}

/** Where a dimension lies in a cell. */
export interface CellPlace {
  readonly shift: number;
  readonly mask: number;
}

/** At most 31 bits over all dimensions. */
export function cellPlaces(dimensions: readonly Dimension[]): readonly CellPlace[] {
  let shift = 0;
  return dimensions.map(({ kind, classes }) => {
    const bits = kind === 'many' ? classes.length : Math.max(1, Math.ceil(Math.log2(classes.length)));
    const place = { shift, mask: 2 ** bits - 1 };
    shift += bits;
    if (shift > 31) throw new Error('more classes than a cell can hold');
    return place;
  });
}

export function packCell(dimensions: readonly Dimension[], places: readonly Places[]): number {
  let cell = 0;
  cellPlaces(dimensions).forEach(({ shift }, index) => {
    const place = places[index] ?? 0;
    const value = typeof place === 'number' ? place : place.reduce((sum, one) => sum | (1 << one), 0);
    cell |= value << shift;
  });
  return cell;
}
