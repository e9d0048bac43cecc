import { describeFault } from '../../../shared/i18n/errors.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { permanent } from '../../../shared/runtime/errors.ts';
import type { ExtractionRow } from '../../store/extraction-tables.ts';
import { html, nothing, type Html, type HtmlPart } from '../html.ts';
import type { Answer, PageContext } from '../page.ts';
import { facts, formToken, pageHead } from '../parts.ts';
import { count, momentWords } from '../words.ts';
import { askedFacts } from './asked-facts.ts';
import { periodWords, requesterOf, requesterWords, speak, stateBadge } from './extraction-words.ts';

/** One extraction: how far it is, its file, what its reader must know. */
export function detailPage(context: PageContext, row: ExtractionRow): Answer {
  const { language, to } = context;
  const say = speak(language);
  const title = periodWords(row.request, language);
  const body = html`${pageHead({
    kicker: html`<a href="${to('/extractions')}">${say('title')}</a> <span aria-hidden="true">›</span> ${title}`,
    sentence: sentenceOf(row, language),
    ...(row.code === null ? {} : { lede: ledeOf(row.code, language) }),
    aside: actsOf(context, row),
  })}<section class="cols even sec"><div class="card pad"><h2>${say('asked')}</h2>${facts([
    ...askedFacts(row.request, language),
    [say('purpose'), row.request.purpose],
    [say('who'), requesterWords(row, language)],
    [say('when'), momentWords(row.askedAt, context.now, language)],
  ])}</div><div class="card pad"><h2>${say('made')}</h2>${facts(madeFacts(context, row))}</div></section>${notesSection(row.notes ?? [], language)}`;
  return { kind: 'page', title, body, nav: 'analysis' };
}

function sentenceOf({ state, done, parts, rows }: ExtractionRow, language: Language): string {
  const say = speak(language);
  switch (state) {
    case 'waiting':
      return say('sentenceWaiting');
    case 'running':
      return say('sentenceRunning', { done, parts: parts ?? '?' });
    case 'ready':
      return rows === 1 ? say('sentenceDoneOne') : say('sentenceDone', { rows: count(rows ?? 0, language) });
    case 'failed':
      return say('sentenceFailed');
    case 'cancelled':
      return say('sentenceCancelled');
    case 'expired':
      return say('sentenceExpired');
  }
}

/** Of a failure, what happened and what to do; facts that only the moment knew are left open. */
function ledeOf(code: string, language: Language): string {
  const { message, hint } = describeFault(permanent(code), language);
  return `${message}. ${hint}.`.replaceAll(/\{\w+\}/g, '…');
}

function actsOf(context: PageContext, row: ExtractionRow): Html {
  const { language, to, viewer } = context;
  const say = speak(language);
  const { id, state, requesterKind, requesterId, request } = row;
  const isOwn = requesterKind === 'account' && requesterId === viewer.account;
  const path = `/extractions/${id}`;
  const isPending = state === 'waiting' || state === 'running';
  const parts: Html[] = [];
  if (state === 'ready' && isOwn)
    parts.push(
      html`<a class="btn main" href="${to(`${path}/fichier`)}">${say('download')} (${request.form.toUpperCase()})</a>`,
    );
  if (isPending) parts.push(html`<a class="btn main" href="${to(path)}">${say('reload')}</a>`);
  if (isPending && (isOwn || requesterOf(viewer).administrator))
    parts.push(
      html`<form method="post" action="${to(`${path}/annuler`)}">${formToken(viewer)}<button class="btn">${say('cancel')}</button></form>`,
    );
  return html`<div class="acts">${parts}<a class="btn" href="${to('/extractions')}">${say('back')}</a></div>`;
}

function madeFacts(
  { language, now }: PageContext,
  row: ExtractionRow,
): readonly (readonly [HtmlPart, HtmlPart])[] {
  const say = speak(language);
  const { rows, hidden, bytes, sha256, expiresAt, fetched, state } = row;
  return [
    [say('state'), stateBadge(row, language)],
    ...(rows === null ? [] : [[say('rows'), count(rows, language)] as const]),
    ...(hidden === null || row.request.content.kind === 'rows'
      ? []
      : [[say('hidden'), count(hidden, language)] as const]),
    ...(bytes === null ? [] : [[say('size'), say('sizeBytes', { n: count(bytes, language) })] as const]),
    ...(sha256 === null ? [] : [[say('digest'), html`<code class="mono">${sha256}</code>`] as const]),
    ...(state === 'ready' && expiresAt !== null
      ? [[say('until'), momentWords(expiresAt, now, language)] as const]
      : []),
    ...(fetched === 0 ? [] : [[say('fetched'), count(fetched, language)] as const]),
  ];
}

export function notesSection(notes: readonly string[], language: Language): Html {
  if (notes.length === 0) return nothing;
  return html`<section class="sec card pad" aria-labelledby="h-notes"><h2 id="h-notes">${speak(language)('notes')}</h2><ul>${notes.map((note) => html`<li>${note}</li>`)}</ul></section>`;
}
