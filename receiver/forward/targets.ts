import { permanent } from '../../shared/runtime/errors.ts';
import type { DestinationConfig } from '../config.ts';
import type { DispatchTarget } from './compose.ts';
import { formatNamed } from './formats/registry.ts';

/** Destinations as dispatches are composed for them; throws `destination-format-unknown`. */
export function dispatchTargets(destinations: readonly DestinationConfig[]): readonly DispatchTarget[] {
  return destinations.map(({ name, feed, format: wanted }) => {
    const format = formatNamed(wanted);
    if (format?.feed !== feed)
      throw permanent('destination-format-unknown', { facts: { destination: name, format: wanted } });
    return { name, feed, format };
  });
}
