import type { Service } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Store, StoreTx } from '../store/store.ts';

/** Dispatches wait for it, and the settings no longer name it: they are kept, and leave when it is put back. */
export interface RemovedDestination {
  readonly name: string;
  readonly waiting: number;
}

export async function removedDestinations(
  tx: StoreTx,
  destinations: readonly { readonly name: string }[],
): Promise<readonly RemovedDestination[]> {
  const named = new Set(destinations.map(({ name }) => name));
  const removed: RemovedDestination[] = [];
  for (const name of await tx.dispatches.awaited())
    if (!named.has(name)) removed.push({ name, waiting: (await tx.dispatches.countsOf(name)).waiting });
  return removed;
}

/** Says once, when the receiver starts, which queues nobody empties. */
export function removedNotice(deps: {
  readonly store: Store;
  readonly logger: Logger;
  readonly destinations: readonly { readonly name: string }[];
}): Service {
  const { store, logger, destinations } = deps;
  return {
    name: 'removed-destinations',
    start: async () => {
      for (const { name, waiting } of await store.read((tx) => removedDestinations(tx, destinations)))
        logger.warn({ destination: name, dispatches: waiting }, 'destination-removed');
    },
    stop: async () => undefined,
  };
}
