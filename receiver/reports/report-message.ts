import { reportTexts } from '../../shared/i18n/report-texts.ts';
import { speaker } from '../../shared/i18n/texts.ts';
import { percent } from '../pages/words.ts';
import type { Attachment } from '../alerts/carry.ts';
import type { ReportForm, ReportRow } from '../store/report-tables.ts';
import { fileName } from './make-files.ts';
import { titleOf } from './render/words.ts';

export const reportTypes: Readonly<Record<ReportForm, string>> = {
  html: 'text/html; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  pdf: 'application/pdf',
};

/** How whole the report is comes before the files: a number is read first. */
export function reportMessage(
  row: ReportRow,
  scope: string,
  files: readonly { readonly form: ReportForm; readonly content: Buffer }[],
): { readonly subject: string; readonly text: string; readonly attachments: readonly Attachment[] } {
  const { language, coverage, pdf } = row;
  const say = speaker(reportTexts, language);
  const { whole, incomplete, received } = coverage;
  const title = titleOf(row, language);
  const attachments = files.map(({ form, content }) => ({
    ...{ name: fileName(row, form), type: reportTypes[form], content },
  }));
  const lines = [
    ...[`${title}, ${scope}.`, ''],
    say('mailReceived', {
      ...{ whole, of: whole + incomplete },
      received: received === null ? '—' : percent(received, language),
    }),
    say('coverageNote'),
    '',
    say('mailFiles', { files: attachments.map(({ name }) => name).join(', ') }),
    ...(pdf === 'failed' ? [say('mailNoPdf')] : []),
    ...['', `${say('footer')}.`, ''],
  ];
  return { subject: say('mailSubject', { title, scope }), text: lines.join('\n'), attachments };
}
