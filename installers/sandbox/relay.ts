import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Trouble } from './agency.ts';

/** A session's opening passes; what comes after it does not. */
const openingBytes = 4000;

export interface Relay {
  readonly port: number;
  close(): Promise<void>;
}

/** Stands before a port of loopback and spoils what passes: down, cut, slow. */
export async function startRelay(port: number, trouble: Trouble): Promise<Relay> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(port, '127.0.0.1');
    const both = [client, target];
    for (const socket of both) {
      open.add(socket);
      socket.setNoDelay(true).on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        for (const other of both) other.destroy();
      });
    }
    let bytes = 0;
    client.on('data', (piece) => {
      bytes += piece.length;
      const wrong = trouble.now();
      if (wrong === 'down' || (wrong === 'cut' && bytes > openingBytes)) client.resetAndDestroy();
      else if (wrong !== 'slow' || bytes <= openingBytes) target.write(piece);
    });
    target.on('data', (piece) => client.write(piece));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
