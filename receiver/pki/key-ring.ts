import { z } from 'zod';

/**
 * The region's keys that turn over: each has a role, a moment from which it is used, and an end put to it by a person. What
 * a key is at a given moment follows from these alone, so that nothing has to happen for one key to take over from another:
 *
 *   next → current → retiring → destroyed
 *
 * `next`: published, not used yet. `current`: the latest that has begun. `retiring`: a later one is used; it still opens
 * (encryption), still vouches for what it issued (issuing), is still known for what it signed (receipts).
 */
export const keyRoles = ['encryption', 'receipts', 'issuing', 'server'] as const;
export type KeyRole = (typeof keyRoles)[number];

export const ringKey = z.strictObject({
  /** Role, and the start of the SHA-256 of its public half. */
  id: z.string().regex(/^[a-z]+-[0-9a-f]{8,16}$/),
  role: z.enum(keyRoles),
  /** Name of its files, without `.key` and `.pem`. */
  file: z.string().regex(/^[a-z]+(-[0-9a-f]{8,16})?$/),
  /** Epoch ms. */
  from: z.int(),
  /** Version of the trust bundle that first told of it; 0: the one the region began with. */
  version: z.int().min(0),
  destroyedAt: z.int().nullable(),
});
export type RingKey = z.infer<typeof ringKey>;

export type KeyState = 'next' | 'current' | 'retiring' | 'destroyed';

/** Those that are left of a role, the earliest first. */
export function keysOf(ring: readonly RingKey[], role: KeyRole): readonly RingKey[] {
  return ring
    .filter((key) => key.role === role && key.destroyedAt === null)
    .sort((a, b) => a.from - b.from || a.version - b.version);
}

/** The one in use: the latest that has begun, or the first of all where none has (a clock that went back). */
export function currentOf(ring: readonly RingKey[], role: KeyRole, now: number): RingKey | undefined {
  const keys = keysOf(ring, role);
  return keys.findLast(({ from }) => from <= now) ?? keys[0];
}

export function nextOf(ring: readonly RingKey[], role: KeyRole, now: number): RingKey | undefined {
  const current = currentOf(ring, role, now);
  return keysOf(ring, role).find((key) => key !== current && key.from > now);
}

/** The key that took over from this one, or will; undefined for the latest. */
export function successorOf(ring: readonly RingKey[], key: RingKey): RingKey | undefined {
  const later = ring.filter(
    (other) =>
      other.role === key.role &&
      (other.from > key.from || (other.from === key.from && other.version > key.version)),
  );
  return later.sort((a, b) => a.from - b.from || a.version - b.version)[0];
}

export function stateOf(ring: readonly RingKey[], key: RingKey, now: number): KeyState {
  if (key.destroyedAt !== null) return 'destroyed';
  const current = currentOf(ring, key.role, now);
  if (current === key) return 'current';
  return key.from > now ? 'next' : 'retiring';
}
