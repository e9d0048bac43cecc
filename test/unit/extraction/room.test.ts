import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hasRoom, isRoomy } from '../../../receiver/extraction/room.ts';
import { leastFreeBytes } from '../../../receiver/routes/health.ts';

const gib = 1024 ** 3;

it.each([
  ['a large disk keeps a gibibyte', 500 * gib, gib],
  ['a small one a twentieth', 10 * gib, gib / 2],
  ['a tiny one twice what the receiver needs', gib / 2, 2 * leastFreeBytes],
])('%s', (_name, total, kept) => {
  expect(isRoomy({ total, free: kept })).toBe(true);
  expect(isRoomy({ total, free: kept - 1 })).toBe(false);
});

it('is asked of the folder that another will be made in', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vgm-room-'));
  expect(await hasRoom(join(folder, 'none', 'yet'))).toBe(await hasRoom(folder));
  rmSync(folder, { recursive: true });
});

it.skipIf(process.platform !== 'linux')('is where the system counts nothing at all', async () => {
  expect(await hasRoom('/proc')).toBe(true);
});
