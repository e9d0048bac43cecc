import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

export interface FolderWatch {
  /** Files under the folder that were not there at the last call, relative to it. */
  fresh(): Promise<readonly string[]>;
}

export function createFolderWatch(folder: string, wanted: (name: string) => boolean): FolderWatch {
  let known = new Set<string>();
  return {
    fresh: async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
      const files = entries
        .filter((entry) => entry.isFile() && wanted(entry.name))
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
      const fresh = files.filter((file) => !known.has(file));
      known = new Set(files);
      return fresh.sort();
    },
  };
}
