import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCertificate } from '../../shared/envelope/keys.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { keyRoles, stateOf, type KeyRole, type KeyState, type RingKey } from './key-ring.ts';
import { readRegionFile } from './region-file.ts';

/** A key of the region, by what is public of it; epoch ms. */
export interface PublicKey {
  /** As `key list` names it; null for the first of a role, before any rotation. */
  readonly id: string | null;
  readonly role: KeyRole;
  readonly state: KeyState;
  readonly from: number;
  /** null: it has no certificate, and no end. */
  readonly endsAt: number | null;
}

/** The region's keys for a page: nothing private is read. Those that were destroyed are left out. Throws `region-incomplete`. */
export async function readPublicRing(folder: string, now: number): Promise<readonly PublicKey[]> {
  const { turned, createdAt } = await readRegionFile(folder);
  if (turned === undefined)
    return Promise.all(
      keyRoles.map(async (role) => {
        const endsAt = await endOf(folder, { role, file: role });
        return { id: null, role, state: 'current', from: createdAt, endsAt } as const;
      }),
    );
  const kept = turned.keys.filter(({ destroyedAt }) => destroyedAt === null);
  return Promise.all(
    kept.map(async (key) => {
      const { id, role, from } = key;
      return { id, role, state: stateOf(turned.keys, key, now), from, endsAt: await endOf(folder, key) };
    }),
  );
}

async function endOf(folder: string, { role, file }: Pick<RingKey, 'role' | 'file'>): Promise<number | null> {
  if (role === 'receipts') return null;
  const path = join(folder, `${file}.pem`);
  try {
    return Date.parse(readCertificate(await readFile(path, 'utf8')).validTo);
  } catch (error) {
    throw permanent('region-incomplete', { facts: { path }, cause: error });
  }
}
