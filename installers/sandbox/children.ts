import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { permanent } from '../../shared/runtime/errors.ts';

/** The product's real processes, as children: they watch their parent, and write their logs to files. */
const root = resolve(import.meta.dirname, '../..');
const compileCache = resolve(root, 'node_modules/.cache/compile');
const stopMs = 10_000;
/** As the npm scripts have it: a small young generation keeps an agent's memory flat over a large export. */
const heapFlags: Readonly<Record<string, readonly string[]>> = {
  'agent/main.ts': ['--max-semi-space-size=1'],
};

export interface ChildOptions {
  /** Command line after `node`: the script of the tree, then its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly logFile: string;
  /** A named place at which the child kills itself (shared/runtime/crash-point.ts). */
  readonly crashAt?: string | undefined;
}

export interface Child {
  readonly pid: number;
  readonly crashAt: string | undefined;
  /** Exit code (null after a signal) and all of stdout. */
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string }>;
  /** Asks, then insists; resolves when the process is gone. */
  stop(): Promise<void>;
  /** SIGKILL, at once. */
  kill(): void;
  hasExited(): boolean;
}

export function startChild({ command: [script, ...options], logFile, crashAt }: ChildOptions): Child {
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [...(heapFlags[script] ?? []), resolve(root, script), ...options], {
    stdio: ['ignore', 'pipe', log],
    env: {
      ...process.env,
      VAGUEMESTRE_WATCH_PARENT: String(process.pid),
      // Types are stripped once, not by every process: 20 MB and 0.1 s less each.
      NODE_COMPILE_CACHE: compileCache,
      ...(crashAt === undefined ? {} : { VAGUEMESTRE_CRASH_AT: crashAt }),
    },
    // Ctrl-C in a terminal reaches the whole group: only this program decides when its children stop.
    detached: process.platform !== 'win32',
  });
  closeSync(log);
  const stdout: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  const ended = new Promise<{ code: number | null; stdout: string }>((settle, fail) => {
    child.on('error', fail);
    child.on('close', (code) => settle({ code, stdout: Buffer.concat(stdout).toString('utf8') }));
  });
  ended.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    crashAt,
    ended,
    stop: () => stop(child, ended),
    kill: () => void child.kill('SIGKILL'),
    hasExited: () => child.exitCode !== null || child.signalCode !== null,
  };
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM');
    const insist = setTimeout(() => child.kill('SIGKILL'), stopMs);
    await ended.catch(() => undefined);
    clearTimeout(insist);
  }
}

/** Runs a command to its end and gives back its stdout. Faults: `sandbox-step-failed`. */
export async function runStep(
  step: string,
  options: ChildOptions,
  children: Set<Child>,
  mayFail = false,
): Promise<string> {
  const child = startChild(options);
  children.add(child);
  try {
    const { code, stdout } = await child.ended;
    if (code !== 0 && !(mayFail && stdout !== '')) {
      throw permanent('sandbox-step-failed', { facts: { step, code: code ?? -1, log: options.logFile } });
    }
    return stdout;
  } finally {
    children.delete(child);
  }
}
