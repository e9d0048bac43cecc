import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createScanner } from '../../agent/source/scan.ts';
import type { Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { pause } from '../../shared/runtime/lifecycle.ts';
import { finess, rpuXml, type Visit } from '../support/rpu-text.ts';
import { fakeClock } from '../unit/agent/support.ts';
import { agencyHolds, ask, eventually, french, isMade, outcomes, peek, visitsOf, wrote } from './live.ts';
import { systemTool } from '../support/system-tool.ts';

/** What folders of real hospitals do to an agent; one agent process with a source for each trouble. */
const sources = ['plain', 'slow', 'marked', 'rewritten', 'gone'] as const;
type Source = (typeof sources)[number];
const facilityOf = (source: Source): string => finess(831 + sources.indexOf(source));
let base: string;
let region: Region;
let agent: Agent;
let sender: Child;

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'vaguemestre-sources-'));
  for (const name of sources) mkdirSync(join(base, name));
  region = await createRegion({ keep: false, outFolder: join(base, 'out') });
  await region.addFacilities(sources.map((name) => ({ finess: facilityOf(name), name })));
  await region.serve();
  agent = await region.enroll({
    ...{ name: 'sources', facilities: sources.map(facilityOf), sourceFolder: join(base, 'plain') },
    ...{ ready: 'now', after: 'archive' },
  });
  const config = JSON.parse(readFileSync(agent.configFile, 'utf8')) as { sources: object[] };
  const ready: Partial<Record<Source, object>> = {
    slow: { mode: 'stable', seconds: 1.5 },
    marked: { mode: 'marker' },
  };
  const each = sources.map((name) => ({
    ...config.sources[0],
    ...{
      name,
      folder: join(base, name),
      scanSeconds: 0.3,
      ready: ready[name] ?? { mode: 'now', seconds: 0 },
    },
    after: name === 'rewritten' ? 'keep' : 'archive',
  }));
  writeFileSync(agent.configFile, JSON.stringify({ ...config, sources: each }));
  sender = agent.start();
}, 60_000);

afterAll(async () => {
  await sender.stop();
  await region.close();
  rmSync(base, { recursive: true, force: true });
});

const database = (): string => join(agent.stateFolder, 'agent.db');
const agency = (): string => join(base, 'out', 'oscour');
const never = new AbortController().signal;

function content(source: Source, day: number, visits: readonly Visit[], second = 0): string {
  const extract = `${french(day + 1)} 02:00:0${second}`;
  return rpuXml({ finess: facilityOf(source), extract, from: french(day), to: french(day), visits });
}

const forwarded = (name: string): Promise<true> =>
  eventually(`${name} forwarded`, () => outcomes(database(), name).join() === 'forwarded');

it('takes files whatever their names, each once, and archives them under the same bytes', async () => {
  const odd = [
    ...['avec espace.xml', 'l’été «à» Noël.xml', "l'apostrophe.xml", '-rf.xml', '--config.xml', '.cache.xml'],
    ...[
      'a"b;$(touch pwned)`x`&|.xml',
      '..%2F..%2Fetc.xml',
      '%00.xml',
      'deux\nlignes.xml',
      '*?.xml',
      'SANS.EXTENSION',
    ],
  ].map((name) => Buffer.from(name));
  // Latin-1, as an old server wrote it: no valid UTF-8.
  const names = [...odd, Buffer.from('caf\xe9 \xff.xml', 'latin1')];
  const sent = names.map((_name, index) => visitsOf(1 + index, 3));
  names.forEach((name, index) => {
    const path = Buffer.concat([Buffer.from(`${base}/plain/`), name]);
    writeFileSync(path, content('plain', 1 + index, sent[index] ?? []));
  });
  await eventually('all forwarded', () => {
    const done = `select count(*) n from exports where source = 'plain' and outcome = 'forwarded'`;
    return (
      isMade(database()) &&
      peek(database(), (db) => (db.prepare(done).get() as { n: number }).n) === names.length
    );
  });
  expect(agencyHolds(agency(), facilityOf('plain'))).toEqual(wrote(facilityOf('plain'), sent.flat()));
  const archived = await eventually('archived', () => {
    const found = execFileSync(systemTool('find'), [
      join(base, 'plain', 'archive'),
      '-type',
      'f',
      '-printf',
      '%f\\0',
    ]);
    const list = found.toString('latin1').split('\0').slice(0, -1);
    return list.length === names.length ? list : undefined;
  });
  expect(archived.sort()).toEqual(names.map((name) => name.toString('latin1')).sort());
  expect(readdirSync(join(base, 'plain'))).toEqual(['archive']);
  expect(readdirSync(base).sort()).toEqual([...sources, 'out'].sort());
});

it('leaves links, pipes, devices, sockets and folders alone, and goes on beside them', async () => {
  const folder = join(base, 'plain');
  const outside = join(base, 'out', 'outside.xml');
  writeFileSync(outside, content('plain', 20, visitsOf(20, 2)));
  symlinkSync(outside, join(folder, 'link.xml'));
  symlinkSync(join(base, 'nowhere'), join(folder, 'dangling.xml'));
  mkdirSync(join(folder, 'folder.xml'));
  execFileSync(systemTool('mkfifo'), [join(folder, 'pipe.xml')]);
  let special = 4;
  try {
    execFileSync(systemTool('mknod'), [join(folder, 'zero.xml'), 'c', '1', '5'], { stdio: 'ignore' });
    special += 1;
  } catch {
    // Only root makes devices; a pipe stands for them elsewhere.
  }
  writeFileSync(join(folder, 'beside.xml'), content('plain', 21, visitsOf(21, 2)));
  await forwarded('beside.xml');
  expect(readdirSync(folder).filter((name) => name.endsWith('.xml'))).toHaveLength(special);
  expect(readFileSync(outside, 'utf8')).toContain('OSCOUR');
  expect(outcomes(database(), 'link.xml')).toEqual([]);
  expect((await ask(agent, 'status')).document['troubles']).toEqual([]);
});

it('a folder that vanishes is said to be missing, and its exports are taken when it is back', async () => {
  const folder = join(base, 'gone');
  renameSync(folder, `${folder}.away`);
  await eventually('said', async () => {
    const { document } = await ask(agent, 'status');
    const [source] = (document['sources'] as { name: string; problem: string | null }[]).filter(
      ({ name }) => name === 'gone',
    );
    return (
      JSON.stringify(document['troubles']).includes('source-unreachable') &&
      source?.problem === 'source-unreachable'
    );
  });
  writeFileSync(join(`${folder}.away`, 'back.xml'), content('gone', 5, visitsOf(5, 3)));
  renameSync(`${folder}.away`, folder);
  await forwarded('back.xml');
  await eventually('all well', async () => (await ask(agent, 'status')).code === 0);
});

it('a file still being written is taken once, whole: by its size and date at rest, or by its marker', async () => {
  const whole = { slow: visitsOf(6, 400), marked: visitsOf(6, 50) };
  const text = content('slow', 6, whole.slow);
  const marked = content('marked', 6, whole.marked);
  writeFileSync(join(base, 'marked', 'waits.xml'), marked.slice(0, 900));
  const pieces = 12;
  const size = Math.ceil(text.length / pieces);
  for (let piece = 0; piece < pieces; piece += 1) {
    appendFileSync(join(base, 'slow', 'grows.xml'), text.slice(piece * size, (piece + 1) * size));
    await pause(250, never);
  }
  await forwarded('grows.xml');
  // Many scans have seen the other one meanwhile.
  expect(outcomes(database(), 'waits.xml')).toEqual([]);
  appendFileSync(join(base, 'marked', 'waits.xml'), marked.slice(900));
  writeFileSync(join(base, 'marked', 'waits.xml.ok'), '');
  await forwarded('waits.xml');
  for (const source of ['slow', 'marked'] as const)
    expect(agencyHolds(agency(), facilityOf(source))).toEqual(wrote(facilityOf(source), whole[source]));
});

it('a file replaced again and again while it is read counts only as one of its whole versions, the last at the end', async () => {
  const versions = Array.from({ length: 8 }, (_none, second) =>
    content(
      'rewritten',
      7,
      visitsOf(7, 1200, (index) => ({ dp: index % 2 === 0 ? `J1${second}` : 'R104' })),
      second,
    ),
  );
  const path = join(base, 'rewritten', 'rpu.xml');
  for (const version of versions) {
    writeFileSync(`${path}.tmp`, version);
    renameSync(`${path}.tmp`, path);
    await pause(40, never);
  }
  const digests = versions.map((version) => createHash('sha256').update(version).digest('hex'));
  const taken = await eventually('the last version forwarded', () => {
    const rows = peek(database(), (db) =>
      db.prepare(`select digest, outcome from exports where name = 'rpu.xml' order by id`).all(),
    ) as { digest: string; outcome: string }[];
    const last = rows.at(-1);
    return last?.digest === digests.at(-1) && last?.outcome === 'forwarded' && rows;
  });
  expect(taken.filter(({ digest }) => !digests.includes(digest))).toEqual([]);
  const codes = agencyHolds(agency(), facilityOf('rewritten')).map((text) => text.split('|')[5]);
  expect(new Set(codes)).toEqual(new Set(['J17', 'R104']));
  expect(codes).toHaveLength(1200);
});

it('100,000 old files beside new ones cost nothing while the folder is quiet, and one listing when it changes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vaguemestre-many-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const old = 100_000;
  // Names of a few files: what is listed and looked at is the same, and they are made sooner.
  for (let n = 0; n < old; n += 1) {
    const name = join(folder, `old-${n}.xml`);
    if (n % 20_000 === 0) writeFileSync(name, 'x');
    else linkSync(join(folder, `old-${n - (n % 20_000)}.xml`), name);
  }
  const seen = { looks: 0, names: new Set<string>() };
  const clock = fakeClock(Date.now());
  const scanner = createScanner({
    ...{ folder, clock, fullEveryMs: 300_000 },
    isSeen: (name) => {
      seen.looks += 1;
      return name.toString().startsWith('old-') || seen.names.has(name.toString());
    },
  });
  const scan = async (): Promise<{ files: string[]; looks: number }> => {
    const before = seen.looks;
    const { files } = await scanner.scan('oldest', 4096);
    return { files: files.map(({ name }) => name.toString()), looks: seen.looks - before };
  };
  const ageFolder = (): void =>
    utimesSync(folder, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
  ageFolder();
  expect(await scan()).toEqual({ files: [], looks: old });
  for (let quiet = 0; quiet < 100; quiet += 1) {
    clock.pass(1000);
    expect(await scan()).toEqual({ files: [], looks: 0 });
  }
  writeFileSync(join(folder, 'new.xml'), 'x');
  expect(await scan()).toEqual({ files: ['new.xml'], looks: old + 1 });
  seen.names.add('new.xml');
  ageFolder();
  expect(await scan()).toEqual({ files: [], looks: old + 1 });
  clock.pass(1000);
  expect(await scan()).toEqual({ files: [], looks: 0 });
});
