import {
  causeTexts,
  watchingTerminal,
  type WatchingTerminalText,
} from '../../shared/i18n/terminal-watching.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import type { WatchedDay } from '../monitor/evaluate.ts';
import type { WatchCause } from '../store/watch-tables.ts';
import { shownDay } from './destination-words.ts';

export function tellWatch(
  language: Language,
  name: WatchingTerminalText,
  facts: Readonly<Record<string, string | number>> = {},
): string {
  return fill(watchingTerminal[name][language], facts);
}

export function causeWords(
  cause: WatchCause | null,
  language: Language,
): { readonly why: string; readonly action: string } {
  if (cause === null) return { why: '-', action: '-' };
  const { why, action } = causeTexts[cause];
  return { why: why[language], action: action[language] };
}

/** What a day has, of what is usual, and which hours or parts it lacks. */
export function dayWords(one: WatchedDay, language: Language): readonly string[] {
  const { day, count, expected, stretches, missingParts } = one;
  return [
    ...(expected === null
      ? []
      : [tellWatch(language, 'counted', { day: shownDay(day, language), count, ...expected })]),
    ...stretches.map((stretch) => tellWatch(language, 'hours', { ...stretch })),
    ...(missingParts.length === 0 ? [] : [tellWatch(language, 'parts', { parts: missingParts.join(', ') })]),
  ];
}
