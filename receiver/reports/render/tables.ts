import { reportTexts } from '../../../shared/i18n/report-texts.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { html, nothing, type Html, type HtmlPart } from '../../pages/html.ts';
import { teller } from '../../pages/typeset.ts';
import { count, percent } from '../../pages/words.ts';
import { shareBar } from './charts.ts';
import type { MeasureName } from './measures.ts';
import { shareOf } from './measures.ts';
import { className } from './words.ts';

export interface Column {
  readonly head: string;
  readonly isNumber?: true;
}

/** Row heads first; numbers to the right. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly HtmlPart[])[],
): Html {
  const head = columns.map(
    ({ head: words, isNumber }) =>
      html`<th scope="col"${isNumber === true ? html` class="num"` : nothing}>${words}</th>`,
  );
  const body = rows.map(
    (cells) =>
      html`<tr>${cells.map((cell, index) =>
        index === 0
          ? html`<th scope="row">${cell}</th>`
          : html`<td${columns[index]?.isNumber === true ? html` class="num"` : nothing}>${cell}</td>`,
      )}</tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

export function shown(value: number | null, language: Language): string {
  return value === null ? '—' : count(Math.round(value), language);
}

export function shownShare(value: number | null, language: Language): string {
  return value === null ? '—' : percent(value, language);
}

/** Hours with one decimal: a delay. */
export function shownHours(value: number | null, language: Language): string {
  return value === null ? '—' : value.toFixed(1).replace('.', language === 'fr' ? ',' : '.');
}

/** "+4,1 %": one number against another. */
export function shownChange(now: number | null, before: number | null, language: Language): string {
  if (now === null || before === null || before === 0) return '—';
  const change = now / before - 1;
  return `${change < 0 ? '\u2212' : '+'}${percent(Math.abs(change), language)}`;
}

/** Counts of the classes of one dimension, with their share of all. */
export function classTable(
  dimension: Extract<MeasureName, 'age' | 'sex' | 'severity' | 'departure' | 'stay'>,
  names: readonly string[],
  counts: ArrayLike<number>,
  language: Language,
): Html {
  const say = teller(reportTexts, language);
  const all = names.reduce((sum, _name, index) => sum + (counts[index] ?? 0), 0);
  return table(
    say(dimension),
    [
      { head: say('class') },
      { head: say('visits'), isNumber: true },
      { head: say('share'), isNumber: true },
      { head: '' },
    ],
    names.map((name, index) => {
      const share = shareOf(counts[index] ?? 0, all);
      return [
        ...[className(dimension, name, language), shown(counts[index] ?? 0, language)],
        ...[shownShare(share, language), shareBar(share)],
      ];
    }),
  );
}
