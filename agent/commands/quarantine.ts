import { dirname, join } from 'node:path';
import type { Finding } from '../../shared/feeds/feed.ts';
import { describeCode } from '../../shared/i18n/errors.ts';
import { findingText } from '../../shared/i18n/findings.ts';
import { operationTexts as texts } from '../../shared/i18n/terminal-agent-operations.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { fileOf } from '../intake/reread.ts';
import type { ExportRow } from '../outbox/rows.ts';
import { shownName } from '../source/file-name.ts';
import { moveAside } from '../source/quarantine.ts';
import type { AuditAction } from '../outbox/operation-book.ts';
import type { CommandContext, Options } from './command.ts';
import { isConfirmed } from './confirm.ts';
import { isoTime, operator, shownTime } from './operation-options.ts';
import { withOperations, type OpenOperations } from './open-operations.ts';
import { tableLines } from './terminal.ts';

const mostListed = 1000;
const shownFindings = 5;

/** Exports that could not be read and wait for a person. */
export async function listQuarantine({
  config,
  json,
  language,
  print,
  terminal,
}: CommandContext): Promise<number> {
  const { rows, total } = await withOperations(config.state, ({ operations }) => ({
    rows: operations.quarantined(mostListed),
    total: operations.quarantineCount(),
  }));
  if (json) {
    print(JSON.stringify({ total, quarantine: rows.map((row) => quarantineDocument(row, language)) }));
    return 0;
  }
  if (rows.length === 0) {
    print(texts.quarantineEmpty[language]);
    return 0;
  }
  const heads = [texts.headRead, texts.headSource, texts.headFile, texts.headCode, texts.headHint];
  const lines = tableLines(
    heads.map((head) => head[language]),
    rows.map((row) => [
      ...[shownTime(row.readAt, language), row.source, row.name, row.errorCode ?? ''],
      described(row, language).hint,
    ]),
    terminal,
  );
  for (const line of lines) print(line);
  if (total > rows.length) print(fill(texts.quarantineMore[language], { more: total - rows.length }));
  return 0;
}

/** Why one export could not be read, where, and what to do. Never what is in it. */
export async function showQuarantined(
  { config, json, language, print }: CommandContext,
  what: string,
): Promise<number> {
  const { row, findings } = await withOperations(config.state, (open) => {
    const found = quarantinedNamed(open, what);
    return { row: found, findings: open.exports.findings(found.id).agent.slice(0, shownFindings) };
  });
  const document = { ...quarantineDocument(row, language), findings };
  if (json) {
    print(JSON.stringify(document));
    return 0;
  }
  const { file, source, code, message, hint, where, line, record, field } = document;
  const position = [
    line === null ? [] : fill(texts.atLine[language], { line }),
    record === null ? [] : fill(texts.atRecord[language], { record }),
    field === null ? [] : fill(texts.atField[language], { field }),
  ].flat();
  print(fill(texts.quarantined[language], { file, source, at: shownTime(row.readAt, language) }));
  print(`${code}: ${message}`);
  if (position.length > 0) print(position.join(', '));
  for (const finding of findings) print(findingLine(finding, language));
  print(`→ ${hint}`);
  print(fill(texts.liesAt[language], { where }));
  print(fill(texts.quarantineNext[language], { export: row.id }));
  return 0;
}

function findingLine({ rule, field, line }: Finding, language: Language): string {
  const facts = { rule, line: line ?? '-', sentence: findingText(rule, language, field) };
  return fill(texts.quarantineFinding[language], facts);
}

/** Has it read again by the running agent (or the next run), as if it were new. */
export async function releaseQuarantined(context: CommandContext, what: string): Promise<number> {
  const { config, json, language, print } = context;
  return withOperations(config.state, async (open) => {
    const row = quarantinedNamed(open, what);
    if ((await fileOf(row)) === undefined) throw permanent('resend-file-gone', { facts: { file: row.name } });
    open.database.transaction(() => {
      open.files.askReread(row.id, false, systemClock.now());
      note(context, open, 'release', row);
    });
    if (json) print(JSON.stringify({ export: row.id, file: row.name, done: true }));
    else print(fill(texts.released[language], { file: row.name }));
    return 0;
  });
}

/** Puts a file aside for good: moved, never deleted; where folders are never written to, only taken off the list. */
export async function discardQuarantined(
  context: CommandContext,
  options: Options,
  what: string,
): Promise<number> {
  const { config, json, language, print } = context;
  return withOperations(config.state, async (open) => {
    const row = quarantinedNamed(open, what);
    const to = discardFolder(context, row);
    const facts = { file: row.name, folder: to ?? '', code: row.errorCode ?? '' };
    if (!json) print(fill((to === null ? texts.discardKept : texts.discardPreview)[language], facts));
    const done = await isConfirmed(context, options, texts.discardAsk[language]);
    if (done) await discard(context, open, row, to);
    if (json) print(JSON.stringify({ done, export: row.id, file: row.name, folder: to }));
    else print((done ? texts.discardDone : texts.nothingDone)[language]);
    return 0;
  });
}

/** Null where the file lies in its source, which is then left as it is. */
function discardFolder({ config }: CommandContext, row: ExportRow): string | null {
  const source = config.sources.find(({ name }) => name === row.source);
  const folder = dirname(shownName(row.movedTo ?? row.path));
  const quarantine =
    source === undefined ? undefined : (source.quarantineFolder ?? join(source.folder, 'quarantine'));
  return row.movedTo !== null || folder === quarantine ? join(folder, 'discarded') : null;
}

/** Noted first: a stop before the move leaves a discarded file in its place, which nobody is asked about again. */
async function discard(
  context: CommandContext,
  open: OpenOperations,
  row: ExportRow,
  to: string | null,
): Promise<void> {
  open.database.transaction(() => {
    open.operations.discard(row.id, systemClock.now());
    open.files.dropReread(row.id);
    note(context, open, 'discard', row);
  });
  const file = to === null ? undefined : await fileOf(row);
  const target = to === null || file === undefined ? undefined : await moveAside(file, to, 'along');
  if (target !== undefined) open.files.relocate(row.id, target);
}

function note(
  { terminal }: CommandContext,
  { operations }: OpenOperations,
  action: AuditAction,
  row: ExportRow,
): void {
  operations.record({
    ...{ at: systemClock.now(), who: operator(terminal.env), action },
    ...{ what: `${row.name} (${row.id})`, exports: 1, records: row.records },
  });
}

/** Throws `quarantine-unknown`, `quarantine-several`. */
function quarantinedNamed({ operations }: OpenOperations, what: string): ExportRow {
  const found = operations.quarantined(mostListed).filter(({ id, name }) => id === what || name === what);
  const [row] = found;
  if (row === undefined) throw permanent('quarantine-unknown', { facts: { what } });
  if (found.length > 1)
    throw permanent('quarantine-several', {
      facts: { what, count: found.length, exports: found.map(({ id }) => id).join(', ') },
    });
  return row;
}

function quarantineDocument(row: ExportRow, language: Language) {
  const facts = factsOf(row);
  const numberOf = (name: string): number | null => (typeof facts[name] === 'number' ? facts[name] : null);
  return {
    ...{ export: row.id, file: row.name, source: row.source, at: isoTime(row.readAt) },
    ...described(row, language),
    ...{ line: numberOf('line'), record: numberOf('record') },
    field: typeof facts['field'] === 'string' ? facts['field'] : null,
    where: shownName(row.movedTo ?? row.path),
  };
}

function described(row: ExportRow, language: Language) {
  return describeCode(row.errorCode ?? 'unexpected', language, factsOf(row));
}

function factsOf(row: ExportRow): Readonly<Record<string, string | number>> {
  return JSON.parse(row.errorFacts ?? '{}') as Record<string, string | number>;
}
