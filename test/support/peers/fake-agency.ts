import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filePart } from './multipart.ts';
import { makeUploadIdentities, type Shown, type UploadIdentities } from './upload-identities.ts';

/** What goes wrong with an upload; lasts until it is lifted. */
export type AgencyFault =
  /** The connection is cut once this many bytes of the body have come. */
  | { readonly kind: 'cut-body'; readonly atBytes: number }
  /** The file is kept, and the connection cut before the answer. */
  | { readonly kind: 'cut-answer' }
  /** Connections are cut before a request is answered, whatever it is. */
  | { readonly kind: 'hang-up' }
  /** Reads the body, keeps nothing, and never answers. */
  | { readonly kind: 'stall' }
  /** Stops reading after the first piece of the body. */
  | { readonly kind: 'stall-body' }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  /** Keeps the file, and says another digest. */
  | { readonly kind: 'wrong-digest' }
  /** Says 200 and keeps nothing, as a maintenance page does: no digest in its answer. */
  | { readonly kind: 'drop' }
  /** Says 201 and keeps the first half, as a server that writes in place on a full disk does. */
  | { readonly kind: 'keep-half' }
  /** Keeps the file, and refuses it by this code in its answer. */
  | { readonly kind: 'refuse'; readonly code: string };

export interface AgencyRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

/**
 * An agency that takes files by HTTPS: POST /upload (multipart, field `file`), POST or PUT /files/NAME (raw), HEAD, GET and
 * DELETE /files/NAME. Answers JSON: id, sha256, state, code. Never half a file under its name; never another content over it.
 */
export interface FakeAgency {
  readonly port: number;
  readonly url: string;
  readonly identities: UploadIdentities;
  readonly folder: string;
  readonly requests: readonly AgencyRequest[];
  fault: AgencyFault | undefined;
  readonly received: () => Promise<ReadonlyMap<string, Buffer>>;
  readonly plant: (name: string, content: string | Buffer) => Promise<void>;
  readonly cut: () => Promise<void>;
  readonly restore: (shown?: Shown) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface FakeAgencyOptions {
  /** Asks for a client certificate of its authority. */
  readonly mutual?: boolean;
  /** The `Authorization` header it wants. */
  readonly authorization?: string;
  readonly shown?: Shown;
  readonly folder?: string;
}

export async function startFakeAgency(options: FakeAgencyOptions = {}): Promise<FakeAgency> {
  const base = await mkdtemp(join(tmpdir(), 'vaguemestre-agency-'));
  const folder = options.folder ?? (await mkdtemp(join(base, 'files-')));
  const identities = await makeUploadIdentities(join(base, 'tls'));
  const state: { fault: AgencyFault | undefined } = { fault: undefined };
  const requests: AgencyRequest[] = [];
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url: path = '', headers } = request;
    requests.push({ method, path, headers });
    if (state.fault?.kind === 'hang-up') return void request.socket.destroy();
    if (options.authorization !== undefined && headers.authorization !== options.authorization) {
      answer(response, 401, { error: 'login' });
      return;
    }
    if (method === 'PUT' || method === 'POST') return take(request, response, { folder, fault: state.fault });
    return show(method, nameIn(path), folder, response);
  };

  const start = async (shown: Shown): Promise<void> => {
    const { key, certificate } = identities.server(shown);
    const mutual = { requestCert: true, rejectUnauthorized: true, ca: identities.authorityPem };
    const next = createServer({ key, cert: certificate, ...(options.mutual === true ? mutual : {}) });
    next.on('request', (request: IncomingMessage, response: ServerResponse) => {
      handle(request, response).catch(() => request.socket.destroy());
    });
    next.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    });
    next.on('tlsClientError', () => undefined);
    next.listen(port, '127.0.0.1');
    await once(next, 'listening');
    port = (next.address() as AddressInfo).port;
    server = next;
  };
  const stop = async (): Promise<void> => {
    const running = server;
    server = undefined;
    if (running === undefined) return;
    const closed = once(running, 'close');
    running.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };

  await start(options.shown ?? 'good');
  return {
    port,
    url: `https://localhost:${port}`,
    identities,
    folder,
    requests,
    get fault() {
      return state.fault;
    },
    set fault(fault) {
      state.fault = fault;
    },
    received: () => held(folder),
    plant: (name, content) => writeFile(join(folder, name), content),
    cut: stop,
    restore: (shown = 'good') => start(shown),
    close: async () => {
      await stop();
      await rm(base, { recursive: true, force: true });
    },
  };
}

async function take(
  request: IncomingMessage,
  response: ServerResponse,
  { folder, fault }: { readonly folder: string; readonly fault: AgencyFault | undefined },
): Promise<void> {
  const body = await wholeBody(request, fault);
  if (body === undefined || fault?.kind === 'stall') return;
  if (fault?.kind === 'status') {
    answer(response, fault.status, fault.body, fault.headers);
    return;
  }
  if (fault?.kind === 'drop') {
    answer(response, 200, { state: 'accepted' });
    return;
  }
  const type = request.headers['content-type'] ?? '';
  const file = type.startsWith('multipart/form-data')
    ? filePart(type, body)
    : { name: nameIn(request.url ?? ''), content: body };
  if (file === undefined || !/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(file.name)) {
    answer(response, 422, { code: 'NO-FILE' });
    return;
  }
  if (fault?.kind === 'keep-half') {
    await writeFile(join(folder, file.name), file.content.subarray(0, file.content.length / 2));
    answer(response, 201, { state: 'accepted' });
    return;
  }
  const digest = sha256(file.content);
  const known = (await held(folder)).get(file.name);
  if (known !== undefined && sha256(known) !== digest) {
    answer(response, 409, { code: 'NAME-TAKEN', sha256: sha256(known) });
    return;
  }
  const temporary = join(folder, `.${file.name}.part`);
  await writeFile(temporary, file.content);
  await rename(temporary, join(folder, file.name));
  if (fault?.kind === 'cut-answer') return void request.socket.destroy();
  const said = fault?.kind === 'wrong-digest' ? sha256(Buffer.from('other')) : digest;
  const verdict = fault?.kind === 'refuse' ? { state: 'refused', code: fault.code } : { state: 'accepted' };
  answer(response, known === undefined ? 201 : 200, {
    id: `agency-${digest.slice(0, 12)}`,
    sha256: said,
    ...verdict,
  });
}

async function show(method: string, name: string, folder: string, response: ServerResponse): Promise<void> {
  const content = (await held(folder)).get(name);
  if (content === undefined) {
    answer(response, 404, { error: 'nothing there' });
    return;
  }
  if (method === 'DELETE') {
    await unlink(join(folder, name));
    answer(response, 204, undefined);
    return;
  }
  response.writeHead(200, { 'content-length': content.length });
  response.end(method === 'HEAD' ? undefined : content);
}

/** Undefined: cut, or left waiting, on purpose. */
export async function wholeBody(
  request: IncomingMessage,
  fault: AgencyFault | undefined,
): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  if (fault?.kind === 'stall-body') {
    request.pause();
    return undefined;
  }
  for await (const piece of request) {
    const chunk = piece as Buffer;
    bytes += chunk.length;
    if (fault?.kind === 'cut-body' && bytes >= fault.atBytes) {
      request.socket.destroy();
      return undefined;
    }
    pieces.push(chunk);
  }
  return Buffer.concat(pieces);
}

export function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(text);
}

async function held(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  const contents = names.map(async (name) => [name, await readFile(join(folder, name))] as const);
  return new Map(await Promise.all(contents));
}

function nameIn(path: string): string {
  return decodeURIComponent(path.split('?')[0]?.split('/').at(-1) ?? '');
}

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
