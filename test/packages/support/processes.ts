import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  /** Given on its standard input, which is empty otherwise. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly seconds?: number;
}

/** A program's whole say; a signal that ended it is code 128. */
export function tryProgram(
  program: string,
  words: readonly string[],
  { input = '', env, cwd, seconds = 600 }: Running = {},
): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env }),
      timeout: seconds * 1000,
      killSignal: 'SIGKILL',
    });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 128, out, err }));
    // It may have ended without reading a word.
    child.stdin.once('error', () => undefined);
    child.stdin.end(input);
  });
}

/** The same for a program that must succeed; answers what it wrote. */
export async function runProgram(
  program: string,
  words: readonly string[],
  running?: Running,
): Promise<string> {
  const said = await tryProgram(program, words, running);
  if (said.code !== 0) throw failure(`${program} ${words.join(' ')}`, said);
  return said.out;
}

/** A bundle's own lines are long: of each the start, of all the end. */
export function failure(what: string, { code, out, err }: Said): Error {
  const lines = `${out}\n${err}`.split('\n').map((line) => line.slice(0, 400));
  return new Error(`${what} ended with ${code}\n${lines.slice(-60).join('\n')}`);
}

export function childrenOf(pid: number): readonly number[] {
  return (textOf(`/proc/${pid}/task/${pid}/children`) ?? '').split(' ').filter(Boolean).map(Number);
}

export function isAlive(pid: number): boolean {
  const state = /^State:\s+(\S)/m.exec(textOf(`/proc/${pid}/status`) ?? '')?.[1];
  return state !== undefined && state !== 'Z';
}

export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
