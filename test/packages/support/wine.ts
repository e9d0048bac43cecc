import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryProgram, type Said } from './processes.ts';

/** A Windows of its own in a temporary folder: its drive, its registry, its service manager. */
export interface Wine {
  /** "C:\a\b" as this machine sees it. */
  at(path: string): string;
  /** Runs a Windows program to its end. Its output goes through files: the runtime takes no pipe of this machine's. */
  run(program: string, words?: readonly string[], seconds?: number): Promise<Said>;
  /** "RUNNING", "STOPPED", ...; undefined: no such service. */
  service(name: string): Promise<string | undefined>;
  /** A value of the registry, undefined when it is not there. */
  registry(key: string, value: string): Promise<string | undefined>;
  close(): Promise<void>;
}

const folder = '/usr/lib/wine';

/** Said aloud where it is not; fails with REQUIRE_PEERS=1. */
export function hasWine(missed: string): boolean {
  if (existsSync(join(folder, 'wine64'))) return true;
  if (process.env['REQUIRE_PEERS'] === '1') throw new Error('REQUIRE_PEERS=1, and wine64 is not installed');
  process.stderr.write(`NOT TRIED: without wine64, ${missed}\n`);
  return false;
}

/** Wine cannot keep a connection alive that is still being made; Windows can. */
const keepAliveLater = `const { Socket } = require('node:net');
const set = Socket.prototype.setKeepAlive;
Socket.prototype.setKeepAlive = function (...words) {
  if (!this.connecting) return set.apply(this, words);
  this.once('connect', () => set.apply(this, words));
  return this;
};
`;
const nodeOptions = '--require=C:/keep-alive-later.cjs';
const environmentKey = String.raw`HKLM\System\CurrentControlSet\Control\Session Manager\Environment`;

export async function openWine(): Promise<Wine> {
  const prefix = await mkdtemp(join(tmpdir(), 'vaguemestre-wine-'));
  const env = {
    ...{ PATH: process.env['PATH'] ?? '', HOME: prefix, LANG: 'C.UTF-8' },
    ...{ WINEPREFIX: prefix, WINEARCH: 'win64', WINEDEBUG: '-all', WINEDLLOVERRIDES: 'mscoree=;mshtml=' },
    NODE_OPTIONS: nodeOptions,
  };
  let runs = 0;
  const run: Wine['run'] = async (program, words = [], seconds = 300) => {
    runs += 1;
    const [out, err] = ['out', 'err'].map((name) => join(prefix, `said-${runs}.${name}`));
    const code = await ended(program, words, { out: out ?? '', err: err ?? '', env, seconds });
    const [said = '', complained = ''] = await Promise.all(
      [out, err].map((path) => readFile(path ?? '', 'utf8')),
    );
    return { code, out: said, err: complained };
  };
  const must = async (program: string, words: readonly string[]): Promise<void> => {
    const { code, out, err } = await run(program, words);
    if (code !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${code}\n${out}${err}`);
  };
  const close = async (): Promise<void> => {
    // Ends what runs in this prefix and nothing else.
    await tryProgram(join(folder, 'wineserver64'), ['-k'], { env, seconds: 60 });
    await tryProgram(join(folder, 'wineserver64'), ['-w'], { env, seconds: 60 });
    await rm(prefix, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  const at = (path: string): string =>
    join(prefix, 'drive_c', ...path.replace(/^C:/i, '').split('\\').filter(Boolean));
  try {
    await must('wineboot', ['-i']);
    // The service manager of the session that made the drive forgets the services that it is given: the next one does not.
    await tryProgram(join(folder, 'wineserver64'), ['-w'], { env, seconds: 120 });
    await must('reg', ['add', String.raw`HKCU\Software\Wine`, '/v', 'Version', '/d', 'win10', '/f']);
    await must('reg', ['add', environmentKey, '/v', 'NODE_OPTIONS', '/d', nodeOptions, '/f']);
    await writeFile(at('C:\\keep-alive-later.cjs'), keepAliveLater);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...{ at, run, close },
    service: async (name) => /STATE\s*:\s*\d+\s+(\w+)/.exec((await run('sc', ['query', name])).out)?.[1],
    registry: async (key, value) => {
      const { code, out } = await run('reg', ['query', key, '/v', value]);
      return code === 0 ? /REG_\w+\s+(.*?)\s*$/m.exec(out)?.[1] : undefined;
    },
  };
}

async function ended(
  program: string,
  words: readonly string[],
  how: {
    readonly out: string;
    readonly err: string;
    readonly env: Readonly<Record<string, string>>;
    readonly seconds: number;
  },
): Promise<number> {
  const [out, err] = [await open(how.out, 'w'), await open(how.err, 'w')];
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(join(folder, 'wine64'), [program, ...words], {
        ...{ env: how.env, timeout: how.seconds * 1000, killSignal: 'SIGKILL' },
        stdio: ['ignore', out.fd, err.fd],
      });
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? 128));
    });
  } finally {
    await out.close();
    await err.close();
  }
}
