import { dateReader, dateTimeReader } from './date-format.ts';

/** Formats of dates and times that a column of a sample shows, the best first; `share` = values that one of them reads. */
export interface SeenFormats {
  readonly formats: readonly string[];
  readonly share: number;
}

export function seenDates(values: readonly string[]): SeenFormats {
  return cover(values, dateFormats, (format) => dateReader(format));
}

export function seenDateTimes(values: readonly string[]): SeenFormats {
  return cover(values, dateTimeFormats, (format) => dateTimeReader(format));
}

/** Times of day alone; the formats are the time parts of a date and time. */
export function seenTimes(values: readonly string[]): SeenFormats {
  return cover(values, timeFormats, (format) => {
    const reader = dateTimeReader(`dd/MM/yyyy ${format}`);
    return reader === undefined ? undefined : (text) => reader(`01/06/2026 ${text}`);
  });
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
  return { formats: chosen, share: values.length === 0 ? 0 : 1 - left.length / values.length };
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
