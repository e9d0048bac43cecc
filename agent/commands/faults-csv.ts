import { open } from 'node:fs/promises';
import { findingText } from '../../shared/i18n/findings.ts';
import { operationTexts as texts } from '../../shared/i18n/terminal-agent-operations.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';
import { expiryLine } from '../outbox/worklists.ts';
import type { FaultLine } from './faults-read.ts';
import { describeRefusal } from './refusals.ts';

/**
 * The worklist as spreadsheets of French hospitals open it: UTF-8 with a mark, semicolons, CRLF; the first line says until
 * when it may exist. Readable by its owner only, written in place (a temporary copy would hold the same values), never over
 * another file. Faults: `worklist-not-written` (facts: file, reason).
 */
export async function writeWorklist(
  path: string,
  lines: readonly FaultLine[],
  { expiresAt, language }: { readonly expiresAt: number; readonly language: Language },
): Promise<void> {
  const heads = [
    texts.headSource,
    texts.headFile,
    texts.headLine,
    texts.headEntry,
    texts.headVisit,
    texts.headRule,
    texts.headSeverity,
    texts.headField,
    texts.headSentence,
  ].map((head) => head[language]);
  const rows = lines.map((line) => [
    ...[line.source, line.file, line.line === null ? '' : String(line.line), line.entry, line.visit],
    ...[line.rule, texts[`severity-${line.severity}`][language], line.field ?? ''],
    sentenceOf(line, language),
  ]);
  const content = [expiryLine(expiresAt), ...[heads, ...rows].map(csvRow), ''].join('\r\n');
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw permanent('worklist-not-written', {
      facts: { file: path, reason: systemCode(cause) ?? '' },
      cause,
    });
  }
}

/** What a person reads of a line. */
export function sentenceOf({ rule, field, refusal }: FaultLine, language: Language): string {
  return refusal === undefined
    ? findingText(rule, language, field)
    : describeRefusal(refusal, language).message;
}

function csvRow(cells: readonly string[]): string {
  return cells.map(csvCell).join(';');
}

/** A cell that a spreadsheet would take for a formula begins with an apostrophe; quotes where the form needs them. */
export function csvCell(text: string): string {
  const safe = /^\s*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
