import { operationTexts as texts } from '../../shared/i18n/terminal-agent-operations.ts';
import { agentTexts } from '../../shared/i18n/terminal-agent.ts';
import { fill } from '../../shared/i18n/texts.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayToIso } from '../../shared/runtime/paris-time.ts';
import { isAtHand } from '../intake/reread.ts';
import type { ExportRow } from '../outbox/rows.ts';
import { textOption, type CommandContext, type Options } from './command.ts';
import { isConfirmed } from './confirm.ts';
import { exportNamed } from './export-named.ts';
import { stateText } from './export-document.ts';
import { daysOption, operator, shownWindow, sourceOption } from './operation-options.ts';
import { withOperations, type OpenOperations } from './open-operations.ts';
import { tableLines } from './terminal.ts';

/** Exports asked for at once. */
const mostExports = 5000;
const mostShown = 1000;

interface Planned {
  readonly row: ExportRow;
  /** Its content is still where it was archived or first seen. */
  readonly readable: boolean;
}

interface Plan {
  /** As asked: a name, an id, or days. For the audit. */
  readonly asked: string;
  readonly planned: readonly Planned[];
  /** Left out: another export answers for it, or it waits in quarantine. */
  readonly duplicates: number;
  readonly rejected: number;
}

/**
 * Asks the running agent (or the next run) to read exports again and have them processed anew. One export named plainly is
 * asked for at once; anything else is shown first, and done only when confirmed.
 */
export async function resendCommand(
  context: CommandContext,
  options: Options,
  what: string,
): Promise<number> {
  const named = textOption(options, 'file') ?? textOption(options, 'envelope');
  const days = daysOption(options);
  if ([what === '' ? undefined : what, named, days].filter((one) => one !== undefined).length !== 1)
    throw permanent('resend-choice');
  return withOperations(context.config.state, async (open) => {
    if (what !== '') return resendOne(context, open, what);
    const plan = await planOf(context, open, options);
    return resendPlanned(context, open, options, plan);
  });
}

async function resendOne(context: CommandContext, open: OpenOperations, what: string): Promise<number> {
  const { json, language, print } = context;
  const row = exportNamed(open.exports, what);
  if (!(await isAtHand(row))) throw permanent('resend-file-gone', { facts: { file: row.name } });
  ask(context, open, { asked: what, rows: [row] });
  if (json) print(JSON.stringify({ export: row.id, file: row.name, done: true }));
  else print(fill(agentTexts.resendAsked[language], { file: row.name }));
  return 0;
}

async function planOf(context: CommandContext, open: OpenOperations, options: Options): Promise<Plan> {
  const source = sourceOption(options, context.config);
  const { asked, rows } = wanted(open, options);
  const own = rows.filter((row) => source === undefined || row.source === source);
  const isRejected = (row: ExportRow): boolean => row.outcome === 'rejected' && row.slices === 0;
  const sendable = own.filter((row) => row.outcome !== 'duplicate' && !isRejected(row));
  const planned: Planned[] = [];
  for (const row of sendable) {
    context.terminal.progress(
      fill(texts.looking[context.language], { done: planned.length, of: sendable.length }),
    );
    planned.push({ row, readable: await isAtHand(row) });
  }
  context.terminal.progress('');
  return {
    asked: source === undefined ? asked : `${asked} (${source})`,
    planned,
    duplicates: own.filter(({ outcome }) => outcome === 'duplicate').length,
    rejected: own.filter(isRejected).length,
  };
}

function wanted(
  { exports, history }: OpenOperations,
  options: Options,
): { readonly asked: string; readonly rows: readonly ExportRow[] } {
  const days = daysOption(options);
  if (days === undefined) {
    const name = textOption(options, 'file') ?? textOption(options, 'envelope') ?? '';
    return { asked: name, rows: [exportNamed(exports, name)] };
  }
  const rows = history.covering(days.from, days.to, mostExports + 1);
  if (rows.length > mostExports) throw permanent('resend-too-many', { facts: { most: mostExports } });
  return { asked: `${dayToIso(days.from)}..${dayToIso(days.to)}`, rows };
}

async function resendPlanned(
  context: CommandContext,
  open: OpenOperations,
  options: Options,
  plan: Plan,
): Promise<number> {
  const { json, language, print } = context;
  const readable = plan.planned.filter((one) => one.readable).map(({ row }) => row);
  const facts = { exports: readable.length, records: recordsOf(readable) };
  if (!json) for (const line of previewLines(plan, context)) print(line);
  const done =
    readable.length > 0 && (await isConfirmed(context, options, fill(texts.resendAsk[language], facts)));
  if (done) ask(context, open, { asked: plan.asked, rows: readable });
  if (json) print(JSON.stringify({ done, ...planDocument(plan) }));
  else if (readable.length === 0) print(texts.resendNone[language]);
  else print(fill((done ? texts.resendDone : texts.nothingDone)[language], facts));
  return 0;
}

/** All of them and the audit in one transaction. */
function ask(
  { terminal }: CommandContext,
  { database, files, operations }: OpenOperations,
  { asked, rows }: { readonly asked: string; readonly rows: readonly ExportRow[] },
): void {
  const at = systemClock.now();
  database.transaction(() => {
    for (const row of rows) files.askReread(row.id, true, at);
    operations.record({
      ...{ at, who: operator(terminal.env), action: 'resend', what: asked },
      ...{ exports: rows.length, records: recordsOf(rows) },
    });
  });
}

function planDocument({ planned, duplicates, rejected }: Plan) {
  const readable = planned.filter((one) => one.readable).map(({ row }) => row);
  return {
    exports: readable.length,
    records: recordsOf(readable),
    settled: readable.filter(isSettled).length,
    gone: planned.length - readable.length,
    skipped: { duplicates, rejected },
    list: planned.slice(0, mostShown).map(({ row, readable: there }) => ({
      ...{ export: row.id, file: row.name, source: row.source, state: row.outcome, records: row.records },
      window: row.windowFrom === null ? null : { from: row.windowFrom, to: row.windowTo },
      readable: there,
    })),
  };
}

function previewLines(plan: Plan, { language, terminal }: CommandContext): readonly string[] {
  const { exports, records, settled, gone, skipped } = planDocument(plan);
  const heads = [texts.headFile, texts.headSource, texts.headState, texts.headRecords, texts.headDays];
  const rows = plan.planned
    .slice(0, mostShown)
    .map(({ row, readable }) => [
      ...[row.name, row.source, stateText(row.outcome, language), `${row.records}`],
      readable ? shownWindow(row.windowFrom, row.windowTo, language) : texts.fileGone[language],
    ]);
  const left = skipped.duplicates + skipped.rejected;
  return [
    ...(rows.length === 0
      ? []
      : tableLines(
          heads.map((head) => head[language]),
          rows,
          terminal,
        )),
    ...(rows.length === 0 ? [] : [fill(texts.resendPreview[language], { exports, records, settled, gone })]),
    ...(left === 0 ? [] : [fill(texts.resendLeftOut[language], skipped)]),
  ];
}

function isSettled({ outcome }: ExportRow): boolean {
  return outcome === 'processed' || outcome === 'forwarded' || outcome === 'acknowledged';
}

function recordsOf(rows: readonly ExportRow[]): number {
  return rows.reduce((sum, { records }) => sum + records, 0);
}
