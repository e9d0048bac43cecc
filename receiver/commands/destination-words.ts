import { shownInstant } from '../../shared/i18n/shown.ts';
import {
  destinationTerminal,
  type DestinationTerminalText,
} from '../../shared/i18n/terminal-destinations.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayFromIso, dayToFrench, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import type { ReceiverConfig } from '../config.ts';
import type { DestinationConfig } from '../config-destinations.ts';

export function tell(
  language: Language,
  name: DestinationTerminalText,
  facts: Readonly<Record<string, string | number>> = {},
): string {
  return fill(destinationTerminal[name][language], facts);
}

export function isoOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

export function shownAt(at: number | null, language: Language): string {
  return at === null ? '-' : shownInstant(at, language);
}

export function shownDay(day: Day, language: Language): string {
  return language === 'fr' ? dayToFrench(day) : dayToIso(day);
}

/** A day of the settings, yyyy-mm-dd. */
export function dayText(iso: string, language: Language): string {
  const day = dayFromIso(iso);
  return day === undefined ? iso : shownDay(day, language);
}

/** Throws `destination-unknown`. */
export function settingsOf(config: ReceiverConfig, name: string): DestinationConfig {
  const found = config.destinations.find((each) => each.name === name);
  if (found !== undefined) return found;
  const known = config.destinations.map((each) => each.name).join(', ');
  throw permanent('destination-unknown', { facts: { destination: name, known: known === '' ? '-' : known } });
}

/** Several names separated by commas, each once. Throws `destination-unknown`. */
export function settingsOfAll(config: ReceiverConfig, names: string): readonly DestinationConfig[] {
  const wanted = names.split(',').map((each) => each.trim());
  return [...new Set(wanted)].map((name) => settingsOf(config, name));
}

/** Who does it, as others read it. Throws `command-invalid`. */
export function personOf(by: string): string {
  const person = by.trim();
  if (!/^[\p{L}\p{N} .,'’@_-]{1,100}$/u.test(person))
    throw permanent('command-invalid', { facts: { detail: '--by' } });
  return person;
}

/** Throws `command-invalid`. */
export function dayOption(text: string, option: string): Day {
  const day = dayFromIso(text);
  if (day === undefined)
    throw permanent('command-invalid', { facts: { detail: `${option} YYYY-MM-DD (${text})` } });
  return day;
}

/** A whole number between 1 and `most`. Throws `command-invalid`. */
export function countOption(text: string, option: string, most: number): number {
  const count = Number(text);
  if (!/^\d{1,6}$/.test(text) || count < 1 || count > most)
    throw permanent('command-invalid', { facts: { detail: `${option} 1-${most} (${text})` } });
  return count;
}
