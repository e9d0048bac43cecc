import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { asFault, permanent, systemCode } from '../../shared/runtime/errors.ts';
import type { Service } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { AnswerFrame } from './mllp-answer.ts';
import { createFrameCutter } from './mllp-frames.ts';

export interface MllpListener extends Service {
  /** Where it listens once started; 0 before. */
  port(): number;
}

export interface MllpListenerDeps {
  readonly source: string;
  readonly host: string;
  readonly port: number;
  /** Addresses that may connect. */
  readonly allow: readonly string[];
  readonly connections: number;
  readonly idleMs: number;
  readonly messageBytes: number;
  readonly answer: AnswerFrame;
  readonly logger: Logger;
}

/** Unanswered messages of one connection: past the first number it is not read from, below the second it is again. */
const [most, few] = [256, 64];
const addressesNamed = 1000;
const [startByte, endBytes] = [Buffer.from([0x0b]), Buffer.from([0x1c, 0x0d])];

/**
 * HL7 v2 over MLLP. Answers go out in the order in which messages came in, each only when it may; a message that cannot be
 * answered ends its connection. Stopping reads nothing more, answers what was read, then closes.
 * Faults: `mllp-not-listening` (the address is taken or is not ours).
 */
export function createMllpListener(deps: MllpListenerDeps): MllpListener {
  const { source, logger } = deps;
  const allowed = new Set(deps.allow.map(plainAddress));
  const turnedAway = new Set<string>();
  const open = new Map<Socket, Connection>();
  let server: Server | undefined;

  const turnAway = (socket: Socket, address: string, why: string): void => {
    socket.destroy();
    const name = `${address} ${why}`;
    if (turnedAway.has(name) || turnedAway.size >= addressesNamed) return;
    turnedAway.add(name);
    logger.warn({ source, address }, why);
  };

  const welcome = (socket: Socket): void => {
    socket.on('error', (error) => logger.debug({ source, err: error }, 'mllp-connection-lost'));
    const address = plainAddress(socket.remoteAddress ?? '');
    const refused = !allowed.has(address)
      ? 'mllp-address-refused'
      : open.size >= deps.connections
        ? 'mllp-connections-full'
        : undefined;
    if (refused !== undefined) {
      turnAway(socket, address, refused);
      return;
    }
    open.set(socket, converse(socket, deps));
    socket.on('close', () => open.delete(socket));
    logger.debug({ source, address }, 'mllp-connected');
  };

  return {
    name: `mllp ${source}`,
    port: () => (server?.address() as AddressInfo | null | undefined)?.port ?? 0,
    start: async () => {
      server = await listen(welcome, deps);
      logger.info(
        { source, host: deps.host, port: (server.address() as AddressInfo).port },
        'mllp-listening',
      );
    },
    stop: async () => {
      const closed = new Promise((resolve) => {
        if (server === undefined) resolve(undefined);
        else server.close(resolve);
      });
      await Promise.all([...open.values()].map((connection) => connection.end()));
      await closed;
      server = undefined;
    },
  };
}

function listen(welcome: (socket: Socket) => void, { host, port }: MllpListenerDeps): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ noDelay: true, keepAlive: true, allowHalfOpen: true }, welcome);
    server.once('error', (cause) =>
      reject(
        permanent('mllp-not-listening', { facts: { host, port, reason: systemCode(cause) ?? '' }, cause }),
      ),
    );
    server.listen({ host, port }, () => {
      server.removeAllListeners('error');
      resolve(server);
    });
  });
}

interface Connection {
  /** Answers what was read, then closes. */
  end(): Promise<void>;
}

function converse(socket: Socket, deps: MllpListenerDeps): Connection {
  const { source, logger } = deps;
  const cutter = createFrameCutter(deps.messageBytes);
  let waiting = 0;
  let answered: Promise<void> = Promise.resolve();
  let ended = false;

  const giveUp = (error: unknown): void => {
    if (!socket.destroyed)
      logger.error({ source, code: asFault(error).code, err: error }, 'mllp-message-not-kept');
    socket.destroy();
  };
  const reply = (answer: Promise<Buffer>): void => {
    waiting += 1;
    if (waiting >= most) socket.pause();
    // Met in its turn.
    answer.catch(() => undefined);
    answered = answered
      .then(async () => {
        const ack = await answer;
        if (!socket.destroyed) socket.write(Buffer.concat([startByte, ack, endBytes]));
      })
      .catch(giveUp)
      .finally(() => {
        waiting -= 1;
        if (waiting <= few && !ended) socket.resume();
      });
  };

  socket.setTimeout(deps.idleMs, () => {
    if (cutter.isOpen()) logger.warn({ source }, 'mllp-message-cut');
    socket.destroy();
  });
  socket.on('data', (chunk: Buffer) => {
    if (ended) return;
    try {
      for (const frame of cutter.cut(chunk)) reply(deps.answer(frame));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      logger.warn({ source }, 'mllp-no-message');
      socket.destroy();
    }
  });
  // The other side has said all it had to say: what it waits for is still sent.
  socket.on('end', () => void answered.then(() => socket.destroySoon()));

  return {
    end: async () => {
      ended = true;
      socket.pause();
      await answered;
      await new Promise<void>((resolve) => {
        if (socket.destroyed) {
          resolve();
          return;
        }
        socket.once('close', () => resolve());
        // Nobody is waited for who does not read.
        socket.setTimeout(2000, () => socket.destroy());
        socket.destroySoon();
      });
    },
  };
}

/** An IPv4 address as IPv6 writes it is the same address. */
function plainAddress(address: string): string {
  return address.toLowerCase().replace(/^::ffff:/, '');
}
