import { edVisits } from '../../../shared/feeds/ed-visits.ts';
import { allFeeds } from '../../../shared/feeds/registry.ts';
import type { Feed } from '../../../shared/feeds/feed.ts';
import { edVisitEssentials, edVisitItems, edVisitVersions } from './ed-visits-items.ts';
import { fieldItems } from './field-items.ts';
import type { Item, ItemVersion } from './item.ts';

/** What may be sent of a feed, and in which versions. */
export interface NationalForm {
  readonly feed: Feed;
  /** In the official order. */
  readonly items: readonly Item[];
  /** Tags no selection may leave out. */
  readonly essentials: readonly string[];
  /** Oldest first. */
  readonly versions: readonly ItemVersion[];
}

const forms: ReadonlyMap<string, NationalForm> = new Map(
  allFeeds.map((feed): [string, NationalForm] => [
    feed.name,
    feed.name === edVisits.name
      ? { feed, items: edVisitItems, essentials: edVisitEssentials, versions: edVisitVersions }
      : {
          ...{ feed, items: fieldItems(feed), essentials: [] },
          versions: [{ name: String(feed.version), without: new Map() }],
        },
  ]),
);

export function nationalForm(feed: string): NationalForm | undefined {
  return forms.get(feed);
}
