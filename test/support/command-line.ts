import { Readable } from 'node:stream';
import { runCommandLine } from '../../agent/commands/command-line.ts';

export interface Spoken {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The agent's command line in this process: on a terminal (80 columns) or in a pipe, in one language. */
export async function onCommandLine(
  words: readonly string[],
  given: {
    readonly language?: 'fr' | 'en';
    readonly terminal?: boolean;
    readonly stdin?: string;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Spoken> {
  const isTTY = given.terminal ?? false;
  const said = { out: '', err: '' };
  const code = await runCommandLine(['node', 'agent', ...words], {
    stdin: Object.assign(Readable.from([given.stdin ?? '']), { isTTY }),
    stdout: { isTTY, columns: 80, write: (text) => (said.out += text) },
    stderr: { isTTY, write: (text) => (said.err += text) },
    env: { LANG: given.language === 'en' ? 'en_GB.UTF-8' : 'fr_FR.UTF-8', ...given.env },
  });
  return { code, ...said };
}
