import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runStep, startChild, type Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { readTrustBundle, trustBundlePath } from '../../receiver/auth/trust-bundle-file.ts';
import { loadRegion, type Region as Keys } from '../../receiver/pki/region-keys.ts';
import { stateFolder } from '../../receiver/state-folder.ts';
import { fingerprint } from '../../shared/envelope/keys.ts';
import { parseEnvelope } from '../../shared/envelope/open.ts';
import { verifyTrustBundle, type TrustBundle } from '../../shared/protocol/trust-bundle.ts';
import { agencyHolds, count, eventually, freePorts, outcomes, peek } from '../fault/live.ts';
import { finess, rpuXml } from '../support/rpu-text.ts';

/** Real processes, real TLS, exports falling all the while: every key of the region turns over, and nobody notices. */
const facilities = [finess(41), finess(42)] as const;
const perDay = 3;
let region: Region;
let receiving: Child;
let agents: readonly { readonly agent: Agent; readonly source: string; child: Child }[];

beforeAll(async () => {
  region = await createRegion({ keep: false, ports: await freePorts() });
  await region.addFacilities(facilities.map((one) => ({ finess: one, name: `Hôpital ${one}` })));
  receiving = await region.serve();
  const enrolled: { agent: Agent; source: string; child: Child }[] = [];
  for (const facility of facilities) {
    const source = join(region.folder, `in-${facility}`);
    mkdirSync(source);
    const agent = await region.enroll({
      ...{ name: facility, facilities: [facility], sourceFolder: source, ready: 'now', after: 'archive' },
    });
    enrolled.push({ agent, source, child: agent.start() });
  }
  agents = enrolled;
}, 240_000);
afterAll(() => region.close());

const receiverDatabase = (): string => join(region.receiverState, 'receiver.db');
const agentDatabase = ({ stateFolder: state }: Agent): string => join(state, 'agent.db');
const keysNow = (): Promise<Keys> => loadRegion(stateFolder(region.receiverState).keys);
const log = (): string => join(region.folder, 'key.log');

function receiver(...words: string[]): Promise<string> {
  const command = [...words, '--json', '--config', region.receiverConfig];
  return runStep(words.join(' '), { command: ['receiver/main.ts', ...command], logFile: log() }, new Set());
}

async function rotated(role: string): Promise<string> {
  return (JSON.parse(await receiver('key', 'rotate', role, '--now')) as { id: string }).id;
}

function drop(day: number): void {
  const on = `${String(day).padStart(2, '0')}/01/2026`;
  agents.forEach(({ source }, index) => {
    const visits = Array.from({ length: perDay }, (_none, n) => ({ entree: `${on} 1${n}:0${index}` }));
    const file = { finess: facilities[index] ?? '', from: on, to: on, extract: `${on} 23:50:00`, visits };
    writeFileSync(join(source, 'new.tmp'), rpuXml(file));
    renameSync(join(source, 'new.tmp'), join(source, `jour-${day}.xml`));
  });
}

async function forwarded(day: number): Promise<void> {
  for (const { agent } of agents)
    await eventually(
      `day ${day}`,
      () => outcomes(agentDatabase(agent), `jour-${day}.xml`)[0] === 'forwarded',
      120,
    );
}

/** A heartbeat away, at most. */
async function everybodyKnows(): Promise<void> {
  await eventually(
    'every agent says that it knows every key',
    async () => {
      const { agents: all, keys } = JSON.parse(await receiver('key', 'list')) as {
        agents: number;
        keys: { known: number }[];
      };
      return keys.every(({ known }) => known === all);
    },
    120,
  );
}

/** Drops a day every while until the work is done; answers the next day. */
async function droppingFrom(day: number, work: () => Promise<unknown>): Promise<number> {
  let next = day;
  const state = { done: false };
  const working = work().finally(() => (state.done = true));
  const isTaken = (taken: number): boolean =>
    agents.every(({ agent }) => outcomes(agentDatabase(agent), `jour-${taken}.xml`).length > 0);
  while (!state.done && next < 27) {
    const taken = next;
    drop(taken);
    next += 1;
    await eventually('taken', () => state.done || isTaken(taken), 120);
  }
  await working;
  return next;
}

/** Which of the region's keys the envelopes at the receiver are sealed for. */
function sealedFor(): ReadonlySet<string> {
  const contents = peek(receiverDatabase(), (db) => db.prepare('select content from envelope_content').all());
  return new Set(
    contents.flatMap((row) => parseEnvelope((row as { content: Buffer }).content).header.recipients),
  );
}

describe('keys that turn over while exports fall', () => {
  it('cost nobody anything: all is receipted, nothing is lost, doubled or refused', async () => {
    drop(1);
    await forwarded(1);
    const before = await keysNow();
    const next = await droppingFrom(2, async () => {
      await rotated('encryption');
      await rotated('receipts');
      await rotated('server');
      await rotated('ca');
    });
    // What they hear with a heartbeat, they hear at once when they start.
    for (const one of agents) {
      await one.child.stop();
      one.child = one.agent.start();
    }
    const last = await droppingFrom(next, async () => {
      await rotated('server');
    });
    drop(last);
    for (let day = 1; day <= last; day += 1) await forwarded(day);

    for (const facility of facilities)
      await eventually(
        'delivered once',
        () => agencyHolds(join(region.outFolder, 'oscour'), facility).length === last * perDay,
      );
    for (const { agent } of agents)
      expect(count(agentDatabase(agent), `select count(*) n from exports where outcome <> 'forwarded'`)).toBe(
        0,
      );
    expect(count(receiverDatabase(), `select count(*) n from envelope where state = 'refused'`)).toBe(0);
    expect(count(receiverDatabase(), `select count(*) n from record`)).toBe(last * perDay * 2);

    const after = await keysNow();
    expect(fingerprint(after.encryption.certificate)).not.toBe(fingerprint(before.encryption.certificate));
    expect(sealedFor()).toContain(fingerprint(before.encryption.certificate));
    await eventually('sealed for the new key', () =>
      sealedFor().has(fingerprint(after.encryption.certificate)),
    );
    // Old receipts and new ones are proven by both ends.
    for (const { agent } of agents) expect((await agent.verify()).code).toBe(0);
    expect((await region.verify()).code).toBe(0);
    await everybodyKnows();
  }, 600_000);
});

const points = [
  'before-key-files',
  'after-key-files',
  'before-key-switch',
  'after-key-switch',
  'before-key-destroy',
] as const;

describe('a change of keys that is killed', () => {
  const killed = async (crashAt: string, ...words: string[]): Promise<void> => {
    const command = ['receiver/main.ts', ...words, '--config', region.receiverConfig] as const;
    const child = startChild({ command: [...command] as [string, ...string[]], logFile: log(), crashAt });
    expect((await child.ended).code).toBeNull();
  };
  const bundleNow = async (): Promise<TrustBundle> => {
    const { jws } = await readTrustBundle(region.receiverState);
    return verifyTrustBundle(jws, (await keysNow()).rootDigest, 0);
  };
  const files = (): readonly string[] =>
    readdirSync(stateFolder(region.receiverState).keys).filter((name) => /^encryption.*\.key/.test(name));

  it.each(points.slice(0, 4))('at %s leaves the one ring or the other, whole, and serving', async (point) => {
    const before = await keysNow();
    const version = (await bundleNow()).version;
    await killed(point, 'key', 'rotate', 'encryption', '--now');
    const left = await keysNow();
    const isNew = point === 'after-key-switch';
    expect(left.keys.length - before.keys.length).toBe(isNew ? 1 : 0);
    expect((await bundleNow()).version).toBe(isNew ? version + 1 : version);
    expect((await bundleNow()).recipients[0]?.certificate).toBe(left.encryption.certificate.toString());
    // The next one tidies up and goes through.
    await rotated('encryption');
    const after = await keysNow();
    expect(after.keys).toHaveLength(left.keys.length + 1);
    expect(files()).toHaveLength(after.keys.filter(({ role }) => role === 'encryption').length);
    expect(readFileSync(trustBundlePath(region.receiverState), 'utf8').trim()).toBe(after.bundle);
  });

  it.each(['before-key-destroy', 'after-key-switch'] as const)(
    'at %s leaves a destruction undone or done',
    async (point) => {
      const before = await keysNow();
      const first = before.keys.find(
        ({ role, destroyedAt }) => role === 'encryption' && destroyedAt === null,
      );
      const words = ['key', 'destroy', first?.id ?? '', '--even-so', '--reason', 'essai'];
      await killed(point, ...words);
      const left = (await keysNow()).keys.find(({ id }) => id === first?.id);
      expect(left?.destroyedAt === null).toBe(point === 'before-key-destroy');
      if (point === 'before-key-destroy') await receiver(...words);
      // Whatever is done next, its file is gone.
      await rotated('server');
      expect(files()).not.toContain(`${first?.file ?? ''}.key`);
      expect((await bundleNow()).recipients.map(({ certificate }) => certificate)).not.toContain(first?.pem);
    },
  );
});

describe('what was sealed for a key that is no more', () => {
  const refusedNow = (): number =>
    count(receiverDatabase(), `select count(*) n from envelope where state = 'refused'`);

  /** Sealed while the receiver is away, and the key goes before it is back. `between`: what happens to the agents. */
  const sealThenDestroy = async (day: number, between: () => Promise<void>): Promise<void> => {
    await everybodyKnows();
    await receiving.stop();
    drop(day);
    for (const { agent } of agents)
      await eventually('sealed', () => outcomes(agentDatabase(agent), `jour-${day}.xml`).length === 1);
    await between();
    const { keys, encryption } = await keysNow();
    const current = fingerprint(encryption.certificate);
    const old = keys.find(
      ({ certificate }) => certificate !== undefined && fingerprint(certificate) === current,
    );
    await rotated('encryption');
    await receiver('key', 'destroy', old?.id ?? '', '--even-so', '--reason', 'essai');
    receiving = await region.serve();
  };

  it('is read again by the agent, and sealed for the next', async () => {
    await sealThenDestroy(28, async () => undefined);
    await eventually('refused', () => refusedNow() >= agents.length, 120);
    await forwarded(28);
    for (const { agent } of agents) expect((await agent.verify()).code).toBe(0);
    expect((await region.verify()).code).toBe(0);
  }, 400_000);

  it('opens with the recovery key where the file is gone', async () => {
    const before = refusedNow();
    await sealThenDestroy(29, async () => {
      for (const one of agents) await one.child.stop();
      for (const { source } of agents)
        for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' }))
          if (name.endsWith('jour-29.xml')) rmSync(join(source, name));
    });
    for (const one of agents) one.child = one.agent.start();
    for (const { agent } of agents)
      await eventually('refused', () => outcomes(agentDatabase(agent), 'jour-29.xml')[0] === 'rejected');
    expect(refusedNow()).toBe(before + agents.length);

    const recoveryKey = join(stateFolder(region.receiverState).keys, 'recovery', 'recovery.key');
    const other = join(stateFolder(region.receiverState).keys, 'root.key');
    await expect(receiver('recover', '--recovery-key', other, '--reason', 'essai')).rejects.toThrow();
    const said = await receiver('recover', '--recovery-key', recoveryKey, '--reason', 'essai');
    // Those of day 28 too, which the agents gave again: once more the same, they change nothing.
    expect(JSON.parse(said)).toEqual({ recovered: before + agents.length, refused: 0 });
    await forwarded(29);
    const days = count(receiverDatabase(), 'select count(distinct day) n from record');
    expect(count(receiverDatabase(), 'select count(*) n from record')).toBe(days * perDay * 2);
    expect(refusedNow()).toBe(0);
    for (const { agent } of agents) expect((await agent.verify()).code).toBe(0);
    expect((await region.verify()).code).toBe(0);
  }, 400_000);
});
