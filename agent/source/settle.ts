import { lstat } from 'node:fs/promises';
import type { Clock } from '../../shared/runtime/clock.ts';
import { markersOf, pathIn } from './file-name.ts';
import { sameStamp, type FoundFile } from './scan.ts';

export type ReadyMode = 'stable' | 'marker' | 'rename' | 'now';

export interface Settling {
  readonly ready: readonly FoundFile[];
  /** Milliseconds until the first of the others may be ready; undefined = none waits for time alone. */
  readonly againInMs: number | undefined;
}

/** Tells the files that are whole from those still being written. */
export interface Settler {
  settle(files: readonly FoundFile[]): Promise<Settling>;
}

/**
 * stable: size, date and inode unchanged over two scans at least `seconds` apart. marker: "x.ok" or "x.xml.ok" lies beside.
 * rename: writers use a temporary name (those are passed over by the scan). now: at once.
 */
export function createSettler(deps: {
  readonly mode: ReadyMode;
  readonly seconds: number;
  readonly folder: string;
  readonly clock: Clock;
}): Settler {
  let waiting = new Map<string, { readonly file: FoundFile; readonly since: number }>();
  const needMs = deps.seconds * 1000;

  const settleStable = (files: readonly FoundFile[]): Settling => {
    const now = deps.clock.monotonic();
    const next: typeof waiting = new Map();
    const ready: FoundFile[] = [];
    let againInMs: number | undefined;
    for (const file of files) {
      const key = file.name.toString('latin1');
      const before = waiting.get(key);
      const since = before !== undefined && sameStamp(before.file, file) ? before.since : now;
      next.set(key, { file, since });
      const left = since + needMs - now;
      if (before !== undefined && since !== now && left <= 0) ready.push(file);
      else againInMs = Math.min(againInMs ?? Infinity, Math.max(left, 1));
    }
    waiting = next;
    return { ready, againInMs };
  };

  const settleMarked = async (files: readonly FoundFile[]): Promise<Settling> => {
    const ready: FoundFile[] = [];
    for (const file of files) if ((await markerBeside(deps.folder, file)) !== undefined) ready.push(file);
    return { ready, againInMs: undefined };
  };

  return {
    settle: async (files) => {
      switch (deps.mode) {
        case 'stable':
          return settleStable(files);
        case 'marker':
          return settleMarked(files);
        case 'rename':
        case 'now':
          return { ready: files, againInMs: undefined };
      }
    },
  };
}

export async function markerBeside(
  folder: string,
  file: Pick<FoundFile, 'name'>,
): Promise<Buffer | undefined> {
  for (const marker of markersOf(file.name)) {
    const stats = await lstat(pathIn(folder, marker)).catch(() => undefined);
    if (stats?.isFile() === true) return marker;
  }
  return undefined;
}
