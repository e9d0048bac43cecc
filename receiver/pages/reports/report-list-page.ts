import { hasRight } from '../../accounts/profile.ts';
import type { ReportConfig } from '../../config-reports.ts';
import { createCalendar } from '../../forward/calendar/cron.ts';
import { reportKinds } from '../../store/report-tables.ts';
import { select } from '../analysis/analysis-form.ts';
import { html, nothing, type Html } from '../html.ts';
import type { Answer, PageContext } from '../page.ts';
import { emptyState, formToken, pageHead } from '../parts.ts';
import type { KeptReport } from '../reads/report-reads.ts';
import type { Described } from '../../../shared/i18n/errors.ts';
import { momentWords, percent } from '../words.ts';
import { readListQuestion, scopeFields, type ListQuestion } from './list-question.ts';
import { reportTable } from './report-table.ts';
import { periodWords, speak } from './report-words.ts';

/** A wish that could not be granted: said above the form, which keeps what was chosen. */
export interface Refused extends Pick<Described, 'message' | 'hint'> {
  readonly form: (name: string) => string;
}

export const wishers = ['regional-operator', 'hospital-admin'] as const;
const mostRows = 40;

/** What do I report? The latest week, then all that is kept, then what can be made. */
export async function reportListPage(
  context: PageContext,
  reports: ReportConfig,
  refused?: Refused,
): Promise<Answer> {
  const { language, viewer, read } = context;
  const say = speak(language);
  const isRegional = viewer.facilities === 'all';
  const asked = readListQuestion(context.query, isRegional);
  const found = await read(async ({ reports: reads, quality }) => ({
    facilities: await quality.facilities(),
    rows: await reads.list(asked.filter, mostRows),
    weeks: await reads.list({ kind: 'weekly', ...(isRegional ? { facility: null } : {}) }, 2),
    groups: await reads.groups(),
  }));
  const names = new Map(found.facilities.map(({ finess, name }) => [finess, name]));
  const [newest] = found.weeks;
  const latest = found.weeks.find((row) => row.from === newest?.from && row.language === language) ?? newest;
  const { groups, version, set } = found.groups;
  const groupWords =
    set === null
      ? say('groupsOwn', { n: groups.length })
      : say('groupsSet', {
          ...{ n: groups.length, version, person: set.person, reason: set.reason },
          at: momentWords(set.at, context.now, language),
        });
  const groupLink = say(hasRight(viewer, ['administrator']) ? 'groupsEdit' : 'groupsSee');
  const rows =
    found.rows.length === 0
      ? emptyState(say('keptNone'), say('keptNoneText'))
      : reportTable(context, found.rows, names);
  const most =
    found.rows.length < mostRows ? nothing : html`<p class="small">${say('keptMost', { n: mostRows })}</p>`;
  const wish = hasRight(viewer, wishers) ? wishForm(context, found.facilities, refused) : nothing;
  const body = html`${headOf(context, latest, reports)}${refused === undefined ? nothing : html`<p class="note" role="alert" id="refus"><strong>${refused.message}.</strong> ${refused.hint}.</p>`}<section class="sec">${filters(context, asked, found.facilities)}</section><section class="sec">${rows}${most}</section><section class="cols even sec">${wish}<div class="card pad"><h2>${say('groups')}</h2><p>${groupWords}</p><p class="acts"><a class="btn" href="${context.to('/rapports/groupes')}">${groupLink}</a></p></div></section>`;
  return {
    ...{ kind: 'page', title: say('title'), nav: 'reports', body },
    ...(refused === undefined ? {} : { status: 422 }),
  };
}

function headOf(
  { language, now, to }: PageContext,
  latest: KeptReport | undefined,
  { weekly }: ReportConfig,
): Html {
  const say = speak(language);
  const nextAt = weekly === undefined ? undefined : createCalendar(weekly).next(now);
  const next =
    nextAt === undefined ? say('ledeNoNext') : say('ledeNext', { at: momentWords(nextAt, now, language) });
  const extract = html`<a class="btn" href="${to('/extractions')}">${say('extract')}</a>`;
  if (latest === undefined)
    return pageHead({
      ...{ sentence: say('sentenceNone'), lede: next },
      aside: html`<div class="acts">${extract}</div>`,
    });
  const { whole, incomplete, received } = latest.coverage;
  const facts = { week: periodWords(latest, language), whole, of: whole + incomplete };
  const made = say('ledeMade', {
    ...{ at: momentWords(latest.madeAt, now, language), author: latest.author },
  });
  return pageHead({
    sentence:
      received === null
        ? say('sentenceUnknown', facts)
        : say('sentenceWeek', { ...facts, received: percent(received, language) }),
    lede: `${made} ${next}`,
    aside: html`<div class="acts"><a class="btn main" href="${to(`/rapports/${latest.id}`)}">${say('open')}</a>${extract}</div>`,
  });
}

interface Place {
  readonly finess: string;
  readonly name: string;
}

function filters({ language, to, viewer }: PageContext, asked: ListQuestion, places: readonly Place[]): Html {
  const say = speak(language);
  const kinds = (['', ...reportKinds] as const).map((kind) => ({
    ...{ value: kind, text: say(kind === '' ? 'anyKind' : kind), isChosen: kind === asked.kind },
  }));
  const scopes = [
    ...(viewer.facilities === 'all' ? [{ value: scopeFields.region, text: say('region') }] : []),
    { value: scopeFields.all, text: say('anyScope') },
    ...places.map(({ finess, name }) => ({ value: finess, text: name })),
  ].map((each) => ({ ...each, isChosen: each.value === asked.scope }));
  return html`<form class="card pad asks" action="${to('/rapports')}"><div class="filter-row">${select('genre', say('kind'), kinds)}${select('perimetre', say('scope'), scopes)}<div class="acts"><button class="btn">${say('show')}</button></div></div></form>`;
}

function wishForm(
  { language, to, viewer }: PageContext,
  places: readonly Place[],
  refused: Refused | undefined,
): Html {
  const say = speak(language);
  const chosen = (name: string, usual: string): string => refused?.form(name) ?? usual;
  const options = (values: readonly { value: string; text: string }[], now: string) =>
    values.map((each) => ({ ...each, isChosen: each.value === now }));
  const kinds = reportKinds.map((value) => ({ value, text: say(value) }));
  const scopes = [
    ...(viewer.facilities === 'all' ? [{ value: '', text: say('region') }] : []),
    ...places.map(({ finess, name }) => ({ value: finess, text: name })),
  ];
  const languages = (['fr', 'en'] as const).map((value) => ({ value, text: say(value) }));
  return html`<form class="ask" method="post" action="${to('/rapports')}"><h2>${say('make')}</h2><p class="hint">${say('makeLede')}</p>${formToken(viewer)}<div class="filter-row">${select('type', say('kind'), options(kinds, chosen('type', 'weekly')))}<div><label for="f-jour">${say('day')} <span class="hint">${say('dayHint')}</span></label><input class="field" type="date" id="f-jour" name="jour" value="${chosen('jour', '')}"${refused === undefined ? nothing : html` aria-describedby="refus"`} /></div></div><div class="filter-row">${select('etablissement', say('scope'), options(scopes, chosen('etablissement', '')))}${select('langue', say('language'), options(languages, chosen('langue', language)))}</div><p class="acts"><button class="btn main">${say('makeIt')}</button></p></form>`;
}
