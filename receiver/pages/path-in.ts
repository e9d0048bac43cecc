import type { Language } from '../../shared/i18n/texts.ts';

/** A French path, query included, as the same page has it in a language: English pages are under `/en`, the first one at `/en` itself. */
export function pathIn(path: string, language: Language): string {
  if (language === 'fr') return path;
  return /^\/(?=$|[?#])/.test(path) ? `/en${path.slice(1)}` : `/en${path}`;
}
