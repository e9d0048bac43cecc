import { dateReader, dateTimeReader } from './date-format.ts';
import type { Step } from './field-schema.ts';
import { planSteps } from './text-steps.ts';

/** Formats of dates and times that a column of a sample shows, the best first; `share` = values that one of them reads. */
export interface SeenFormats {
  readonly formats: readonly string[];
  readonly share: number;
  /** What is to be cut off before: a midnight behind a date, fractions of a second, an offset. */
  readonly steps: readonly Step[];
}

/** Dates alone, or with a midnight behind each: databases know no other way. */
export function seenDates(values: readonly string[]): SeenFormats {
  const steps = midnightCut(values);
  return cover(cutBy(values, steps), dateFormats, (format) => dateReader(format), steps);
}

/** A column of midnights holds days, and no moments. */
export function seenDateTimes(values: readonly string[]): SeenFormats {
  if (values.length >= fewest && midnightCut(values).length > 0) return { formats: [], share: 0, steps: [] };
  const steps = restCut(values);
  return cover(cutBy(values, steps), dateTimeFormats, (format) => dateTimeReader(format), steps);
}

/** Times of day alone; the formats are the time parts of a date and time. */
export function seenTimes(values: readonly string[]): SeenFormats {
  return cover(
    values,
    timeFormats,
    (format) => {
      const reader = dateTimeReader(`dd/MM/yyyy ${format}`);
      return reader === undefined ? undefined : (text) => reader(`01/06/2026 ${text}`);
    },
    [],
  );
}

/** True when a column tells times of another zone than that of Paris: universal time, mostly. */
export function isElsewhere(values: readonly string[]): boolean {
  const zones = values.flatMap((text) => {
    const zone = momentAndRest.exec(text)?.[3];
    return zone === undefined ? [] : [zone];
  });
  return zones.length > values.length / 2 && !zones.every(isParis);
}

const fewest = 5;
const midnight = /[ T]00:00(?::00(?:[.,]0+)?)?$/;
/** A moment to the minute or second, a fraction, an offset. */
const momentAndRest = /^([^.+]*?\d{2}:\d{2}(?::\d{2})?)(\.\d{1,9})?(Z|[+-]\d{2}(?::?\d{2})?)?$/;

function isParis(zone: string): boolean {
  return /^\+0[12](?::?00)?$/.test(zone);
}

function midnightCut(values: readonly string[]): readonly Step[] {
  if (values.length === 0 || !values.every((text) => midnight.test(text))) return [];
  return [{ before: values.every((text) => text.includes('T')) ? 'T' : ' ' }];
}

/** Offsets of Paris may go, for what is left is local time; others must not. */
function restCut(values: readonly string[]): readonly Step[] {
  const parts = values.map((text) => momentAndRest.exec(text));
  const found = parts.filter((part) => part !== null);
  if (found.length < values.length * 0.9) return [];
  if (found.some(([, , , zone]) => zone !== undefined && !isParis(zone))) return [];
  const fractions = found.some(([, , fraction]) => fraction !== undefined);
  const bare = found.some(([, , fraction, zone]) => fraction === undefined && zone !== undefined);
  return [...(fractions ? [{ before: '.' }] : []), ...(bare ? [{ before: '+' }] : [])];
}

function cutBy(values: readonly string[], steps: readonly Step[]): readonly string[] {
  return steps.length === 0 ? values : values.map(planSteps(steps));
}

/** Six digits run together are not among them: they could be any number. */
const dateFormats = [
  'dd/MM/yyyy',
  'yyyy-MM-dd',
  'yyyyMMdd',
  'dd-MM-yyyy',
  'dd.MM.yyyy',
  'yyyy/MM/dd',
  'ddMMyyyy',
  'dd MM yyyy',
  'dd/MM/yy',
  'dd-MM-yy',
  'dd.MM.yy',
];
const timeFormats = ['HH:mm', 'HH:mm:ss', 'HHhmm', 'HHmm', 'HHmmss', 'HH.mm', 'HH-mm'];
const dateTimeFormats = dateFormats.flatMap((date) =>
  timeFormats.flatMap((time) => [' ', 'T', ''].map((between) => `${date}${between}${time}`)),
);

const enough = 0.005;

/** The format that reads most, then those that read what is left, as long as each adds its share. */
function cover(
  values: readonly string[],
  formats: readonly string[],
  readerOf: (format: string) => ((text: string) => string | undefined) | undefined,
  steps: readonly Step[],
): SeenFormats {
  const chosen: string[] = [];
  let left = values;
  const known = candidatesFor(values, formats).flatMap((format) => {
    const read = readerOf(format);
    return read === undefined ? [] : [{ format, read }];
  });
  while (left.length > 0 && chosen.length < 4) {
    const ranked = known
      .map(({ format, read }) => ({ format, rest: left.filter((text) => !plausible(read(text))) }))
      .sort((a, b) => a.rest.length - b.rest.length);
    const [best] = ranked;
    if (best === undefined || left.length - best.rest.length < Math.max(1, values.length * enough)) break;
    chosen.push(best.format);
    left = best.rest;
  }
  return { formats: chosen, share: values.length === 0 ? 0 : 1 - left.length / values.length, steps };
}

/** Only formats of a length that some value has: trying all on all would take long. */
function candidatesFor(values: readonly string[], formats: readonly string[]): readonly string[] {
  const lengths = new Set(values.map((text) => text.length));
  return formats.filter((format) => lengths.has(format.length));
}

/** Digits run together can be read in several ways: only years that a living patient can have count. */
function plausible(printed: string | undefined): boolean {
  if (printed === undefined) return false;
  const year = Number(printed.slice(6, 10));
  return year >= 1895 && year <= 2105;
}
