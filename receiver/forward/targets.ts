import { permanent } from '../../shared/runtime/errors.ts';
import type { DestinationConfig } from '../config-destinations.ts';
import type { DispatchTarget } from './compose.ts';
import { formatNamed } from './formats/registry.ts';

/** Destinations as dispatches are composed for them; throws `destination-format-unknown`. */
export async function dispatchTargets(
  destinations: readonly DestinationConfig[],
): Promise<readonly DispatchTarget[]> {
  return destinations.map(({ name, feed, format: wanted, facilities, schedule }) => {
    const format = formatNamed(wanted.name);
    if (format?.feed !== feed)
      throw permanent('destination-format-unknown', { facts: { destination: name, format: wanted.name } });
    const only = facilities === undefined ? undefined : new Set(facilities);
    return {
      ...{ name, feed, atOnce: schedule.kind === 'at-once' },
      takes: (facility) => only === undefined || only.has(facility),
      formatAt: () => format,
    };
  });
}
