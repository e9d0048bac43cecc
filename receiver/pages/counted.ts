import { portalCounted } from '../../shared/i18n/portal-counted.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import { count } from './words.ts';

/** "723 passages", "1 lot": in French, nothing is singular. */
export function counted(value: number, thing: keyof typeof portalCounted, language: Language): string {
  const isOne = language === 'fr' ? value < 2 : value === 1;
  return `${count(value, language)}\u00a0${portalCounted[thing][isOne ? 'one' : 'many'][language]}`;
}
