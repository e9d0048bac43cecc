import type { Language } from '../../shared/i18n/texts.ts';
import type { QualityConfig } from '../config-quality.ts';
import type { KeptForm, ReportForm } from '../store/report-tables.ts';
import type { Figures } from './figures/compute.ts';
import { periodText } from './period.ts';
import { reportCsv, reportJson } from './render/csv.ts';
import { reportHtml } from './render/html.ts';

/** Prints a page as PDF; undefined where the settings name no browser. */
export type PrintPdf = (html: string, signal: AbortSignal | undefined) => Promise<Buffer>;

export interface FileSettings {
  readonly language: Language;
  readonly author: string;
  readonly forms: readonly ReportForm[];
  readonly quality: Pick<QualityConfig, 'target' | 'targets'>;
  readonly print: PrintPdf | undefined;
}

export interface ReportFiles {
  readonly files: Readonly<Partial<Record<KeptForm, Buffer>>>;
  readonly pdf: 'unasked' | 'made' | 'failed';
  /** The fault of a PDF that was not made: the other files stand. */
  readonly pdfFault: unknown;
}

export async function makeFiles(
  figures: Figures,
  { language, author, forms, quality, print }: FileSettings,
  signal?: AbortSignal,
): Promise<ReportFiles> {
  const html = reportHtml(figures, { language, author, quality });
  const files: Partial<Record<KeptForm, Buffer>> = {
    ...(forms.includes('html') ? { html: Buffer.from(html) } : {}),
    ...(forms.includes('csv') ? { csv: Buffer.from(reportCsv(figures, quality, language)) } : {}),
    json: Buffer.from(reportJson(figures, quality, language)),
  };
  if (print === undefined || !forms.includes('pdf')) return { files, pdf: 'unasked', pdfFault: undefined };
  try {
    files.pdf = await print(html, signal);
    return { files, pdf: 'made', pdfFault: undefined };
  } catch (error) {
    signal?.throwIfAborted();
    // A report without its PDF is worth more than none.
    return { files: { ...files, html: Buffer.from(html) }, pdf: 'failed', pdfFault: error };
  }
}

/** "vaguemestre-2026-W47-region-fr.html": says what it is of, and of nobody. */
export function fileName(
  {
    kind,
    from,
    facility,
    language,
  }: Pick<Figures, 'kind' | 'from' | 'facility'> & { readonly language: Language },
  form: ReportForm,
): string {
  return `vaguemestre-${periodText({ kind, from })}-${facility ?? 'region'}-${language}.${form}`;
}
