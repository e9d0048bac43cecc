import { userInfo } from 'node:os';
import { shownInstant } from '../../shared/i18n/shown.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import {
  dayFromIso,
  dayToFrench,
  dayToIso,
  parseFrenchDate,
  type Day,
} from '../../shared/runtime/paris-time.ts';
import type { AgentConfig } from '../config.ts';
import { textOption, type Options } from './command.ts';

/** A day as people type it: "2026-01-21" or "21/01/2026". Throws `day-invalid`. */
export function dayOption(options: Options, name: string): Day | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const day = dayFromIso(text) ?? parseFrenchDate(text);
  if (day === undefined) throw permanent('day-invalid', { facts: { option: `--${name}`, found: text } });
  return day;
}

/** Both ends of a range of days; one given stands for both. Throws `day-invalid`, `days-reversed`. */
export function daysOption(options: Options): { readonly from: Day; readonly to: Day } | undefined {
  const [from, to] = [dayOption(options, 'from'), dayOption(options, 'to')];
  const first = from ?? to;
  const last = to ?? from;
  if (first === undefined || last === undefined) return undefined;
  if (first > last)
    throw permanent('days-reversed', { facts: { from: dayToIso(first), to: dayToIso(last) } });
  return { from: first, to: last };
}

/** Throws `limit-invalid`. */
export function limitOption(options: Options, most: number): number {
  const limit = Number(textOption(options, 'limit'));
  if (!Number.isInteger(limit) || limit < 1 || limit > most)
    throw permanent('limit-invalid', { facts: { most } });
  return limit;
}

/** The name of a configured source. Throws `source-unknown`. */
export function sourceOption(options: Options, config: AgentConfig): string | undefined {
  const name = textOption(options, 'source');
  if (name === undefined || config.sources.some((source) => source.name === name)) return name;
  const known = config.sources.map((source) => source.name).join(', ');
  throw permanent('source-unknown', { facts: { source: name, known } });
}

/** The account that typed the command, and whom it stood for under sudo. */
export function operator(env: Readonly<Record<string, string | undefined>>): string {
  const account = accountName();
  const asked = env['SUDO_USER'];
  return asked === undefined || asked === '' || asked === account ? account : `${asked} (${account})`;
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    // An account without a name, as containers have them.
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}

/** Local time of Paris, to the minute. */
export function shownTime(at: number | null, language: Language): string {
  if (at === null) return '-';
  return shownInstant(at, language);
}

export function shownDay(day: Day, language: Language): string {
  return language === 'fr' ? dayToFrench(day) : dayToIso(day);
}

/** The days an export is about, for a table: "2026-01-15…21" would be read as a time, so both are whole. */
export function shownWindow(from: string | null, to: string | null, language: Language): string {
  const [first, last] = [dayFromIso(from ?? ''), dayFromIso(to ?? '')];
  if (first === undefined || last === undefined) return '-';
  return first === last
    ? shownDay(first, language)
    : `${shownDay(first, language)} - ${shownDay(last, language)}`;
}

export function isoTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
