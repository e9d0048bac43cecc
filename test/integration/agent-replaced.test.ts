import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadIdentity } from '../../agent/enrolment/identity.ts';
import { createReceiverClient } from '../../agent/push/receiver-client.ts';
import { startChild } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { genesis } from '../../shared/envelope/header.ts';
import { finess, readRpuXml, replay, rpuXml } from '../support/rpu-text.ts';

/** A lost agent comes back under its own name: real processes, real TLS, a real loss of its state folder. */
const facility = finess(7);
let region: Region;
let agent: Agent;
let source: string;
let lostAgent: string;

beforeAll(async () => {
  region = await createRegion({ keep: false });
  await region.addFacilities([{ finess: facility, name: 'Hôpital d’essai' }]);
  await region.serve();
  source = join(region.folder, 'in');
  mkdirSync(source);
  agent = await region.enroll({
    ...{ name: 'lost', facilities: [facility], sourceFolder: source, ready: 'now', after: 'keep' },
  });
  lostAgent = (await loadIdentity(agent.stateFolder)).agent;
});
afterAll(() => region.close());

function write(name: string, day: number, hours: readonly number[], extract = day + 1): void {
  const on = (d: number): string => `${String(d).padStart(2, '0')}/01/2026`;
  const visits = hours.map((hour) => ({ entree: `${on(day)} ${String(hour).padStart(2, '0')}:00` }));
  const window = { from: on(day), to: on(day), extract: `${on(extract)} 02:00:00` };
  writeFileSync(join(source, name), rpuXml({ finess: facility, ...window, visits }));
}

async function run(): Promise<Readonly<Record<string, string>>> {
  const { document, code } = await agent.once();
  expect(code).toBe(0);
  const { exports } = JSON.parse(document) as { exports: readonly { file: string; state: string }[] };
  return Object.fromEntries(exports.map(({ file, state }) => [file, state]));
}

const dispatches = (): readonly string[] => readdirSync(join(region.outFolder, 'oscour')).sort();
const visitsHeld = (): number => {
  const files = dispatches().map((name) =>
    readRpuXml(readFileSync(join(region.outFolder, 'oscour', name), 'utf8')),
  );
  return replay(files).get(facility)?.length ?? 0;
};

async function command(
  ...line: readonly [string, ...string[]]
): Promise<{ code: number | null; json: unknown }> {
  const { code, stdout } = await startChild({
    command: [...line, '--json'],
    logFile: join(region.folder, 'commands.log'),
  }).ended;
  return { code, json: JSON.parse(stdout) };
}

async function enroll(code: string, ...options: readonly string[]): ReturnType<typeof command> {
  const codeFile = join(region.folder, 'code');
  writeFileSync(codeFile, code);
  const listeners = JSON.parse(readFileSync(join(region.receiverState, 'listeners.json'), 'utf8')) as {
    enrolment: { port: number };
  };
  const url = `https://localhost:${listeners.enrolment.port}`;
  const given = ['--url', url, '--code-file', codeFile, '--config', agent.configFile];
  return command('agent/main.ts', 'enroll', ...given, ...options);
}

async function invitation(): Promise<string> {
  const invited = ['agent', 'invite', '--agent', lostAgent, '--config', region.receiverConfig];
  const { json } = await command('receiver/main.ts', ...invited);
  return (json as { code: string }).code;
}

async function expectSound(): Promise<void> {
  for (const ended of [await agent.verify(), await region.verify()]) expect(ended).toMatchObject({ code: 0 });
}

/** What the receiver says to a heartbeat sent with the certificates of a state folder. */
async function answerTo(state: string): Promise<unknown> {
  const identity = await loadIdentity(state);
  const client = createReceiverClient({
    ...{ url: identity.ingestUrl, tls: identity.tls, authorities: identity.bundle().authorities },
    ...{ connections: 1, proxy: undefined },
  });
  const reply = await client.openEpoch('ed-visits', 1, AbortSignal.timeout(10_000));
  await client.close();
  return reply.kind === 'ok' ? 'ok' : reply.attempt;
}

describe('an agent that has lost its machine', () => {
  it('comes back with a new code: nothing twice, both ledgers sound, old certificates refused', async () => {
    write('1.xml', 5, [8, 9, 10]);
    write('2.xml', 6, [8, 9]);
    expect(await run()).toEqual({ '1.xml': 'forwarded', '2.xml': 'forwarded' });
    const sent = dispatches();
    const copy = join(region.folder, 'copy');
    cpSync(agent.stateFolder, copy, { recursive: true });
    rmSync(agent.stateFolder, { recursive: true });

    expect(await enroll(await invitation(), '--replace')).toMatchObject({
      code: 0,
      json: { agent: lostAgent, facilities: [{ finess: facility }] },
    });
    const [before, after] = [await loadIdentity(copy), await loadIdentity(agent.stateFolder)];
    expect(after.facilityKey(facility)).toEqual(before.facilityKey(facility));
    expect(after.ledgers).toMatchObject([{ feed: 'ed-visits', epoch: 2, seq: 0 }]);
    expect(after.ledgers[0]?.digest).not.toBe(genesis);
    expect(await answerTo(copy)).toMatchObject({ status: 403, code: 'certificate-revoked' });

    write('3.xml', 7, [8]);
    expect(await run()).toEqual({ '1.xml': 'duplicate', '2.xml': 'duplicate', '3.xml': 'forwarded' });
    expect(dispatches().slice(0, sent.length)).toEqual(sent);
    expect(dispatches()).toHaveLength(sent.length + 1);
    expect(visitsHeld()).toBe(6);
    await expectSound();
  });

  it('whose export changes nothing is told at once that its days were forwarded long ago', async () => {
    // The lost machine's export made that dispatch, and was told of its delivery.
    write('1-again.xml', 5, [8, 9, 10], 9);
    expect(await run()).toEqual({ '1-again.xml': 'forwarded' });
  });

  it('refuses to enrol over an identity unless it is to be replaced', async () => {
    expect(await enroll(await invitation())).toMatchObject({
      code: 1,
      json: { error: { code: 'agent-already-enrolled' } },
    });
    const other = ['agent', 'invite', '--name', 'Autre', '--facilities', facility];
    const { json } = await command('receiver/main.ts', ...other, '--config', region.receiverConfig);
    expect(await enroll((json as { code: string }).code, '--replace')).toMatchObject({
      code: 1,
      json: { error: { code: 'enrolment-other-agent' } },
    });
  });

  it('that kept its queue reads again what it had sealed under the old certificates', async () => {
    write('4.xml', 8, [8, 9]);
    // Read and sealed, while nobody answers: the address leads nowhere.
    const grant = join(agent.stateFolder, 'identity/grant.json');
    const text = readFileSync(grant, 'utf8');
    writeFileSync(grant, text.replace(/https:\/\/localhost:\d+/, 'https://localhost:9'), { mode: 0o600 });
    const offline = startChild({
      command: ['agent/main.ts', 'run', '--once', '--json', '--timeout', '2', '--config', agent.configFile],
      logFile: agent.logFile,
    });
    expect((await offline.ended).stdout).toContain('"state":"unknown"');

    expect((await enroll(await invitation(), '--replace')).code).toBe(0);
    expect(await run()).toEqual({ '4.xml': 'forwarded' });
    expect(visitsHeld()).toBe(8);
    await expectSound();
  });
});
