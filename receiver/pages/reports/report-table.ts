import type { Language } from '../../../shared/i18n/texts.ts';
import { html, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import type { KeptReport } from '../reads/report-reads.ts';
import { momentWords } from '../words.ts';
import { coverageWords, periodWords, speak } from './report-words.ts';

/** Kept reports, the latest first: how whole each is comes before its files. */
export function reportTable(
  context: PageContext,
  rows: readonly KeptReport[],
  names: ReadonlyMap<string, string>,
): Html {
  const { language } = context;
  const say = speak(language);
  const heads = (['report', 'scope', 'coverage', 'made', 'mails', 'files'] as const).map(
    (name) => html`<th scope="col">${say(name)}</th>`,
  );
  const lines = rows.map((row) => lineOf(context, row, names));
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${say('kept')}"><table class="tab flow"><caption>${say('kept')}</caption><thead><tr>${heads}</tr></thead><tbody>${lines}</tbody></table></div>`;
}

function lineOf(context: PageContext, row: KeptReport, names: ReadonlyMap<string, string>): Html {
  const { language, to, now } = context;
  const say = speak(language);
  const scope = row.facility === null ? say('region') : (names.get(row.facility) ?? row.facility);
  const made = `${momentWords(row.madeAt, now, language)}, ${row.author}`;
  return html`<tr><th scope="row"><a href="${to(`/rapports/${row.id}`)}">${periodWords(row, language)}</a><small>${say(row.language)}</small></th><td>${scope}</td><td>${coverageWords(row.coverage, language)}</td><td>${made}</td><td>${mailWords(row, language)}</td><td>${fileLinks(context, row)}</td></tr>`;
}

function mailWords({ mails }: KeptReport, language: Language): string {
  const say = speak(language);
  const { sent = 0, pending = 0, sending = 0, failed = 0 } = mails;
  const words = [
    ...(sent > 0 ? [say('mailsSent', { n: sent })] : []),
    ...(pending + sending > 0 ? [say('mailsWaiting', { n: pending + sending })] : []),
    ...(failed > 0 ? [`✕ ${say('mailsFailed', { n: failed })}`] : []),
  ];
  return words.length === 0 ? say('mailsNone') : words.join(', ');
}

export function fileLinks({ language, to }: PageContext, row: KeptReport): Html {
  const missing = row.pdf === 'failed' ? html` <span class="muted">${speak(language)('noPdf')}</span>` : '';
  return html`${row.forms.map((form) => html`<a href="${to(`/rapports/${row.id}/fichier/${form}`)}" aria-label="${form.toUpperCase()}, ${periodWords(row, language)}">${form.toUpperCase()}</a> `)}${missing}`;
}
