import { permanent } from '../../../shared/runtime/errors.ts';
import type { Surroundings } from '../command.ts';
import { redact } from './redact.ts';

/** How a value is printed: its shape, or itself where a person asked for it on a screen. Throws `map-values-in-pipe`. */
export function printerOf(
  { terminal, json }: Surroundings,
  { showValues }: { readonly showValues: boolean },
): (text: string) => string {
  if (!showValues) return redact;
  if (!terminal.interactive || json) throw permanent('map-values-in-pipe');
  // A value could hold what a terminal takes for an order.
  return (text) => text.replace(/\p{Cc}/gu, ' ');
}

/** A count of records from 1 to 10,000. Throws `map-count-invalid`. */
export function countOf(text: string): number {
  const count = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > 10_000)
    throw permanent('map-count-invalid', { facts: { value: text.slice(0, 20) } });
  return count;
}
