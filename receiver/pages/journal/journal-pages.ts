import { portalJournal } from '../../../shared/i18n/portal-journal.ts';
import { sentenceNamed } from '../../../shared/i18n/portal-journal-sentences.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import {
  dayFromIso,
  dayOfInstant,
  dayToIso,
  instantOf,
  type Day,
} from '../../../shared/runtime/paris-time.ts';
import { html, nothing, type Html } from '../html.ts';
import type { Answer, Page, PageContext } from '../page.ts';
import { emptyState, pageHead } from '../parts.ts';
import type { ChainState, JournalChoices, JournalPage } from '../reads/journal-reads.ts';
import type { AuditFilter } from '../../store/audit-tables.ts';
import { count, momentWords } from '../words.ts';
import { journalFile, mostLines } from './journal-file.ts';
import { sentenceOf } from './journal-sentence.ts';
import { teller } from '../typeset.ts';

const pageLines = 100;

/** Who did what, and whether the chain is whole. */
export function createJournalPages(): readonly Page[] {
  return [
    { path: '/journal', see: ['auditor', 'regional-operator'], get: journal },
    { path: '/journal/fichier', see: ['auditor', 'regional-operator'], get: file },
  ];
}

async function journal(context: PageContext): Promise<Answer> {
  const { language, query, read } = context;
  const say = teller(portalJournal, language);
  const filter = filterOf(query);
  const found = await read(async ({ journal: reads }) => ({
    page: await reads.page(filter, beforeOf(query), pageLines),
    choices: await reads.choices(),
    chain: await reads.chain(),
    names: await reads.facilityNames(),
  }));
  const { page, chain, choices, names } = found;
  const body = html`${pageHead({ ...chainWords(chain, context) })}${filters(context, choices, names)}<section class="sec">${
    page.lines.length === 0
      ? emptyState(say('emptyTitle'), say('emptyText'))
      : lineTable(context, page, names)
  }${older(context, page)}</section>`;
  return { kind: 'page', title: say('title'), body, nav: 'journal' };
}

async function file({ language, query, read, now }: PageContext): Promise<Answer> {
  const filter = filterOf(query);
  const { page, names } = await read(async ({ journal: reads }) => ({
    page: await reads.page(filter, beforeOf(query), mostLines),
    names: await reads.facilityNames(),
  }));
  const name = `journal-${dayToIso(dayOfInstant(now))}.csv`;
  return {
    ...{ kind: 'file', name, type: 'text/csv; charset=utf-8' },
    content: journalFile(page.lines, names, language),
  };
}

/** The sentence of the page: how far the chain holds, and when that was last seen. */
function chainWords({ lines, check, signed }: ChainState, { language, now }: PageContext) {
  const say = teller(portalJournal, language);
  const lede = [
    say('total', { count: count(lines, language) }),
    signed === undefined
      ? say('unsigned')
      : say('signed', { line: count(signed.seq, language), at: momentWords(signed.at, now, language) }),
  ].join(' ');
  if (check !== undefined && check.fault !== null && check.faultSeq !== null) {
    const line = count(check.faultSeq, language);
    return {
      sentence: html`<em>${say('broken', { line })}</em>`,
      lede: `${say(check.fault)} ${say('brokenNext')}`,
    };
  }
  if (check === undefined || check.verifiedAt === null) return { sentence: say('unwalked'), lede };
  const facts = { line: count(check.verifiedSeq, language), age: ageWords(now - check.verifiedAt, language) };
  return { sentence: say('verified', facts), lede };
}

function ageWords(ageMs: number, language: Language): string {
  const say = teller(portalJournal, language);
  const minutes = Math.max(0, Math.round(ageMs / 60_000));
  if (minutes < 1) return say('justNow');
  return minutes < 120
    ? say('minutesAgo', { count: minutes })
    : say('hoursAgo', { count: Math.round(minutes / 60) });
}

function filterOf(query: URLSearchParams): AuditFilter {
  const text = (name: string): string | undefined => {
    const value = query.get(name)?.trim() ?? '';
    return value === '' ? undefined : value.slice(0, 200);
  };
  const [from, to] = [dayFromIso(text('du') ?? ''), dayFromIso(text('au') ?? '')];
  return {
    ...{ actor: text('qui'), action: text('action'), facility: text('etablissement') },
    since: from === undefined ? undefined : instantOf(from, 0).at,
    until: to === undefined ? undefined : instantOf((to + 1) as Day, 0).at,
  };
}

function beforeOf(query: URLSearchParams): number {
  const text = query.get('avant') ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.MAX_SAFE_INTEGER;
}

function filters(
  { language, query, to }: PageContext,
  { actors, actions }: JournalChoices,
  names: ReadonlyMap<string, string>,
): Html {
  const say = teller(portalJournal, language);
  const chosen = (name: string): string => query.get(name) ?? '';
  const select = (name: string, label: string, values: readonly (readonly [string, string])[]): Html =>
    html`<div><label for="f-${name}">${label}</label><select class="field" id="f-${name}" name="${name}"><option value="">${say(name === 'action' ? 'allActions' : 'all')}</option>${values.map(
      ([value, text]) =>
        html`<option value="${value}"${value === chosen(name) ? html` selected` : nothing}>${text}</option>`,
    )}</select></div>`;
  const date = (name: string, label: string): Html =>
    html`<div><label for="f-${name}">${label}</label><input class="field" type="date" id="f-${name}" name="${name}" value="${chosen(name)}" /></div>`;
  const asFile = new URLSearchParams(query);
  return html`<form class="filter-row" method="get" action="${to('/journal')}" aria-label="${say('filters')}">${select(
    'qui',
    say('who'),
    actors.map((name) => [name, name]),
  )}${select(
    'action',
    say('what'),
    actions.map((action) => [action, actionName(action, language)] as const),
  )}${select(
    'etablissement',
    say('facility'),
    [...names].sort(([, one], [, other]) => one.localeCompare(other, 'fr', { numeric: true })),
  )}${date('du', say('from'))}${date('au', say('to'))}<div class="acts"><button class="btn main">${say('show')}</button><a class="btn" href="${to(`/journal/fichier?${asFile.toString()}`)}">${say('csv')}</a></div></form>`;
}

function actionName(action: string, language: Language): string {
  return sentenceNamed(action)?.name[language] ?? action;
}

function lineTable(
  { language, now, to }: PageContext,
  { lines }: JournalPage,
  names: ReadonlyMap<string, string>,
): Html {
  const say = teller(portalJournal, language);
  const rows = lines.map((line) => {
    const { seq, at, facility, hash } = line;
    const place =
      facility === null
        ? '—'
        : html`<a href="${to(`/etablissements/${facility}`)}">${names.get(facility) ?? facility}</a>`;
    return html`<tr><th scope="row" class="num">${count(seq, language)}</th><td class="nowrap">${momentWords(at, now, language)}</td><td class="full">${sentenceOf(line, names, language)}</td><td class="full">${place}</td><td class="mono nowrap hide">${hash.slice(0, 10)}</td></tr>`;
  });
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${say('tableLabel')}"><table class="tab flow"><caption>${say('caption')}</caption><thead><tr><th scope="col" class="num">${say('line')}</th><th scope="col">${say('when')}</th><th scope="col">${say('done')}</th><th scope="col">${say('facility')}</th><th scope="col">${say('digest')}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function older({ language, query, to }: PageContext, { next }: JournalPage): Html {
  const say = teller(portalJournal, language);
  const at = (before: string | undefined): string => {
    const wanted = new URLSearchParams(query);
    if (before === undefined) wanted.delete('avant');
    else wanted.set('avant', before);
    return to(`/journal?${wanted.toString()}`);
  };
  const newest = query.has('avant')
    ? html`<a class="btn" href="${at(undefined)}">${say('newest')}</a>`
    : nothing;
  const more =
    next === undefined
      ? nothing
      : html`<a class="btn" rel="next" href="${at(String(next))}">${say('older')}</a>`;
  return html`<nav class="acts sec" aria-label="${say('pages')}">${newest}${more}</nav>`;
}
