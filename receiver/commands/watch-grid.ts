import { stateMarks } from '../../shared/i18n/terminal-watching.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import { dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import { weekdayOf } from '../monitor/holidays.ts';
import type { Looked } from '../monitor/look.ts';
import type { WatchRules } from '../monitor/settings.ts';
import { tellWatch } from './watch-words.ts';

const initials = { fr: 'LMMJVSD', en: 'MTWTFSS' } as const;
const nameWidth = 26;
const pending = ' ';

/** Facilities down, visit days across: a glyph per cell, and a word for each glyph below. */
export function printGrid(
  { region, pairs }: Looked,
  { from, to, rules }: { readonly from: Day; readonly to: Day; readonly rules: WatchRules },
  language: Language,
): readonly string[] {
  // Today is a column only where a feed is judged today.
  const last = Math.max(...pairs.flatMap(({ days }) => days.map(({ day }) => day)), from);
  const columns = Array.from(
    { length: Math.min(last, to) - from + 1 },
    (_none, index) => (from + index) as Day,
  );
  const kinds = rules.of('').kinds;
  const margin = ' '.repeat(nameWidth + 11);
  const head = [
    margin + columns.map((day) => ` ${dayToIso(day).slice(8)}`).join(''),
    margin +
      columns
        .map((day) => `  ${kinds.of(day).holiday ? '*' : initials[language].charAt(weekdayOf(day))}`)
        .join(''),
  ];
  const feeds = new Set(pairs.map(({ pair }) => pair.feed));
  const rows = pairs.map(({ pair, days }) => {
    const name = region.names.get(pair.facility) ?? '';
    const label = feeds.size > 1 ? `${name} [${pair.feed}]` : name;
    const cells = columns.map((day) => {
      const state = days.find((each) => each.day === day)?.state ?? null;
      return `  ${state === null ? pending : stateMarks[state].glyph}`;
    });
    return `${pair.facility}  ${fitted(label)}${cells.join('')}`;
  });
  const words = Object.values(stateMarks).map((mark) => `${mark.glyph} ${mark[language]}`);
  return [
    ...head,
    ...rows,
    tellWatch(language, 'legend', {
      words: [...words, tellWatch(language, 'holidayMark'), `(${tellWatch(language, 'pendingWord')})`].join(
        '  ',
      ),
    }),
  ];
}

function fitted(label: string): string {
  const letters = Array.from(label);
  return letters.length > nameWidth
    ? `${letters.slice(0, nameWidth - 1).join('')}…`
    : label + ' '.repeat(nameWidth - letters.length);
}
