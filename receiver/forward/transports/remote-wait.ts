import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import { Fault, permanent, systemCode, transient } from '../../../shared/runtime/errors.ts';

/** A peer slower than this is given up: a transfer may take this long and the patience for one answer. */
const slowestBytesPerSecond = 1024;

export function transferMs(bytes: number, patienceMs: number): number {
  return patienceMs + Math.ceil((bytes / slowestBytesPerSecond) * 1000);
}

/** What a peer did, without its words: they may quote anything. */
export function unavailable(
  destination: string,
  reason: string,
  { cause, ambiguous = false }: { readonly cause?: unknown; readonly ambiguous?: boolean } = {},
): Fault {
  return new Fault('delivery-unavailable', ambiguous ? 'ambiguous' : 'transient', {
    facts: { destination, reason },
    cause,
  });
}

export const peerRefuses = {
  identity: (destination: string, reason: string, cause?: unknown) =>
    permanent('peer-identity-refused', { facts: { destination, reason }, cause }),
  login: (destination: string, reason: string, cause?: unknown) =>
    permanent('peer-login-refused', { facts: { destination, reason }, cause }),
  folder: (destination: string, reason: string, cause?: unknown) =>
    permanent('peer-folder-refused', { facts: { destination, reason }, cause }),
};

export interface Wait {
  readonly destination: string;
  readonly ms: number;
  readonly signal: AbortSignal;
  /** Ends what is waited for. */
  readonly giveUp: () => void;
}

/** Waits for the outside world no longer than asked; throws `delivery-stopped`, or `delivery-unavailable` (timeout). */
export async function within<T>({ destination, ms, signal, giveUp }: Wait, work: Promise<T>): Promise<T> {
  let ended: Fault | undefined;
  const end = (fault: Fault): void => {
    ended ??= fault;
    giveUp();
    fail?.(ended);
  };
  let fail: ((fault: Fault) => void) | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  over.catch(() => undefined);
  const stop = (): void => end(transient('delivery-stopped'));
  const timer = setTimeout(() => end(unavailable(destination, 'timeout')), ms);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([over, work]);
  } catch (error) {
    throw ended ?? error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    // Its end may come late; nobody waits for it any more.
    work.catch(() => undefined);
  }
}

/** The peer's address; throws `delivery-unavailable`, `delivery-stopped`. */
export async function resolveHost(host: string, wait: Omit<Wait, 'giveUp'>): Promise<string> {
  try {
    const { address } = await within({ ...wait, giveUp: () => undefined }, lookup(host));
    return address;
  } catch (error) {
    throw asUnavailable(error, wait.destination);
  }
}

/** A connection to it; throws `delivery-unavailable`, `delivery-stopped`. */
export async function connectTo(address: string, port: number, wait: Omit<Wait, 'giveUp'>): Promise<Socket> {
  const socket = connect({ host: address, port, noDelay: true });
  try {
    await within(
      { ...wait, giveUp: () => socket.destroy() },
      new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve).once('error', reject);
      }),
    );
    return socket;
  } catch (error) {
    socket.destroy();
    throw asUnavailable(error, wait.destination);
  }
}

function asUnavailable(error: unknown, destination: string): Fault {
  return error instanceof Fault
    ? error
    : unavailable(destination, systemCode(error) ?? 'connection', { cause: error });
}
