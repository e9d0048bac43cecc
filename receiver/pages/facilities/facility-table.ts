import { portalFacilityList } from '../../../shared/i18n/portal-facility-list.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import type { Standing } from '../../quality/standing.ts';
import { html, nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import { stateBadge } from '../parts.ts';
import { itemName } from '../quality/quality-words.ts';
import { teller } from '../typeset.ts';
import { count, dayWords, momentWords, percent } from '../words.ts';
import { listPath, type ListFilter, type SortName } from './facility-filter.ts';
import type { FacilityRow } from './facility-rows.ts';

export interface TableParts {
  readonly rows: readonly FacilityRow[];
  readonly filter: ListFilter;
  /** Path of the page, without its filter. */
  readonly base: string;
  readonly day: Day;
}

/** Facilities, a line each; heads sort. */
export function facilityTable(context: PageContext, { rows, filter, base, day }: TableParts): Html {
  const { language, to } = context;
  const tell = teller(portalFacilityList, language);
  const head = (name: SortName, word: string, number = false): Html => {
    const current = filter.sort === name;
    const descending = current && !filter.descending;
    const path = to(listPath(base, filter, { sort: name, descending }));
    const sorted = current ? html` aria-sort="${filter.descending ? 'descending' : 'ascending'}"` : nothing;
    return html`<th scope="col"${number ? html` class="num"` : nothing}${sorted}><a href="${path}">${word}</a></th>`;
  };
  const heads = [
    head('nom', tell('name')),
    head('territoire', tell('territory')),
    head('etat', tell('stateOf', { day: dayWords(day, 'weekday', language) })),
    head('contact', tell('contact')),
    head('fichier', tell('file')),
    head('volume', tell('volume'), true),
    head('complets', tell('whole'), true),
    head('qualite', tell('quality'), true),
  ];
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${tell('list')}"><table class="tab flow" id="etablissements" data-live="etablissements"><caption class="sr">${tell('list')}</caption><thead><tr>${heads}</tr></thead><tbody>${rows.map((row) => tableRow(context, row, day))}</tbody></table></div>`;
}

function tableRow({ language, now, to }: PageContext, row: FacilityRow, day: Day): Html {
  const { pair, territory, cell, contactAt, whole, quality } = row;
  const tell = teller(portalFacilityList, language);
  const base = to(`/etablissements/${pair.facility}`);
  const state =
    cell === undefined
      ? html`<span class="muted">${tell('notJudged')}</span>`
      : cell.state === null
        ? html`<span class="muted">${tell('notDue')}</span>`
        : html`<a href="${base}/jours/${dayToIso(day)}">${stateBadge(cell.state, language)}</a>`;
  const contact =
    pair.agents.length === 0
      ? tell('noAgent')
      : contactAt === null
        ? tell('neverSeen')
        : momentWords(contactAt, now, language);
  const file =
    pair.lastReceptionAt === null || pair.lastReceptionAt === 0
      ? tell('neverSeen')
      : momentWords(pair.lastReceptionAt, now, language);
  const expected = cell?.expected == null ? '—' : count(cell.expected.median, language);
  const received = cell === undefined || cell.count === 0 ? '—' : count(cell.count, language);
  const share = whole === null ? '—' : `${whole}${language === 'fr' ? '\u202f' : ''}%`;
  return html`<tr><th scope="row"><a href="${base}">${pair.name}</a><small class="mono">${pair.facility}</small></th><td data-l="">${territory.name}</td><td>${state}</td><td data-l="${tell('contact')}">${contact}</td><td data-l="${tell('file')}">${file}</td><td class="num">${received} / ${expected}</td><td class="num" data-l="${tell('whole')}">${share}</td><td class="num" data-l="${tell('quality')}">${quality === undefined ? '—' : qualityCell(quality, base, language)}</td></tr>`;
}

/** How many items reach their targets, and the one that is furthest from it. */
function qualityCell({ items, atTarget, worst }: Standing, base: string, language: Language): Html {
  const tell = teller(portalFacilityList, language);
  const least =
    worst === null
      ? nothing
      : html`<small>${tell('worst', { item: itemName(worst.tag, language), share: percent(worst.filled, language) })}</small>`;
  return html`<a href="${base}/qualite">${tell('atTarget', { atTarget, items })}</a>${least}`;
}
