import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';

/** What happens to connections opened from now on. Bytes are counted on each connection, as they travel (sealed). */
export interface CutPlan {
  /** Closed as soon as they are accepted. */
  readonly refuse?: boolean;
  /** Both ends are reset once this many bytes have been passed on in a direction; 0: at the first byte. */
  readonly cutAfter?: { readonly toServer?: number; readonly toClient?: number };
  /** Nothing more is passed on in either direction, and nothing is closed. */
  readonly stallAfter?: { readonly toServer?: number; readonly toClient?: number };
  /** The server hears what the client says to its end, the client hears nothing back from then on. */
  readonly muteAfter?: { readonly toClient: number };
  /** Asked each time the server has said something, before it is passed on: between what a server did and its answer. */
  readonly beforeAnswer?: () => 'pass' | 'cut';
  /** Both directions, each. */
  readonly bytesPerSecond?: number;
  /** For this many connections, then as usual; every one unless said. */
  readonly connections?: number;
}

/** A TCP relay on loopback that fails as it is told: usable before any server. */
export interface CutProxy {
  readonly host: string;
  readonly port: number;
  /** Of all connections since the start. */
  readonly seen: { readonly connections: number; readonly toServer: number; readonly toClient: number };
  /** For connections opened from now on; `{}` is a plain relay. Those open keep their plan. */
  plan(next: CutPlan): void;
  /** Ends of connections that are open now: two for each. */
  ends(): number;
  /** Resets every open connection. */
  cut(): void;
  close(): Promise<void>;
}

/** `host`: another address of loopback lets one proxy stand before each of a server's ports (FTP's data connections). */
export async function startCutProxy(
  target: { readonly host?: string; readonly port: number },
  at: { readonly host?: string; readonly port?: number } = {},
): Promise<CutProxy> {
  const host = at.host ?? '127.0.0.1';
  const seen = { connections: 0, toServer: 0, toClient: 0 };
  const open = new Set<Socket>();
  const current: { plan: CutPlan; left: number } = { plan: {}, left: 0 };

  const relay = (client: Socket): void => {
    seen.connections += 1;
    const plan: CutPlan = current.left > 0 ? current.plan : {};
    current.left -= 1;
    if (plan.refuse === true) {
      reset(client.on('error', () => undefined));
      return;
    }
    const server = connect(target.port, target.host ?? '127.0.0.1');
    const both = [client, server];
    const cut = (): void => both.forEach(reset);
    for (const socket of both) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on('close', () => {
        open.delete(socket);
        for (const other of both) other.destroy();
      });
      socket.on('error', () => cut());
    }
    void pass(client, server, 'toServer', plan, cut).catch(() => cut());
    void pass(server, client, 'toClient', plan, cut).catch(() => cut());
  };

  const pass = async (
    from: Socket,
    to: Socket,
    way: 'toServer' | 'toClient',
    plan: CutPlan,
    cut: () => void,
  ): Promise<void> => {
    const cutAt = plan.cutAfter?.[way] ?? Infinity;
    const stallAt = plan.stallAfter?.[way] ?? Infinity;
    const muteAt = way === 'toClient' ? (plan.muteAfter?.toClient ?? Infinity) : Infinity;
    let passed = 0;
    for await (const chunk of from as AsyncIterable<Buffer>) {
      if (way === 'toClient' && plan.beforeAnswer?.() === 'cut') {
        cut();
        return;
      }
      const part = chunk.subarray(0, Math.max(0, Math.min(cutAt, stallAt) - passed));
      const said = part.subarray(0, Math.max(0, muteAt - passed));
      passed += part.length;
      seen[way] += said.length;
      if (said.length > 0 && !to.write(said)) await once(to, 'drain');
      if (plan.bytesPerSecond !== undefined) await after((part.length / plan.bytesPerSecond) * 1000);
      if (passed >= stallAt) {
        // Read no more: what the peer sends from now on fills its own buffers.
        await once(from, 'close');
        return;
      }
      if (part.length < chunk.length || passed >= cutAt) {
        // What was passed on arrives before the reset: a reset overtakes bytes still in a buffer.
        await flushed(to);
        cut();
        return;
      }
    }
    to.end();
  };

  const server = createServer({ allowHalfOpen: true }, relay);
  server.listen(at.port ?? 0, host);
  await once(server, 'listening');
  return {
    host,
    port: (server.address() as AddressInfo).port,
    seen,
    plan: (next) => {
      current.plan = next;
      current.left = next.connections ?? Infinity;
    },
    ends: () => open.size,
    cut: () => {
      open.forEach(reset);
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A socket whose end is being said cannot be reset: Node 24 then never closes it, and the process spins when it ends. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

async function flushed(socket: Socket): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await after(2);
  if (socket.writableLength > 0 && !socket.destroyed) await once(socket, 'drain');
}
