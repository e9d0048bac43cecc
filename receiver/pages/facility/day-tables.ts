import { portalDay } from '../../../shared/i18n/portal-day.ts';
import { portalFacility } from '../../../shared/i18n/portal-facility.ts';
import { feedWords } from '../charts/feed-words.ts';
import { deliveryBadge } from '../delivery-badge.ts';
import { html, type Html } from '../html.ts';
import { absentCard } from './card.ts';
import { shortId } from '../batches/batch-words.ts';
import { teller } from '../typeset.ts';
import { count, momentWords } from '../words.ts';
import type { DayPart } from './day-facts.ts';
import { exportBadge, receivedWords, windowWords } from './files-table.ts';

/** Exports whose window covers the day, or of which it holds records. */
export function dayExports({ seen: { exports }, feed, language, to }: DayPart): Html {
  const [say, tell] = [teller(portalDay, language), teller(portalFacility, language)];
  const caption = say('exports');
  if (exports.length === 0) return absentCard(caption, say('noExports'));
  const number = (value: number | undefined): string => (value === undefined ? '—' : count(value, language));
  const rows = exports.map(
    (each) =>
      html`<tr><th scope="row">${receivedWords(each.receivedAt, language)}</th><td>${exportBadge(each, language)}</td><td>${windowWords(each, language)}</td><td class="num hide">${number(each.records)}</td><td class="num" data-l="${say('hereText')}">${count(each.here, language)}</td><td class="num hide">${each.part}</td><td class="full"><a class="mono" href="${to(`/lots/${each.id}`)}">${shortId(each.id)}</a></td></tr>`,
  );
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${caption}"><table class="tab flow"><caption>${caption}</caption><thead><tr><th scope="col">${tell('receivedAt')}</th><th scope="col">${tell('state')}</th><th scope="col">${tell('window')}</th><th scope="col" class="num">${feedWords(feed, language).noun}</th><th scope="col" class="num">${say('here')}<small>${say('hereText')}</small></th><th scope="col" class="num">${say('part')}</th><th scope="col">${tell('batch')}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** The latest file of each destination that covers the day, and the agency's answer. */
export function dayDispatches({ seen: { dispatches }, feed, now, language, to }: DayPart): Html {
  const say = teller(portalDay, language);
  const caption = say('dispatches');
  if (dispatches.length === 0) return absentCard(caption, say('noDispatches'));
  // On a phone a time stands alone: its column's name goes with it, and none says nothing.
  const moment = (column: 'sentAt' | 'answeredAt', at: number | null): Html =>
    at === null
      ? html`<td class="hide">—</td>`
      : html`<td data-l="(${say(column).toLowerCase()})">${momentWords(at, now, language)}</td>`;
  const rows = dispatches.map(
    ({
      destination,
      name,
      records,
      state,
      composedAt,
      sentAt,
      changedAt,
      reference,
      code,
      export: origin,
    }) => {
      const answered = state === 'acknowledged' || state === 'refused' ? changedAt : null;
      const file = origin === null ? name : html`<a href="${to(`/lots/${origin}`)}">${name}</a>`;
      return html`<tr><th scope="row">${destination}</th><td>${deliveryBadge(state, language)}</td><td class="full mono">${file}</td><td class="num hide">${count(records, language)}</td><td class="hide">${momentWords(composedAt, now, language)}</td>${moment('sentAt', sentAt)}${moment('answeredAt', answered)}<td class="mono hide">${reference ?? code ?? '—'}</td></tr>`;
    },
  );
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${caption}"><table class="tab flow"><caption>${caption}</caption><thead><tr><th scope="col">${say('destination')}</th><th scope="col">${say('state')}</th><th scope="col">${say('file')}</th><th scope="col" class="num">${feedWords(feed, language).noun}<small>${say('carried').toLowerCase()}</small></th><th scope="col">${say('composed')}</th><th scope="col">${say('sentAt')}</th><th scope="col">${say('answeredAt')}</th><th scope="col">${say('reference')}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
