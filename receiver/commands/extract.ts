import { copyFile, mkdir, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describeFault } from '../../shared/i18n/errors.ts';
import {
  extractionKindNames,
  extractionStateNames,
  extractionTerminal,
} from '../../shared/i18n/terminal-extraction.ts';
import { speaker, type Language } from '../../shared/i18n/texts.ts';
import { syncFolder } from '../../shared/runtime/durable-file.ts';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';
import { openExtractions, type Extractions } from '../extraction/open-extractions.ts';
import { fieldsFor, planExtraction, splitsFor } from '../extraction/plan.ts';
import type { Requester } from '../extraction/request.ts';
import type { ExtractionRow } from '../store/extraction-tables.ts';
import { commandActor } from './command-actor.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { countOption, dayText, isoOf, shownAt } from './destination-words.ts';
import { requestAsked, type AskOptions } from './extract-request.ts';
import { printable } from './manifest-lines.ts';

/** Whoever is at the command line has the database itself. */
function commandRequester(): Requester {
  return { profile: 'regional-operator', administrator: true, facilities: 'all', actor: commandActor() };
}

/**
 * Asks for an extraction; with a folder, waits until it is made, or makes it when nobody serves, and writes it there. Throws
 * what the desk throws, `extraction-request-invalid`, `extraction-target-unwritable`.
 */
export async function askExtraction(context: CommandContext, options: AskOptions): Promise<CommandAnswer> {
  const { clock, language } = context;
  const request = await requestAsked(options);
  const requester = commandRequester();
  return atDesk(context, async ({ desk, step }, store) => {
    const plan = await planExtraction({ store, clock }, requester, request);
    const row = await desk.ask(requester, request);
    if (options.to !== undefined) {
      await ended(row.id, { desk, step });
      return fetched(context, { id: row.id, to: options.to }, desk);
    }
    const say = speaker(extractionTerminal, language);
    return {
      document: { ...documentOf(row), parts: plan.parts },
      lines: [
        say('asked', { id: row.id, parts: plan.parts, columns: plan.columns.length }),
        ...plan.notes.map((note) => say('note', { note })),
      ],
    };
  });
}

/** Everybody's, the latest first. */
export async function listExtractions(
  context: CommandContext,
  options: { readonly limit: string },
): Promise<CommandAnswer> {
  const limit = countOption(options.limit, '--limit', 1000);
  return atDesk(context, async ({ desk }) => {
    const rows = await desk.list(commandRequester(), limit);
    const { language } = context;
    return {
      document: { extractions: rows.map(documentOf) },
      lines:
        rows.length === 0
          ? [extractionTerminal.listNone[language]]
          : rows.map((row) => lineOf(row, language)),
    };
  });
}

/** One of them, with what its reader must know. Throws `extraction-unknown`. Exit code 1 when it failed. */
export async function showExtraction(
  context: CommandContext,
  { id }: { readonly id: string },
): Promise<CommandAnswer> {
  return atDesk(context, async ({ desk }) =>
    answerOf(await desk.get(commandRequester(), id), context.language),
  );
}

/** Throws `extraction-unknown`, `extraction-ended`. */
export async function cancelExtraction(
  context: CommandContext,
  { id }: { readonly id: string },
): Promise<CommandAnswer> {
  return atDesk(context, async ({ desk }) => {
    await desk.cancel(commandRequester(), id);
    const said = speaker(extractionTerminal, context.language)('cancelled', { id: printable(id) });
    return { document: { id, state: 'cancelled' }, lines: [said] };
  });
}

/** Throws what the desk's `fetch` throws, `extraction-target-unwritable`. */
export async function getExtraction(
  context: CommandContext,
  options: { readonly id: string; readonly to: string },
): Promise<CommandAnswer> {
  return atDesk(context, ({ desk }) => fetched(context, options, desk));
}

/** Makes what waits, in this process, beside a serving one if there is one. Exit code 1 when one failed. */
export async function makeExtractions(context: CommandContext): Promise<CommandAnswer> {
  return atDesk(context, async ({ step, desk }) => {
    const { signal } = new AbortController();
    const waiting = new Set(
      (await desk.list(commandRequester(), 1000)).filter(isPending).map(({ id }) => id),
    );
    while (await step(signal));
    const rows = (await desk.list(commandRequester(), 1000)).filter(({ id }) => waiting.has(id));
    const [made, failed] = (['ready', 'failed'] as const).map(
      (state) => rows.filter((row) => row.state === state).length,
    );
    const say = speaker(extractionTerminal, context.language);
    return {
      document: { made, failed, extractions: rows.map(documentOf) },
      lines: [
        say('made', { count: made ?? 0 }),
        ...(failed === 0 ? [] : [say('failed', { count: failed ?? 0 })]),
        ...rows.map((row) => lineOf(row, context.language)),
      ],
      ...(failed === 0 ? {} : { exitCode: 1 }),
    };
  });
}

/** What can be asked for from here. */
export function listFields({ language }: CommandContext): Promise<CommandAnswer> {
  const say = speaker(extractionTerminal, language);
  const requester = commandRequester();
  const [fields, splits] = [fieldsFor(requester, language), splitsFor(requester, language)];
  return Promise.resolve({
    document: { fields, splits },
    lines: [
      say('fields'),
      ...fields.map(({ name, title }) => say('name', { name, title })),
      say('splits'),
      ...splits.map(({ name, title }) => say('name', { name, title })),
    ],
  });
}

function atDesk(
  { config, clock, random, logger }: CommandContext,
  work: (
    extractions: Extractions,
    store: Parameters<Parameters<typeof withStore>[1]>[0],
  ) => Promise<CommandAnswer>,
): Promise<CommandAnswer> {
  return withStore(config, (store) => work(openExtractions({ config, store, clock, random, logger }), store));
}

function isPending({ state }: ExtractionRow): boolean {
  return state === 'waiting' || state === 'running';
}

const lookAgainMs = 300;

/** Made here, or by the process that serves, whichever takes it first. */
async function ended(id: string, { desk, step }: Pick<Extractions, 'desk' | 'step'>): Promise<void> {
  const { signal } = new AbortController();
  for (;;) {
    if (!isPending(await desk.get(commandRequester(), id))) return;
    if (!(await step(signal))) await setTimeout(lookAgainMs);
  }
}

async function fetched(
  { language }: CommandContext,
  { id, to }: { readonly id: string; readonly to: string },
  desk: Extractions['desk'],
): Promise<CommandAnswer> {
  const requester = commandRequester();
  const row = await desk.get(requester, id);
  if (row.state === 'failed') return answerOf(row, language);
  const { path, name } = await desk.fetch(requester, id);
  const target = join(resolve(to), name);
  await copyWhole(path, target).catch((error: unknown) => {
    const facts = { folder: resolve(to), reason: systemCode(error) ?? '' };
    throw permanent('extraction-target-unwritable', { facts, cause: error });
  });
  const { rows, hidden, notes } = row;
  const say = speaker(extractionTerminal, language);
  return {
    document: { ...documentOf(row), file: target },
    lines: [
      say('got', { rows: rows ?? 0, hidden: hidden ?? 0 }),
      `  ${target}`,
      ...(notes ?? []).map((note) => say('note', { note })),
    ],
  };
}

/** Under its name only when it is whole. */
async function copyWhole(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, `${to}.part`);
  await rename(`${to}.part`, to);
  await syncFolder(dirname(to));
}

function answerOf(row: ExtractionRow, language: Language): CommandAnswer {
  const say = speaker(extractionTerminal, language);
  const { request, notes, bytes, sha256, code } = row;
  const fault = code === null ? undefined : describeFault(permanent(code), language);
  return {
    document: documentOf(row),
    lines: [
      lineOf(row, language),
      say('purpose', { purpose: printable(request.purpose) }),
      ...(bytes === null ? [] : [say('digest', { bytes, sha256: sha256 ?? '' })]),
      ...(notes ?? []).map((note) => say('note', { note })),
      ...(fault === undefined ? [] : [`! ${fault.message} [${fault.code}]`, `→ ${fault.hint}`]),
    ],
    ...(fault === undefined ? {} : { exitCode: 1 }),
  };
}

function lineOf(row: ExtractionRow, language: Language): string {
  const say = speaker(extractionTerminal, language);
  const { id, request, state, requesterName, askedAt, done, parts, rows, expiresAt } = row;
  const { from, to, form, content } = request;
  return say('listLine', {
    ...{
      id,
      form,
      state: extractionStateNames[state][language],
      kind: extractionKindNames[content.kind][language],
    },
    ...{ from: dayText(from, language), to: dayText(to, language), person: printable(requesterName) },
    at: shownAt(askedAt, language),
    more:
      state === 'running'
        ? say('progress', { done, parts: parts ?? '?' })
        : state === 'ready'
          ? say('until', { rows: rows ?? 0, at: shownAt(expiresAt, language) })
          : '',
  });
}

function documentOf(row: ExtractionRow) {
  const { askedAt, startedAt, endedAt, expiresAt } = row;
  return {
    ...row,
    ...{ askedAt: isoOf(askedAt), startedAt: isoOf(startedAt) },
    ...{ endedAt: isoOf(endedAt), expiresAt: isoOf(expiresAt) },
  };
}
