import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../../shared/runtime/durable-file.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { ringKey, type RingKey } from './key-ring.ts';

/**
 * `region.json`, the one file that says what the region is: whatever changes its keys writes all else first, and this by one
 * rename. Version 1 knows one key of each role. Version 2, from the first rotation on, lists them with the trust bundle that
 * tells of them; programs from before refuse it, for they would open nothing that is sealed for a later key.
 */
const about = { name: z.string().min(1).max(80), hosts: z.array(z.string()), createdAt: z.int() };
const fileSchema = z.discriminatedUnion('v', [
  z.strictObject({ v: z.literal(1), ...about }),
  z.strictObject({
    v: z.literal(2),
    ...about,
    keys: z.array(ringKey).min(4),
    /** JWS; the file `trust-bundle.jws` is a copy of it. */
    bundle: z.string(),
  }),
]);

export interface RegionFile {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly createdAt: number;
  /** Undefined: never rotated. */
  readonly turned: { readonly keys: readonly RingKey[]; readonly bundle: string } | undefined;
}

export const regionPath = (folder: string): string => join(folder, 'region.json');

/** Throws `region-incomplete`. */
export async function readRegionFile(folder: string): Promise<RegionFile> {
  const path = regionPath(folder);
  try {
    const read = fileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    const { name, hosts, createdAt } = read;
    const turned = read.v === 1 ? undefined : { keys: read.keys, bundle: read.bundle };
    return { name, hosts, createdAt, turned };
  } catch (error) {
    throw permanent('region-incomplete', { facts: { path }, cause: error });
  }
}

export async function writeRegionFile(folder: string, { turned, ...said }: RegionFile): Promise<void> {
  const content = turned === undefined ? { v: 1, ...said } : { v: 2, ...said, ...turned };
  await writeDurably(regionPath(folder), `${JSON.stringify(content, null, 2)}\n`);
}
