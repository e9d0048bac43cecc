import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * The cookies of the pages. Over https their names begin with __Host-: a browser then takes them only with Secure, for the
 * whole host and from no neighbour. Lax, so that the way back from the provider of identities brings them.
 */
export interface PortalCookies {
  read(request: FastifyRequest, which: Which): string | undefined;
  set(reply: FastifyReply, which: Which, value: string): void;
  clear(reply: FastifyReply, which: Which): void;
}

/** session: signed in. entry: on the way in. */
export type Which = 'session' | 'entry';

const names = { session: 'vm', entry: 'vm-entree' } as const;

export function createPortalCookies(isSecure: () => boolean): PortalCookies {
  const nameOf = (which: Which): string => `${isSecure() ? '__Host-' : ''}${names[which]}`;
  const options = () => ({ httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure() }) as const;
  return {
    read: (request, which) => request.cookies[nameOf(which)],
    set: (reply, which, value) => {
      void reply.setCookie(nameOf(which), value, options());
    },
    clear: (reply, which) => {
      void reply.clearCookie(nameOf(which), options());
    },
  };
}
