import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface HttpServer {
  readonly port: number;
  /** `http://localhost:port`, or https with an identity. */
  readonly url: string;
  readonly asked: readonly Asked[];
  /** How it answers from now on; 200 with nothing at first. */
  answer(next: (request: Asked, response: ServerResponse) => void): void;
  close(): Promise<void>;
}

/** A web server on loopback that keeps what it is asked, and answers as it is told: a gateway, or another program. */
export async function startHttp(identity?: {
  readonly key: string;
  readonly certificate: string;
}): Promise<HttpServer> {
  const asked: Asked[] = [];
  let reply = (_request: Asked, response: ServerResponse): void => void response.end();
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += String(piece);
    const { method = '', url: path = '', headers } = request;
    asked.push({ method, path, headers, body });
    const last = asked.at(-1);
    if (last !== undefined) reply(last, response);
  };
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    response.on('error', () => undefined);
    void take(request, response).catch(() => response.destroy());
  };
  const server =
    identity === undefined
      ? createServer(serve)
      : createSecureServer({ key: identity.key, cert: identity.certificate }, serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ...{ port, asked, url: `${identity === undefined ? 'http' : 'https'}://localhost:${port}` },
    answer: (next) => {
      reply = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
