import { portalJournal } from '../../../shared/i18n/portal-journal.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import type { AuditLine } from '../../store/audit-tables.ts';
import { sentenceOf } from './journal-sentence.ts';

/** A file has at most this many lines; older ones are fetched by period. */
export const mostLines = 20_000;

const columns = [
  ...(['line', 'when', 'who', 'what', 'done', 'facility', 'csvFiness', 'csvReason', 'digest'] as const),
];

/** For a spreadsheet: semicolons, CRLF, a byte order mark, and no cell that a spreadsheet would take for a formula. */
export function journalFile(
  lines: readonly AuditLine[],
  names: ReadonlyMap<string, string>,
  language: Language,
): string {
  const rows = lines.map((line) => {
    const { seq, at, actorName, action, facility, reason, hash } = line;
    return [
      ...[String(seq), new Date(at).toISOString(), actorName, action, sentenceOf(line, names, language)],
      ...[facility === null ? '' : (names.get(facility) ?? ''), facility ?? '', reason ?? '', hash],
    ];
  });
  const heads = columns.map((name) => portalJournal[name][language]);
  return `\ufeff${[heads, ...rows].map((row) => `${row.map(cell).join(';')}\r\n`).join('')}`;
}

function cell(text: string): string {
  const defused = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(defused) ? `"${defused.replaceAll('"', '""')}"` : defused;
}
