import { portalQuality } from '../../../shared/i18n/portal-quality.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { dayOfInstant, type Day } from '../../../shared/runtime/paris-time.ts';
import { qualitySettings, type QualityConfig } from '../../config-quality.ts';
import type { ItemScore } from '../../quality/score-items.ts';
import type { Scorecard, ScorecardSpan } from '../../quality/scorecard.ts';
import { sparkline } from '../charts/sparkline.ts';
import { targetBar } from '../charts/target-bar.ts';
import { html, nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import { count, percent } from '../words.ts';
import { causeWords, improvementHead, itemName, points, targetWords } from './quality-words.ts';
import { teller } from '../typeset.ts';

export const scoredFeed = 'ed-visits';
const panelDays = 30;

/** Whole days, the last one yesterday. */
export function spanOf(now: number, days: number): ScorecardSpan {
  const to = (dayOfInstant(now) - 1) as Day;
  return { from: (to - days + 1) as Day, to };
}

/** On the page of a facility: its items against their targets, and what to improve first. */
export async function qualityPanels(
  context: PageContext,
  facility: string,
  settings: Pick<QualityConfig, 'target' | 'targets'> = qualitySettings.parse({}),
): Promise<{ readonly table: Html; readonly improve: Html }> {
  const { language, now } = context;
  const span = spanOf(now, panelDays);
  const card = await context.read(({ quality }) =>
    quality.scorecard(scoredFeed, facility, span, settings, { examples: false }),
  );
  if (card === undefined) return { table: nothing, improve: nothing };
  return {
    table: itemTable(card, language, panelDays, 'short'),
    improve: html`<div class="card pad">${improvePanel(card, context)}</div>`,
  };
}

/** short: as the facility's page has it; whole: with what the scorecard adds. */
export function itemTable(
  { items, uncounted, records }: Scorecard,
  language: Language,
  days: number,
  form: 'short' | 'whole',
): Html {
  const say = teller(portalQuality, language);
  const caption = say('tableCaption', { n: days });
  const isWhole = form === 'whole';
  if (records === 0)
    return html`<div class="card pad"><h2>${caption}</h2><p class="muted">${say('noneCounted')} ${remainingWords(uncounted, language)}</p></div>`;
  const rows = items.filter(({ due }) => due > 0).map((item) => itemRow(item, language, isWhole));
  const hasPeers = items.some(({ rank }) => rank !== null);
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${caption}"><table class="tab"><caption>${caption}</caption><thead><tr><th scope="col">${say('item')}</th>${
    isWhole ? html`<th scope="col" class="num">${say('due')}</th>` : nothing
  }<th scope="col" class="num">${say('filled')}</th>${
    isWhole ? html`<th scope="col" class="num">${say('usable')}</th>` : nothing
  }<th scope="col"><span class="sr">${say('levelAnd')}</span>${say('target')}</th><th scope="col" class="num">${say('gap')}</th>${
    isWhole ? html`<th scope="col" class="num">${say('rank')}</th>` : nothing
  }<th scope="col" class="wide-only">${say('weeks')}</th></tr></thead><tbody>${rows}</tbody></table>${
    uncounted > 0 || !hasPeers
      ? html`<p class="small muted pad">${hasPeers ? nothing : say('fewPeers')} ${remainingWords(uncounted, language)}</p>`
      : nothing
  }</div>`;
}

function itemRow(item: ItemScore, language: Language, isWhole: boolean): Html {
  const say = teller(portalQuality, language);
  const { filled, usable, target, gap, rank, isBelow } = item;
  const shown = (value: number | null): string => (value === null ? '—' : percent(value, language));
  return html`<tr><th scope="row">${itemName(item.tag, language)}</th>${
    isWhole ? html`<td class="num">${count(item.due, language)}</td>` : nothing
  }<td class="num${isBelow ? ' strong' : ''}">${shown(filled)}</td>${
    isWhole ? html`<td class="num">${shown(usable)}</td>` : nothing
  }<td>${targetBar(filled ?? 0, { target })}<span class="${isWhole ? 'small faint' : 'sr'}">${say(
    'targetOf',
    {
      target: targetWords(target, language),
    },
  )}</span></td><td class="num">${gap === null ? '—' : points(gap, language)}</td>${
    isWhole
      ? html`<td class="num">${rank === null ? '—' : say('rankOf', { place: ordinal(rank.place, language), of: rank.of })}</td>`
      : nothing
  }<td class="wide-only">${sparkline(item.trend)}</td></tr>`;
}

export function improvePanel(
  { improve, records, facility }: Scorecard,
  { language, to }: Pick<PageContext, 'language' | 'to'>,
): Html {
  const say = teller(portalQuality, language);
  if (improve.length === 0)
    return html`<h2>${say('improve')}</h2><p class="small muted">${say(records === 0 ? 'noneCounted' : 'nothingToImprove')}</p>`;
  const path = to(`/etablissements/${facility}/qualite`);
  const hours = `${to('/analyser')}?etablissement=${facility}&par=heure&selon=heure`;
  const entries = improve.map(
    (each) =>
      html`<li><p class="strong">${improvementHead(each, language)}</p><p class="small muted">${causeWords(each, language)} ${
        each.cause.kind === 'night'
          ? html`<a href="${hours}">${say('seeHours')}</a>`
          : html`<a href="${path}#constats">${say('seeLines')}</a>`
      }</p></li>`,
  );
  return html`<h2>${say('improve')}</h2><ol class="stack">${entries}</ol>`;
}

export function remainingWords(days: number, language: Language): string {
  const say = teller(portalQuality, language);
  if (days === 0) return '';
  return days === 1 ? say('countedButOne') : say('countedBut', { n: days });
}

/** "4e", "4th". */
function ordinal(place: number, language: Language): string {
  if (language === 'fr') return place === 1 ? '1er' : `${place}e`;
  const [ten, one] = [place % 100, place % 10];
  const ending = ten > 10 && ten < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][one] ?? 'th');
  return `${place}${ending}`;
}
