import { reportForms, type ReportForm } from '../../store/report-tables.ts';
import { portalReports } from '../../../shared/i18n/portal-reports.ts';
import { styleDigest } from '../../reports/render/style.ts';
import { html, nothing, type Html } from '../html.ts';
import { missing, type Answer, type PageContext } from '../page.ts';
import { emptyState, pageHead } from '../parts.ts';
import type { KeptReport } from '../reads/report-reads.ts';
import { fileLinks } from './report-table.ts';
import { periodWords, speak } from './report-words.ts';

/**
 * A kept report as it was made, with a bar above it that paper does not show. The page has the policy of its own style: of
 * what is kept, nothing else can act, whoever may have written into it.
 */
export async function sheetPage(context: PageContext): Promise<Answer> {
  const id = reportId(context.params['id'] ?? '');
  const found = await context.read(async ({ reports }) => ({
    row: await reports.get(id),
    kept: await reports.file(id, 'html'),
  }));
  const { row, kept } = found;
  if (row === undefined) return missing;
  if (kept === undefined) return withoutSheet(context, row);
  const text = kept.toString('utf8');
  const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? '';
  const tools = toolBar(context, row);
  return {
    kind: 'sheet',
    style: styleDigest(style),
    content: (asset) =>
      text
        // The answer's own policy lets the script of the pages in: its button prints.
        .replace(/<meta http-equiv="content-security-policy"[^>]*>/, () =>
          html`<script src="${asset('portal.js')}" defer></script>`.toString(),
        )
        .replace('<body>', () => `<body>\n${tools.toString()}`),
  };
}

/** A kept file as it was made. */
export async function reportFile(context: PageContext, fileNameOf: NameOf): Promise<Answer> {
  const { params, read } = context;
  const id = reportId(params['id'] ?? '');
  const form = reportForms.find((each) => each === params['forme']);
  if (form === undefined) return missing;
  const found = await read(async ({ reports }) => ({
    row: await reports.get(id),
    content: await reports.file(id, form),
  }));
  if (found.row === undefined || found.content === undefined) return missing;
  return { kind: 'file', ...fileNameOf(found.row, form), content: found.content };
}

type NameOf = (row: KeptReport, form: ReportForm) => { readonly name: string; readonly type: string };

/** What is no number of a report is the number of none. */
function reportId(text: string): number {
  return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0;
}

function toolBar(context: PageContext, row: KeptReport): Html {
  const { language, to } = context;
  const say = speak(language);
  return html`<nav class="tools" lang="${language}" aria-label="${say('tools')}"><a href="${to('/rapports')}">← ${say('back')}</a> <span>${fileLinks(context, row)}<button type="button" data-print hidden>${say('print')}</button></span></nav>`;
}

function withoutSheet(context: PageContext, row: KeptReport): Answer {
  const { language, to } = context;
  const say = speak(language);
  const back = html`<a href="${to('/rapports')}">${portalReports.title[language]}</a>`;
  const body = html`${pageHead({ kicker: back, sentence: periodWords(row, language) })}${emptyState(
    say('sheetNone'),
    say('sheetNoneText'),
    html`<p>${row.forms.length === 0 ? nothing : fileLinks(context, row)}</p>`,
  )}`;
  return { kind: 'page', title: periodWords(row, language), nav: 'reports', body };
}
