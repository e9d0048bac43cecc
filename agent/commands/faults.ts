import { relative, resolve } from 'node:path';
import type { Severity } from '../../shared/feeds/feed.ts';
import { operationTexts as texts } from '../../shared/i18n/terminal-agent-operations.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayOfInstant, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { loadMappings } from '../agent.ts';
import type { AgentConfig } from '../config.ts';
import type { ExportBook } from '../outbox/export-book.ts';
import { isMuted } from '../outbox/operation-book.ts';
import { noteWorklist, removeExpired } from '../outbox/worklists.ts';
import { textOption, type CommandContext, type Options } from './command.ts';
import { sentenceOf, writeWorklist } from './faults-csv.ts';
import { readFaults, type FaultLine, type FaultsFound } from './faults-read.ts';
import { dayOption, isoTime, operator, shownDay, sourceOption } from './operation-options.ts';
import { withOperations, type OpenOperations } from './open-operations.ts';
import { refusalRule } from './refusals.ts';
import { tableLines } from './terminal.ts';

const dayMs = 86_400_000;
/** How long a worklist on disk may exist. */
const keptDays = 7;

interface RuleCount {
  readonly rule: string;
  readonly severity: Severity;
  readonly field: string | null;
  readonly count: number;
  readonly sentence: string;
}

interface Worklist extends FaultsFound {
  readonly day: Day;
  readonly muted: number;
  readonly rules: readonly RuleCount[];
}

/**
 * What is to be mended in the hospital's own software, for one day: read again on request from the hospital's own exports,
 * kept nowhere. Lines name an entry time and a visit number: a person sees them on a terminal, or in the file that person
 * names; a pipe gets counts only. It never changes what is sent.
 */
export async function faultsCommand(context: CommandContext, options: Options): Promise<number> {
  return withOperations(context.config.state, async (open) => {
    if (options['clean'] === true) return clean(context, open);
    const csv = textOption(options, 'csv');
    const list = await worklist(context, open, options);
    const expiresAt = systemClock.now() + keptDays * dayMs;
    if (csv !== undefined) {
      const path = resolve(csv);
      outsideSources(context.config, path);
      noteWorklist(open.database, path, expiresAt);
      await writeWorklist(path, list.lines, { expiresAt, language: context.language });
    }
    const written = csv === undefined ? null : { file: resolve(csv), expires: isoTime(expiresAt) };
    show(context, open, list, written);
    return 0;
  });
}

/** In a source it would be taken for an export, and rest in its quarantine. Throws `worklist-in-source`. */
function outsideSources({ sources }: AgentConfig, path: string): void {
  const inside = sources.find(({ folder }) => !/^\.\.([\\/]|$)/.test(relative(folder, path)));
  if (inside !== undefined)
    throw permanent('worklist-in-source', { facts: { file: path, source: inside.name } });
}

async function worklist(context: CommandContext, open: OpenOperations, options: Options): Promise<Worklist> {
  const { config, language, terminal } = context;
  const source = sourceOption(options, config);
  const today = dayOfInstant(systemClock.now());
  const day = dayOption(options, 'day') ?? ((today - 1) as Day);
  const mappings = await loadMappings(config);
  const progress = (done: number, of: number): void =>
    terminal.progress(fill(texts.faultsReading[language], { done, of }));
  const deps = { config, open, mappings, random: systemRandom, progress };
  const read = await readFaults(deps, { day, source });
  const found = { ...read, lines: [...refusalLines(open.exports, day, source), ...read.lines] };
  terminal.progress('');
  const mutes = open.operations.mutes();
  const lines = found.lines
    .filter((line) => !isMuted(mutes, line, line.source, dayToIso(today)))
    .toSorted(
      (a, b) => compare(a.source, b.source) || compare(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0),
    );
  return { ...found, day, lines, muted: found.lines.length - lines.length, rules: countsOf(lines, language) };
}

const mostRefusals = 100;

/** A line per dispatch of the day that an agency refused, under the newest export that is in it. */
function refusalLines(exports: ExportBook, day: Day, source: string | undefined): readonly FaultLine[] {
  return exports.refusals({ day: dayToIso(day) }, mostRefusals).flatMap((refusal): readonly FaultLine[] => {
    const newest = exports.exportsOf(refusal.name, refusal.destination).toSorted().at(-1) ?? '';
    const row = exports.get(newest);
    if (source !== undefined && row?.source !== source) return [];
    const place = { source: row?.source ?? '', file: row?.name ?? refusal.name, line: null, record: null };
    return [{ ...place, rule: refusalRule, severity: 'error', field: null, entry: '', visit: '', refusal }];
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function countsOf(lines: readonly FaultLine[], language: Language): readonly RuleCount[] {
  const counts = new Map<string, RuleCount>();
  for (const line of lines) {
    const { rule, severity, field } = line;
    const sentence = sentenceOf(line, language);
    const key = JSON.stringify([rule, field, sentence]);
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { rule, severity, field, count, sentence });
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count);
}

function show(
  context: CommandContext,
  open: OpenOperations,
  list: Worklist,
  written: { readonly file: string; readonly expires: string | null } | null,
): void {
  const { json, language, print, terminal } = context;
  const toPerson = terminal.interactive && !json && written === null;
  if (toPerson || written !== null)
    open.operations.record({
      ...{ at: systemClock.now(), who: operator(terminal.env), action: 'faults' },
      what: `${dayToIso(list.day)}${written === null ? '' : ` → ${written.file}`}`,
      ...{ exports: list.read.length, records: list.lines.length },
    });
  if (json) {
    const { muted, rules, unreadable, cut } = list;
    const counts = { total: list.lines.length, muted, cut, exports: list.read.length, rules, unreadable };
    print(JSON.stringify({ day: dayToIso(list.day), ...counts, written }));
    return;
  }
  for (const line of toPerson ? personLines(list, context) : countLines(list, context)) print(line);
  if (written !== null) print(fill(texts.faultsWritten[language], { file: written.file, days: keptDays }));
  else if (!toPerson && list.lines.length > 0) print(texts.faultsCountsOnly[language]);
  for (const { file, code } of list.unreadable) print(fill(texts.faultsUnreadable[language], { file, code }));
  if (list.cut) print(fill(texts.faultsCut[language], { count: list.lines.length }));
  const facts = { count: list.lines.length, muted: list.muted, day: shownDay(list.day, language) };
  print(fill(texts.faultsTotal[language], { ...facts, exports: list.read.length }));
}

function personLines({ lines }: Worklist, { language, terminal }: CommandContext): readonly string[] {
  const heads = [texts.headLine, texts.headEntry, texts.headVisit, texts.headField, texts.headSentence];
  const files = [...new Set(lines.map(({ file }) => file))];
  return files.flatMap((file) => [
    `${file} :`,
    ...tableLines(
      heads.map((head) => head[language]),
      lines
        .filter((line) => line.file === file)
        .map((line) => [
          ...[line.line === null ? '-' : `${line.line}`, line.entry === '' ? '-' : line.entry],
          ...[line.visit === '' ? '-' : line.visit, line.field ?? '-'],
          `${sentenceOf(line, language)} (${line.rule}, ${texts[`severity-${line.severity}`][language]})`,
        ]),
      terminal,
    ),
  ]);
}

function countLines({ rules }: Worklist, { language, terminal }: CommandContext): readonly string[] {
  if (rules.length === 0) return [];
  const heads = [texts.headCount, texts.headRule, texts.headSeverity, texts.headField, texts.headSentence];
  return tableLines(
    heads.map((head) => head[language]),
    rules.map(({ count, rule, severity, field, sentence }) => [
      ...[`${count}`, rule, texts[`severity-${severity}`][language], field ?? '-', sentence],
    ]),
    terminal,
  );
}

async function clean(
  { json, language, print }: CommandContext,
  { database }: OpenOperations,
): Promise<number> {
  const { removed, kept } = await removeExpired(database, systemClock.now());
  if (json) print(JSON.stringify({ removed, kept }));
  else {
    print(fill(texts.faultsCleaned[language], { count: removed.length }));
    for (const file of kept) print(fill(texts.faultsKept[language], { file }));
  }
  return kept.length === 0 ? 0 : 1;
}
