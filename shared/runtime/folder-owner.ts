import { lchownSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/**
 * What root writes in a folder of another account belongs to that account, as SQLite does for the files beside a database:
 * a command tried as root never leaves a service what it may not read. Nothing of this on Windows, where rights are
 * inherited, nor for anybody but root.
 */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Undefined: what this process writes in the folder belongs where it should as it is. */
export function foreignOwner(folder: string): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const { uid, gid } = statSync(folder);
  return uid === 0 ? undefined : { uid, gid };
}

export function handOver(path: string): void {
  const owner = foreignOwner(dirname(path));
  if (owner !== undefined) lchownSync(path, owner.uid, owner.gid);
}

/** The folder and those above it that are missing. */
export function makeFolder(path: string, mode?: number): void {
  const first = mkdirSync(path, { recursive: true, ...(mode === undefined ? {} : { mode }) });
  if (first === undefined) return;
  let made = resolve(first);
  handOver(made);
  for (const name of relative(made, resolve(path)).split(sep).filter(Boolean)) {
    made = join(made, name);
    handOver(made);
  }
}
