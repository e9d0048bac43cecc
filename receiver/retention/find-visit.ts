import type { Feed } from '../../shared/feeds/feed.ts';
import { allFeeds } from '../../shared/feeds/registry.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import { isSameName, isSameVisit, type VisitName, type VisitRow } from '../store/erasure-tables.ts';
import type { FeedOfFacility } from '../store/retention-tables.ts';
import type { StoreTx } from '../store/store.ts';
import { joinedFacilities, nameOfBody, type NamingFacility } from './visit-names.ts';

/** How a hospital says which visit it means. */
export type VisitQuery =
  /** Hex digits that its key, or its visit id's hash, starts with: what `trace` prints at either end. */
  | { readonly facility: string; readonly prefix: string }
  /** The minute of arrival: epoch ms of its start, twice in the night when the hour comes twice. */
  | { readonly facility: string; readonly day: Day; readonly minutes: readonly number[] };

/** One visit with all that is held of it, now or before, in the facility and those joined to it. */
export interface FoundVisit {
  readonly feed: Feed;
  readonly rows: readonly VisitRow[];
  /** By facility: every name it bears or bore. */
  readonly names: readonly { readonly by: NamingFacility; readonly names: readonly VisitName[] }[];
}

/** Each visit that fits, once. */
export async function findVisits(tx: StoreTx, query: VisitQuery): Promise<readonly FoundVisit[]> {
  const joined = await joinedFacilities(tx, query.facility);
  const found: FoundVisit[] = [];
  for (const feed of allFeeds) {
    if (feed.replacement === 'snapshot') continue;
    for (const { facility } of joined) {
      const of = { facility, feed: feed.name };
      const rows =
        'prefix' in query ? await tx.erasure.byPrefix(of, query.prefix) : await arrivedAt(tx, of, query);
      for (const row of rows) {
        if (found.some((visit) => bears(visit, row))) continue;
        const nameless = joined.map((by) => ({ by, names: [] }));
        found.push(await everythingOf(tx, feed, nameless, [row]));
      }
    }
  }
  return found;
}

/** The visit that bore these names, with what is held of it now: nothing, perhaps. Names of other facilities are left out. */
export async function visitNamed(
  tx: StoreTx,
  feed: Feed,
  named: readonly (VisitName & { readonly facility: string })[],
): Promise<FoundVisit> {
  const joined: NamingFacility[] = [];
  for (const facility of new Set(named.map((name) => name.facility)))
    for (const each of await joinedFacilities(tx, facility))
      if (!joined.some((known) => known.facility === each.facility)) joined.push(each);
  const names = joined.map((by) => ({
    by,
    names: named.filter(({ facility }) => facility === by.facility),
  }));
  const rows: VisitRow[] = [];
  for (const { by, names: own } of names)
    for (const name of own)
      rows.push(...(await tx.erasure.bearing({ facility: by.facility, feed: feed.name }, name)));
  return everythingOf(tx, feed, names, rows);
}

async function arrivedAt(
  tx: StoreTx,
  of: FeedOfFacility,
  { day, minutes }: Extract<VisitQuery, { readonly day: Day }>,
): Promise<readonly VisitRow[]> {
  const rows: VisitRow[] = [];
  for (const from of minutes) rows.push(...(await tx.erasure.arrived(of, day, from, from + 60_000)));
  return rows;
}

function bears({ names }: FoundVisit, row: VisitRow): boolean {
  return names.some(
    ({ by, names: own }) => by.facility === row.facility && own.some((name) => isSameVisit(name, row)),
  );
}

/** From some rows to all others, by the names that each bears: a corrected visit has had several. */
async function everythingOf(
  tx: StoreTx,
  feed: Feed,
  named: FoundVisit['names'],
  first: readonly VisitRow[],
): Promise<FoundVisit> {
  const rows = new Map<string, VisitRow>();
  const names = named.map(({ by, names: own }) => ({ by, names: [...own] }));
  const waiting: VisitRow[] = [...first];
  for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
    const { facility, day, part, key, rank, history } = row;
    const id = `${facility} ${part} ${day} ${key.toString('hex')} ${rank} ${history ?? 'held'}`;
    if (rows.has(id)) continue;
    rows.set(id, row);
    for (const { by, names: known } of names) {
      const own = [nameOfBody(feed, by.keys, row.body), ...(by.facility === facility ? [row] : [])];
      for (const { key: named, visit } of own) {
        if (known.some((name) => isSameName(name, { key: named, visit }))) continue;
        known.push({ key: named, visit });
        const of = { facility: by.facility, feed: feed.name };
        waiting.push(...(await tx.erasure.bearing(of, { key: named, visit })));
      }
    }
  }
  return { feed, rows: [...rows.values()], names };
}
