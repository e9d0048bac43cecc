import type { Socket } from 'node:net';

/**
 * Whether a download arrived. That its last byte has left says little, nor does a connection's end: both may be the doing of
 * something in between. Who asks again over the same connection, sealed from end to end, has read what came before.
 */
export interface Arrivals {
  /** The last byte of an answer has left over this connection. */
  left(socket: Socket, onArrived: () => void): void;
  /** A request came over it: true when something is known to have arrived by that. */
  asked(socket: Socket): boolean;
}

export function createArrivals(): Arrivals {
  const awaited = new WeakMap<Socket, () => void>();
  return {
    left: (socket, onArrived) => void awaited.set(socket, onArrived),
    asked: (socket) => {
      const onArrived = awaited.get(socket);
      awaited.delete(socket);
      onArrived?.();
      return onArrived !== undefined;
    },
  };
}
