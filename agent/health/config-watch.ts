import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';

export interface ConfigWatch extends Loop {
  /** Only a change from what the files hold now counts. To be called before they are read. */
  settle(): Promise<void>;
  /** The same for files that have joined the list since. */
  adopt(): Promise<void>;
}

/**
 * Looks at the files of the configuration every few seconds: date and size first, content when these moved. A change is
 * told once it has stayed the same from one look to the next, so that a file being written is not read.
 */
export function createConfigWatch(deps: {
  files(): readonly string[];
  readonly everyMs: number;
  readonly logger: Logger;
  onChanged(): void;
}): ConfigWatch {
  const known = new Map<string, { readonly stamp: string; readonly digest: string }>();
  const settled = new Map<string, string>();
  let last = '';

  const digestOf = async (path: string): Promise<string> => {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      const seen = known.get(path);
      if (seen?.stamp === stamp) return seen.digest;
      const digest = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      known.set(path, { stamp, digest });
      return digest;
    } catch {
      known.delete(path);
      return 'unreadable';
    }
  };
  const look = async (): Promise<ReadonlyMap<string, string>> => {
    const found = new Map<string, string>();
    for (const path of deps.files()) found.set(path, await digestOf(path));
    return found;
  };
  const adopt = async (): Promise<ReadonlyMap<string, string>> => {
    const found = await look();
    for (const [path, digest] of found) if (!settled.has(path)) settled.set(path, digest);
    return found;
  };

  const loop = createLoop({
    name: 'config-watch',
    idleMs: deps.everyMs,
    logger: deps.logger,
    step: async () => {
      const found = await adopt();
      const changed = [...found].filter(([path, digest]) => settled.get(path) !== digest).join('\n');
      if (changed !== '' && changed === last) {
        for (const [path, digest] of found) settled.set(path, digest);
        deps.onChanged();
      }
      last = changed;
      return false;
    },
  });
  return {
    ...loop,
    settle: async () => {
      for (const [path, digest] of await look()) settled.set(path, digest);
    },
    adopt: async () => {
      await adopt();
    },
  };
}
