import { portalQuality } from '../../shared/i18n/portal-quality.ts';
import { speaker, type Language } from '../../shared/i18n/texts.ts';
import { causeWords, improvementHead, itemName, targetWords } from '../pages/quality/quality-words.ts';
import { count, dayWords, percent } from '../pages/words.ts';
import type { Scorecard } from './scorecard.ts';

/** A week's scorecard as a message: text only, and of the facility alone. */
export function weeklyMessage(
  card: Scorecard,
  language: Language,
  link: string,
): { readonly subject: string; readonly text: string } {
  const say = speaker(portalQuality, language);
  const { name, records, days, improve, items, consistent, delayHours, lowDays } = card;
  const period = {
    from: dayWords(card.from, 'month', language),
    to: dayWords(card.to, 'month', language),
  };
  const shown = (share: number | null): string => (share === null ? '—' : percent(share, language));
  const width = Math.max(...items.map(({ tag }) => itemName(tag, language).length)) + 2;
  const lines = [
    say('mailAll', { count: count(records, language), days }),
    '',
    `${say('improve')} :`,
    ...(improve.length === 0
      ? [say('nothingToImprove')]
      : improve.flatMap((each) => [
          `- ${improvementHead(each, language)}`,
          `  ${causeWords(each, language)}`,
        ])),
    '',
    ...items
      .filter(({ due }) => due > 0)
      .map(
        ({ tag, filled, target, isBelow }) =>
          `${isBelow ? '!' : ' '} ${itemName(tag, language).padEnd(width)} ${shown(filled)} (${say(
            'targetOf',
            {
              target: targetWords(target, language),
            },
          )})`,
      ),
    '',
    `${say('consistent')} : ${shown(consistent)}`,
    `${say('delay')} : ${delayHours === null ? say('noDelay') : say('hours', { n: Math.round(delayHours) })}`,
    `${say('lowDays')} : ${lowDays.length === 0 ? say('none') : lowDays.length}`,
    '',
    say('mailOpen', { link }),
    '',
    say('mailNote'),
    '',
  ];
  return { subject: say('mailSubject', { name, ...period }), text: lines.join('\n') };
}
