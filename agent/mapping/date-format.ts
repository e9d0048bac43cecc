import {
  dayToFrench,
  parseFrenchDate,
  parseFrenchDateTime,
  type Day,
} from '../../shared/runtime/paris-time.ts';

/** Reads a local date or time in one declared format and prints it as the national formats do; undefined = it is not one. */
export type DateReader = (text: string) => string | undefined;

export interface DateOptions {
  /**
   * What two digits of a year mean: a year of the hundred that end with this one. Exports are read in the year of their
   * reading, so that a birth never lies in the future.
   */
  readonly latestYear: number;
  /** 24:00 is midnight at the end of the day; without it, 24:00 is no time. */
  readonly allow24: boolean;
}

/** Where nobody says in which year an export is read: in a mapping's own tests. */
export const defaultDateOptions: DateOptions = { latestYear: 2030, allow24: false };

const partNames = ['yyyy', 'yy', 'MM', 'M', 'dd', 'd', 'HH', 'H', 'mm', 'ss'] as const;
type PartName = (typeof partNames)[number];
type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';
type Token = { readonly part: Part; readonly name: PartName } | { readonly literal: string };

/** "dd/MM/yyyy", from a format of yyyy or yy, MM or M, dd or d, and separators. Undefined when the format is not one. */
export function dateReader(format: string, options = defaultDateOptions): DateReader | undefined {
  const tokens = tokensOf(format);
  if (tokens === undefined || !hasExactly(tokens, ['year', 'month', 'day'])) return undefined;
  return (text) => {
    const parts = partsOf(text, tokens);
    if (parts === undefined) return undefined;
    const date = dateText(parts, options);
    return parseFrenchDate(date) === undefined ? undefined : date;
  };
}

/** "dd/MM/yyyy HH:mm", with seconds where the format has them. */
export function dateTimeReader(format: string, options = defaultDateOptions): DateReader | undefined {
  const tokens = tokensOf(format);
  if (tokens === undefined) return undefined;
  const seconds = hasExactly(tokens, ['year', 'month', 'day', 'hour', 'minute', 'second']);
  if (!seconds && !hasExactly(tokens, ['year', 'month', 'day', 'hour', 'minute'])) return undefined;
  return (text) => {
    const parts = partsOf(text, tokens);
    if (parts === undefined) return undefined;
    const ends = options.allow24 && parts.hour === '24' && /^0*$/.test(parts.minute + parts.second);
    const date = ends ? nextDay(dateText(parts, options)) : dateText(parts, options);
    if (date === undefined) return undefined;
    const hour = ends ? '00' : parts.hour.padStart(2, '0');
    const time = `${date} ${hour}:${parts.minute}${seconds ? `:${parts.second}` : ''}`;
    return parseFrenchDateTime(time) === undefined ? undefined : time;
  };
}

function tokensOf(format: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let rest = format;
  while (rest !== '') {
    const name = partNames.find((candidate) => rest.startsWith(candidate));
    const literal = /^[-/.: Th]/.exec(rest)?.[0];
    if (name !== undefined) tokens.push({ part: partOf[name], name });
    else if (literal !== undefined) tokens.push({ literal });
    else return undefined;
    rest = rest.slice(name?.length ?? 1);
  }
  return tokens;
}

const partOf: Readonly<Record<PartName, Part>> = {
  yyyy: 'year',
  yy: 'year',
  MM: 'month',
  M: 'month',
  dd: 'day',
  d: 'day',
  HH: 'hour',
  H: 'hour',
  mm: 'minute',
  ss: 'second',
};

function hasExactly(tokens: readonly Token[], parts: readonly Part[]): boolean {
  const found = tokens.flatMap((token) => ('part' in token ? [token.part] : []));
  return found.length === parts.length && parts.every((part) => found.includes(part));
}

/** One letter stands for one digit or two; more for exactly as many. */
function partsOf(text: string, tokens: readonly Token[]): Readonly<Record<Part, string>> | undefined {
  const parts: Record<Part, string> = { year: '', month: '', day: '', hour: '', minute: '', second: '' };
  let at = 0;
  for (const token of tokens) {
    if ('literal' in token) {
      if (text[at] !== token.literal) return undefined;
      at += 1;
    } else {
      const most = Math.max(2, token.name.length);
      const digits = /^\d+/.exec(text.slice(at, at + most))?.[0] ?? '';
      if (digits.length < token.name.length) return undefined;
      parts[token.part] = digits;
      at += digits.length;
    }
  }
  return at === text.length ? parts : undefined;
}

function dateText({ year, month, day }: Readonly<Record<Part, string>>, options: DateOptions): string {
  return `${day.padStart(2, '0')}/${month.padStart(2, '0')}/${wholeYear(year, options.latestYear)}`;
}

function wholeYear(digits: string, latestYear: number): string {
  if (digits.length > 2) return digits;
  const inCentury = latestYear - (latestYear % 100) + Number(digits);
  return String(inCentury > latestYear ? inCentury - 100 : inCentury);
}

function nextDay(date: string): string | undefined {
  const day = parseFrenchDate(date);
  return day === undefined ? undefined : dayToFrench((day + 1) as Day);
}
