import { generateKeyPairSync, hash } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { createCertificate } from '../../receiver/pki/certificate.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import {
  agencyFolder,
  keepWhole,
  refusalCode,
  removeAgencyFolder,
  watchedRetry,
  type SandboxAgency,
  type Trouble,
} from './agency.ts';

const bodyBytes = 64 * 1024 * 1024;
/** The region waits this long for an answer: a slow agency is seen to be slow. */
const patienceSeconds = 3;

/**
 * An agency that takes files by HTTPS on loopback, into `folder`: PUT /depot/NAME, answered by its own number, the digest it
 * took and its verdict. The same content again is a success, another one under the name is refused.
 */
export async function startHttpsAgency(folder: string, trouble: Trouble): Promise<SandboxAgency> {
  const own = await agencyFolder();
  const { key, certificate, authority } = certificates();
  const authorityFile = join(own, 'agency.pem');
  await writeFile(authorityFile, authority);
  const sockets = new Set<Socket>();
  const server = createServer({ key, cert: certificate });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    if (trouble.now() === 'down') socket.destroy();
  });
  server.on('tlsClientError', () => undefined);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    // Taken now: a request that failed has let go of its socket.
    const { socket } = request;
    take(request, response, folder, trouble).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const address = `https://localhost:${port}/depot/`;
  return {
    address,
    settings: {
      transport: {
        ...{ kind: 'https', method: 'PUT', url: `${address}{name}`, authorityFile },
        timeoutSeconds: patienceSeconds,
        answer: { referencePath: 'id', digestPath: 'sha256', statePath: 'state', codePath: 'code' },
      },
      retry: watchedRetry,
      acknowledgement: { kind: 'answer' },
    },
    close: async () => {
      trouble.close();
      for (const socket of sockets) socket.destroy();
      if (server.listening) {
        server.close();
        await once(server, 'close');
      }
      await removeAgencyFolder(own);
    },
  };
}

async function take(
  request: IncomingMessage,
  response: ServerResponse,
  folder: string,
  trouble: Trouble,
): Promise<void> {
  const name = decodeURIComponent(request.url?.split('/').at(-1) ?? '');
  if (request.method !== 'PUT' || !/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name)) {
    say(response, 404, {});
    return;
  }
  const content = await body(request, () => trouble.now() === 'cut' || trouble.now() === 'down');
  const wrong = trouble.now();
  // Read, and never answered: the region gives up and tries again.
  if (wrong === 'slow') return;
  const digest = hash('sha256', content, 'hex');
  const said = { id: `A-${digest.slice(0, 12)}`, sha256: digest };
  if (wrong === 'refuse') {
    say(response, 200, { ...said, state: 'refused', code: refusalCode });
    return;
  }
  const held = await readFile(join(folder, name)).catch(() => undefined);
  if (held !== undefined && !held.equals(content)) {
    say(response, 409, { sha256: hash('sha256', held, 'hex') });
    return;
  }
  if (held === undefined) await keepWhole(folder, name, content);
  say(response, held === undefined ? 201 : 200, { ...said, state: 'accepted' });
  trouble.delivered();
}

/** The whole body; cut as soon as it begins while `cut` says so. */
async function body(request: IncomingMessage, cut: () => boolean): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (cut() || bytes > bodyBytes) throw new Error('cut');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function say(response: ServerResponse, status: number, document: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(document));
}

const dayMs = 86_400_000;

function certificates(): Readonly<Record<'key' | 'certificate' | 'authority', string>> {
  const authority = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const now = systemClock.now();
  const validity = { notBefore: now - dayMs, notAfter: now + 30 * dayMs };
  const issuer = createCertificate(
    {
      ...{ commonName: 'Agence d’essai', publicKey: authority.publicKey, ...validity },
      profile: { kind: 'authority', pathLength: 0 },
    },
    { privateKey: authority.privateKey, certificate: undefined },
    systemRandom,
  );
  const server = createCertificate(
    {
      ...{ commonName: 'localhost', publicKey: pair.publicKey, ...validity },
      profile: { kind: 'server', hosts: ['localhost', '127.0.0.1'] },
    },
    { privateKey: authority.privateKey, certificate: issuer },
    systemRandom,
  );
  return {
    key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: server.toString(),
    authority: issuer.toString(),
  };
}
