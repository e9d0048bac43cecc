import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { loadIdentity } from '../../agent/enrolment/identity.ts';
import { regionCheck, tlsCheck } from '../../agent/health/doctor/check-network.ts';
import type { Examined } from '../../agent/health/doctor/finding.ts';
import { startChild, type Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { generateKey, privateKeyPem } from '../../shared/envelope/keys.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { createAuthority, createIssuing, createRoot } from '../../receiver/pki/authority.ts';
import { eventually, freePorts } from '../fault/live.ts';
import { onCommandLine } from '../support/command-line.ts';
import { startFakeProxy, type Manners } from '../support/fake-proxy.ts';
import { finess, rpuXml } from '../support/rpu-text.ts';

/** doctor before a real region, a real agent, and proxies of every manner. */
const facility = finess(809);
let region: Region;
let receiver: Child;
let agent: Agent;
let source: string;

beforeAll(async () => {
  region = await createRegion({ keep: false, ports: await freePorts() });
  await region.addFacilities([{ finess: facility, name: 'Hôpital d’essai' }]);
  receiver = await region.serve();
  source = mkdtempSync(join(tmpdir(), 'vaguemestre-doctor-'));
  agent = await region.enroll({
    ...{ name: 'doctor', facilities: [facility], sourceFolder: source, ready: 'now', after: 'archive' },
  });
  const visits = [{ entree: '05/01/2026 08:00' }];
  const window = { from: '05/01/2026', to: '05/01/2026', extract: '06/01/2026 02:00:00' };
  writeFileSync(join(source, '1.xml'), rpuXml({ finess: facility, ...window, visits }));
  expect((await agent.once()).code).toBe(0);
});

afterAll(async () => {
  await region.close();
  rmSync(source, { recursive: true, force: true });
});

interface Found {
  readonly level: string;
  readonly code: string;
  readonly message: string;
  readonly cure: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

interface Result {
  readonly code: number;
  readonly codes: readonly string[];
  readonly find: (code: string) => Found | undefined;
}

async function doctor(config = agent.configFile, ...more: readonly string[]): Promise<Result> {
  const { code, out } = await onCommandLine(['doctor', '--json', '--config', config, ...more]);
  const { checks } = JSON.parse(out) as { checks: readonly { findings: readonly Found[] }[] };
  const all = checks.flatMap(({ findings }) => findings);
  return {
    code,
    codes: all.map((one) => one.code),
    find: (wanted) => all.find((one) => one.code === wanted),
  };
}

/** The agent's configuration with something else in it. */
function configWith(change: object): string {
  const settings = JSON.parse(readFileSync(agent.configFile, 'utf8')) as object;
  const file = join(region.folder, `changed-${readdirSync(region.folder).length}.yaml`);
  writeFileSync(file, JSON.stringify({ ...settings, ...change }));
  return file;
}

async function throughProxy(manners: Manners): Promise<string> {
  const proxy = await startFakeProxy(manners);
  onTestFinished(() => proxy.close());
  return configWith({ proxy: { url: proxy.url } });
}

const healthy = [
  'settings-fine',
  'identity-fine',
  'state-fine',
  'source-fine',
  'database-fine',
  'disk-fine',
  'name-found',
  'way-straight',
  'tls-fine',
  'region-fine',
  'clock-fine',
];

describe('doctor', () => {
  it('finds nothing that keeps a healthy agent from working, and says so in both languages', async () => {
    const { codes, find } = await doctor();
    expect(codes).toEqual(expect.arrayContaining(healthy));
    expect(find('agent-stopped')?.level).toBe('warning');
    for (const [language, words] of [
      ['fr', ['Réglages', 'La région reconnaît l’agent']],
      ['en', ['Settings', 'The region knows the agent']],
    ] as const) {
      const spoken = await onCommandLine(['doctor', '--config', agent.configFile], {
        language,
        terminal: true,
      });
      for (const word of words) expect(spoken.out).toContain(word);
    }
  });

  it('tells of an agent that runs, and refuses to repair under it', async () => {
    const child = agent.start();
    onTestFinished(() => child.stop());
    await eventually('running', async () => (await doctor()).codes.includes('agent-runs'));
    const spoken = await onCommandLine(['doctor', '--repair', '--json', '--config', agent.configFile]);
    expect(spoken).toMatchObject({ code: 1 });
    expect(spoken.out).toContain('state-locked');
  });

  it('repairs nothing where nothing is wrong', async () => {
    const spoken = await onCommandLine(['doctor', '--repair', '--json', '--config', agent.configFile]);
    expect(JSON.parse(spoken.out)).toMatchObject({ state: 'sound', region: true, rereads: 0, missing: 0 });
    const words = ['doctor', '--repair', '--config', agent.configFile];
    expect((await onCommandLine(words, { language: 'fr' })).out).toContain('saine');
    expect((await onCommandLine(words, { language: 'en' })).out).toContain('sound');
  });

  it('works before there is anything: wrong settings and no enrolment are findings', async () => {
    const file = join(region.folder, 'wrong.yaml');
    writeFileSync(file, 'state: x\nsourcez: []\n');
    const wrong = await doctor(file);
    expect(wrong.code).toBe(2);
    expect(wrong.find('config-invalid')?.message).toContain('sourcez');
    expect((await doctor(join(region.folder, 'none.yaml'))).codes).toContain('config-unreadable');
    const fresh = await doctor(configWith({ state: join(region.folder, 'fresh') }));
    expect(fresh.codes).toEqual(
      expect.arrayContaining(['agent-not-enrolled', 'state-missing', 'database-none']),
    );
  });

  it('names rights that are wrong: of the folder, of keys, of sources as the account of the service', async () => {
    chmodSync(agent.stateFolder, 0o755);
    const identity = join(agent.stateFolder, 'identity');
    const grant = join(identity, 'grant.json');
    chmodSync(grant, 0o644);
    const { codes } = await doctor();
    expect(codes).toEqual(expect.arrayContaining(['state-open', 'key-open']));
    chmodSync(agent.stateFolder, 0o700);
    chmodSync(grant, 0o600);
    if (process.getuid?.() !== 0) return;
    // Its own process: it becomes the account.
    chmodSync(source, 0o700);
    const command = [
      'agent/main.ts',
      'doctor',
      '--account',
      'nobody',
      '--json',
      '--config',
      agent.configFile,
    ] as const;
    const { stdout } = await startChild({ command: [...command], logFile: agent.logFile }).ended;
    expect(stdout).toContain('"rights-of"');
    expect(stdout).toContain('"source-not-listed"');
  });

  it('tells a share that has gone from one that is there again', async () => {
    const gone = join(region.folder, 'share');
    const [first] = (JSON.parse(readFileSync(agent.configFile, 'utf8')) as { sources: object[] }).sources;
    const config = configWith({ sources: [{ ...first, folder: gone }] });
    expect((await doctor(config)).codes).toContain('source-missing');
    mkdirSync(gone);
    expect((await doctor(config)).codes).toContain('source-fine');
  });

  it('says that a database is damaged, and goes on looking', async () => {
    const state = join(region.folder, 'damaged');
    mkdirSync(state, { mode: 0o700 });
    writeFileSync(join(state, 'agent.db'), 'this is no database, and was never one'.repeat(100));
    const { code, codes } = await doctor(configWith({ state }));
    expect(code).toBe(2);
    expect(codes).toEqual(expect.arrayContaining(['database-damaged', 'disk-fine']));
  });
});

it('an agent does not start on a damaged database, and names the cure', async () => {
  const state = join(region.folder, 'ruined');
  cpSync(agent.stateFolder, state, { recursive: true });
  writeFileSync(join(state, 'agent.db'), 'this is no database, and was never one'.repeat(100));
  const config = configWith({ state });
  const spoken = await onCommandLine(['run', '--once', '--json', '--config', config], { language: 'fr' });
  expect(spoken).toMatchObject({ code: 1 });
  expect(spoken.out).toContain('database-damaged');
  expect(spoken.err).toContain('agent doctor --repair');
  const words = ['doctor', '--repair', '--json', '--config', config];
  expect(JSON.parse((await onCommandLine(words)).out)).toMatchObject({ state: 'repaired', region: true });
  expect((await onCommandLine(['verify', '--json', '--config', config])).code).toBe(0);
});

describe('doctor behind a proxy', () => {
  it('goes through one that lets it', async () => {
    expect((await doctor(await throughProxy({ kind: 'open' }))).codes).toEqual(
      expect.arrayContaining(['way-through', 'tls-fine', 'region-fine']),
    );
  });

  it('tells a missing password from a ticket it cannot have, and both from a refusal', async () => {
    const basic = await throughProxy({ kind: 'refuses', status: 407, schemes: ['Basic realm="x"', 'NTLM'] });
    expect((await doctor(basic)).codes).toContain('proxy-wants-password');
    const ticket = await throughProxy({ kind: 'refuses', status: 407, schemes: ['Negotiate', 'NTLM'] });
    const found = (await doctor(ticket)).find('proxy-wants-ticket');
    expect(found?.message).toContain('Negotiate, NTLM');
    expect(found?.cure).toContain('cntlm');
    expect((await doctor(await throughProxy({ kind: 'refuses', status: 403 }))).codes).toContain(
      'proxy-forbids',
    );
    expect((await doctor(await throughProxy({ kind: 'refuses', status: 502 }))).codes).toContain(
      'proxy-answers',
    );
    expect((await doctor(configWith({ proxy: { url: 'http://127.0.0.1:9' } }))).codes).toContain(
      'proxy-away',
    );
  });

  it('sees TLS opened on the way, shows whose certificate it is, and asks for an exception', async () => {
    const config = await throughProxy({
      kind: 'intercepts',
      ...(await certified('Filtre de l’hôpital', Date.now(), [])),
    });
    const { code, find, codes } = await doctor(config);
    expect(code).toBe(2);
    expect(find('tls-intercepted')?.message).toContain('Filtre de l’hôpital, issuing authority');
    expect(codes).not.toContain('region-fine');
    const { rootDigest } = await loadIdentity(agent.stateFolder);
    for (const [language, words] of [
      ['fr', ['PAS d’inspection', 'tls-intercepted', rootDigest]],
      ['en', ['NO TLS inspection', 'tls-intercepted', rootDigest]],
    ] as const) {
      const spoken = await onCommandLine(['doctor', '--ticket', '--config', config], { language });
      expect(spoken.code).toBe(0);
      for (const word of words) expect(spoken.out).toContain(word);
    }
    const file = join(region.folder, 'ticket.txt');
    await onCommandLine(['doctor', '--ticket', file, '--config', config]);
    expect(readFileSync(file, 'utf8')).toContain('openssl s_client');
  });
});

/** A server's key and certificate, made at `now` by an authority of this name. */
async function certified(
  name: string,
  now: number,
  hosts: readonly string[],
): Promise<{ key: string; certificate: string; authorities: string[] }> {
  const deps = { clock: { now: () => now, monotonic: () => 0 }, random: systemRandom };
  const [rootKey, issuingKey, serverKey] = await Promise.all([generateKey(), generateKey(), generateKey()]);
  const root = createRoot(rootKey, name, deps);
  const issuing = createIssuing(issuingKey, name, root, deps);
  const server = createAuthority(issuing, deps).issueServer(serverKey.publicKey, hosts);
  return {
    key: privateKeyPem(serverKey.privateKey),
    certificate: `${server.toString()}${issuing.certificate.toString()}`,
    authorities: [root.certificate.toString()],
  };
}

describe('doctor and time', () => {
  const never = new AbortController().signal;

  async function examined(change: Partial<Examined>): Promise<Examined> {
    const identity = await loadIdentity(agent.stateFolder);
    return {
      ...{ configPath: agent.configFile, config: undefined, configFault: undefined, identity },
      ...{ identityFault: undefined, url: identity.ingestUrl, proxy: undefined, proxyFault: undefined },
      ...{ account: undefined, clock: systemClock },
      ...change,
    };
  }

  it('measures the clock against the region: a minute is said, a day is named', async () => {
    const codesAt = async (offsetMs: number): Promise<readonly string[]> => {
      const clock = { ...systemClock, now: () => Date.now() + offsetMs };
      return (await regionCheck.run(await examined({ clock }), never)).map(({ code }) => code);
    };
    expect(await codesAt(0)).toEqual(['region-fine', 'clock-fine']);
    expect(await codesAt(60_000)).toContain('clock-drifts');
    expect(await codesAt(86_400_000)).toContain('clock-ahead');
    expect(await codesAt(-86_400_000)).toContain('clock-behind');
    const slow = { ...systemClock, now: () => Date.now() - 86_400_000 };
    const behind = (await regionCheck.run(await examined({ clock: slow }), never)).find(
      ({ code }) => code === 'clock-behind',
    );
    expect(behind?.facts).toMatchObject({ hours: 24 });
    expect(Number(behind?.facts?.['seconds'])).toBeGreaterThan(86_000);
  });

  it('tells a certificate of the region that has ended, or is not good yet, from interception', async () => {
    for (const [days, code] of [
      [-1000, 'tls-expired'],
      [2, 'tls-not-yet'],
    ] as const) {
      const now = Date.now() + days * 86_400_000;
      const { authorities, key, certificate } = await certified('Région', now, []);
      const server = createTlsServer({ key, cert: certificate }, (socket) =>
        socket.on('error', () => undefined),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void server.close());
      const { identity } = await examined({});
      if (identity === undefined) throw new Error('enrolled');
      const bundle = { ...identity.bundle(), authorities };
      const other = { ...identity, bundle: () => bundle };
      const url = `https://localhost:${(server.address() as AddressInfo).port}`;
      const found = await tlsCheck.run(await examined({ identity: other, url }), never);
      expect(found.map((one) => one.code)).toEqual([code]);
    }
  });
});

describe('doctor and a region that does not want the agent', () => {
  it('names a receiver that does not answer, and one that has revoked the agent', async () => {
    await receiver.stop();
    expect((await doctor()).codes).toContain('way-closed');
    receiver = await region.serve();
    const { agent: id } = await loadIdentity(agent.stateFolder);
    const command = ['receiver/main.ts', 'agent', 'revoke', id, '--config', region.receiverConfig] as const;
    await startChild({ command: [...command], logFile: join(region.folder, 'revoke.log') }).ended;
    await eventually('revoked', async () => (await doctor()).codes.includes('region-revoked'));
  });
});
