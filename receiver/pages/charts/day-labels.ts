import type { Language } from '../../../shared/i18n/texts.ts';
import { dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { weekdayOf } from '../../monitor/holidays.ts';
import { dayWords } from '../words.ts';

export interface DayLabel {
  readonly index: number;
  readonly text: string;
  /** Under it, where a month begins. */
  readonly month: string | null;
}

const letters: Readonly<Record<Language, string>> = { fr: 'LMMJVSD', en: 'MTWTFSS' };
const roomPx = 36;
/** Longer spans name months. */
const longDays = 120;

/** Mondays and the last day, as many as have room; of long spans the firsts of months. */
export function dayLabels(days: readonly Day[], slot: number, language: Language): readonly DayLabel[] {
  const last = days.length - 1;
  if (last < 0) return [];
  if (days.length > longDays) return monthLabels(days, slot, language);
  const mondays = days.flatMap((day, index) => (weekdayOf(day) === 0 && index !== last ? [index] : []));
  const every = Math.max(1, Math.ceil(roomPx / (7 * slot)));
  const kept = mondays
    .filter((_index, place) => (mondays.length - 1 - place) % every === 0)
    .filter((index) => (last - index) * slot >= roomPx);
  let month = '';
  return [...kept, last].map((index) => {
    const day = days[index] ?? (0 as Day);
    const own = monthOf(day, language);
    const isNew = own !== month && index !== last;
    if (isNew) month = own;
    return {
      index,
      text: `${letters[language].charAt(weekdayOf(day))} ${dayOfMonth(day)}`,
      month: isNew ? own : null,
    };
  });
}

function monthLabels(days: readonly Day[], slot: number, language: Language): readonly DayLabel[] {
  const last = days.length - 1;
  const firsts = days.flatMap((day, index) => (dayOfMonth(day) === 1 ? [index] : []));
  const every = Math.max(1, Math.ceil(roomPx / (28 * slot)));
  return firsts
    .filter((_index, place) => (firsts.length - 1 - place) % every === 0)
    .filter((index) => (last - index) * slot >= roomPx / 2)
    .map((index) => ({ index, text: monthOf(days[index] ?? (0 as Day), language), month: null }));
}

function monthOf(day: Day, language: Language): string {
  return dayWords(day, 'month', language)
    .replace(/\d+\s*/, '')
    .trim();
}

function dayOfMonth(day: Day): number {
  return Number(dayToIso(day).slice(8));
}
