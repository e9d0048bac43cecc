/** Every text a person reads exists in French and in English, side by side, so that neither is forgotten. */
export type Language = 'fr' | 'en';

export interface Bilingual {
  readonly fr: string;
  readonly en: string;
}

/** What an operator reads of an error: what happened, and what to do next. `{name}` is replaced by the fault's facts. */
export interface ErrorText {
  readonly message: Bilingual;
  readonly hint: Bilingual;
}

export type Facts = Readonly<Record<string, string | number>>;

/** A catalogue read in one language. */
export function speaker<Name extends string>(
  catalogue: Readonly<Record<Name, Bilingual>>,
  language: Language,
): (name: Name, facts?: Facts) => string {
  return (name, facts = {}) => fill(catalogue[name][language], facts);
}

export function fill(text: string, facts: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in facts ? String(facts[name]) : whole));
}

/** French unless the locale (LANGUAGE, LC_ALL, LC_MESSAGES, LANG) says English or anything else that is not French. */
export function languageOf(environment: Readonly<Record<string, string | undefined>>): Language {
  for (const name of ['LANGUAGE', 'LC_ALL', 'LC_MESSAGES', 'LANG']) {
    const value = environment[name];
    if (value === undefined || value === '' || value === 'C' || value === 'POSIX' || value.startsWith('C.'))
      continue;
    return value.startsWith('fr') ? 'fr' : 'en';
  }
  return 'fr';
}
