import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createReceiverClient, type ReceiverClient } from '../../agent/push/receiver-client.ts';
import { judge } from '../../agent/push/verdict.ts';
import { createRegion, type Region } from '../../receiver/pki/region-keys.ts';
import { privateKeyPem } from '../../shared/envelope/keys.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { systemRandom } from '../../shared/runtime/random.ts';

let region: Region;
let stranger: Region;
let server: Server;
let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
const clients: ReceiverClient[] = [];
const sockets = new Set<string>();

const newRegion = async (): Promise<Region> => {
  const folder = mkdtempSync(join(tmpdir(), 'region-'));
  const options = { name: 'Test', hosts: ['localhost'], clock: systemClock, random: systemRandom };
  const created = await createRegion(folder, options);
  rmSync(folder, { recursive: true });
  return created;
};

beforeAll(async () => {
  [region, stranger] = await Promise.all([newRegion(), newRegion()]);
  server = createServer(
    { key: region.serverKeyPem, cert: region.serverChain, minVersion: 'TLSv1.3' },
    (request, response) => {
      sockets.add(`${request.socket.remotePort ?? 0} ${request.httpVersion}`);
      handle(request, response);
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function clientFor(port = (server.address() as AddressInfo).port, trusted = region): ReceiverClient {
  const client = createReceiverClient({
    url: `https://localhost:${port}`,
    tls: {
      key: privateKeyPem(region.server.privateKey),
      certificate: region.serverChain,
    },
    authorities: trusted.authorities,
    connections: 4,
    proxy: undefined,
  });
  clients.push(client);
  return client;
}

const { signal } = new AbortController();
const json = (status: number, body: object, headers: Record<string, string> = {}): void => {
  handle = (request, response) => {
    request.resume().on('end', () => {
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));
    });
  };
};

describe('the client of the receiver', () => {
  it('posts the envelope as it is and reads the answer', async () => {
    const bodies: Buffer[] = [];
    handle = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        bodies.push(Buffer.concat(chunks));
        expect(request.headers['content-type']).toBe('application/octet-stream');
        expect(`${request.method ?? ''} ${request.url ?? ''}`).toBe('POST /v1/envelopes');
        response.end(JSON.stringify({ receipt: 'r', proof: 'p' }));
      });
    };
    const envelope = Buffer.from([0, 1, 2, 255]);
    expect(await clientFor().push(envelope, signal)).toEqual({
      kind: 'ok',
      body: { receipt: 'r', proof: 'p' },
    });
    expect(bodies[0]?.equals(envelope)).toBe(true);
  });

  it('keeps its connection, over HTTP/1.1', async () => {
    json(200, { receipt: 'r', proof: 'p' });
    sockets.clear();
    const client = clientFor();
    for (let n = 0; n < 20; n += 1) await client.push(Buffer.from('x'), signal);
    // A second one may open while the first is being given back; never one a request.
    expect(sockets.size).toBeLessThanOrEqual(4);
    expect([...sockets][0]).toMatch(/ 1\.1$/);
  });

  it('hands on code, class, head and when to come back', async () => {
    const head = { epoch: 1, seq: 7, digest: 'd' };
    json(409, { code: 'ledger-fork', class: 'permanent', head }, { 'retry-after': '3' });
    expect(await clientFor().push(Buffer.from('x'), signal)).toEqual({
      kind: 'failed',
      attempt: { kind: 'answered', status: 409, code: 'ledger-fork', class: 'permanent', retryAfterMs: 3000 },
      head,
    });
  });

  it('an answer 200 that is not the protocol proves nothing', async () => {
    handle = (_request, response) => response.end('<html>Welcome to our captive portal</html>');
    const reply = await clientFor().push(Buffer.from('x'), signal);
    expect(reply).toEqual({ kind: 'failed', attempt: { kind: 'unproven', code: 'answer-malformed' } });
  });

  it('an error page of something in between is judged by its status', async () => {
    handle = (_request, response) => response.writeHead(502).end('<html>bad gateway</html>');
    const reply = await clientFor().push(Buffer.from('x'), signal);
    expect(reply.kind === 'failed' && judge(reply.attempt)).toMatchObject({
      kind: 'retry',
      code: 'http-502',
    });
  });

  it('a connection lost before the answer leaves doubt', async () => {
    handle = (request) => void request.socket.destroy();
    const reply = await clientFor().push(Buffer.from('x'), signal);
    expect(reply).toEqual({
      kind: 'failed',
      attempt: { kind: 'unanswered', code: 'receiver-unreachable', sent: true },
    });
  });

  it('nobody listening leaves none', async () => {
    const closed = createTcpServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    const reply = await clientFor(port).push(Buffer.from('x'), signal);
    expect(reply).toEqual({
      kind: 'failed',
      attempt: { kind: 'unanswered', code: 'receiver-unreachable', sent: false },
    });
  });

  it('sends nothing to a server of another authority', async () => {
    let asked = false;
    handle = (_request, response) => {
      asked = true;
      response.end();
    };
    const reply = await clientFor(undefined, stranger).push(Buffer.from('x'), signal);
    expect(reply).toEqual({
      kind: 'failed',
      attempt: { kind: 'unanswered', code: 'receiver-not-trusted', sent: false },
    });
    expect(asked).toBe(false);
  });

  it('is given up at once when asked to stop', async () => {
    const stopping = new AbortController();
    handle = () => stopping.abort();
    const reply = await clientFor().receipts(3, 20, stopping.signal);
    expect(reply.kind).toBe('failed');
  });
});
