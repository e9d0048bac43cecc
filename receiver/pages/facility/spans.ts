import type { Language } from '../../../shared/i18n/texts.ts';
import { dayOfInstant } from '../../../shared/runtime/paris-time.ts';
import { hourWords, momentWords } from '../words.ts';

/** Lengths of time and sizes as the pages of a facility say them. */
const [secondMs, minuteMs, hourMs, dayMs] = [1000, 60_000, 3_600_000, 86_400_000] as const;

/** "40 s", "12 min", "5 h", "3 j". */
export function lengthWords(ms: number, language: Language): string {
  const length = Math.max(0, ms);
  if (length < 2 * minuteMs) return `${Math.round(length / secondMs)}\u202fs`;
  if (length < 2 * hourMs && length !== hourMs) return `${Math.round(length / minuteMs)}\u202fmin`;
  if (length < 2 * dayMs) return `${Math.round(length / hourMs)}\u202fh`;
  return `${Math.round(length / dayMs)}\u202f${language === 'fr' ? 'j' : 'd'}`;
}

/** Within a sentence: "à 02:12", "hier 22:14", "mer. 18 nov. 02:05". */
export function atWords(at: number, now: number, language: Language): string {
  if (dayOfInstant(at) === dayOfInstant(now)) return `${language === 'fr' ? 'à' : 'at'} ${hourWords(at)}`;
  return momentWords(at, now, language);
}

/** "61 Go", "512 Mo". */
export function sizeWords(bytes: number, language: Language): string {
  const [unit, size] = bytes >= 1e9 ? ['G', bytes / 1e9] : ['M', bytes / 1e6];
  const shown = new Intl.NumberFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
    maximumFractionDigits: size < 10 ? 1 : 0,
  }).format(size);
  return `${shown}\u202f${unit}${language === 'fr' ? 'o' : 'B'}`;
}
