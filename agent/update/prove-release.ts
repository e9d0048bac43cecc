import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { z } from 'zod';
import { foreignOwner } from '../../shared/runtime/folder-owner.ts';
import { copyMemory, dropCopies } from './copy-memory.ts';
import type { Installation } from './installation.ts';

/** What a version says of itself when it is tried. */
export type Proof =
  | { readonly kind: 'well'; readonly schema: number }
  | {
      readonly kind: 'failed';
      /** Which of its checks, and why; `update-died` where it said nothing. */
      readonly check: string;
      readonly code: string;
      readonly facts: Readonly<Record<string, string | number>>;
    };

export interface Trying {
  readonly configPath: string;
  /** Where the agent's memory lies; undefined where there is none. */
  readonly database: string | undefined;
}

/**
 * Tries versions in turn on one copy of the agent's memory, until one fails: the new one, then the one it would fall back to,
 * which must still be able to work on what the new one has made of it. The memory itself is only read.
 */
export async function proveInTurn(
  here: Pick<Installation, 'home'>,
  folders: readonly string[],
  trying: Trying,
): Promise<readonly Proof[]> {
  await dropCopies(trying.database);
  const { copy, drop } = await copyMemory(trying.database);
  try {
    const words = ['--config', trying.configPath, ...(copy === undefined ? [] : ['--copy', copy])];
    const runAs = copy === undefined ? undefined : foreignOwner(dirname(copy));
    const proofs: Proof[] = [];
    for (const folder of folders)
      if (proofs.every(({ kind }) => kind === 'well'))
        proofs.push(await selfTest(here, folder, words, runAs));
    return proofs;
  } finally {
    await drop();
  }
}

const testMs = 15 * 60_000;
const mostBytes = 1024 * 1024;

const report = z.object({
  schema: z.int(),
  checks: z.array(
    z.object({
      name: z.string(),
      outcome: z.enum(['well', 'failed', 'absent']),
      code: z.string().optional(),
      facts: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    }),
  ),
});

/** Under the account that owns the state, as the service runs. */
async function selfTest(
  { home }: Pick<Installation, 'home'>,
  folder: string,
  words: readonly string[],
  owner: { readonly uid: number; readonly gid: number } | undefined,
): Promise<Proof> {
  const node = join(home, 'runtime', process.platform === 'win32' ? 'node.exe' : 'node');
  const child = spawn(node, [join(folder, 'main.mjs'), 'selftest', '--json', ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, VAGUEMESTRE_HOME: home },
    timeout: testMs,
    killSignal: 'SIGKILL',
    windowsHide: true,
    ...owner,
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? `exit ${code ?? ''}`));
  });
  const said = await readAll(child.stdout).catch(() => '');
  const end = await ended;
  return proofOf(said.slice(0, mostBytes), end);
}

function proofOf(said: string, end: string): Proof {
  const parsed = report.safeParse(jsonOf(said));
  if (!parsed.success) return { kind: 'failed', check: 'start', code: 'update-died', facts: { end } };
  const { schema, checks } = parsed.data;
  const failed = checks.find(({ outcome }) => outcome === 'failed');
  if (failed === undefined && end === 'exit 0') return { kind: 'well', schema };
  const { name = 'start', code = 'update-died', facts = { end } } = failed ?? {};
  return { kind: 'failed', check: name, code, facts };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
