import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';
import { isPassedOver } from '../source/file-name.ts';

export interface SideFile {
  readonly path: string;
  readonly name: string;
  /** When it was last written, epoch ms: orders exports that do not say when they were extracted. */
  readonly writtenAt: number;
}

const maxFiles = 100_000;

/**
 * Regular files of a folder, with those of its sub-folders down to `depth`; never through a link. `skip` leaves whole
 * sub-folders out. Faults: `shadow-folder` (facts: folder, reason), `shadow-too-much`.
 */
export async function filesUnder(
  folder: string,
  { depth, skip = () => false }: { depth: number; skip?: (path: string) => boolean },
): Promise<readonly SideFile[]> {
  const found: SideFile[] = [];
  const look = async (path: string, left: number): Promise<void> => {
    const entries = await readdir(path, { withFileTypes: true });
    for (const entry of entries) {
      const inside = join(path, entry.name);
      if (entry.isDirectory() && left > 0 && !skip(inside)) await look(inside, left - 1);
      if (!entry.isFile() || isPassedOver(Buffer.from(entry.name)) || entry.name.endsWith('.error.json'))
        continue;
      if (found.length >= maxFiles) throw permanent('shadow-too-much', { facts: { limit: maxFiles } });
      const { mtimeMs } = await lstat(inside);
      found.push({ path: inside, name: entry.name, writtenAt: Math.floor(mtimeMs) });
    }
  };
  try {
    await look(folder, depth);
  } catch (cause) {
    const reason = systemCode(cause);
    if (reason === undefined) throw cause;
    throw permanent('shadow-folder', { facts: { folder, reason }, cause });
  }
  return found;
}
