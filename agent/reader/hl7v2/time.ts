import { dayOf, dayToFrench, instantOf } from '../../../shared/runtime/paris-time.ts';

const pattern = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(?:(\d{2})(?:\.(\d{1,4}))?)?)?([+-]\d{4})?$/;

/**
 * `YYYYMMDD[HHMM[SS[.S]]][+ZZZZ]` as epoch ms: local time of Paris unless it carries its offset; undefined when it is no time.
 * Of the hour that comes twice in October the earlier one is taken.
 */
export function parseHl7Time(text: string): number | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, year, month, date, hour = '0', minute = '0', second = '0', fraction = '0', offset] = match;
  const day = dayOf(Number(year), Number(month), Number(date));
  if (day === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const msOfDay =
    ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 +
    Math.floor(Number(`0.${fraction}`) * 1000);
  if (offset === undefined) return instantOf(day, msOfDay).at;
  const offsetMinutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3));
  if (offsetMinutes > 14 * 60 || Number(offset.slice(3)) > 59) return undefined;
  return day * 86_400_000 + msOfDay - (offset.startsWith('-') ? -1 : 1) * offsetMinutes * 60_000;
}

/** A date, with or without a time of day, as "dd/MM/yyyy"; undefined when it is none. */
export function hl7DateToFrench(text: string): string | undefined {
  const match = pattern.exec(text);
  const day = match === null ? undefined : dayOf(Number(match[1]), Number(match[2]), Number(match[3]));
  return day === undefined ? undefined : dayToFrench(day);
}
