import { portalBatches } from '../../../shared/i18n/portal-batches.ts';
import { dayFromIso, instantOf, type Day } from '../../../shared/runtime/paris-time.ts';
import { counted } from '../counted.ts';
import { html, nothing, type Html } from '../html.ts';
import type { Answer, Page, PageContext } from '../page.ts';
import { emptyState, pageHead } from '../parts.ts';
import type { BatchLine, BatchPage, BatchQuery } from '../reads/batch-reads.ts';
import type { BatchSearch } from '../reads/batch-search.ts';
import { teller } from '../typeset.ts';
import { count, hourWords, momentWords } from '../words.ts';
import { batchBadge, facilityWords, shortId, stateSlugs, windowWords } from './batch-words.ts';

const pageSize = 50;
const longestQuery = 200;

/** Did file X arrive? Filters live in the address; a search that names one thing goes there. */
export const batchListPage: Page = {
  path: '/lots',
  see: ['regional-operator', 'hospital-admin', 'read-only', 'auditor'],
  get: async (context) => {
    const text = (context.query.get('q') ?? '').trim().slice(0, longestQuery);
    return text === '' ? listed(context) : searched(context, text);
  },
};

async function searched(context: PageContext, text: string): Promise<Answer> {
  const { language, to } = context;
  const found = await context.read((reads) => reads.batches.find(text));
  const { batches, facilities } = found;
  const [batch, facility] = [batches[0], facilities[0]];
  if (batch !== undefined && batches.length === 1 && facilities.length === 0)
    return { kind: 'redirect', to: to(`/lots/${batch.id}`) };
  if (facility !== undefined && facilities.length === 1 && batches.length === 0)
    return { kind: 'redirect', to: to(`/etablissements/${facility.finess}`) };
  const names = await context.read((reads) => reads.batches.facilityNames());
  const say = teller(portalBatches, language);
  const nothingFound = batches.length + facilities.length === 0;
  const what = [
    ...(batches.length > 0 ? [counted(batches.length, 'batch', language)] : []),
    ...(facilities.length > 0 ? [counted(facilities.length, 'facility', language)] : []),
  ].join(', ');
  const body = html`${pageHead({
    kicker: html`<a href="${to('/lots')}">${say('title')}</a>`,
    sentence: nothingFound ? say('searchNothing', { text }) : say('searchSentence', { text, what }),
    ...(nothingFound ? { lede: say('searchNothingText') } : found.more ? { lede: say('searchMore') } : {}),
  })}${filters(context, names)}${nothingFound ? nothing : results(context, found, names)}`;
  return { kind: 'page', title: say('title'), body, nav: 'batches' };
}

function results(
  { language, to, now }: PageContext,
  { batches, facilities }: BatchSearch,
  names: ReadonlyMap<string, string>,
): Html {
  const say = teller(portalBatches, language);
  return html`<section class="sec cols even">${
    facilities.length === 0
      ? nothing
      : html`<div class="card"><div class="pad"><h2>${say('foundFacilities')}</h2></div><ol class="log">${facilities.map(
          ({ finess, name }) =>
            html`<li><span class="mono">${finess}</span><a href="${to(`/etablissements/${finess}`)}">${name}</a></li>`,
        )}</ol></div>`
  }${
    batches.length === 0
      ? nothing
      : html`<div class="card"><div class="pad"><h2>${say('title')}</h2></div><ol class="log">${batches.map(
          ({ id, facility, receivedAt }) =>
            html`<li><time>${momentWords(receivedAt, now, language)}</time><span><a class="mono" href="${to(`/lots/${id}`)}">${shortId(id)}</a> ${names.get(facility) ?? facility}</span></li>`,
        )}</ol></div>`
  }</section>`;
}

async function listed(context: PageContext): Promise<Answer> {
  const { language, query, now, to } = context;
  const say = teller(portalBatches, language);
  const wanted = wantedOf(query);
  const { page, names } = await context.read(async (reads) => ({
    page: await reads.batches.page(wanted),
    names: await reads.batches.facilityNames(),
  }));
  const filtered = ['etablissement', 'etat', 'du', 'au'].some((each) => (query.get(each) ?? '') !== '');
  const body = html`${pageHead({ sentence: say('listSentence'), lede: say('listLede') })}${filters(context, names)}${
    page.batches.length === 0
      ? emptyState(
          say('emptyTitle'),
          say('emptyText', { at: hourWords(now) }),
          filtered ? html`<a class="btn" href="${to('/lots')}">${say('noFilter')}</a>` : undefined,
        )
      : table(context, page)
  }`;
  return { kind: 'page', title: say('title'), body, nav: 'batches' };
}

const forever = 8.64e15;

/** What cannot be read is as if it were not there. */
function wantedOf(query: URLSearchParams): BatchQuery {
  const day = (name: string): Day | undefined => dayFromIso(query.get(name) ?? '');
  const [from, to] = [day('du'), day('au')];
  const facility = query.get('etablissement') ?? '';
  const cursor = /^(\d{1,15})\.(\d{1,15})$/.exec(query.get('apres') ?? '');
  return {
    facility: facility === '' ? undefined : facility,
    state: Object.hasOwn(stateSlugs, query.get('etat') ?? '')
      ? stateSlugs[query.get('etat') ?? '']
      : undefined,
    from: from === undefined ? -forever : instantOf(from, 0).at,
    to: to === undefined ? forever : instantOf((to + 1) as Day, 0).at,
    after: cursor === null ? undefined : { receivedAt: Number(cursor[1]), reception: Number(cursor[2]) },
    limit: pageSize,
  };
}

function filters({ language, query, to }: PageContext, names: ReadonlyMap<string, string>): Html {
  const say = teller(portalBatches, language);
  const chosen = (name: string): string => query.get(name) ?? '';
  const option = (value: string, text: string, name: string): Html =>
    html`<option value="${value}"${chosen(name) === value ? html` selected` : nothing}>${text}</option>`;
  const facilities = [...names].sort(([, one], [, other]) => one.localeCompare(other, language));
  return html`<form class="card pad filters" action="${to('/lots')}" role="search" aria-label="${say('filter')}"><div><label for="f-q">${say('search')}</label><input class="field" id="f-q" name="q" value="${chosen('q')}" maxlength="${longestQuery}" autocomplete="off" /></div>${
    names.size < 2
      ? nothing
      : html`<div><label for="f-e">${say('facility')}</label><select class="field" id="f-e" name="etablissement">${option('', say('any'), 'etablissement')}${facilities.map(
          ([finess, name]) => option(finess, name, 'etablissement'),
        )}</select></div>`
  }<div><label for="f-s">${say('state')}</label><select class="field" id="f-s" name="etat">${option('', say('any'), 'etat')}${Object.entries(
    stateSlugs,
  ).map(([slug, state]) =>
    option(slug, say(state), 'etat'),
  )}</select></div><div><label for="f-d">${say('from')}</label><input class="field" type="date" id="f-d" name="du" value="${chosen('du')}" /></div><div><label for="f-a">${say('to')}</label><input class="field" type="date" id="f-a" name="au" value="${chosen('au')}" /></div><div class="end"><button class="btn main">${say('show')}</button></div></form>`;
}

function table(context: PageContext, { batches, next }: BatchPage): Html {
  const { language, query, to } = context;
  const say = teller(portalBatches, language);
  const at = (cursor: string): string => {
    const wanted = new URLSearchParams([...query].filter(([name]) => name !== 'apres'));
    if (cursor !== '') wanted.set('apres', cursor);
    const text = wanted.toString();
    return to(`/lots${text === '' ? '' : `?${text}`}`);
  };
  return html`<section class="sec"><div class="card scroll" tabindex="0" role="region" aria-label="${say('listCaption')}"><table class="tab flow"><caption class="sr">${say('listCaption')}</caption><thead><tr><th scope="col">${say('received')}</th><th scope="col">${say('state')}</th><th scope="col">${say('facility')}</th><th scope="col">${say('window')}</th><th scope="col" class="num">${say('visits')}</th><th scope="col">${say('deliveries')}</th><th scope="col">${say('batch')}</th></tr></thead><tbody>${batches.map(
    (line) => rowOf(context, line),
  )}</tbody></table></div><nav class="acts sec" aria-label="${say('title')}">${
    query.has('apres') ? html`<a class="btn" href="${at('')}">${say('newest')}</a>` : nothing
  }${
    next === undefined
      ? nothing
      : html`<a class="btn" href="${at(`${next.receivedAt}.${next.reception}`)}">${say('older')}</a>`
  }</nav></section>`;
}

function rowOf({ language, now, to }: PageContext, line: BatchLine): Html {
  const say = teller(portalBatches, language);
  const { row, manifest, dispatches } = line;
  return html`<tr><th scope="row"><a href="${to(`/lots/${row.id}`)}">${momentWords(row.receivedAt, now, language)}</a></th><td>${batchBadge(line, language)}</td><td class="full">${facilityWords(line, language)}</td><td class="full">${windowWords(line, language) ?? say('noWindow')}</td><td class="num full" data-l="${say('visits').toLowerCase()}">${
    manifest === undefined ? '—' : count(manifest.records, language)
  }</td><td class="hide">${acknowledgedOf(dispatches, say)}</td><td class="mono hide">${shortId(row.id)}</td></tr>`;
}

function acknowledgedOf(
  dispatches: BatchLine['dispatches'],
  say: ReturnType<typeof teller<keyof typeof portalBatches>>,
): string {
  const destinations = new Set(dispatches.map(({ destination }) => destination));
  if (destinations.size === 0) return '—';
  const open = new Set(
    dispatches.filter(({ state }) => state !== 'acknowledged').map(({ destination }) => destination),
  );
  return say('acknowledgedOf', { n: destinations.size - open.size, of: destinations.size });
}
