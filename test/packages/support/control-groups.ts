import { existsSync } from 'node:fs';
import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pause } from '../../../shared/runtime/lifecycle.ts';

/** Where groups may be made, on systems of the first kind, of the second, and of both. */
export const controlGroupTops = [
  '/sys/fs/cgroup/systemd',
  '/sys/fs/cgroup/unified',
  '/sys/fs/cgroup',
] as const;

/** A group can go once the last of its processes has been buried, which takes a moment; an empty one left over is harmless. */
export async function removeControlGroups(name: string): Promise<void> {
  const never = new AbortController().signal;
  for (const top of controlGroupTops)
    for (let tries = 0; tries < 50 && existsSync(join(top, name)); tries += 1) {
      await removeGroup(join(top, name));
      if (existsSync(join(top, name))) await pause(100, never);
    }
}

/** Names of groups that machines were given. */
export async function controlGroups(): Promise<readonly string[]> {
  const names = await Promise.all(controlGroupTops.map((top) => readdir(top).catch(() => [])));
  return names.flat();
}

async function removeGroup(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => []))
    if (entry.isDirectory()) await removeGroup(join(folder, entry.name));
  await rmdir(folder).catch(() => undefined);
}
