import { classNames, dimensionNames, portalAnalysis } from '../../../shared/i18n/portal-analysis.ts';
import { fill, type Language } from '../../../shared/i18n/texts.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import type { Question } from '../../quality/analyse.ts';
import { dayWords } from '../words.ts';

export function className(dimension: string, name: string, language: Language): string {
  if (dimension === 'hour') return hourName(Number(name));
  return classNames[dimension]?.[name]?.[language] ?? name;
}

export function dimensionName(dimension: string, language: Language): string {
  return dimensionNames[dimension]?.[language] ?? dimension;
}

/** A short month has its own point. */
export function fullStop(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}

export function hourName(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

/** A day, the week of its Monday, or an hour. */
export function timeName(by: Question['by'], at: number, language: Language): string {
  if (by === 'hour') return hourName(at);
  const day = dayWords(at as Day, by === 'day' ? 'short' : 'month', language);
  return by === 'day' ? day : fill(portalAnalysis.weekOf[language], { day });
}
