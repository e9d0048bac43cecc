import type { Feed } from '../../shared/feeds/feed.ts';
import { readRecord, type Incoming } from '../apply/content.ts';
import { createRecordKeys, type RecordKeys } from '../apply/record-keys.ts';
import type { VisitName } from '../store/erasure-tables.ts';
import type { StoreTx } from '../store/store.ts';

/** A facility under which a visit may be known, with the key that its names are made with. */
export interface NamingFacility {
  readonly facility: string;
  readonly keys: RecordKeys;
}

/** The facility and those that an alias joins to it: what one sends may be held by another, under that one's key. */
export async function joinedFacilities(tx: StoreTx, facility: string): Promise<readonly NamingFacility[]> {
  const names = new Set([facility]);
  for (const { old, to } of await tx.facilities.aliases()) {
    if (old === facility) names.add(to);
    if (to === facility) names.add(old);
  }
  const found: NamingFacility[] = [];
  for (const each of names) {
    const row = await tx.facilities.get(each);
    if (row !== undefined) found.push({ facility: each, keys: createRecordKeys(row.key) });
  }
  return found;
}

export function nameOfIncoming(keys: RecordKeys, { naturalKey, visitId }: Incoming): VisitName {
  return { key: keys.key(naturalKey), visit: visitId === undefined ? null : keys.visit(visitId) };
}

export function nameOfBody(feed: Feed, keys: RecordKeys, body: string): VisitName {
  return nameOfIncoming(keys, readRecord(feed, { record: 1, line: 0, body }));
}
