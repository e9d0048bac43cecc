import { destination, type DestinationConfig } from '../../../receiver/config-destinations.ts';
import type { DispatchFormat, DispatchInput } from '../../../receiver/forward/formats/format.ts';
import { dispatchTargets } from '../../../receiver/forward/targets.ts';
import { dayFromIso, type Day } from '../../../shared/runtime/paris-time.ts';

/** A destination as settings give it; says only what matters. */
export function destinationOf(change: Readonly<Record<string, unknown>>): DestinationConfig {
  return destination.parse({
    ...{ name: 'agency', feed: 'ed-visits', format: 'oscour-xml' },
    transport: { kind: 'directory', folder: '/srv/agency' },
    ...change,
  });
}

/** The format such a destination composes in, at noon of a day. */
export async function formatOf(
  change: Readonly<Record<string, unknown>> = {},
  iso = '2026-01-12',
): Promise<DispatchFormat> {
  const [target] = await dispatchTargets([destinationOf(change)]);
  if (target === undefined) throw new Error('no target');
  return target.formatAt(Date.parse(`${iso}T12:00:00Z`));
}

export function day(iso: string): Day {
  const found = dayFromIso(iso);
  if (found === undefined) throw new Error(iso);
  return found;
}

/** A week of one facility. */
export function inputOf(...bodies: readonly string[]): DispatchInput {
  return {
    facility: '990000010',
    from: day('2026-01-05'),
    to: day('2026-01-11'),
    extract: Date.UTC(2026, 0, 12, 2, 30, 0),
    bodies,
  };
}
