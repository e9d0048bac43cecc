import { permanent } from '../shared/runtime/errors.ts';
import { createLoop, type Loop } from '../shared/runtime/lifecycle.ts';
import type { Logger } from '../shared/runtime/logger.ts';
import type { DestinationConfig, ReceiverConfig } from './config.ts';
import type { DispatchFormat } from './forward/formats/format.ts';
import { formatNamed } from './forward/formats/registry.ts';
import type { Store } from './store/store.ts';

export interface ProcessingDeps {
  readonly config: ReceiverConfig;
  readonly store: Store;
  readonly logger: Logger;
  readonly onReceipts: (agents: ReadonlySet<string>) => void;
}

export function createProcessing({ config, logger }: ProcessingDeps): Loop {
  composedDestinations(config.destinations);
  return createLoop({ name: 'processor', idleMs: 60_000, logger, step: () => Promise.resolve(false) });
}

export interface ComposedDestination {
  readonly name: string;
  readonly feed: string;
  readonly format: DispatchFormat;
}

/** Destinations with their formats; throws `destination-format-unknown`. */
export function composedDestinations(
  destinations: readonly DestinationConfig[],
): readonly ComposedDestination[] {
  return destinations.map(({ name, feed, format: wanted }) => {
    const format = formatNamed(wanted);
    if (format?.feed !== feed)
      throw permanent('destination-format-unknown', { facts: { destination: name, format: wanted } });
    return { name, feed, format };
  });
}
