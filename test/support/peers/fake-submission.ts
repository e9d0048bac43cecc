import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answer, sha256, wholeBody, type AgencyFault, type AgencyRequest } from './fake-agency.ts';
import { makeUploadIdentities, type Shown, type UploadIdentities } from './upload-identities.ts';

/** A step of the service, for faults. */
export type SubmissionStep = 'prepare' | 'submit' | 'poll' | 'result';

export interface Submission {
  readonly id: string;
  readonly name: string;
  readonly digest: string;
  readonly key: string | undefined;
  state: string;
  content: Buffer | undefined;
  code: string | undefined;
}

/**
 * A national upload service with polled status: POST /prepare {name, digest} → {id}; PUT /uploads/ID; GET /uploads/ID →
 * {state}; GET /uploads/ID/result → {code, message}. The same Idempotency-Key prepares the same id; a name held with another
 * content is 409. States: prepared, received, controlling, integrated, rejected; a test moves them.
 */
export interface FakeSubmission {
  readonly port: number;
  readonly url: string;
  readonly identities: UploadIdentities;
  readonly requests: readonly AgencyRequest[];
  readonly submissions: ReadonlyMap<string, Submission>;
  /** What goes wrong at a step. */
  readonly fail: (step: SubmissionStep, fault: AgencyFault | undefined) => void;
  /** Moves a submission on. */
  readonly decide: (id: string, state: string, code?: string) => void;
  /** Held whole, by name. */
  readonly received: () => Promise<ReadonlyMap<string, Buffer>>;
  readonly plant: (name: string, content: string | Buffer) => Promise<void>;
  readonly cut: () => Promise<void>;
  readonly restore: (shown?: Shown) => Promise<void>;
  readonly close: () => Promise<void>;
  /** The `transport` settings that reach it. */
  readonly transport: () => Readonly<Record<string, unknown>>;
}

export async function startFakeSubmission(): Promise<FakeSubmission> {
  const base = await mkdtemp(join(tmpdir(), 'vaguemestre-submission-'));
  const identities = await makeUploadIdentities(join(base, 'tls'));
  const faults = new Map<SubmissionStep, AgencyFault>();
  const requests: AgencyRequest[] = [];
  const submissions = new Map<string, Submission>();
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url: path = '', headers } = request;
    requests.push({ method, path, headers });
    const [, area, id = '', last] = path.split('/');
    const step =
      area === 'prepare' ? 'prepare' : method === 'PUT' ? 'submit' : last === 'result' ? 'result' : 'poll';
    const fault = faults.get(step);
    if (method === 'HEAD') {
      answer(response, 405, undefined);
      return;
    }
    if (fault?.kind === 'hang-up') return void request.socket.destroy();
    const body = await wholeBody(request, fault);
    if (body === undefined || fault?.kind === 'stall') return;
    if (fault?.kind === 'status') {
      answer(response, fault.status, fault.body, fault.headers);
      return;
    }
    const [status, said] =
      step === 'prepare' ? prepare(headers, body) : serve(step, submissions.get(id), body);
    if (fault?.kind === 'cut-answer') return void request.socket.destroy();
    answer(response, status, said);
  };

  const prepare = (headers: IncomingMessage['headers'], body: Buffer): readonly [number, unknown] => {
    const { name, digest } = JSON.parse(body.toString('utf8')) as { name: string; digest: string };
    const key = headers['idempotency-key']?.toString();
    const known = [...submissions.values()];
    const other = known.find(
      (each) => each.name === name && each.content !== undefined && each.digest !== digest,
    );
    if (other !== undefined) return [409, { code: 'NAME-TAKEN', sha256: other.digest }];
    const same = known.find((each) => key !== undefined && each.key === key);
    const id = same?.id ?? `S-${submissions.size + 1}`;
    if (same === undefined)
      submissions.set(id, { id, name, digest, key, state: 'prepared', content: undefined, code: undefined });
    return [201, { depot: { id } }];
  };

  const start = async (shown: Shown): Promise<void> => {
    const { key, certificate } = identities.server(shown);
    const next = createServer({ key, cert: certificate });
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

  await start('good');
  const url = `https://localhost:${port}`;
  return {
    port,
    url,
    identities,
    requests,
    submissions,
    fail: (step, fault) => {
      if (fault === undefined) faults.delete(step);
      else faults.set(step, fault);
    },
    decide: (id, state, code) => {
      const found = submissions.get(id);
      if (found === undefined) throw new Error(`no submission ${id}`);
      Object.assign(found, { state, code });
    },
    received: async () => {
      const whole = [...submissions.values()].flatMap(({ name, content }) =>
        content === undefined ? [] : [[name, content] as const],
      );
      return new Map(whole);
    },
    plant: async (name, text) => {
      const content = Buffer.from(text);
      const id = `P-${submissions.size + 1}`;
      const digest = sha256(content);
      submissions.set(id, {
        id,
        name,
        digest,
        key: undefined,
        state: 'integrated',
        content,
        code: undefined,
      });
    },
    cut: stop,
    restore: (shown = 'good') => start(shown),
    close: async () => {
      await stop();
      await rm(base, { recursive: true, force: true });
    },
    transport: () => ({
      kind: 'submission',
      prepare: { method: 'POST', url: `${url}/prepare`, referencePath: 'depot.id', digestPath: 'sha256' },
      submit: { method: 'PUT', url: `${url}/uploads/{reference}` },
      poll: { method: 'GET', url: `${url}/uploads/{reference}`, statePath: 'state', everySeconds: 1 },
      result: { method: 'GET', url: `${url}/uploads/{reference}/result`, codePath: 'code' },
      states: {
        prepared: ['prepared'],
        pending: ['received', 'controlling'],
        accepted: ['integrated'],
        refused: ['rejected'],
      },
      authorityFile: identities.authorityFile,
      timeoutSeconds: 5,
    }),
  };
}

function serve(
  step: SubmissionStep,
  found: Submission | undefined,
  body: Buffer,
): readonly [number, unknown] {
  if (found === undefined) return [404, { error: 'unknown' }];
  if (step === 'result') return [200, { code: found.code, message: 'a text for people' }];
  if (step === 'poll') return [200, { state: found.state }];
  if (found.content !== undefined) return [409, { state: found.state }];
  if (sha256(body) !== found.digest) return [422, { code: 'DIGEST' }];
  found.content = body;
  found.state = 'received';
  return [202, { state: found.state }];
}
