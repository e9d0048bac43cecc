import { portalDestinations } from '../../../shared/i18n/portal-destinations.ts';
import { composedAgain } from '../../forward/replay.ts';
import type { DispatchRow } from '../../store/dispatch-table.ts';
import { counted } from '../counted.ts';
import { deliveryBadge } from '../delivery-badge.ts';
import { html, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import { teller } from '../typeset.ts';
import { count, momentWords } from '../words.ts';
import { faultWords } from './destination-words.ts';

/** Dispatches of a destination, the latest first. */
export function filesTable(
  { language, now, to }: PageContext,
  caption: string,
  rows: readonly DispatchRow[],
  names: ReadonlyMap<string, string>,
): Html {
  const say = teller(portalDestinations, language);
  if (rows.length === 0)
    return html`<div class="card pad"><h2>${caption}</h2><p class="small muted">${say('noFiles')}</p></div>`;
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${caption}"><table class="tab flow"><caption>${caption}</caption><thead><tr><th scope="col">${say('hour')}</th><th scope="col">${say('result')}</th><th scope="col">${say('file')}</th><th scope="col" class="num">${say('visits')}</th><th scope="col">${say('detail')}</th></tr></thead><tbody>${rows.map(
    (row) =>
      html`<tr><th scope="row" class="nowrap">${momentWords(row.changedAt, now, language)}</th><td>${deliveryBadge(row.state, language)}</td><td class="full"><a class="mono nowrap" href="${to(`/destinations/${row.destination}/fichiers/${row.id}`)}">${row.name}</a><small>${names.get(row.facility) ?? row.facility}</small></td><td class="num full" data-l="${say('visits').toLowerCase()}">${count(row.records, language)}</td><td class="full">${detailWords(row, now, language)}</td></tr>`,
  )}</tbody></table></div>`;
}

export function detailWords(row: DispatchRow, now: number, language: PageContext['language']): string {
  const say = teller(portalDestinations, language);
  const at = momentWords(row.changedAt, now, language);
  if (row.code === composedAgain) return say('detailAgain', { at });
  switch (row.state) {
    case 'acknowledged':
      return row.reference === null
        ? say('detailAcknowledged', { at })
        : say('detailReference', { at, reference: row.reference });
    case 'sent':
      return say('detailSent', { at: momentWords(row.sentAt ?? row.changedAt, now, language) });
    case 'refused':
    case 'dead':
    case 'waiting':
    case 'sending': {
      const reason =
        row.code === null
          ? say(`cause_${row.cause}`)
          : faultWords(row.code, row.destination, language, row.name);
      return row.attempts === 0 ? reason : `${reason}, ${counted(row.attempts, 'attempt', language)}`;
    }
  }
}
