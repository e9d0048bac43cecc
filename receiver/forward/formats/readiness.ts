import type { Feed } from '../../../shared/feeds/feed.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import type { StoreTx } from '../../store/store.ts';
import { inVersion, type Item, type ItemValue, type ItemVersion } from '../profiles/item.ts';
import { profileItems, selected } from '../profiles/profile.ts';
import { chosenFormat, type ChosenFormat, type FormSettings } from './chosen-format.ts';
import { recordsOf } from './format.ts';

/** How a facility's records fare when a destination's next version takes over. Counts and tags, never a value. */
export interface Readiness {
  readonly facility: string;
  /** Looked at. */
  readonly records: number;
  /** Of these, the ones that would lose something they carry today: none, and the facility is ready. */
  readonly losing: number;
  /** What is lost, and in how many records; in the order of the items. */
  readonly tags: readonly { readonly tag: string; readonly records: number }[];
}

/**
 * Compares, for every record held of these days, what the version in force carries with what the next one would. In the
 * order of `facilities`, those only that the destination takes. Undefined when its settings name no next version.
 */
export async function readiness(
  tx: StoreTx,
  settings: FormSettings & { readonly facilities?: readonly string[] | undefined },
  facilities: readonly string[],
  days: { readonly from: Day; readonly to: Day },
): Promise<readonly Readiness[] | undefined> {
  const chosen = chosenFormat(settings);
  if (chosen?.next === undefined) return undefined;
  const pairs = changedItems(chosen, chosen.next.version, settings);
  const taken = settings.facilities;
  const found: Readiness[] = [];
  for (const facility of facilities)
    if (taken === undefined || taken.includes(facility))
      found.push(await readinessOf(tx, chosen.form.feed, facility, days, pairs));
  return found;
}

/** An item as it is carried now, and as it will be. */
interface Pair {
  readonly now: Item;
  readonly next: Item;
}

/** The items that one version treats otherwise than the other. Versions differ in codes: no table of a profile is needed. */
function changedItems(
  { form, version }: ChosenFormat,
  nextVersion: ItemVersion,
  { profile, format: { order } }: FormSettings,
): readonly Pair[] {
  const named = profileItems(form, profile);
  const items = order === undefined ? named : selected(named, order);
  const later = inVersion(items, nextVersion);
  return inVersion(items, version).flatMap((now, index) => {
    const next = later[index];
    return next === undefined || next === now ? [] : [{ now, next }];
  });
}

async function readinessOf(
  tx: StoreTx,
  feed: Feed,
  facility: string,
  { from, to }: { readonly from: Day; readonly to: Day },
  pairs: readonly Pair[],
): Promise<Readiness> {
  const lost = new Map<string, number>();
  let [records, losing] = [0, 0];
  for (const { day } of await tx.records.countsByDay(facility, feed.name, from, to)) {
    const bodies = (await tx.records.bodiesOfDay(facility, feed.name, day)).map(({ body }) => body);
    for (const record of recordsOf(feed, bodies)) {
      const missing = pairs.filter(({ now, next }) => loses(now.read(record), next.read(record)));
      for (const { now } of missing) lost.set(now.tag, (lost.get(now.tag) ?? 0) + 1);
      records += 1;
      if (missing.length > 0) losing += 1;
    }
  }
  const tags = pairs.flatMap(({ now: { tag } }) => {
    const count = lost.get(tag);
    return count === undefined ? [] : [{ tag, records: count }];
  });
  return { facility, records, losing, tags };
}

/** Of a list, any text; of a text, all of it. */
function loses(now: ItemValue, next: ItemValue): boolean {
  if (typeof now === 'string') return now !== '' && next === '';
  return now.some((text) => !next.includes(text));
}
