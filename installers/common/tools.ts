import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a program of this machine; its complaint is the error's. */
export async function runTool(
  program: string,
  words: readonly string[],
  { cwd, env }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const { stdout } = await execute(program, words, {
    ...{ maxBuffer: 67_108_864, timeout: 1_800_000 },
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
  });
  return stdout;
}

export async function hasTool(program: string): Promise<boolean> {
  return execute('sh', ['-c', 'command -v "$1"', 'sh', program]).then(
    () => true,
    () => false,
  );
}
