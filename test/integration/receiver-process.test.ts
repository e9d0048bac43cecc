import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { trustBundlePath } from '../../receiver/auth/trust-bundle-file.ts';
import { pushAnswer } from '../../shared/protocol/push.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { connect, createLab, facility, type Lab, type LabAgent } from '../unit/receiver/lab.ts';

const main = resolve(import.meta.dirname, '../../receiver/main.ts');
let lab: Lab;
let agent: LabAgent;
let config: string;
let out: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  lab = await createLab();
  agent = await lab.addAgent();
  await writeFile(trustBundlePath(lab.folder), lab.bundle.jws);
  config = join(lab.folder, 'receiver.yaml');
  out = join(lab.folder, 'out');
  await writeFile(
    config,
    `state: .
region: Test region
listeners:
  ingest: { host: 127.0.0.1, port: 0 }
  enrolment: { host: 127.0.0.1, port: 0 }
  health: { host: 127.0.0.1, port: 0 }
destinations:
  - { name: agency, feed: ed-visits, format: oscour-xml, transport: { kind: directory, folder: out } }
`,
  );
});

afterEach(async () => {
  for (const child of children.splice(0)) await killed(child);
});

afterAll(() => lab.close());

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

interface Serving {
  readonly child: ChildProcess;
  readonly ports: Readonly<Record<'ingest' | 'enrolment' | 'health', number>>;
}

/** A real receiver process; `crashAt` kills it from inside, as a power cut would. */
async function serve(crashAt?: string): Promise<Serving> {
  const announced = join(lab.folder, 'listeners.json');
  await rm(announced, { force: true });
  const child = launch(crashAt);
  while (!existsSync(announced)) {
    if (child.exitCode !== null) throw new Error('the receiver ended while starting');
    await wait(20);
  }
  const listeners = JSON.parse(readFileSync(announced, 'utf8')) as Record<string, { port: number }>;
  const port = (name: string): number => listeners[name]?.port ?? 0;
  return {
    child,
    ports: { ingest: port('ingest'), enrolment: port('enrolment'), health: port('health') },
  };
}

function launch(crashAt?: string): ChildProcess {
  const child = spawn(process.execPath, [main, 'serve', '--config', config], {
    env: { ...process.env, ...(crashAt === undefined ? {} : { VAGUEMESTRE_CRASH_AT: crashAt }) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr.pipe(createWriteStream(join(lab.folder, 'receiver.log'), { flags: 'a' }));
  children.push(child);
  return child;
}

async function command(
  ...words: readonly string[]
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [main, ...words, '--config', config], {
    env: { ...process.env, LANG: 'en_GB.UTF-8', LANGUAGE: '', LC_ALL: '', LC_MESSAGES: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString('utf8')));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...texts };
}

async function push(port: number, bytes: Buffer) {
  const client = connect(port, lab, agent.tls);
  try {
    return await client.send('POST', '/v1/envelopes', bytes);
  } finally {
    client.close();
  }
}

let dispatches = 0;

/** A dispatch waiting for the agency, as if an export had composed it. */
async function waitingDispatch(): Promise<string> {
  dispatches += 1;
  const name = `dispatch-${dispatches}.xml`;
  const content = Buffer.from(`content of ${name}`);
  const id = systemRandom.uuid(lab.clock.now());
  await lab.store.transaction(async (tx) => {
    await tx.exports.put({
      ...{ id, agent: agent.id, facility, feed: 'ed-visits', part: '0', source: 's', receivedAt: 1 },
      ...{ reception: await tx.exports.nextReception(), slicesSeen: 1, manifest: null, digest: null },
      ...{ state: 'processed', extract: 1, outcome: null },
    });
    await tx.dispatches.put(
      {
        ...{ name, destination: 'agency', facility, feed: 'ed-visits', from: 1 as Day, to: 1 as Day },
        ...{ records: 1, extract: dispatches, composedAt: 1, export: id, cause: 'export', format: 'f 1' },
        digest: createHash('sha256').update(content).digest('hex'),
      },
      content,
    );
  });
  return name;
}

async function untilSent(name: string): Promise<void> {
  const state = async () => (await lab.store.read((tx) => tx.dispatches.byName(name)))[0]?.state;
  while ((await state()) !== 'sent') await wait(20);
}

describe('a receiver killed while it takes an envelope in', () => {
  it.each(['before-inbox-commit', 'after-inbox-commit', 'before-answer'])(
    'at %s answers nothing, and takes the resent envelope exactly once',
    async (point) => {
      const chain = agent.chain(`feed-${point}`);
      const envelope = await chain.next();
      const dying = await serve(point);
      const died = once(dying.child, 'exit');
      await expect(push(dying.ports.ingest, envelope.bytes)).rejects.toThrow();
      expect((await died)[1]).toBe('SIGKILL');

      const { ports } = await serve();
      const answers = [await push(ports.ingest, envelope.bytes), await push(ports.ingest, envelope.bytes)];
      const receipts = answers.map(({ json }) => pushAnswer.parse(json));
      expect(receipts[0]).toEqual(receipts[1]);
      const receipt = await lab.verifier.verify(receipts[0]?.receipt ?? '', receipts[0]?.proof ?? '');
      expect(receipt).toMatchObject({ envelope: envelope.id, head: { seq: 1 } });
      const rows = await lab.store.read((tx) => tx.inbox.ledger(agent.id, `feed-${point}`, 1, 0, 10));
      expect(rows.map(({ id }) => id)).toEqual([envelope.id]);
    },
  );
});

describe('a receiver killed while it delivers', () => {
  it.each(['before-delivery-rename', 'after-delivery-rename', 'before-sent-commit', 'after-sent-commit'])(
    'at %s delivers the file whole, once, with one receipt',
    async (point) => {
      const name = await waitingDispatch();
      const dying = launch(point);
      expect((await once(dying, 'exit'))[1]).toBe('SIGKILL');
      const { child } = await serve();
      await untilSent(name);
      const names = await readdir(out);
      expect(names.filter((each) => each.includes(name))).toEqual([name]);
      expect(readFileSync(join(out, name), 'utf8')).toBe(`content of ${name}`);
      const receipts = await lab.store.read((tx) => tx.receipts.after(agent.id, 0, 10_000));
      const mine = receipts.filter(({ text }) => text.includes(`"${name}"`));
      expect(mine).toHaveLength(1);
      await killed(child);
    },
  );
});

describe('a serving receiver', () => {
  it('shows its health and its numbers, and stops cleanly on SIGTERM', async () => {
    const { child, ports } = await serve();
    const get = async (path: string): Promise<string> =>
      (await fetch(`http://127.0.0.1:${ports.health}${path}`)).text();
    expect(await get('/health/live')).toContain('true');
    expect(await get('/health/ready')).toContain('true');
    const stored = (text: string): number =>
      Number(/^vaguemestre_envelopes\{state="refused"\} (\d+)$/m.exec(text)?.[1]);
    const before = stored(await get('/metrics'));
    // Not a slice: opened by the processor and refused.
    await push(ports.ingest, (await agent.chain('ed-visits').next()).bytes);
    while (stored(await get('/metrics')) === before) await wait(20);
    expect(stored(await get('/metrics'))).toBe(before + 1);

    const ended = once(child, 'exit');
    const held = connect(ports.ingest, lab, agent.tls);
    // Answered at once or cut, as it came: what matters is that nobody waits for it.
    const poll = held.send('GET', '/v1/receipts?after=1000000&wait=25').catch(() => undefined);
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    await poll;
    held.close();
  });

  it('is the only one on its state folder', async () => {
    const { ports } = await serve();
    const second = await command('serve');
    expect(second).toMatchObject({ code: 1 });
    expect(second.err).toContain('receiver-already-serving');
    expect((await fetch(`http://127.0.0.1:${ports.health}/health/ready`)).status).toBe(200);
  });

  it('heeds commands given while it runs: an invitation, a registration, a revocation', async () => {
    const { ports } = await serve();
    const added = await command('facility', 'add', '990000036', '--name', 'Other', '--json');
    expect(JSON.parse(added.out)).toEqual({ finess: '990000036', name: 'Other' });
    const invited = await command('agent', 'invite', '--name', 'B', '--facilities', '990000036', '--json');
    expect(JSON.parse(invited.out)).toMatchObject({ code: expect.stringMatching(/^vgm1\./) as string });
    const other = await lab.addAgent();
    const client = connect(ports.ingest, lab, other.tls);
    expect((await client.send('GET', '/v1/receipts')).status).toBe(200);
    expect((await command('agent', 'revoke', other.id)).code).toBe(0);
    expect((await client.send('GET', '/v1/receipts')).status).toBe(403);
    client.close();
    expect((await command('verify', '--json')).code).toBe(0);
    expect(JSON.parse((await command('status', '--json')).out)).toHaveProperty('dispatches.sent');
  });
});

describe('a command that cannot be done', () => {
  it('says which address it could not listen on', async () => {
    const { ports } = await serve();
    const lonely = await createLab();
    await writeFile(trustBundlePath(lonely.folder), lonely.bundle.jws);
    const other = join(lonely.folder, 'receiver.yaml');
    const address = `{ host: 127.0.0.1, port: ${ports.health} }`;
    await writeFile(other, `state: .\nregion: Other\nlisteners: { ingest: ${address} }\n`);
    const child = spawn(process.execPath, [main, 'serve', '--config', other], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    children.push(child);
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(err).toContain('listener-port-taken');
    await lonely.close();
  });

  it('says why and what to do, in the language asked for, and fails', async () => {
    const refused = await command('facility', 'add', '123456789', '--name', 'X');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('is not a valid geographic FINESS number');
    expect(refused.err).toContain('→ Expected: 9 characters');
    const unknown = await command('trace', 'ffffffff00', '--json');
    expect(JSON.parse(unknown.out)).toMatchObject({ error: { code: 'trace-unknown' } });
    expect((await command('decide', '990000010:0:2026-01-01', 'confirm')).code).toBe(1);
    expect((await command('nonsense')).code).toBe(2);
  });
});
