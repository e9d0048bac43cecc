import { findingText } from '../../../shared/i18n/findings.ts';
import { portalQuality } from '../../../shared/i18n/portal-quality.ts';
import { speaker, type Language } from '../../../shared/i18n/texts.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import type { Scorecard } from '../../quality/scorecard.ts';
import { csvText, type CsvCell } from '../csv.ts';
import type { Answer } from '../page.ts';
import { itemName } from './quality-words.ts';

/** The scorecard's figures, for a spreadsheet; shares in percent. */
export function scorecardFile(card: Scorecard, language: Language): Answer {
  const { from, to, facility } = card;
  return {
    kind: 'file',
    name: `qualite-${facility}-${dayToIso(from)}-${dayToIso(to)}.csv`,
    type: 'text/csv; charset=utf-8',
    content: scorecardCsv(card, language),
  };
}

export function scorecardCsv(card: Scorecard, language: Language): string {
  const say = speaker(portalQuality, language);
  const percent = (share: number | null): CsvCell => (share === null ? null : share * 100);
  return csvText(
    [
      [say('title'), card.name, card.facility, dayToIso(card.from), dayToIso(card.to)],
      [say('visits'), card.records],
      [say('consistent'), percent(card.consistent)],
      [say('repeated'), card.repeated],
      [say('delay'), card.delayHours],
      [say('lowDays'), card.lowDays.length],
      [],
      [say('item'), '', say('due'), say('filled'), say('usable'), say('target'), say('gap'), say('rank'), ''],
      ...card.items.map(({ tag, due, filled, usable, target, gap, rank }) => [
        ...[itemName(tag, language), tag, due, percent(filled), percent(usable)],
        ...[percent(target), percent(gap), rank?.place ?? null, rank?.of ?? null],
      ]),
      [],
      [say('rule'), say('item'), say('visits'), say('examples')],
      ...card.rules.map(({ rule, field, count, examples }) => [
        ...[findingText(rule, language, field), field, count],
        examples.map((each) => `${each.export.slice(0, 8)} ${each.line}`).join(', '),
      ]),
    ],
    language === 'fr' ? ',' : '.',
  );
}
