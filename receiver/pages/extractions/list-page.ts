import type { ExtractionDesk } from '../../extraction/desk.ts';
import { fieldsFor } from '../../extraction/plan.ts';
import type { ExtractionRow } from '../../store/extraction-tables.ts';
import { html, nothing, type Html } from '../html.ts';
import type { Answer, PageContext } from '../page.ts';
import { emptyState, pageHead } from '../parts.ts';
import { count, momentWords } from '../words.ts';
import { kindNames } from './asked-form.ts';
import { periodWords, requesterOf, requesterWords, speak, stateBadge } from './extraction-words.ts';

const mostRows = 50;

/** What was asked for, how far it is, and what can be fetched. */
export async function listPage(
  context: PageContext,
  desk: ExtractionDesk,
  keptDays: number,
): Promise<Answer> {
  const { language, viewer } = context;
  const say = speak(language);
  const requester = requesterOf(viewer);
  const seesAll = requester.administrator || requester.profile === 'auditor';
  const rows = await desk.list(requester, mostRows);
  const body = html`${pageHead({
    sentence: sentenceOf(rows, context),
    lede: `${say('lede', { days: keptDays })}${seesAll ? ` ${say('ledeAll')}` : ''}`,
    aside: newLinks(context),
  })}<section class="sec">${
    rows.length === 0
      ? emptyState(say('emptyTitle'), say('emptyText'))
      : extractionTable(context, rows, seesAll)
  }</section>`;
  return { kind: 'page', title: say('title'), body, nav: 'analysis' };
}

/** Rows only for whoever may have some. */
function newLinks({ viewer, language, to }: PageContext): Html {
  const say = speak(language);
  const path = to('/extractions/nouvelle');
  const rows =
    fieldsFor(requesterOf(viewer), language).length === 0
      ? nothing
      : html`<a class="btn main" href="${path}?contenu=${kindNames.rows}">${say('newRows')}</a>`;
  return html`<div class="acts">${rows}<a class="btn" href="${path}?contenu=${kindNames.aggregates}">${say('newCounts')}</a></div>`;
}

function sentenceOf(rows: readonly ExtractionRow[], { language }: PageContext): string {
  const say = speak(language);
  const ready = rows.filter(({ state }) => state === 'ready').length;
  const pending = rows.filter(({ state }) => state === 'waiting' || state === 'running').length;
  if (rows.length === 0) return say('sentenceNone');
  const start =
    ready === 0
      ? say('sentenceNoneReady')
      : ready === 1
        ? say('sentenceReadyOne')
        : say('sentenceReady', { n: count(ready, language) });
  return pending === 0 ? start : say('sentencePending', { ready: start, n: count(pending, language) });
}

function extractionTable(context: PageContext, rows: readonly ExtractionRow[], seesAll: boolean): Html {
  const { language, now, to, viewer } = context;
  const say = speak(language);
  const heads = (
    ['what', ...(seesAll ? ['who' as const] : []), 'when', 'state', 'until', 'file'] as const
  ).map((name) => html`<th scope="col">${say(name)}</th>`);
  const lines = rows.map((row) => {
    const { id, request, state, askedAt, expiresAt, requesterKind, requesterId } = row;
    const isOwn = requesterKind === 'account' && requesterId === viewer.account;
    const words = periodWords(request, language);
    const file =
      state === 'ready' && isOwn
        ? html`<a href="${to(`/extractions/${id}/fichier`)}" aria-label="${say('downloadOf', { name: words })}">${request.form.toUpperCase()}</a>`
        : '—';
    const until = state === 'ready' && expiresAt !== null ? momentWords(expiresAt, now, language) : '—';
    return html`<tr><th scope="row"><a href="${to(`/extractions/${id}`)}">${words}</a><small>${request.purpose}</small></th>${
      seesAll ? html`<td data-l="${say('who')}">${requesterWords(row, language)}</td>` : nothing
    }<td data-l="${say('when')}">${momentWords(askedAt, now, language)}</td><td data-l="${say('state')}">${stateBadge(row, language)}</td><td data-l="${say('until')}">${until}</td><td data-l="${say('file')}">${file}</td></tr>`;
  });
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${say('caption')}"><table class="tab flow"><caption>${say('caption')}</caption><thead><tr>${heads}</tr></thead><tbody>${lines}</tbody></table></div>`;
}
