import { operationTexts as texts } from '../../shared/i18n/terminal-agent-operations.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { instantOf, type Day } from '../../shared/runtime/paris-time.ts';
import type { ExportBook, ListedDispatch } from '../outbox/export-book.ts';
import type { ExportRow } from '../outbox/rows.ts';
import { outcomes, type Outcome } from '../outbox/states.ts';
import { textOption, type CommandContext, type Options } from './command.ts';
import { errorOf, stateText } from './export-document.ts';
import {
  dayOption,
  daysOption,
  isoTime,
  limitOption,
  shownTime,
  shownWindow,
  sourceOption,
} from './operation-options.ts';
import { withOperations } from './open-operations.ts';
import { describeRefusal, refusalRule } from './refusals.ts';
import { tableLines } from './terminal.ts';

const mostListed = 10_000;

/** Exports by the day they were read, newest first; with `audit`, what people did by hand. */
export async function historyCommand(context: CommandContext, options: Options): Promise<number> {
  return options['audit'] === true ? auditPage(context, options) : exportPage(context, options);
}

async function exportPage(context: CommandContext, options: Options): Promise<number> {
  const { config, language, json, print, terminal } = context;
  daysOption(options);
  const limit = limitOption(options, mostListed);
  const query = {
    ...{ from: dayOption(options, 'from'), to: dayOption(options, 'to') },
    ...{ source: sourceOption(options, config), outcome: outcomeOption(options) },
    before: textOption(options, 'before'),
  };
  const found = await withOperations(config.state, ({ history, exports }) =>
    history.page({ ...query, limit: limit + 1 }).map((row) => ({ ...row, refused: refusedOf(row, exports) })),
  );
  const rows = found.slice(0, limit);
  const next = found.length > limit ? (rows.at(-1)?.id ?? null) : null;
  if (json) {
    print(JSON.stringify({ exports: rows.map((row) => historyDocument(row, language)), next }));
    return 0;
  }
  if (rows.length === 0) print(texts.historyNone[language]);
  else for (const line of [...table(rows, context), ...refusalLines(rows, language)]) print(line);
  if (next !== null && terminal.interactive) terminal.note(fill(texts.historyMore[language], { next }));
  return 0;
}

function outcomeOption(options: Options): Outcome | undefined {
  const text = textOption(options, 'state');
  const outcome = outcomes.find((one) =>
    [one, stateText(one, 'fr'), stateText(one, 'en')].includes(text ?? ''),
  );
  if (text !== undefined && outcome === undefined)
    throw permanent('state-unknown', { facts: { state: text, known: outcomes.join(', ') } });
  return outcome;
}

type HistoryRow = ExportRow & { readonly refused: readonly ListedDispatch[] };

function refusedOf(row: ExportRow, exports: ExportBook): readonly ListedDispatch[] {
  return row.outcome === 'refused' ? exports.refused(row.id) : [];
}

function refusalLines(rows: readonly HistoryRow[], language: Language): readonly string[] {
  return rows.flatMap(({ name, refused }) =>
    refused.map((refusal) => `! ${name}: ${describeRefusal(refusal, language).message}`),
  );
}

function historyDocument(row: HistoryRow, language: Language) {
  return {
    ...{ export: row.id, file: row.name, source: row.source, state: row.outcome },
    ...{ readAt: isoTime(row.readAt), settledAt: isoTime(row.settledAt) },
    ...{ facility: row.facility, feed: row.feed, part: row.part },
    window: row.windowFrom === null ? null : { from: row.windowFrom, to: row.windowTo },
    ...{ records: row.records, rejected: row.rejected, resend: row.resend === 1 },
    findings: findingsOf(row),
    /** What agencies refused of it. */
    refusals: row.refused.map(({ name, destination, code, at }) => ({
      ...{ rule: refusalRule, severity: 'error', destination, dispatch: name, code, at: isoTime(at) },
    })),
    error: errorOf(row, language),
  };
}

function findingsOf({ findingsTotal, receiverFindingsTotal, refused }: HistoryRow): number {
  return findingsTotal + receiverFindingsTotal + refused.length;
}

function table(rows: readonly HistoryRow[], { language, terminal }: CommandContext): readonly string[] {
  const heads = [
    texts.headRead,
    texts.headSource,
    texts.headState,
    texts.headRecords,
    texts.headFindings,
    texts.headDays,
    texts.headFile,
  ].map((head) => head[language]);
  return tableLines(
    heads,
    rows.map((row) => [
      shownTime(row.readAt, language),
      row.source,
      stateText(row.outcome, language),
      row.rejected === 0 ? `${row.accepted}` : `${row.accepted}/${row.records}`,
      `${findingsOf(row)}`,
      shownWindow(row.windowFrom, row.windowTo, language),
      row.name,
    ]),
    terminal,
  );
}

async function auditPage(context: CommandContext, options: Options): Promise<number> {
  const { config, language, json, print, terminal } = context;
  daysOption(options);
  const limit = limitOption(options, mostListed);
  const [from, to] = [dayOption(options, 'from'), dayOption(options, 'to')];
  const entries = await withOperations(config.state, ({ operations }) =>
    operations.audit(
      from === undefined ? 0 : instantOf(from, 0).at,
      to === undefined ? Number.MAX_SAFE_INTEGER : instantOf((to + 1) as Day, 0).at,
      limit,
    ),
  );
  if (json) {
    print(JSON.stringify({ audit: entries.map((entry) => ({ ...entry, at: isoTime(entry.at) })) }));
    return 0;
  }
  if (entries.length === 0) {
    print(texts.auditNone[language]);
    return 0;
  }
  const heads = [texts.headAt, texts.headWho, texts.headAction, texts.headExports, texts.headWhat];
  const lines = tableLines(
    heads.map((head) => head[language]),
    entries.map(({ at, who, action, what, exports }) => [
      ...[shownTime(at, language), who, texts[`action-${action}`][language]],
      ...[`${exports}`, what],
    ]),
    terminal,
  );
  for (const line of lines) print(line);
  return 0;
}
