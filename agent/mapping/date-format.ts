import { parseFrenchDate, parseFrenchDateTime } from '../../shared/runtime/paris-time.ts';

/** Reads a local date or time in one declared format and prints it as the national formats do; undefined = it is not one. */
export type DateReader = (text: string) => string | undefined;

type Part = 'yyyy' | 'MM' | 'dd' | 'HH' | 'mm' | 'ss';
type Token = { readonly part: Part; readonly length: number } | { readonly literal: string };

/** "dd/MM/yyyy", from a format of yyyy, MM, dd and separators. Undefined when the format is not one. */
export function dateReader(format: string): DateReader | undefined {
  const tokens = tokensOf(format);
  if (tokens === undefined || !hasExactly(tokens, ['yyyy', 'MM', 'dd'])) return undefined;
  return (text) => {
    const parts = partsOf(text, tokens);
    if (parts === undefined) return undefined;
    const date = `${parts.dd}/${parts.MM}/${parts.yyyy}`;
    return parseFrenchDate(date) === undefined ? undefined : date;
  };
}

/** "dd/MM/yyyy HH:mm", with seconds where the format has them. */
export function dateTimeReader(format: string): DateReader | undefined {
  const tokens = tokensOf(format);
  if (tokens === undefined) return undefined;
  const seconds = hasExactly(tokens, ['yyyy', 'MM', 'dd', 'HH', 'mm', 'ss']);
  if (!seconds && !hasExactly(tokens, ['yyyy', 'MM', 'dd', 'HH', 'mm'])) return undefined;
  return (text) => {
    const parts = partsOf(text, tokens);
    if (parts === undefined) return undefined;
    const time = `${parts.dd}/${parts.MM}/${parts.yyyy} ${parts.HH}:${parts.mm}${seconds ? `:${parts.ss}` : ''}`;
    return parseFrenchDateTime(time) === undefined ? undefined : time;
  };
}

function tokensOf(format: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let rest = format;
  while (rest !== '') {
    const part = /^(?:yyyy|MM|dd|HH|mm|ss)/.exec(rest)?.[0] as Part | undefined;
    const literal = /^[-/.: T]/.exec(rest)?.[0];
    if (part !== undefined) tokens.push({ part, length: part.length });
    else if (literal !== undefined) tokens.push({ literal });
    else return undefined;
    rest = rest.slice(part?.length ?? 1);
  }
  return tokens;
}

function hasExactly(tokens: readonly Token[], parts: readonly Part[]): boolean {
  const found = tokens.flatMap((token) => ('part' in token ? [token.part] : []));
  return found.length === parts.length && parts.every((part) => found.includes(part));
}

function partsOf(text: string, tokens: readonly Token[]): Readonly<Record<Part, string>> | undefined {
  const parts: Record<Part, string> = { yyyy: '', MM: '', dd: '', HH: '', mm: '', ss: '' };
  let at = 0;
  for (const token of tokens) {
    if ('literal' in token) {
      if (text[at] !== token.literal) return undefined;
      at += 1;
    } else {
      const digits = text.slice(at, at + token.length);
      if (digits.length !== token.length || !/^\d+$/.test(digits)) return undefined;
      parts[token.part] = digits;
      at += token.length;
    }
  }
  return at === text.length ? parts : undefined;
}
