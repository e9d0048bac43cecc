import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { writeDurably } from '../../shared/runtime/durable-file.ts';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';

/** What installing or removing a service does, one thing at a time: shown before, or instead of, being done. */
export type Step =
  | { readonly kind: 'write'; readonly path: string; readonly content: string; readonly mode: number }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'remove'; readonly path: string }
  | {
      readonly kind: 'run';
      readonly command: readonly string[];
      /** Only when this other command fails: "is the account there?". */
      readonly unless?: readonly string[];
      /** It may fail: what it takes away may be gone already. */
      readonly mayFail?: true;
    };

export type Done = 'done' | 'unchanged' | 'skipped';

/** One step as a person would type it. */
export function printStep(step: Step): string {
  switch (step.kind) {
    case 'write':
      return `install -m ${step.mode.toString(8).padStart(4, '0')} /dev/stdin ${quoted(step.path)}`;
    case 'folder':
      return `mkdir ${quoted(step.path)}`;
    case 'remove':
      return `rm -rf ${quoted(step.path)}`;
    case 'run': {
      const command = step.command.map(quoted).join(' ');
      return step.unless === undefined ? command : `${step.unless.map(quoted).join(' ')} || ${command}`;
    }
  }
}

function quoted(word: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(word) ? word : `"${word.replace(/(["$`])/g, '\\$1')}"`;
}

/**
 * Does one step. `root`: files go under that folder and nothing is run (packaging, tests). Faults: `service-step-failed`.
 */
export async function performStep(step: Step, root: string | undefined): Promise<Done> {
  const at = (path: string): string => (root === undefined ? path : join(root, path));
  try {
    switch (step.kind) {
      case 'write':
        return await write(at(step.path), step);
      case 'folder':
        return (await mkdir(at(step.path), { recursive: true })) === undefined ? 'unchanged' : 'done';
      case 'remove':
        await rm(at(step.path), { recursive: true, force: true });
        return 'done';
      case 'run':
        return root === undefined ? await runStep(step) : 'skipped';
    }
  } catch (cause) {
    const reason = systemCode(cause) ?? (cause instanceof Error ? firstLine(cause) : '');
    throw permanent('service-step-failed', { facts: { step: printStep(step), reason }, cause });
  }
}

async function write(path: string, step: Extract<Step, { kind: 'write' }>): Promise<Done> {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before === step.content) return 'unchanged';
  await mkdir(dirname(path), { recursive: true });
  await writeDurably(path, step.content, step.mode);
  await chmod(path, step.mode);
  return 'done';
}

/** A service manager may be busy for a moment (a database that is locked, a service marked for deletion): a second look is free. */
const tries = 3;

async function runStep(step: Extract<Step, { kind: 'run' }>): Promise<Done> {
  for (let left = tries - 1; ; left -= 1) {
    if (step.unless !== undefined && (await succeeds(step.unless))) return 'unchanged';
    try {
      await run(step.command);
      return 'done';
    } catch (error) {
      if (step.mayFail === true) return 'skipped';
      // Not there, or not ended in time: neither is a moment's trouble.
      if (left === 0 || !(error instanceof Error && 'code' in error && typeof error.code === 'number'))
        throw error;
      await setTimeout(1000);
    }
  }
}

const execute = promisify(execFile);

async function run(command: readonly string[]): Promise<string> {
  const [program = '', ...words] = command;
  return (await execute(program, words, { timeout: 120_000, windowsHide: true })).stdout;
}

async function succeeds(command: readonly string[]): Promise<boolean> {
  return run(command).then(
    () => true,
    () => false,
  );
}

/** What a command answers, undefined when it fails or is not there. */
export async function answerOf(command: readonly string[]): Promise<string | undefined> {
  return run(command).catch(() => undefined);
}

/** Commands of the system: their words hold no patient's value. sc.exe complains on its ordinary output. */
function firstLine(error: Error): string {
  const said = ['stderr', 'stdout', 'message'].map((name): unknown => Reflect.get(error, name));
  const text = said.find((each) => typeof each === 'string' && each.trim() !== '');
  return typeof text === 'string' ? (text.trim().split('\n')[0]?.slice(0, 200) ?? '') : '';
}
