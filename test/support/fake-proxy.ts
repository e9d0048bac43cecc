import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';

/** A hospital's proxy on loopback that answers CONNECT in one of the ways proxies have. */
export interface FakeProxy {
  readonly url: string;
  /** What CONNECT asked for, in order. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export type Manners =
  /** Lets everybody through. */
  | { readonly kind: 'open' }
  /** Answers with this status; 407 with these schemes. */
  | { readonly kind: 'refuses'; readonly status: number; readonly schemes?: readonly string[] }
  /** Opens TLS itself, under a certificate of its own. */
  | { readonly kind: 'intercepts'; readonly key: string; readonly certificate: string };

export async function startFakeProxy(manners: Manners): Promise<FakeProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const inside: TlsServer | undefined =
    manners.kind === 'intercepts'
      ? createTlsServer({ key: manners.key, cert: manners.certificate }, (socket) => {
          socket.on('error', () => undefined);
        })
      : undefined;
  inside?.on('tlsClientError', () => undefined);
  const insidePort = inside === undefined ? 0 : await listen(inside);
  const server = createServer();
  server.on('connect', (request, client: Socket) => {
    asked.push(request.url ?? '');
    sockets.add(client);
    client.on('error', () => undefined);
    if (manners.kind === 'refuses') {
      const schemes = (manners.schemes ?? []).map((scheme) => `Proxy-Authenticate: ${scheme}\r\n`).join('');
      client.end(`HTTP/1.1 ${manners.status} No\r\n${schemes}Content-Length: 0\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${request.url ?? ''}`);
    const target =
      manners.kind === 'intercepts' ? connect(insidePort, '127.0.0.1') : connect(Number(port), hostname);
    sockets.add(target);
    target.on('error', () => client.destroy());
    target.on('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(client);
      client.pipe(target);
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await ended(server);
      if (inside !== undefined) await ended(inside);
    },
  };
}

function listen(server: Server | TlsServer): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function ended(server: Server | TlsServer): Promise<unknown> {
  return new Promise((resolve) => server.close(resolve));
}
