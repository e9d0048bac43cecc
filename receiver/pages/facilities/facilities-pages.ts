import { portalFacilityList } from '../../../shared/i18n/portal-facility-list.ts';
import { portalStates } from '../../../shared/i18n/portal-states.ts';
import { dayOfInstant, dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import type { QualityConfig } from '../../config-quality.ts';
import { catchUpLink } from '../care/catch-up-link.ts';
import type { PortalDeps } from '../deps.ts';
import { html, nothing, type Html } from '../html.ts';
import type { Answer, Page, PageContext } from '../page.ts';
import { emptyState, pageHead } from '../parts.ts';
import { scoredFeed, spanOf } from '../quality/quality-panels.ts';
import { usualDays } from '../reads/region-view-days.ts';
import { teller } from '../typeset.ts';
import { capital, dayWords, hourWords } from '../words.ts';
import {
  listPath,
  readListFilter,
  stateNames,
  type ListFilter,
  type StateFilter,
} from './facility-filter.ts';
import { chosenRows, facilityRows, type FacilityRow } from './facility-rows.ts';
import { facilityTable } from './facility-table.ts';

const path = '/etablissements';
const ownPath = '/mon-etablissement';
const qualityDays = 30;

export function createFacilityListPages({ config }: Pick<PortalDeps, 'config'>): readonly Page[] {
  const { quality } = config;
  return [
    { path, see: ['regional-operator', 'read-only', 'auditor'], get: (context) => list(context, quality) },
    { path: ownPath, see: ['hospital-admin'], get: (context) => own(context, quality) },
  ];
}

async function list(context: PageContext, quality: QualityConfig): Promise<Answer> {
  const { language, query, now } = context;
  const tell = teller(portalFacilityList, language);
  const today = dayOfInstant(now);
  const filter = readListFilter(query, today);
  const day = filter.day ?? ((today - 1) as Day);
  const seen = await context.region(today - day > usualDays ? today - day : undefined);
  const rows = facilityRows(seen, day, await standingsOf(context, quality));
  const page = { kind: 'page', title: tell('title'), nav: 'facilities' } as const;
  if (rows.length === 0)
    return {
      ...page,
      body: html`<h1>${tell('none')}</h1><div class="sec">${emptyState(tell('title'), tell('noneText'))}</div>`,
    };
  const chosen = chosenRows(rows, filter);
  const table =
    chosen.length === 0
      ? html`<div class="card pad"><p class="muted">${tell('nothingFound')}</p></div>`
      : facilityTable(context, { rows: chosen, filter, base: path, day });
  const live = html`<p class="live" role="status"><i></i>${tell('upToDate', { at: hourWords(seen.at) })}</p>`;
  const head = pageHead({
    kicker: capital(dayWords(day, 'long', language)),
    sentence: sentence(rows, language),
    lede: ofDay(rows, language),
    aside: live,
  });
  const catchUp = catchUpLink(
    context,
    rows.map(({ pair }) => pair),
  );
  const body = html`<div id="entete" data-live="entete">${head}${catchUp}</div>${filterForm(context, rows, filter)}<p class="small muted" id="nombre" data-live="nombre">${tell('found', { count: chosen.length, total: rows.length })}</p>${table}`;
  return { ...page, body, live: true };
}

/** One facility: its page. Several: their list. */
async function own(context: PageContext, quality: QualityConfig): Promise<Answer> {
  const { language, now, query, to, viewer } = context;
  const tell = teller(portalFacilityList, language);
  const [first, ...others] = viewer.facilities === 'all' ? [] : [...viewer.facilities];
  if (first !== undefined && others.length === 0)
    return { kind: 'redirect', to: to(`${path}/${encodeURIComponent(first)}`) };
  const seen = await context.region();
  const day = (dayOfInstant(now) - 1) as Day;
  const filter = { ...readListFilter(query, dayOfInstant(now)), day: undefined };
  const rows = chosenRows(facilityRows(seen, day, await standingsOf(context, quality)), filter);
  const page = { kind: 'page', title: tell('ownTitle'), nav: 'facilities' } as const;
  if (rows.length === 0)
    return {
      ...page,
      body: html`<h1>${tell('ownNone')}</h1><div class="sec">${emptyState(tell('ownTitle'), tell('ownNoneText'))}</div>`,
    };
  const head = pageHead({
    kicker: capital(dayWords(day, 'long', language)),
    sentence: tell('ownSentence', { count: rows.length }),
    lede: ofDay(rows, language),
  });
  return {
    ...page,
    body: html`${head}${facilityTable(context, { rows, filter, base: ownPath, day })}`,
    live: true,
  };
}

/** Of the thirty days before today, whichever day is looked at. */
function standingsOf({ read, now }: PageContext, settings: QualityConfig) {
  return read(({ quality }) => quality.standings(scoredFeed, spanOf(now, qualityDays), settings));
}

function sentence(rows: readonly FacilityRow[], language: PageContext['language']): string {
  const tell = teller(portalFacilityList, language);
  const connected = rows.filter((row) => row.connected).length;
  if (connected < rows.length)
    return tell('someConnected', {
      ...{ connected, count: rows.length },
      missing: rows.length - connected,
    });
  return rows.length === 1 ? tell('oneConnected') : tell('allConnected', { count: rows.length });
}

function ofDay(rows: readonly FacilityRow[], language: PageContext['language']): string {
  const due = rows.filter(
    ({ cell }) => cell?.state != null && cell.state !== 'closed' && cell.state !== 'not-connected',
  );
  const whole = due.filter(({ cell }) => cell?.state === 'received' || cell?.state === 'late').length;
  return teller(portalFacilityList, language)('ofDay', { whole, due: due.length });
}

function filterForm({ language, to }: PageContext, rows: readonly FacilityRow[], filter: ListFilter): Html {
  const tell = teller(portalFacilityList, language);
  const territories = new Map(rows.map(({ territory }) => [territory.code, territory.name]));
  const option = (value: string, current: string, word: string): Html =>
    html`<option value="${value}"${value === current ? html` selected` : nothing}>${word}</option>`;
  const states = (Object.keys(stateNames) as (keyof typeof stateNames)[]).map((name) =>
    option(name, filter.state ?? '', portalStates[stateNames[name]][language]),
  );
  const toTreat: StateFilter = 'a-traiter';
  const hidden = [
    ...(filter.day === undefined ? [] : [['jour', dayToIso(filter.day)] as const]),
    ...(filter.sort === 'nom' ? [] : [['tri', filter.sort] as const]),
    ...(filter.descending ? [['ordre', 'desc'] as const] : []),
  ].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`);
  const inOrder = [...territories].sort(([a], [b]) => a.localeCompare(b));
  const isFiltered = filter.q !== '' || filter.state !== undefined || filter.territory !== '';
  const reset = isFiltered
    ? html`<a class="btn" href="${to(listPath(path, filter, { q: '', state: undefined, territory: '' }))}">${tell('reset')}</a>`
    : nothing;
  return html`<form class="filters" action="${to(path)}">${hidden}<div><label for="f-q">${tell('search')}</label><input class="field" id="f-q" name="q" type="search" value="${filter.q}" autocomplete="off" /></div><div><label for="f-etat">${tell('state')}</label><select class="field" id="f-etat" name="etat">${option('', filter.state ?? '', tell('anyState'))}${option(toTreat, filter.state ?? '', tell('toTreat'))}${states}</select></div><div><label for="f-terr">${tell('territory')}</label><select class="field" id="f-terr" name="territoire">${option('', filter.territory, tell('anyTerritory'))}${inOrder.map(([code, name]) => option(code, filter.territory, name))}</select></div><button class="btn" type="submit">${tell('show')}</button>${reset}</form>`;
}
