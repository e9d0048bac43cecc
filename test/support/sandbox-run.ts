import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The sandbox contract, as a test calls it: a real process over real files. */
export interface ContractExport {
  readonly file: string;
  readonly state: string;
  readonly facility: string | null;
  readonly feed: string | null;
  readonly part: string | null;
  readonly window: { readonly from: string; readonly to: string } | null;
  readonly trusted: boolean;
  readonly error: { readonly code: string; readonly hint: string } | null;
  readonly records: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
  readonly unchanged: number;
  readonly stale: number;
  readonly suspended: number;
  readonly dispatches: readonly string[];
  readonly findingsTotal: number;
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: string;
    readonly field: string | null;
    readonly line: number | null;
    readonly record: number | null;
  }[];
}

export interface ContractAnswer {
  readonly contract: number;
  readonly exports: readonly ContractExport[];
  readonly forwarded: readonly string[];
}

export interface SandboxRun {
  readonly answer: ContractAnswer;
  readonly code: number;
  readonly out: string;
  /** Content of a forwarded file. */
  read(forwarded: string): string;
  dispose(): void;
}

const main = fileURLToPath(new URL('../../installers/sandbox/main.ts', import.meta.url));

/** Writes the files into a folder, runs the contract over it, and gives back what it said. */
export async function runSandbox(files: Readonly<Record<string, string | Buffer>>): Promise<SandboxRun> {
  const root = mkdtempSync(join(tmpdir(), 'vaguemestre-contract-'));
  const source = join(root, 'in');
  const out = join(root, 'out');
  mkdirSync(source);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(source, name)), { recursive: true });
    writeFileSync(join(source, name), content);
  }
  const { stdout, code } = await run(['--source', source, '--out', out, '--once', '--json']);
  return {
    answer: JSON.parse(stdout) as ContractAnswer,
    code,
    out,
    read: (forwarded) => readFileSync(join(out, forwarded), 'utf8'),
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
}

function run(options: readonly string[]): Promise<{ stdout: string; code: number }> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [main, ...options],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number')
          reject(new Error('the sandbox did not run', { cause: error }));
        else if (stdout === '') reject(new Error(`no document on stdout: ${stderr.slice(-2000)}`));
        else resolve({ stdout, code: error === null ? 0 : Number(error.code) });
      },
    );
  });
}
