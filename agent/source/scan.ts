import type { BigIntStats } from 'node:fs';
import { lstat, opendir, stat } from 'node:fs/promises';
import { systemCode, transient } from '../../shared/runtime/errors.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { isPassedOver, pathIn, shownName } from './file-name.ts';

/** A regular file found in a source, as it stood at the listing. */
export interface FoundFile {
  readonly name: Buffer;
  readonly path: Buffer;
  readonly size: number;
  readonly mtime: number;
  readonly inode: string;
}

export type FileStamp = Pick<FoundFile, 'size' | 'mtime' | 'inode'>;

export function stampOf(stats: BigIntStats): FileStamp {
  return { size: Number(stats.size), mtime: Number(stats.mtimeNs) / 1e6, inode: String(stats.ino) };
}

export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.size === b.size && a.mtime === b.mtime && a.inode === b.inode;
}

export interface Listing {
  readonly files: readonly FoundFile[];
  /** True when more files than the bound are new: scan again once these are taken. */
  readonly more: boolean;
}

export interface Scanner {
  /**
   * New files of the folder, at most `limit`: oldest first, or in byte order of names. Links, folders, devices, markers and
   * temporary names are passed over. Faults: `source-unreachable` (transient: the folder may come back).
   */
  scan(order: 'oldest' | 'name', limit: number): Promise<Listing>;
  /** The next scan lists the folder whatever its date says. */
  force(): void;
}

/** A quiet folder is listed for at most this share of the time: 100,000 old files take seconds. */
const listingShare = 1 / 250;

/**
 * The truth about a folder. Its own date tells whether names came or went since the last listing; only every
 * `fullEveryMs`, or less often when listing takes long, is a quiet folder listed all the same, for files rewritten in place
 * without an event: 100,000 old files cost one stat a scan.
 */
export function createScanner(deps: {
  readonly folder: string;
  readonly clock: Clock;
  readonly fullEveryMs: number;
  isSeen(name: Buffer, stamp: FileStamp): boolean;
}): Scanner {
  let quiet: { readonly folderMtime: bigint; readonly until: number } | undefined;

  const isQuiet = (folderMtime: bigint): boolean =>
    quiet?.folderMtime === folderMtime && deps.clock.monotonic() < quiet.until;

  return {
    force: () => {
      quiet = undefined;
    },
    scan: async (order, limit) => {
      try {
        const folderMtime = (await stat(deps.folder, { bigint: true })).mtimeNs;
        if (isQuiet(folderMtime)) return { files: [], more: false };
        const listedAt = deps.clock.monotonic();
        // A change in the same tick of the file system's clock would leave the same date: only an old date is trusted.
        const isOld = deps.clock.now() - Number(folderMtime / 1_000_000n) > 2000;
        const listing = await list(deps, order, limit);
        const now = deps.clock.monotonic();
        const until = Math.max(listedAt + deps.fullEveryMs, now + (now - listedAt) / listingShare);
        quiet = isOld && listing.files.length === 0 ? { folderMtime, until } : undefined;
        return listing;
      } catch (cause) {
        quiet = undefined;
        const reason = systemCode(cause);
        if (reason === undefined) throw cause;
        throw transient('source-unreachable', { facts: { folder: deps.folder, reason }, cause });
      }
    },
  };
}

/** One after the other, 100,000 of them take three times as long. */
const statsAtOnce = 64;

async function lookAt(path: Buffer, name: Buffer): Promise<FoundFile | undefined> {
  const stats = await lstat(path, { bigint: true }).catch(() => undefined);
  return stats?.isFile() === true ? { name, path, ...stampOf(stats) } : undefined;
}

async function list(
  deps: { readonly folder: string; isSeen(name: Buffer, stamp: FileStamp): boolean },
  order: 'oldest' | 'name',
  limit: number,
): Promise<Listing> {
  const compare = order === 'name' ? byName : byAge;
  let found: FoundFile[] = [];
  let more = false;
  const cut = (to: number): void => {
    if (found.length <= to) return;
    found = found.sort(compare).slice(0, to);
    more = true;
  };
  // Node's types know only text names here; asked for bytes, it gives bytes.
  const entries = (await opendir(deps.folder, {
    encoding: 'buffer' as BufferEncoding,
    bufferSize: 1024,
  })) as AsyncIterable<unknown> as AsyncIterable<{
    name: Buffer;
    isFile(): boolean;
    isDirectory(): boolean;
    isSymbolicLink(): boolean;
  }>;
  let names: Buffer[] = [];
  const look = async (): Promise<void> => {
    const looked = await Promise.all(names.map((name) => lookAt(pathIn(deps.folder, name), name)));
    names = [];
    for (const file of looked) if (file !== undefined && !deps.isSeen(file.name, file)) found.push(file);
    if (found.length >= limit * 2 + 1024) cut(limit);
  };
  for await (const entry of entries) {
    if (entry.isDirectory() || entry.isSymbolicLink() || isPassedOver(entry.name)) continue;
    names.push(entry.name);
    if (names.length >= statsAtOnce) await look();
  }
  await look();
  cut(limit);
  return { files: found.sort(compare), more };
}

function byAge(a: FoundFile, b: FoundFile): number {
  return a.mtime - b.mtime || byName(a, b);
}

function byName(a: FoundFile, b: FoundFile): number {
  return Buffer.compare(a.name, b.name);
}

export function describeFile(file: Pick<FoundFile, 'name'>): string {
  return shownName(file.name);
}
