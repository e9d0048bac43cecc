import { permanent } from '../../shared/runtime/errors.ts';
import { dayOfInstant } from '../../shared/runtime/paris-time.ts';
import type { DestinationConfig } from '../config-destinations.ts';
import type { DispatchTarget } from './compose.ts';
import { chosenFormat, createFormat } from './formats/chosen-format.ts';
import type { DispatchFormat } from './formats/format.ts';
import { openProfile } from './profiles/profile.ts';

/**
 * Destinations as dispatches are composed for them, the tables of their profiles read. Throws
 * `geographic-codes-unreadable` and `geographic-codes-invalid`, and `destination-format-unknown` for settings that were
 * not checked.
 */
export async function dispatchTargets(
  destinations: readonly DestinationConfig[],
): Promise<readonly DispatchTarget[]> {
  const targets: DispatchTarget[] = [];
  for (const settings of destinations) {
    const { name, feed, facilities, schedule } = settings;
    const only = facilities === undefined ? undefined : new Set(facilities);
    targets.push({
      ...{ name, feed, atOnce: schedule.kind === 'at-once' },
      takes: (facility) => only === undefined || only.has(facility),
      formatAt: await openFormats(settings),
    });
  }
  return targets;
}

/** The format of a destination at an instant (epoch ms): the next version takes over at midnight in Paris. */
async function openFormats(settings: DestinationConfig): Promise<(now: number) => DispatchFormat> {
  const chosen = chosenFormat(settings);
  if (chosen === undefined) {
    const { name: destination, format } = settings;
    throw permanent('destination-format-unknown', { facts: { destination, format: format.name } });
  }
  const items = await openProfile(chosen.form, settings.profile);
  const current = createFormat(chosen, chosen.version, items, settings);
  if (chosen.next === undefined) return () => current;
  const { version, from } = chosen.next;
  const next = createFormat(chosen, version, items, settings);
  return (now) => (dayOfInstant(now) >= from ? next : current);
}
