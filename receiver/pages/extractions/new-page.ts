import { asFault } from '../../../shared/runtime/errors.ts';
import type { ExtractionDesk } from '../../extraction/desk.ts';
import { fieldsFor, planExtraction } from '../../extraction/plan.ts';
import type { ExtractionRequest } from '../../extraction/request.ts';
import type { PortalDeps } from '../deps.ts';
import { html, nothing, type Html } from '../html.ts';
import { missing, type ActContext, type Answer, type PageContext } from '../page.ts';
import { facts, formToken, pageHead } from '../parts.ts';
import { toldFault } from '../told-fault.ts';
import { count } from '../words.ts';
import { askedFacts } from './asked-facts.ts';
import {
  fieldNames,
  fieldsOfQuery,
  isFilled,
  kindOf,
  requestOf,
  type AskedFields,
  type AskedKind,
  type Wrong,
} from './asked-form.ts';
import { notesSection } from './detail-page.ts';
import { requesterOf, speak } from './extraction-words.ts';
import { newForm, type Offered } from './new-form.ts';

export interface NewDeps extends Pick<PortalDeps, 'store' | 'clock'> {
  readonly desk: ExtractionDesk;
}

/** Stands for the purpose while a request is only looked at. */
const unasked = '-'.repeat(10);

/** Chosen in the address; what the file would hold is shown before anything is asked for. */
export async function newPage(context: PageContext, deps: NewDeps): Promise<Answer> {
  const fields = fieldsOfQuery(context.query);
  if (!mayAsk(context, kindOf(fields))) return missing;
  if (!isFilled(fields) || context.query.get('etape') === 'choix') return formPage(context, fields);
  const read = requestOf(fields, unasked, context.language);
  if ('wrong' in read) return formPage(context, fields, read.wrong);
  return orRefused(context, fields, () => previewPage(context, deps, fields, read.request));
}

/** Asked for, or shown again with what is wrong with it. */
export async function askPost(context: ActContext, deps: NewDeps): Promise<Answer> {
  const { form, all, language, viewer, to } = context;
  const fields: AskedFields = { one: form, all };
  if (!mayAsk(context, kindOf(fields))) return missing;
  const looked = requestOf(fields, unasked, language);
  if ('wrong' in looked) return formPage(context, fields, looked.wrong);
  const read = requestOf(fields, form('objet'), language);
  return orRefused(context, fields, async () => {
    if ('wrong' in read) return previewPage(context, deps, fields, looked.request, read.wrong, form('objet'));
    const { id } = await deps.desk.ask(requesterOf(viewer), read.request);
    return { kind: 'redirect', to: to(`/extractions/${id}`) };
  });
}

function mayAsk({ viewer, language }: PageContext, kind: AskedKind): boolean {
  return kind === 'aggregates' || fieldsFor(requesterOf(viewer), language).length > 0;
}

async function orRefused(
  context: PageContext,
  fields: AskedFields,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    const fault = asFault(error);
    if (!fault.code.startsWith('extraction-')) throw error;
    const { message, hint } = toldFault(fault, context.language);
    return formPage(context, fields, { field: '', message: `${message}. ${hint}` });
  }
}

async function formPage(context: PageContext, fields: AskedFields, wrong?: Wrong): Promise<Answer> {
  const { language } = context;
  const say = speak(language);
  const kind = kindOf(fields);
  const offered = await offeredTo(context, kind);
  const body = html`${head(context, say(kind === 'rows' ? 'newRowsSentence' : 'newCountsSentence'), say(kind === 'rows' ? 'newRowsLede' : 'newCountsLede'))}${wrongNote(wrong)}<section class="sec">${newForm(context, kind, fields, offered)}</section>`;
  return answer(say('title'), body, wrong);
}

async function offeredTo({ read, language }: PageContext, kind: AskedKind): Promise<Offered> {
  return read(async ({ quality, reports }) => ({
    facilities: await quality.facilities(),
    groups:
      kind === 'rows'
        ? (await reports.groups()).groups.map(({ id, name }) => ({ id, name: name[language] }))
        : [],
  }));
}

async function previewPage(
  context: PageContext,
  { store, clock }: NewDeps,
  fields: AskedFields,
  request: ExtractionRequest,
  wrong?: Wrong,
  typed = '',
): Promise<Answer> {
  const { language, viewer } = context;
  const say = speak(language);
  const { columns, notes, parts } = await planExtraction({ store, clock }, requesterOf(viewer), request);
  const told = { parts: count(parts, language), columns: columns.length };
  const lede =
    parts === 0
      ? say('previewNothing')
      : say(request.content.kind === 'rows' ? 'previewRows' : 'previewCounts', told);
  const list = facts([
    ...askedFacts(request, language),
    [say('columns'), columns.map(({ title }) => title).join(', ')],
  ]);
  const body = html`${head(context, say('previewSentence'), lede)}${wrongNote(wrong)}<section class="cols even sec"><div class="card pad"><h2>${say('asked')}</h2>${list}</div>${askForm(context, fields, wrong, typed)}</section>${notesSection(notes, language)}`;
  return answer(say('title'), body, wrong);
}

function askForm(
  { language, viewer, to }: PageContext,
  fields: AskedFields,
  wrong: Wrong | undefined,
  typed: string,
): Html {
  const say = speak(language);
  const kept = keptValues(fields);
  const change = new URLSearchParams(kept.map(([name, value]): [string, string] => [name, value]));
  const marks = wrong?.field === 'objet' ? html` aria-invalid="true" aria-describedby="refus"` : nothing;
  return html`<form class="ask" method="post" action="${to('/extractions/nouvelle')}">${formToken(viewer)}${kept.map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )}<p><label for="e-objet">${say('purpose')} <span class="hint">${say('purposeHint')}</span></label><textarea class="field" id="e-objet" name="objet" minlength="10" maxlength="500" required${marks}>
${typed}</textarea></p><p class="acts"><button class="btn main">${say('ask')}</button><a class="btn" href="${to('/extractions/nouvelle')}?${`${change.toString()}&etape=choix`}">${say('change')}</a></p></form>`;
}

function keptValues({ all }: AskedFields): readonly (readonly [string, string])[] {
  return fieldNames.flatMap((name) =>
    all(name)
      .filter((value) => value !== '')
      .map((value) => [name, value] as const),
  );
}

function head({ language, to }: PageContext, sentence: string, lede: string): Html {
  const kicker = html`<a href="${to('/extractions')}">${speak(language)('title')}</a>`;
  return pageHead({ kicker, sentence, lede });
}

function wrongNote(wrong: Wrong | undefined): Html {
  return wrong === undefined
    ? nothing
    : html`<p class="note" role="alert" id="refus"><strong>${wrong.message}.</strong></p>`;
}

function answer(title: string, body: Html, wrong: Wrong | undefined): Answer {
  return { kind: 'page', title, body, nav: 'analysis', ...(wrong === undefined ? {} : { status: 422 }) };
}
