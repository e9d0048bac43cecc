import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { openDamaged } from '../../shared/runtime/sqlite.ts';

/** Ways in which a disk, a copy or a person ruins a database. */
export const damages = [
  'flips',
  'zeroed page',
  'header flips',
  'deleted WAL',
  'WAL flips',
  'truncation',
  'many flips',
  'first page',
  'swapped pages',
  'truncated WAL',
  'garbage',
  'deleted database',
] as const;
export type Damage = (typeof damages)[number];

const pageBytes = 4096;

/** Numbers that follow from a seed. */
export function seeded(seed: number): (below: number) => number {
  let n = 0;
  return (below) => {
    n += 1;
    return createHash('sha256').update(`damage ${seed} ${n}`).digest().readUInt32BE(0) % below;
  };
}

/** Ruins `path` while nobody has it open. What is said of the database itself is done after a checkpoint. */
export function damage(path: string, kind: Damage, seed: number): void {
  const chance = seeded(seed);
  const wal = `${path}-wal`;
  if (!kind.includes('WAL')) checkpoint(path);
  const flip = (bytes: Buffer, from: number, to: number): void => {
    const at = from + chance(to - from);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << chance(8)), at);
  };
  const change = (file: string, how: (bytes: Buffer) => void): void => {
    const bytes = readFileSync(file);
    how(bytes);
    writeFileSync(file, bytes);
  };
  const pageOf = (bytes: Buffer): number => (1 + chance(bytes.length / pageBytes - 1)) * pageBytes;
  switch (kind) {
    case 'flips':
      change(path, (bytes) => {
        for (let n = 0; n < 3; n += 1) flip(bytes, pageBytes, bytes.length);
      });
      return;
    case 'many flips':
      change(path, (bytes) => {
        for (let n = 0; n < 200; n += 1) flip(bytes, pageBytes, bytes.length);
      });
      return;
    case 'zeroed page':
      change(path, (bytes) => {
        const at = pageOf(bytes);
        bytes.fill(0, at, at + pageBytes);
      });
      return;
    case 'header flips':
      change(path, (bytes) => {
        for (let n = 0; n < 4; n += 1) flip(bytes, 0, 100);
      });
      return;
    case 'first page':
      change(path, (bytes) => {
        for (let n = 0; n < 40; n += 1) flip(bytes, 0, pageBytes);
      });
      return;
    case 'swapped pages':
      change(path, (bytes) => {
        const [one, other] = [pageOf(bytes), pageOf(bytes)];
        const page = Buffer.from(bytes.subarray(one, one + pageBytes));
        bytes.copy(bytes, one, other, other + pageBytes);
        page.copy(bytes, other);
      });
      return;
    case 'truncation':
      truncateSync(path, pageBytes + chance(readFileSync(path).length - pageBytes));
      return;
    case 'garbage':
      change(path, (bytes) => {
        for (let at = 0; at < bytes.length; at += 1) bytes.writeUInt8(chance(256), at);
      });
      return;
    case 'deleted database':
      rmSync(path);
      return;
    case 'deleted WAL':
      rmSync(wal, { force: true });
      rmSync(`${path}-shm`, { force: true });
      return;
    case 'WAL flips':
      if (existsSync(wal)) change(wal, (bytes) => flip(bytes, 0, bytes.length));
      return;
    case 'truncated WAL':
      if (existsSync(wal)) truncateSync(wal, chance(readFileSync(wal).length));
      return;
  }
}

function checkpoint(path: string): void {
  const db = openDamaged(path);
  db.pragma('wal_checkpoint(truncate)');
  db.close();
}
