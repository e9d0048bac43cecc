import { createInterface, type Interface } from 'node:readline/promises';
import { text as readAll } from 'node:stream/consumers';
import type { Readable } from 'node:stream';

/** Where a command's words go: a terminal with a person before it, or a pipe. */
export interface Terminal {
  /** A person reads stdout as it comes. */
  readonly interactive: boolean;
  /** Width in characters; unbounded in a pipe. */
  readonly columns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  out(line: string): void;
  /** For notes beside the answer: stderr. */
  note(line: string): void;
  /** How far long work has come, on one line that is written over; nothing in a pipe. An empty text takes it away. */
  progress(text: string): void;
  /** Asks a person; undefined when nobody is there to answer. */
  ask(question: string): Promise<string | undefined>;
  /** Everything on stdin. */
  input(): Promise<string>;
}

export interface Streams {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
  readonly stderr: { readonly isTTY?: boolean; write(text: string): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function createTerminal({ stdin, stdout, stderr, env }: Streams): Terminal {
  const interactive = stdout.isTTY === true;
  // A terminal of unknown width says 0.
  const columns = interactive ? Math.max(stdout.columns ?? 80, 20) : Infinity;
  const nextLine = lineByLine(stdin);
  let shown = false;
  const clear = (): void => {
    if (shown) stderr.write('\r\x1b[K');
    shown = false;
  };
  return {
    interactive,
    columns,
    env,
    out: (line) => {
      clear();
      stdout.write(`${line}\n`);
    },
    note: (line) => {
      clear();
      stderr.write(`${line}\n`);
    },
    progress: (text) => {
      if (stderr.isTTY !== true) return;
      clear();
      if (text === '') return;
      stderr.write(text.slice(0, Math.min(columns, 200) - 1));
      shown = true;
    },
    ask: async (question) => {
      if (!interactive || stdin.isTTY !== true) return undefined;
      clear();
      stderr.write(question);
      return (await nextLine())?.trim();
    },
    input: () => readAll(stdin),
  };
}

/** One line at each call, undefined at the end; what was typed or pasted ahead waits for the next question. */
function lineByLine(stdin: Readable): () => Promise<string | undefined> {
  let lines: { readonly reader: Interface; readonly each: AsyncIterator<string> } | undefined;
  let ended = false;
  const opened = (): NonNullable<typeof lines> => {
    const reader = createInterface({ input: stdin }).once('close', () => (ended = true));
    return { reader, each: reader[Symbol.asyncIterator]() };
  };
  return async () => {
    lines ??= opened();
    if (!ended) lines.reader.resume();
    const next = await lines.each.next();
    // Between two questions nothing of this keeps the program running.
    if (!ended) lines.reader.pause();
    return next.done === true ? undefined : next.value;
  };
}

const indent = '    ';

/** Between words where there are any. */
function wrapped(text: string, width: number): readonly string[] {
  const lines = text.match(new RegExp(`.{1,${width}}(?:\\s|$)|.{1,${width}}`, 'gu')) ?? [''];
  return lines.map((line) => `${indent}${line.trim()}`);
}

/**
 * Aligned columns, the last one not padded. Where a row is wider than the terminal, its last cells stand below the others,
 * indented and wrapped; what is still too wide is cut with "…".
 */
export function tableLines(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  { columns }: Pick<Terminal, 'columns'>,
): readonly string[] {
  const all = [heads, ...rows];
  const widths = heads.map((_head, index) => Math.max(...all.map((row) => (row[index] ?? '').length)));
  const aligned = (row: readonly string[]): string =>
    row
      .map((cell, index) => (index === heads.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd();
  const folded = (row: readonly string[]): readonly string[] => {
    const line = aligned(row);
    if (line.length <= columns) return [line];
    const room = row.findLastIndex((_cell, index) => aligned(row.slice(0, index)).length <= columns);
    const above = Math.max(1, room);
    const width = Math.max(20, columns - indent.length);
    return [aligned(row.slice(0, above)), ...wrapped(row.slice(above).join('  '), width)];
  };
  const cut = (line: string): string => (line.length <= columns ? line : `${line.slice(0, columns - 1)}…`);
  return all.flatMap(folded).map(cut);
}
