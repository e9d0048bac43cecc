import { speaker, type Bilingual, type Facts, type Language } from '../../shared/i18n/texts.ts';

/** A catalogue read in one language, with the spaces that French signs ask for: narrow, and never at the end of a line. */
export function teller<Name extends string>(
  catalogue: Readonly<Record<Name, Bilingual>>,
  language: Language,
): (name: Name, facts?: Facts) => string {
  const say = speaker(catalogue, language);
  return language === 'fr' ? (name, facts) => frenchSpaces(say(name, facts)) : say;
}

export function frenchSpaces(text: string): string {
  return text.replace(/ (?=[;!?%»])/g, '\u202f').replace(/ :/g, '\u00a0:');
}

/** What stands between a name and what is said of it. */
export function colon(language: Language): string {
  return language === 'fr' ? '\u00a0:' : ':';
}

const words = {
  fr: ['aucun', 'un', 'deux', 'trois', 'quatre', 'cinq', 'six', 'sept', 'huit', 'neuf', 'dix'],
  en: ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'],
} as const;

/** Up to ten in words, of masculine things; above in figures. */
export function numberWords(value: number, language: Language): string {
  return words[language][value] ?? String(value);
}
