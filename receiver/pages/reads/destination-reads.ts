import type { Day } from '../../../shared/runtime/paris-time.ts';
import { reaches } from '../../accounts/profile.ts';
import type { ReceiverConfig } from '../../config.ts';
import type { DispatchTarget } from '../../forward/compose.ts';
import { overviewOf, type DestinationOverview, type FileFacts } from '../../forward/overview.ts';
import { removedDestinations, type RemovedDestination } from '../../forward/removed-destinations.ts';
import { previewReplay, type ReplayPreview, type ReplayRequest } from '../../forward/replay.ts';
import type { DispatchRow, SealedAs } from '../../store/dispatch-table.ts';
import type { DeliveryDay, DispatchQuery } from '../../store/listing-tables.ts';
import type { StoreTx } from '../../store/store.ts';
import type { ViewReach } from './reach.ts';

/** Destinations within the viewer's reach. */
export interface DestinationReads {
  /** As the settings have them; `days`: the last of them and how many. */
  standing(request: StandingRequest): Promise<DestinationsStanding>;
  /** Undefined: not the viewer's. */
  dispatches(query: DispatchQuery): Promise<readonly DispatchRow[] | undefined>;
  dispatch(destination: string, id: number): Promise<DispatchFacts | undefined>;
  preview(target: DispatchTarget, request: ReplayRequest, now: number): Promise<ReplayPreview | undefined>;
  facilityNames(): Promise<ReadonlyMap<string, string>>;
}

export interface StandingRequest {
  readonly config: ReceiverConfig;
  readonly files: ReadonlyMap<string, FileFacts>;
  readonly now: number;
  readonly from: Day;
  readonly to: Day;
}

export interface DestinationStanding extends DestinationOverview {
  readonly lastAcknowledged: DispatchRow | null;
  readonly days: readonly DeliveryDay[];
}

export interface DestinationsStanding {
  readonly destinations: readonly DestinationStanding[];
  readonly removed: readonly RemovedDestination[];
}

export interface DispatchFacts {
  readonly row: DispatchRow;
  /** Exports whose records it shows. */
  readonly exports: readonly string[];
  /** As it travels, once it was sealed. */
  readonly sealed: SealedAs | undefined;
}

export function createDestinationReads(tx: StoreTx, { destinations: reach }: ViewReach): DestinationReads {
  return {
    standing: async ({ config, files, now, from, to }) => {
      const own = { ...config, destinations: config.destinations.filter(({ name }) => reaches(reach, name)) };
      const { destinations } = await overviewOf(tx, own, files, now);
      const found: DestinationStanding[] = [];
      for (const each of destinations)
        found.push({
          ...each,
          lastAcknowledged: (await tx.listings.lastAcknowledged(each.name)) ?? null,
          days: await tx.listings.deliveryDays(each.name, from, to),
        });
      // Whoever reaches a part of the destinations is told nothing of one that no longer is.
      const removed = reach === 'all' ? await removedDestinations(tx, config.destinations) : [];
      return { destinations: found, removed };
    },
    dispatches: async (query) =>
      reaches(reach, query.destination) ? tx.listings.dispatches(query) : undefined,
    dispatch: async (destination, id) => {
      const row = reaches(reach, destination) ? await tx.dispatches.get(id) : undefined;
      if (row === undefined || row.destination !== destination) return undefined;
      const exports = row.export === null ? await tx.dispatches.sources(id) : [row.export];
      return { row, exports, sealed: await tx.dispatches.sealedAs(id) };
    },
    preview: async (target, request, now) =>
      reaches(reach, target.name) ? previewReplay(tx, target, request, now) : undefined,
    facilityNames: async () =>
      new Map((await tx.facilities.list()).map(({ finess, name }) => [finess, name])),
  };
}
