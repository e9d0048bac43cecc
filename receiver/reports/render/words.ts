import { classNames } from '../../../shared/i18n/portal-analysis.ts';
import { reportClasses, reportStates, reportTexts } from '../../../shared/i18n/report-texts.ts';
import { speaker, type Language } from '../../../shared/i18n/texts.ts';
import { instantOf, type Day } from '../../../shared/runtime/paris-time.ts';
import type { Figures } from '../figures/compute.ts';
import type { GatheredDay } from '../figures/gathered.ts';
import { isNotAwaited, isWhole, type ReportState } from '../figures/judged-days.ts';
import { dayWords, monthWords } from '../../pages/words.ts';
import { isoWeekOf } from '../iso-week.ts';

/** What paper and table say alike. */
export function className(dimension: string, name: string, language: Language): string {
  return (reportClasses[dimension] ?? classNames[dimension])?.[name]?.[language] ?? name;
}

export function stateWord(state: ReportState, language: Language): string {
  return reportStates[state][language];
}

export function glyphOf(state: ReportState): string {
  return reportStates[state].glyph;
}

export function titleOf(
  { kind, from, to }: Pick<Figures, 'kind' | 'from' | 'to'>,
  language: Language,
): string {
  const say = speaker(reportTexts, language);
  if (kind === 'daily') return say('dailyTitle', { day: dayWords(from, 'long', language) });
  if (kind === 'monthly') return say('monthlyTitle', { month: monthWords(from, language) });
  const { year, week } = isoWeekOf(from);
  const span = say('span', {
    from: dayWords(from, 'month', language),
    to: dayWords(to, 'month', language),
  });
  return `${say('weeklyTitle', { week: `${week}` })} ${year} (${span})`;
}

/** How whole a day is, over the facilities that it is awaited of. */
export function wholenessOf({ states }: Pick<GatheredDay, 'states'>): {
  readonly whole: number;
  readonly of: number;
} {
  let [whole, of] = [0, 0];
  for (const [state, count] of states) {
    if (isNotAwaited(state)) continue;
    of += count;
    if (isWhole(state)) whole += count;
  }
  return { whole, of };
}

/** Of one facility: its state. Of many: how many of them are whole. */
export function dayState(figures: Pick<Figures, 'facility'>, day: GatheredDay, language: Language): string {
  const say = speaker(reportTexts, language);
  const [only] = day.states.keys();
  if (figures.facility !== null && only !== undefined) return stateWord(only, language);
  const { whole, of } = wholenessOf(day);
  if (of === 0) return say('noneState');
  return whole === of ? say('wholeState') : say('partState', { whole, of });
}

/** Nothing came of a day that is not whole: no number is told of it. */
export function isEmptyDay(day: GatheredDay): boolean {
  const { whole } = wholenessOf(day);
  return day.sums.visits === 0 && whole === 0;
}

const hourMs = 3_600_000;

/** The hour of Paris that a day lacks, or has twice. */
export function oddHour(
  day: Day,
): { readonly kind: 'skipped' | 'ambiguous'; readonly hour: number } | undefined {
  for (let hour = 0; hour < 24; hour += 1) {
    const { clockChange } = instantOf(day, hour * hourMs);
    if (clockChange !== 'none') return { kind: clockChange, hour };
  }
  return undefined;
}
