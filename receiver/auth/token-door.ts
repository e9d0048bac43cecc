import { isTokenLive } from '../store/token-tables.ts';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent, transient } from '../../shared/runtime/errors.ts';
import type { ApiCaller } from '../api/route.ts';
import { tokenHashOf } from '../api/tokens.ts';
import type { Store } from '../store/store.ts';
import type { ApiTokenRow } from '../store/token-tables.ts';

export interface TokenDoorDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** Of one token. */
  readonly requestsPerMinute: number;
}

export interface TokenDoor {
  /** Throws `api-token-refused` and `api-too-many`. */
  callerOf(request: FastifyRequest): Promise<ApiCaller>;
}

const minuteMs = 60_000;

/**
 * Tokens are looked up at every request: one that is revoked or over is refused at once. That one was used is noted beside
 * the answer, once a minute at most: no answer waits for a writer.
 */
export function createTokenDoor({ store, clock, requestsPerMinute }: TokenDoorDeps): TokenDoor {
  const noted = new Map<string, number>();
  const counts = new Map<string, { readonly since: number; count: number }>();

  const note = (id: string, now: number): void => {
    if (now - (noted.get(id) ?? -Infinity) < minuteMs) return;
    noted.set(id, now);
    // The database writes something long: the next minute notes it.
    void store.transaction((tx) => tx.tokens.used(id, now)).catch(() => undefined);
  };
  const countOne = (id: string): void => {
    const now = clock.monotonic();
    const known = counts.get(id);
    const window = known !== undefined && now - known.since < minuteMs ? known : { since: now, count: 0 };
    window.count += 1;
    counts.set(id, window);
    if (window.count <= requestsPerMinute) return;
    const seconds = Math.max(1, Math.ceil((window.since + minuteMs - now) / 1000));
    throw transient('api-too-many', { facts: { most: requestsPerMinute, seconds } });
  };
  return {
    callerOf: async ({ headers }) => {
      const hash = tokenHashOf(headers.authorization);
      const row = hash === undefined ? undefined : await store.read((tx) => tx.tokens.byHash(hash));
      const now = clock.now();
      // What was wrong with it is told to nobody who holds none.
      if (row === undefined || !isTokenLive(row, now)) throw permanent('api-token-refused');
      countOne(row.id);
      note(row.id, now);
      return callerFrom(row);
    },
  };
}

/** Only who sees the whole region sees its destinations. */
function callerFrom({ id, name, profile, scopes, facilities }: ApiTokenRow): ApiCaller {
  const reach = facilities === null ? 'all' : new Set(facilities);
  const seesDestinations =
    reach === 'all' && profile !== 'health-professional' && profile !== 'hospital-admin';
  return {
    ...{ token: id, name, profile, scopes },
    reach: { facilities: reach, destinations: seesDestinations ? 'all' : new Set() },
  };
}
