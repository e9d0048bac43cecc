import { portalExports, portalFacility } from '../../../shared/i18n/portal-facility.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { dayOfInstant } from '../../../shared/runtime/paris-time.ts';
import { rangeWords, shortId } from '../batches/batch-words.ts';
import { feedWords } from '../charts/feed-words.ts';
import { deliveryBadge } from '../delivery-badge.ts';
import { html, type Html } from '../html.ts';
import { badge } from '../parts.ts';
import type { SeenExport } from '../reads/facility-exports.ts';
import { teller } from '../typeset.ts';
import { absentCard } from './card.ts';
import { count, dayWords, hourWords } from '../words.ts';

export interface FilesTableInput {
  readonly exports: readonly SeenExport[];
  readonly feed: string;
  readonly title: string;
  readonly language: Language;
  readonly to: (path: string) => string;
}

export function filesTable({ exports, feed, title, language, to }: FilesTableInput): Html {
  const say = teller(portalFacility, language);
  if (exports.length === 0) return absentCard(title, say('noFiles'));
  const { noun } = feedWords(feed, language);
  const number = (value: number | undefined): string => (value === undefined ? '—' : count(value, language));
  const rows = exports.map(
    (each) =>
      html`<tr><th scope="row">${receivedWords(each.receivedAt, language)}</th><td>${exportBadge(each, language)}</td><td>${windowWords(each, language)}</td><td class="num" data-l="${noun.toLowerCase()}">${number(each.records)}</td><td class="num hide">${number(each.added)}</td><td class="num hide">${number(each.updated)}</td><td class="num hide">${number(each.removed)}</td><td class="num hide">${number(each.flagged)}</td><td class="full"><a class="mono" href="${to(`/lots/${each.id}`)}">${shortId(each.id)}</a></td></tr>`,
  );
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${title}"><table class="tab flow"><caption>${title}</caption><thead><tr><th scope="col">${say('receivedAt')}</th><th scope="col">${say('state')}</th><th scope="col">${say('window')}</th><th scope="col" class="num">${noun}</th><th scope="col" class="num">${say('added')}</th><th scope="col" class="num">${say('changed')}</th><th scope="col" class="num">${say('removed')}</th><th scope="col" class="num">${say('flagged')}</th><th scope="col">${say('batch')}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** "ven. 20, 02:12" */
export function receivedWords(at: number, language: Language): string {
  return `${dayWords(dayOfInstant(at), 'short', language)}, ${hourWords(at)}`;
}

/** What became of it: at its destinations when there are any, else here. */
export function exportBadge({ state, result, deliveries }: SeenExport, language: Language): Html {
  const word = (name: keyof typeof portalExports): string => portalExports[name][language];
  if (state === 'held') return badge('held', 'q', word('held'));
  if (state === 'rejected') return badge('silent', 's', word('rejected'));
  if (state === 'receiving' || state === 'complete' || state === 'waiting')
    return badge('', 't', word(state));
  if (result === 'duplicate') return badge('', 'd', word('duplicate'));
  if (deliveries.length === 0) return badge('ok', 'store', word('stored'));
  if (deliveries.includes('refused')) return deliveryBadge('refused', language);
  if (deliveries.includes('dead')) return deliveryBadge('dead', language);
  if (deliveries.every((each) => each === 'acknowledged')) return deliveryBadge('acknowledged', language);
  if (deliveries.every((each) => each === 'acknowledged' || each === 'sent'))
    return deliveryBadge('sent', language);
  return badge('ok', 'store', word('stored'));
}

export function windowWords({ from, to }: Pick<SeenExport, 'from' | 'to'>, language: Language): string {
  return from === undefined || to === undefined
    ? teller(portalFacility, language)('noWindow')
    : rangeWords(from, to, language);
}
