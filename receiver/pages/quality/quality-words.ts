import { itemNames, portalQuality } from '../../../shared/i18n/portal-quality.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import type { Improvement } from '../../quality/improve.ts';
import { dayWords, percent } from '../words.ts';
import { teller } from '../typeset.ts';

/** What pages, files and messages say alike of a scorecard. */
export function itemName(tag: string, language: Language): string {
  return itemNames[tag]?.[language] ?? tag;
}

/** Points of percent with their sign: "+0,1", "−2,7". */
export function points(value: number, language: Language): string {
  const rounded = Math.round(value * 1000) / 10;
  const text = Math.abs(rounded).toFixed(1);
  return `${rounded < 0 ? '\u2212' : '+'}${language === 'fr' ? text.replace('.', ',') : text}`;
}

/** "80 %": targets are whole numbers, or have one decimal. */
export function targetWords(target: number, language: Language): string {
  const value = Math.round(target * 1000) / 10;
  return language === 'fr' ? `${String(value).replace('.', ',')}\u202f%` : `${value}%`;
}

export function improvementHead({ item, lost, cause }: Improvement, language: Language): string {
  const say = teller(portalQuality, language);
  const known = {
    item: itemName(item.tag, language),
    share: item.filled === null ? '—' : percent(item.filled, language),
  };
  if (cause.kind === 'swapped') return say('headSwapped', known);
  return Math.round(lost * 100) >= 2
    ? say('headLost', { ...known, points: Math.round(lost * 100) })
    : say('headTarget', { ...known, target: targetWords(item.target, language) });
}

export function causeWords({ cause }: Improvement, language: Language): string {
  const say = teller(portalQuality, language);
  switch (cause.kind) {
    case 'swapped':
      return cause.whole
        ? say('causeSwappedWhole')
        : say('causeSwapped', { day: dayWords(cause.since, 'month', language) });
    case 'gone':
      return say('causeGone', { day: dayWords(cause.since, 'month', language) });
    case 'never':
      return say('causeNever');
    case 'unusable':
      return say('causeUnusable', { share: percent(cause.share, language) });
    case 'night':
      return say('causeNight', { share: percent(cause.share, language) });
    case 'none':
      return say('causeNone');
  }
}
