import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChild } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { reachOf } from '../../receiver/pages/reads/reach.ts';
import { createReads } from '../../receiver/pages/reads/reads.ts';
import { askDays } from '../../receiver/care/ask-days.ts';
import { followRequests } from '../../receiver/care/follow-up.ts';
import { loadConfig } from '../../receiver/config.ts';
import { createCarryPages } from '../../receiver/pages/care/carry-pages.ts';
import type { ActContext, Answer, Page } from '../../receiver/pages/page.ts';
import { loadRegion } from '../../receiver/pki/region-keys.ts';
import { stateFolder } from '../../receiver/state-folder.ts';
import { openSqliteStore } from '../../receiver/store/sqlite-store.ts';
import type { Store } from '../../receiver/store/store.ts';
import { createReceiptSigner } from '../../shared/protocol/receipt-proof.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { count, eventually } from '../fault/live.ts';
import { onCommandLine } from '../support/command-line.ts';
import { viewerAs } from '../support/portal/portal-lab.ts';
import { finess, rpuXml } from '../support/rpu-text.ts';

/** What is asked of a hospital on the pages, and what a person carries there, with a real agent and a real receiver. */
const [facility, cutOff, stranger] = [finess(51), finess(52), finess(53)];
const person = { kind: 'account', id: 'c', name: 'Camille' } as const;
let region: Region;
let steady: Agent;
let isolated: Agent;
let store: Store;
let pages: readonly Page[];

beforeAll(async () => {
  region = await createRegion({ keep: false });
  await region.addFacilities(
    [facility, cutOff, stranger].map((each) => ({ finess: each, name: `Hôpital ${each}` })),
  );
  await region.serve();
  const enroll = async (name: string, of: string): Promise<Agent> => {
    const sourceFolder = join(region.folder, name);
    mkdirSync(sourceFolder);
    return region.enroll({ name, facilities: [of], sourceFolder, ready: 'now', after: 'archive' });
  };
  steady = await enroll('steady', facility);
  isolated = await enroll('isolated', cutOff);
  const grant = join(isolated.stateFolder, 'identity/grant.json');
  // The address leads nowhere from now on.
  writeFileSync(grant, readFileSync(grant, 'utf8').replace(/https:\/\/localhost:\d+/, 'https://localhost:9'));
  const config = await loadConfig(region.receiverConfig);
  store = openSqliteStore(join(region.receiverState, 'receiver.db'), { whileBusy: 'yield' });
  const { receipts } = await loadRegion(stateFolder(config.state).keys);
  const signer = createReceiptSigner({ ...receipts, clock: systemClock });
  pages = createCarryPages({
    ...{ config, store, clock: systemClock, random: systemRandom, targets: [], url: () => '' },
    logger: createLogger({ name: 'test', level: 'silent' }),
    sign: (texts) => signer.sign(texts),
    onChange: () => undefined,
  });
}, 120_000);
afterAll(async () => {
  await store.close();
  await region.close();
});

function write(name: string, of: string, file: string, days: readonly number[]): void {
  const two = (n: number): string => String(n).padStart(2, '0');
  const [first = 1, last = first] = [days[0], days.at(-1)];
  const visits = days.map((day) => ({ entree: `${two(day)}/01/2026 10:00`, motif: 'CANARIMOTIF' }));
  const window = { from: `${two(first)}/01/2026`, to: `${two(last)}/01/2026` };
  const text = rpuXml({ finess: of, ...window, extract: `${two(last + 1)}/01/2026 02:00:00`, visits });
  writeFileSync(join(region.folder, name, file), text);
}

const envelopes = (): number =>
  count(join(region.receiverState, 'receiver.db'), 'select count(*) n from envelope');

describe('days asked for on the pages', () => {
  it('go to the agent, are sent again once though nothing of them is new, and are seen to have come', async () => {
    write('steady', facility, 'a.xml', [5, 6]);
    expect(await steady.once()).toMatchObject({ code: 0 });
    const before = envelopes();
    const [id = 0] = await askDays({ store, clock: systemClock }, person, facility, {
      ...{ from: '2026-01-05', to: '2026-01-07', reason: 'un jour paraît faible' },
    });
    const child = steady.start();
    await eventually('answered', async () => {
      const request = await store.read((tx) => tx.care.requests.get(id));
      return request?.answeredAt !== null;
    });
    await eventually('sent again', () => envelopes() === before + 1);
    await eventually('refilled', async () => {
      await store.transaction((tx) => followRequests(tx, Date.now()));
      return (await store.read((tx) => tx.care.requests.get(id)))?.state === 'partly';
    });
    const days = await store.read((tx) => tx.care.requests.daysOf(id));
    expect(days.map(({ state }) => state)).toEqual(['refilled', 'refilled', 'absent']);
    child.kill();
    await child.ended;

    // Heard again by the agent's next start, nothing more is sent.
    expect(await steady.once()).toMatchObject({ code: 0 });
    expect(envelopes()).toBe(before + 1);
    const { out } = await onCommandLine(['history', '--audit', '--json', '--config', steady.configFile]);
    expect(out).toContain('"region"');
    expect(out).toContain('2026-01-05..2026-01-07');
  }, 120_000);
});

describe('a carried file brought on the pages', () => {
  const bring = async (
    content: Buffer | undefined,
    as = viewerAs('regional-operator'),
    of = cutOff,
  ): Promise<Answer> => {
    const context = contextOf({ viewer: as, params: { finess: of } }, content);
    const post = pages[0]?.act?.post;
    if (post === undefined) throw new Error('no page');
    return post(context);
  };
  const textOf = (answer: Answer): string => (answer.kind === 'page' ? answer.body.toString() : answer.kind);
  const carried = (): Buffer => readFileSync(join(region.folder, 'out.vgm'));

  it('comes in by the same door, and its receipts settle it at the hospital', async () => {
    write('isolated', cutOff, 'b.xml', [5, 6]);
    const once = ['run', '--once', '--json', '--timeout', '2', '--config', isolated.configFile];
    await startChild({ command: ['agent/main.ts', ...once], logFile: isolated.logFile }).ended;
    const out = join(region.folder, 'out.vgm');
    expect(
      await onCommandLine(['carry', 'export', out, '--json', '--config', isolated.configFile]),
    ).toMatchObject({ code: 0 });
    const before = envelopes();

    const answer = await bring(carried(), viewerAs('hospital-admin', { facilities: new Set([cutOff]) }));
    expect(textOf(answer)).toContain('Le fichier est entré');
    expect(envelopes()).toBe(before + 1);
    const link = /transport\/([0-9a-f]{32})/.exec(textOf(answer))?.[1] ?? '';
    const back = await pages[1]?.get?.(contextOf({ params: { finess: cutOff, answer: link } }));
    if (back?.kind !== 'file') throw new Error('no receipts');
    const file = join(region.folder, 'back.vgm');
    writeFileSync(file, back.content);
    const settled = await onCommandLine(['carry', 'import', file, '--json', '--config', isolated.configFile]);
    expect(JSON.parse(settled.out)).toMatchObject({ settled: 1 });

    for (const other of [
      {
        viewer: viewerAs('hospital-admin', { facilities: new Set([stranger]) }),
        params: { finess: cutOff, answer: link },
      },
      { params: { finess: stranger, answer: link } },
      { params: { finess: cutOff, answer: `../${link}` } },
    ])
      expect(await pages[1]?.get?.(contextOf(other))).toEqual({ kind: 'missing' });
  }, 90_000);

  it('brought twice says so and changes nothing', async () => {
    const before = envelopes();
    expect(textOf(await bring(carried()))).toContain('était déjà entré');
    expect(envelopes()).toBe(before);
  }, 60_000);

  it.each([
    ['nothing', () => undefined, 'Aucun fichier'],
    ['an empty file', () => Buffer.alloc(0), 'Aucun fichier'],
    ['another kind of file', () => Buffer.from('a,b\n1,2\n'), 'Rien n’a été enregistré'],
    ['a cut one', () => carried().subarray(0, -50), 'Rien n’a été enregistré'],
    ['a damaged one', () => damaged(carried()), 'Rien n’a été enregistré'],
    [
      'receipts instead of envelopes',
      () => readFileSync(join(region.folder, 'back.vgm')),
      'Rien n’a été enregistré',
    ],
    [
      'a giant number of entries',
      () => Buffer.concat([Buffer.from('VGMCARRY'), Buffer.alloc(400, 255)]),
      'Rien n’a été enregistré',
    ],
  ])('refuses %s in words', async (_name, content, words) => {
    const before = envelopes();
    const answer = await bring(content());
    expect(answer).toMatchObject({ kind: 'page', status: 422 });
    expect(textOf(answer)).toContain(words);
    expect(textOf(answer)).not.toContain(region.folder);
    expect(envelopes()).toBe(before);
  });

  it('of another facility is refused, and nothing of it stays on the disk', async () => {
    const answer = await bring(carried(), viewerAs('regional-operator'), stranger);
    expect(textOf(answer)).toContain('ne transmet pas pour cet établissement');
    const left = readdirSync(join(region.receiverState, 'carried'));
    expect(left.filter((name) => name.endsWith('.in'))).toEqual([]);
  });
});

function damaged(file: Buffer): Buffer {
  const copy = Buffer.from(file);
  copy[copy.length - 100] = (copy[copy.length - 100] ?? 0) ^ 255;
  return copy;
}

function contextOf(change: Partial<ActContext>, content?: Buffer): ActContext {
  const viewer = change.viewer ?? viewerAs('regional-operator');
  return {
    ...{ viewer, language: 'fr', params: {}, query: new URLSearchParams(), here: '/', now: Date.now() },
    read: (work) => store.read((tx) => work(createReads(tx, reachOf(viewer)))),
    region: () => Promise.reject(new Error('not asked')),
    to: (path) => path,
    form: () => '',
    all: () => [],
    upload: content === undefined ? undefined : { name: 'out.vgm', content },
    actor: person,
    ...change,
  };
}
