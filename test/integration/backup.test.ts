import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkSeal } from '../../receiver/backup/backup-file.ts';
import { systemTool } from '../support/system-tool.ts';

/** `backup`, `restore` and the faults of `serve`'s start, as processes: killed, without room, without rights. */
const main = resolve(import.meta.dirname, '../../receiver/main.ts');
let made: string;
let folder: string;

interface Ran {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

async function run(
  words: readonly string[],
  how: {
    readonly crashAt?: string;
    readonly under?: readonly string[];
    readonly uid?: number;
    readonly language?: string;
    readonly input?: Buffer;
  } = {},
): Promise<Ran> {
  const [program = '', ...rest] = [...(how.under ?? []), process.execPath, main, ...words];
  const child = spawn(program, rest, {
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: resolve(main, '../../node_modules/.cache/compile'),
      ...{
        LANG: how.language ?? 'en_GB.UTF-8',
        LANGUAGE: '',
        LC_ALL: '',
        LC_MESSAGES: '',
        VAGUEMESTRE_LOG: 'silent',
      },
      ...(how.crashAt === undefined ? {} : { VAGUEMESTRE_CRASH_AT: how.crashAt }),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(how.uid === undefined ? {} : { uid: how.uid, gid: how.uid }),
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(how.input ?? '');
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString('utf8')));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, ...said };
}

const at = (...steps: readonly string[]): string => join(folder, ...steps);
const config = (): readonly string[] => ['--config', at('receiver.yaml')];
const save = (how?: Parameters<typeof run>[1]): Promise<Ran> =>
  run(['backup', '--to', at('backups'), '--keep', '2', '--json', ...config()], how);
const fileIn = ({ out }: Ran): string => (JSON.parse(out) as { file: string }).file;
const bring = (file: string, how?: Parameters<typeof run>[1]): Promise<Ran> =>
  run(['restore', file, '--recovery-key', at('state/keys/recovery/recovery.key'), '--to', at('new')], how);

beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'vgm-made-'));
  folder = made;
  await writeFile(at('receiver.yaml'), 'state: state\nregion: Essai\n');
  expect(await run(['init', ...config()])).toMatchObject({ code: 0 });
});
afterAll(() => rm(made, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-process-'));
  await cp(made, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a backup killed', () => {
  it.each(['backup-copied', 'backup-sealed', 'backup-summed', 'backup-published'])(
    'at %s is whole or not there, and the next one cleans up after it',
    async (point) => {
      expect(await save({ crashAt: point })).toMatchObject({ signal: 'SIGKILL' });
      const found = readdirSync(at('backups')).filter((name) => name.endsWith('.vgm-backup'));
      expect(found).toHaveLength(point === 'backup-published' ? 1 : 0);
      for (const name of found) await checkSeal(at('backups', name));

      const next = await save();
      expect(next).toMatchObject({ code: 0, err: '' });
      const names = readdirSync(at('backups')).filter((name) => !name.endsWith('.withdrawals'));
      expect(names).toHaveLength(2 * (found.length + 1));
      expect(names.filter((name) => name.endsWith('.sha256'))).toHaveLength(found.length + 1);
      expect(existsSync(at('state/backup.tmp'))).toBe(false);
      expect(await bring(fileIn(next))).toMatchObject({ code: 0 });
    },
  );
});

describe('a restore killed', () => {
  it.each(['restore-unpacked', 'restore-checked', 'restore-halfway:2', 'restore-placed'])(
    'at %s is whole or not there, and may be asked for again',
    async (point) => {
      const file = fileIn(await save());
      expect(await bring(file, { crashAt: point })).toMatchObject({ signal: 'SIGKILL' });
      expect(existsSync(at('new/keys'))).toBe(point === 'restore-placed');
      await writeFile(at('new.yaml'), 'state: new\nregion: Essai\n');
      const serves = point === 'restore-placed' ? 0 : 1;
      expect(await run(['verify', '--config', at('new.yaml')])).toMatchObject({ code: serves });
      if (point !== 'restore-placed') expect(await bring(file)).toMatchObject({ code: 0 });
      expect(readdirSync(at('new'))).toEqual(
        expect.arrayContaining(['keys', 'receiver.db', 'settings', 'trust-bundle.jws']),
      );
      expect(await run(['verify', '--config', at('new.yaml')])).toMatchObject({ code: 0 });
    },
  );
});

it('a restore takes the recovery key from its standard input, where root alone may read it', async () => {
  const file = fileIn(await save());
  const words = ['restore', file, '--recovery-key', '-', '--to', at('new')];
  expect((await run(words)).err).toContain('[recovery-key-malformed]');
  const input = await readFile(at('state/keys/recovery/recovery.key'));
  expect(await run(words, { input })).toMatchObject({ code: 0 });
});

describe('without room', () => {
  // What a process may write at most to one file.
  it.each([
    ['the copy of the database', 200_000, 'backup-disk-failing'],
    ['the sealed file', 10_000, 'backup-disk-full'],
  ])('for %s a backup says so and leaves nothing', async (_what, less, code) => {
    const before = await save();
    const sealed = statSync(fileIn(before)).size;
    const refused = await save({ under: [systemTool('prlimit'), `--fsize=${sealed - less}`] });
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.out)).toMatchObject({ error: { code } });
    expect(readdirSync(at('backups')).filter((name) => name.includes('.vgm-backup'))).toHaveLength(2);
    expect(existsSync(fileIn(before))).toBe(true);
    expect(existsSync(at('state/backup.tmp'))).toBe(false);
    expect(await save()).toMatchObject({ code: 0 });
  });

  it('a restore says so and leaves nothing', async () => {
    const file = fileIn(await save());
    const refused = await bring(file, { under: [systemTool('prlimit'), '--fsize=200000'] });
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('[backup-disk-full]');
    expect(existsSync(at('new'))).toBe(false);
  });
});

describe('run as root', () => {
  it.runIf(process.getuid?.() === 0)('a restore belongs to whom its folder belonged', async () => {
    const file = fileIn(await save());
    await mkdir(at('new'), { mode: 0o700 });
    await chown(at('new'), 4711, 4712);
    expect(await bring(file)).toMatchObject({ code: 0 });
    for (const entry of ['.', ...readdirSync(at('new'), { recursive: true })]) {
      expect(await stat(at('new', String(entry)))).toMatchObject({ uid: 4711, gid: 4712 });
    }
  });
});

describe('a receiver that cannot start says why', () => {
  it('when another program has one of its ports', async () => {
    const taken = createServer();
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await writeFile(at('tokens'), `${'t'.repeat(40)}\n`);
    const names = ['ingest', 'enrolment', 'health', 'agencies', 'portal'];
    for (const name of names) {
      const listeners = names.map(
        (each) => `  ${each}: { host: 127.0.0.1, port: ${each === name ? port : 0} }\n`,
      );
      await writeFile(
        at('receiver.yaml'),
        `state: state
region: Essai
listeners:
${listeners.join('')}portal: { url: http://127.0.0.1:1 }
destinations:
  - { name: beds, feed: bed-availability, format: beds-json, transport: { kind: pull, tokenFile: tokens } }
`,
      );
      const { code, err } = await run(['serve', ...config()]);
      expect(code).toBe(1);
      expect(err).toContain(
        `Port ${port} of 127.0.0.1 (${name}) is already taken by another program [listener-port-taken]`,
      );
      expect(err).toContain('→ Find which one (ss -ltnp');
    }
    taken.close();
  });

  it('when its address is of no use', async () => {
    await writeFile(
      at('receiver.yaml'),
      'state: state\nregion: Essai\nlisteners: { ingest: { host: 192.0.2.1, port: 1 } }\n',
    );
    const { code, err } = await run(['serve', ...config()], { language: 'fr_FR.UTF-8' });
    expect(code).toBe(1);
    expect(err).toContain('[listener-unavailable]');
    expect(err).toContain('→ Corrigez « listeners »');
  });

  it('when its state folder, or a file in it, is another account’s', async () => {
    const asRoot = process.getuid?.() === 0;
    const other = asRoot ? { uid: 65_534 } : {};
    await chmod(folder, 0o755);
    await chmod(at('receiver.yaml'), 0o644);
    if (!asRoot) await chmod(at('state'), 0o000);
    const whole = await run(['serve', ...config()], other);
    expect(whole.code).toBe(1);
    expect(whole.err).toContain(`cannot use ${at('state')}`);
    expect(whole.err).toContain('[state-unreadable]');

    // As after a command run by root: the folder is the service's own, the database is not.
    await chmod(at('state'), 0o777);
    await chmod(at('state/receiver.db'), asRoot ? 0o600 : 0o000);
    for (const words of [['serve'], ['status'], ['backup', '--to', at('backups')]]) {
      const { code, err } = await run([...words, ...config()], other);
      expect(code).toBe(1);
      expect(err).toContain(`cannot use ${at('state/receiver.db')}`);
    }
  });

  it('when its configuration is missing', async () => {
    await rm(at('receiver.yaml'));
    const { code, err } = await run(['serve', ...config()]);
    expect(code).toBe(1);
    expect(err).toContain('[config-unreadable]');
    expect(await readFile(at('state/trust-bundle.jws'), 'utf8')).not.toBe('');
  });
});
