import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** How a proxy treats a CONNECT: lets it through, or answers with this status and these headers. */
export type ProxyAnswer =
  | { readonly kind: 'tunnel' }
  /** The tunnel ends at this port, wherever it was to go: a device that opens TLS stands there. */
  | { readonly kind: 'divert'; readonly port: number }
  | { readonly kind: 'refuse'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Closes the connection without a word. */
  | { readonly kind: 'hang-up' };

export interface ProxyServer {
  readonly url: string;
  readonly port: number;
  /** Hosts and ports that were asked for, in order. */
  readonly asked: readonly string[];
  answer: ProxyAnswer;
  close(): Promise<void>;
}

/** A real CONNECT proxy on loopback; with `credentials` ("name:password"), basic authentication; with `tls`, over TLS. */
export async function startProxy(
  options: {
    readonly credentials?: string;
    readonly tls?: { readonly key: string; readonly cert: string };
  } = {},
): Promise<ProxyServer> {
  const asked: string[] = [];
  const sockets = new Set<Duplex>();
  const state: { answer: ProxyAnswer } = { answer: { kind: 'tunnel' } };
  const expected = options.credentials && `Basic ${Buffer.from(options.credentials).toString('base64')}`;
  const onConnect = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    asked.push(request.url ?? '');
    socket.on('error', () => undefined);
    const isWelcome = expected === undefined || request.headers['proxy-authorization'] === expected;
    const answer: ProxyAnswer = isWelcome
      ? state.answer
      : { kind: 'refuse', status: 407, headers: { 'proxy-authenticate': 'Basic realm="hospital"' } };
    if (answer.kind === 'hang-up') socket.destroy();
    else if (answer.kind === 'refuse') {
      const lines = Object.entries(answer.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(`HTTP/1.1 ${answer.status} Refused\r\n${lines.join('')}content-length: 0\r\n\r\n`);
    } else tunnel(request.url ?? '', answer, socket, head);
  };
  const tunnel = (
    target: string,
    answer: Extract<ProxyAnswer, { kind: 'tunnel' | 'divert' }>,
    socket: Duplex,
    head: Buffer,
  ): void => {
    const url = new URL(`https://${target}`);
    const port = answer.kind === 'divert' ? answer.port : Number(url.port || 443);
    const onward = connect(port, answer.kind === 'divert' ? '127.0.0.1' : url.hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    sockets.add(onward);
    onward.on('error', () => socket.destroy()).on('close', () => sockets.delete(onward));
  };
  const server: Server = options.tls === undefined ? createHttpServer() : createHttpsServer(options.tls);
  server.on('connect', onConnect);
  server.on('connection', (socket: Duplex) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://localhost:${port}`,
    port,
    asked,
    get answer() {
      return state.answer;
    },
    set answer(answer) {
      state.answer = answer;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
