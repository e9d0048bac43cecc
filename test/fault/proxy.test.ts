import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { createReceiverClient, type ReceiverClient } from '../../agent/push/receiver-client.ts';
import { judge } from '../../agent/push/verdict.ts';
import { startChild } from '../../installers/sandbox/children.ts';
import { createRegion as createSandbox } from '../../installers/sandbox/region.ts';
import { createRegion, type Region } from '../../receiver/pki/region-keys.ts';
import { describeCode } from '../../shared/i18n/errors.ts';
import { privateKeyPem } from '../../shared/envelope/keys.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { onCommandLine } from '../support/command-line.ts';
import { startProxy, type ProxyServer } from '../support/proxy-server.ts';
import { finess, rpuXml } from '../support/rpu-text.ts';
import { eventually, outcomes } from './live.ts';

/** The hospital's proxy between agent and region: lets through, asks who passes, refuses, opens TLS, is gone. */
let region: Region;
let device: Region;
let servers: Server[] = [];
const proxies: ProxyServer[] = [];
const clients: ReceiverClient[] = [];

const keysOf = async (name: string): Promise<Region> => {
  const folder = mkdtempSync(join(tmpdir(), 'region-'));
  const options = { name, hosts: ['localhost'], clock: systemClock, random: systemRandom };
  const created = await createRegion(folder, options);
  rmSync(folder, { recursive: true });
  return created;
};

async function serve(keys: Region): Promise<number> {
  const server = createServer({ key: keys.serverKeyPem, cert: keys.serverChain }, (request, response) => {
    request.resume().on('end', () => response.end(JSON.stringify({ receipt: 'r', proof: 'p' })));
  });
  servers.push(server);
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  [region, device] = await Promise.all([keysOf('Région'), keysOf('Pare-feu')]);
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  for (const proxy of proxies.splice(0)) await proxy.close();
});
afterAll(() => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
  servers = [];
});

async function proxied(...options: Parameters<typeof startProxy>): Promise<ProxyServer> {
  const proxy = await startProxy(...options);
  proxies.push(proxy);
  return proxy;
}

function clientFor(port: number, through?: { url: string; token?: string }): ReceiverClient {
  const url = `https://localhost:${port}`;
  const client = createReceiverClient({
    url,
    tls: { key: privateKeyPem(region.server.privateKey), certificate: region.serverChain },
    authorities: region.authorities,
    connections: 2,
    proxy: through === undefined ? undefined : { url: through.url, token: through.token },
  });
  clients.push(client);
  return client;
}

const { signal } = new AbortController();
const failure = async (client: ReceiverClient) => {
  const reply = await client.push(Buffer.from('sealed'), signal);
  if (reply.kind === 'ok') throw new Error('it went through');
  return {
    code: reply.attempt.code,
    verdict: judge(reply.attempt).kind,
    sent: 'sent' in reply.attempt && reply.attempt.sent,
  };
};
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('through the hospital’s proxy', () => {
  it('envelopes pass a tunnel to the region', async () => {
    const port = await serve(region);
    const proxy = await proxied({ credentials: 'agent:secret' });
    const client = clientFor(port, { url: proxy.url, token: basic('agent:secret') });
    expect(await client.push(Buffer.from('sealed'), signal)).toMatchObject({ kind: 'ok' });
    expect(proxy.asked).toEqual([`localhost:${port}`]);
  });

  it('a missing or wrong password is told from other refusals, and is worth trying again', async () => {
    const port = await serve(region);
    const proxy = await proxied({ credentials: 'agent:secret' });
    for (const token of [undefined, basic('agent:wrong')]) {
      const client = clientFor(port, { url: proxy.url, ...(token === undefined ? {} : { token }) });
      expect(await failure(client)).toEqual({ code: 'proxy-authentication', verdict: 'retry', sent: false });
    }
    expect(describeCode('proxy-authentication', 'fr').hint).toMatch(/NTLM.*Kerberos.*cntlm/);
  });

  it.each([
    ['a refusal', { kind: 'refuse', status: 403 }, 'proxy-refused'],
    ['a gateway that finds nobody', { kind: 'refuse', status: 502 }, 'proxy-refused'],
    ['a hang-up', { kind: 'hang-up' }, 'proxy-unreachable'],
  ] as const)('%s has its code', async (_name, answer, code) => {
    const proxy = await proxied();
    proxy.answer = answer;
    expect(await failure(clientFor(1, { url: proxy.url }))).toMatchObject({ code, sent: false });
  });

  it('a proxy that is not there is told from a region that is not there', async () => {
    const proxy = await proxied();
    await proxy.close();
    proxies.length = 0;
    expect(await failure(clientFor(1, { url: proxy.url }))).toMatchObject({
      code: 'proxy-unreachable',
    });
    expect(await failure(clientFor(1))).toMatchObject({ code: 'receiver-unreachable' });
  });

  it('a proxy over TLS is held against the machine’s authorities', async () => {
    const port = await serve(region);
    const proxy = await proxied({ tls: { key: device.serverKeyPem, cert: device.serverChain } });
    expect(await failure(clientFor(port, { url: proxy.url }))).toMatchObject({
      code: 'proxy-not-trusted',
    });
    trust(device);
    const client = clientFor(port, { url: proxy.url });
    expect(await client.push(Buffer.from('sealed'), signal)).toMatchObject({ kind: 'ok' });
  });

  it('a device that opens TLS is named when the machine knows its authority, and gets nothing', async () => {
    const [port, elsewhere] = [await serve(region), await serve(device)];
    const proxy = await proxied();
    proxy.answer = { kind: 'divert', port: elsewhere };
    expect(await failure(clientFor(port, { url: proxy.url }))).toMatchObject({
      code: 'receiver-not-trusted',
      sent: false,
    });
    trust(device);
    expect(await failure(clientFor(port, { url: proxy.url }))).toMatchObject({
      code: 'receiver-intercepted',
      verdict: 'retry',
      sent: false,
    });
  });
});

/** As if the hospital had put it into the store of the machine. */
function trust(authority: Region): void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, ...authority.authorities]);
  onTestFinished(() => setDefaultCACertificates(before));
}

describe('a whole agent behind a proxy', () => {
  it('enrols and sends through it, and says in status what the proxy refuses', async () => {
    const sandbox = await createSandbox({ keep: false });
    onTestFinished(() => sandbox.close());
    const facility = finess(41);
    await sandbox.addFacilities([{ finess: facility, name: 'Hôpital d’essai' }]);
    await sandbox.serve();
    const source = join(sandbox.folder, 'in');
    mkdirSync(source);
    const first = await sandbox.enroll({
      ...{ name: 'direct', facilities: [facility], sourceFolder: source, ready: 'now', after: 'archive' },
    });
    // The same agent comes back from behind the proxy.
    const proxy = await proxied({ credentials: 'agent:secret' });
    const passwordFile = join(sandbox.folder, 'proxy.password');
    writeFileSync(passwordFile, 'secret\n', { mode: 0o600 });
    const settings = parse(readFileSync(first.configFile, 'utf8')) as { state: string };
    const withProxy = { ...settings, proxy: { url: proxy.url, username: 'agent', passwordFile } };
    writeFileSync(first.configFile, stringify(withProxy));
    const id = (
      JSON.parse(readFileSync(join(first.stateFolder, 'identity', 'grant.json'), 'utf8')) as {
        grant: { agent: string };
      }
    ).grant.agent;
    const invited = await startChild({
      command: [
        'receiver/main.ts',
        'agent',
        'invite',
        '--agent',
        id,
        '--json',
        '--config',
        sandbox.receiverConfig,
      ],
      logFile: join(sandbox.folder, 'invite.log'),
    }).ended;
    const { code } = JSON.parse(invited.stdout) as { code: string };
    const { enrolment } = JSON.parse(readFileSync(join(sandbox.receiverState, 'listeners.json'), 'utf8')) as {
      enrolment: { port: number };
    };
    const enrolled = await onCommandLine(
      ['enroll', '--replace', '--url', `https://localhost:${enrolment.port}`, '--config', first.configFile],
      { stdin: code },
    );
    expect(enrolled.err).toBe('');
    expect(enrolled.code).toBe(0);
    expect(proxy.asked).toContain(`localhost:${enrolment.port}`);

    const visits = [{ entree: '05/01/2026 10:00' }];
    const file = {
      finess: facility,
      from: '05/01/2026',
      to: '05/01/2026',
      extract: '06/01/2026 02:00:00',
      visits,
    };
    writeFileSync(join(source, 'a.xml'), rpuXml(file));
    expect((await first.once()).code).toBe(0);
    const database = join(first.stateFolder, 'agent.db');
    expect(outcomes(database, 'a.xml')).toEqual(['forwarded']);

    writeFileSync(passwordFile, 'wrong\n');
    const child = first.start();
    onTestFinished(() => child.stop());
    await eventually('the refusal noted', async () => {
      const { out } = await onCommandLine(['status', '--json', '--config', first.configFile]);
      return out.includes('proxy-authentication');
    });
    // Corrected in its file, and nothing else: the running agent goes on.
    writeFileSync(
      join(source, 'b.xml'),
      rpuXml({
        ...file,
        extract: '06/01/2026 03:00:00',
        visits: [...visits, { entree: '05/01/2026 11:00' }],
      }),
    );
    writeFileSync(passwordFile, 'secret\n');
    await eventually('sent again', () => outcomes(database, 'b.xml').includes('forwarded'));
  }, 120_000);
});
