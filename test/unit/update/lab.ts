import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { UpdateDeps } from '../../../agent/commands/update-job.ts';
import { updateCommand } from '../../../agent/commands/update.ts';
import type { Options } from '../../../agent/commands/command.ts';
import { openAgentDatabase } from '../../../agent/outbox/database.ts';
import { createNotes } from '../../../agent/outbox/notes.ts';
import { migrations } from '../../../agent/outbox/schema.ts';
import { bundleLauncher } from '../../../installers/common/bundle.ts';
import { chooseVersion, type CurrentFile } from '../../../shared/release/choose-version.ts';
import type { ReleaseFile } from '../../../shared/release/layout.ts';
import { signedBytes } from '../../../shared/release/signature.ts';
import { systemClock } from '../../../shared/runtime/clock.ts';
import { asFault } from '../../../shared/runtime/errors.ts';
import { layVersion, makeHome, releaseOf, type Files, type Home } from '../release/homes.ts';

export const schema = migrations.length;

/** What a version does: small enough to be written here, and started as real ones are. */
export interface Version {
  /** Migrations it knows, and the oldest program that works on what it leaves. */
  readonly schema?: number;
  readonly floor?: number;
  /** Its service says that it is well; else it ends with a fault. */
  readonly well?: boolean;
  /** A check of its self-test that fails, with this code. */
  readonly fault?: string;
  /** Its self-test dies. */
  readonly dies?: boolean;
  /** Its self-test fails under any other account. */
  readonly uid?: number;
  /** Its self-test says that it has begun, and does not end. */
  readonly waits?: boolean;
}

export function filesOf(version: string, given: Version = {}): Files {
  const facts = { version, schema, floor: schema, well: true, ...given };
  return { 'main.mjs': `const facts = ${JSON.stringify(facts)};\n${program}`, 'lib/part.mjs': '// a part\n' };
}

const program = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const words = process.argv.slice(2);
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));
if (words[0] === 'selftest') {
  if (facts.dies) process.exit(3);
  const checks = [];
  if (facts.waits) {
    writeFileSync(join(words[words.indexOf('--copy') + 1], 'tried'), '');
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  }
  if (words.includes('--copy')) {
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(join(words[words.indexOf('--copy') + 1], 'agent.db'));
    const mark = (name) => Object.values(db.prepare('pragma ' + name).get())[0];
    const [found, floor] = [mark('user_version'), mark('application_id')];
    const knows = found <= facts.schema || (floor > 0 && floor <= facts.schema);
    if (knows && found < facts.schema)
      db.exec('pragma user_version = ' + facts.schema + '; pragma application_id = ' + facts.floor);
    db.close();
    checks.push(knows ? { name: 'database', outcome: 'well' } : { name: 'database', outcome: 'failed', code: 'database-newer', facts: { found, known: facts.schema } });
  }
  if (facts.uid && process.getuid() !== facts.uid)
    checks.push({ name: 'account', outcome: 'failed', code: 'other-account', facts: { found: process.getuid() } });
  if (facts.fault) checks.push({ name: 'config', outcome: 'failed', code: facts.fault });
  console.log(JSON.stringify({ version: facts.version, schema: facts.schema, checks }));
  process.exit(checks.some((check) => check.outcome === 'failed') ? 1 : 0);
}
const { trial, releases } = json(join(process.env.VAGUEMESTRE_HOME, 'install.json'));
const { version, sequence } = json(join(releases, 'current.json'));
const mine = existsSync(trial) ? json(trial) : { version, sequence, starts: 0, healthy: false };
if (process.env.VAGUEMESTRE_ROLLED_BACK) writeFileSync(trial, JSON.stringify({ ...mine, rolledBackAt: 5 }));
else if (!facts.well) process.exit(1);
else if (version === facts.version) writeFileSync(trial, JSON.stringify({ ...mine, healthy: true }));
`;

export interface Lab extends Home {
  readonly key: KeyObject;
  readonly database: string;
  readonly service: UpdateDeps['service'] & { running: boolean; restarts: number };
  readonly runs: () => string | undefined;
  readonly current: () => CurrentFile | undefined;
  readonly laid: () => readonly string[];
}

let bundled: Promise<string> | undefined;

/** As it is shipped; made once. */
function launcher(): Promise<string> {
  const make = async (): Promise<string> => {
    const folder = mkdtempSync(join(tmpdir(), 'vgm-launcher-'));
    await bundleLauncher(folder);
    const text = readFileSync(join(folder, 'launch.mjs'), 'utf8');
    rmSync(folder, { recursive: true });
    return text;
  };
  return (bundled ??= make());
}

/** 0.1.0 laid by a package, enrolled and in contact, its service running; one vendor's key pinned. */
export async function makeLab(
  version: Version = {},
  change: Parameters<typeof makeHome>[0] = {},
): Promise<Lab> {
  const home = makeHome(change);
  writeFileSync(join(home.home, 'launch.mjs'), await launcher());
  layVersion(home.home, '0.1.0', filesOf('0.1.0', version));
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  writeFileSync(
    join(home.home, 'release-keys', 'vendor.pem'),
    publicKey.export({ type: 'spki', format: 'pem' }),
  );
  const exports = join(home.root, 'exports');
  mkdirSync(exports);
  const source = { name: 'urgences', folder: exports, mappings: ['rpu-2006'] };
  writeFileSync(home.config, JSON.stringify({ state: home.state, sources: [source] }));
  const database = join(home.state, 'agent.db');
  const memory = openAgentDatabase(database);
  createNotes(memory).put('last-contact-at', 1);
  memory.close();
  return {
    ...home,
    ...{ key: privateKey, database, service: serviceOf(home) },
    runs: () => chooseVersion(home.home, home.install)?.version,
    current: () => jsonAt(join(home.releases, 'current.json')) as CurrentFile | undefined,
    laid: () => listed(join(home.releases, 'versions')),
  };
}

/** A service manager: starts again what failed, as the unit says. */
export function serviceOf({ home }: Pick<Home, 'home'>): Lab['service'] {
  const service: Lab['service'] = {
    running: true,
    restarts: 0,
    runs: () => Promise.resolve(service.running),
    restart: () => {
      service.restarts += 1;
      for (let start = 0; start < 5; start += 1)
        if (spawnSync(process.execPath, [join(home, 'launch.mjs'), 'run']).status === 0) break;
      return Promise.resolve();
    },
  };
  return service;
}

export interface Update {
  readonly files?: Files;
  readonly release?: Partial<ReleaseFile>;
  readonly key?: KeyObject;
  /** What the zip holds in the end. */
  readonly tamper?: (content: Record<string, Uint8Array>) => void;
}

let made = 0;

/** An update as the vendor makes it, or as somebody made something else of it. */
export function makeUpdate(lab: Pick<Lab, 'root' | 'key'>, version: string, update: Update = {}): string {
  const files = update.files ?? filesOf(version);
  const text = Buffer.from(JSON.stringify(releaseOf(version, files, update.release)));
  const content: Record<string, Uint8Array> = {
    'release.json': text,
    'release.sig': sign(null, signedBytes(text), update.key ?? lab.key),
  };
  for (const [path, bytes] of Object.entries(files)) content[path] = Buffer.from(bytes);
  update.tamper?.(content);
  made += 1;
  const path = join(lab.root, `${version}-${made}.vgm-update`);
  writeFileSync(path, zipSync(content));
  return path;
}

export interface Answered {
  /** Exit code, or the code of the fault. */
  readonly end: number | string;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly out: string;
  readonly notes: string;
}

/** `update` in this process, on a terminal where a person answers, or in a pipe. */
export async function update(
  lab: Pick<Lab, 'home' | 'config' | 'service'>,
  options: Options,
  given: { readonly answer?: string; readonly json?: boolean; readonly now?: number } = {},
): Promise<Answered> {
  const said = { out: '', notes: '' };
  const context = {
    ...{ language: 'en' as const, json: given.json ?? false },
    print: (text: string) => (said.out += `${text}\n`),
    terminal: {
      ...{ interactive: given.answer !== undefined, columns: 80, env: {} },
      out: (line: string) => (said.out += `${line}\n`),
      note: (line: string) => (said.notes += `${line}\n`),
      progress: () => undefined,
      ask: (question: string) => {
        said.notes += `${question}\n`;
        return Promise.resolve(given.answer);
      },
      input: () => Promise.resolve(''),
    },
  };
  const clock = { ...systemClock, now: () => given.now ?? systemClock.now() };
  const deps = { env: { VAGUEMESTRE_HOME: lab.home }, service: lab.service, clock };
  try {
    const end = await updateCommand(context, { config: lab.config, ...options }, deps);
    return { end, facts: {}, ...said };
  } catch (error) {
    const { code, facts, cause } = asFault(error);
    if (code === 'unexpected') throw cause ?? error;
    return { end: code, facts, ...said };
  }
}

export function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

export function jsonAt(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}
