import { deliveryWords, wordFor } from '../../shared/i18n/terminal-receiver-words.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayToIso } from '../../shared/runtime/paris-time.ts';
import type { DispatchRow } from '../store/dispatch-table.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { describeStored } from '../../shared/i18n/stored-code.ts';
import { countOption, isoOf, settingsOf, shownAt, shownDay, tell } from './destination-words.ts';

const states = ['dead', 'refused', 'waiting', 'sent', 'acknowledged'] as const;
type ListedState = (typeof states)[number];
const mostListed = 10_000;

/**
 * Dispatches of a destination, oldest first, of one state, or of each that asks for somebody: dead, refused, waiting.
 * Sent ones wait for an answer, where one is expected. Also of a destination that the settings no longer name.
 */
export async function listDispatches(
  { config, language }: CommandContext,
  options: {
    readonly name: string;
    readonly state?: string | undefined;
    readonly limit: string;
    readonly after: string;
  },
): Promise<CommandAnswer> {
  const { name } = options;
  const limit = countOption(options.limit, '--limit', mostListed);
  const after = afterOption(options.after);
  const wanted = options.state === undefined ? states.slice(0, 3) : [stateOption(options.state)];
  const pages = await withStore(config, (store) =>
    store.read(async (tx) => {
      const counts = await tx.dispatches.countsOf(name);
      if (Object.values(counts).every((count) => count === 0)) settingsOf(config, name);
      const found: Page[] = [];
      for (const state of wanted) {
        const rows = await tx.dispatches.inDelivery(name, state, after, limit + 1);
        found.push({ state, rows: rows.slice(0, limit), more: rows.length > limit });
      }
      return found;
    }),
  );
  const lines = pages.flatMap(({ state, rows, more }) => [
    ...rows.map((row) => lineOf(row, language)),
    ...(more ? [tell(language, 'dispatchesMore', { state, after: rows.at(-1)?.id ?? 0 })] : []),
  ]);
  return {
    document: {
      destination: name,
      dispatches: pages.flatMap(({ rows }) => rows.map(documentOf)),
      next: Object.fromEntries(pages.map(({ state, rows, more }) => [state, more ? rows.at(-1)?.id : null])),
    },
    lines: lines.length === 0 ? [tell(language, 'dispatchesNone')] : lines,
  };
}

interface Page {
  readonly state: ListedState;
  readonly rows: readonly DispatchRow[];
  readonly more: boolean;
}

function stateOption(text: string): ListedState {
  const state = states.find((each) =>
    [each, wordFor(deliveryWords, each, 'fr'), wordFor(deliveryWords, each, 'en')].includes(text),
  );
  if (state === undefined)
    throw permanent('command-invalid', { facts: { detail: `--state ${states.join('|')} (${text})` } });
  return state;
}

function afterOption(text: string): number {
  if (!/^\d{1,15}$/.test(text))
    throw permanent('command-invalid', { facts: { detail: `--after (${text})` } });
  return Number(text);
}

function lineOf(row: DispatchRow, language: Language): string {
  const { name: file, destination, facility, records, state, code } = row;
  const said = code === null ? undefined : describeStored(code, language, { destination, dispatch: file });
  // Its own code says more than a text that stands for any.
  const reason =
    said === undefined ? '' : said.message === said.code ? ` [${said.code}]` : ` : ${said.message}`;
  return tell(language, 'dispatchLine', {
    ...{ file, facility, records, code: reason, state: wordFor(deliveryWords, state, language) },
    at: shownAt(row.changedAt, language),
    from: shownDay(row.from, language),
    to: shownDay(row.to, language),
  });
}

function documentOf(row: DispatchRow) {
  const { id, name, facility, feed, records, digest, format, cause, state, attempts, reference, code } = row;
  return {
    ...{ id, file: name, facility, feed, records, digest, format, cause, state, attempts, reference, code },
    ...{ from: dayToIso(row.from), to: dayToIso(row.to), export: row.export },
    ...{ composedAt: isoOf(row.composedAt), changedAt: isoOf(row.changedAt), sentAt: isoOf(row.sentAt) },
  };
}
