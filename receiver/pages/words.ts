import type { Language } from '../../shared/i18n/texts.ts';
import { dayOfInstant, instantToFrench, type Day } from '../../shared/runtime/paris-time.ts';

/** Numbers, days and hours as pages say them: thousands with a narrow no-break space, 24 hours, Paris. */
const locales: Readonly<Record<Language, string>> = { fr: 'fr-FR', en: 'en-GB' };
const dayMs = 86_400_000;

export function count(value: number, language: Language): string {
  const grouped = new Intl.NumberFormat(locales[language], { maximumFractionDigits: 0 }).format(value);
  return language === 'fr' ? grouped : grouped.replaceAll(',', '\u202f');
}

/** One decimal: "97,4 %", "97.4%". */
export function percent(share: number, language: Language): string {
  const value = new Intl.NumberFormat(locales[language], {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(share * 100);
  return language === 'fr' ? `${value}\u202f%` : `${value}%`;
}

type DayForm = 'long' | 'weekday' | 'short' | 'month' | 'year';
const forms: Readonly<Record<DayForm, Intl.DateTimeFormatOptions>> = {
  long: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  weekday: { weekday: 'long', day: 'numeric' },
  short: { weekday: 'short', day: 'numeric', month: 'short' },
  month: { day: 'numeric', month: 'short' },
  year: { day: 'numeric', month: 'short', year: 'numeric' },
};

/** long: "vendredi 20 novembre 2026"; weekday: "jeudi 19"; short: "jeu. 19 nov."; month: "19 nov."; year: "19 nov. 2026". */
export function dayWords(day: Day, form: DayForm, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], { ...forms[form], timeZone: 'UTC' }).format(day * dayMs);
}

/** "novembre 2026" */
export function monthWords(day: Day, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], {
    ...{ month: 'long', year: 'numeric', timeZone: 'UTC' },
  }).format(day * dayMs);
}

/** "07:42", of Paris. */
export function hourWords(at: number): string {
  return instantToFrench(at).slice(11, 16);
}

/** "07:42" today, "hier 22:14", else "mer. 18 nov. 02:05". */
export function momentWords(at: number, now: number, language: Language): string {
  const [day, today] = [dayOfInstant(at), dayOfInstant(now)];
  if (day === today) return hourWords(at);
  if (day === today - 1) return `${language === 'fr' ? 'hier' : 'yesterday'} ${hourWords(at)}`;
  return `${dayWords(day, 'short', language)} ${hourWords(at)}`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
