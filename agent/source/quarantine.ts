import { createReadStream, createWriteStream } from 'node:fs';
import { link, lstat, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { describeCode } from '../../shared/i18n/errors.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { syncFolder, writeDurably } from '../../shared/runtime/durable-file.ts';
import { systemCode, transient } from '../../shared/runtime/errors.ts';
import { makeFolder } from '../../shared/runtime/folder-owner.ts';
import { dayOfInstant, dayToIso } from '../../shared/runtime/paris-time.ts';
import { pathIn, shownName } from './file-name.ts';
import { sameStamp, stampOf, type FoundFile } from './scan.ts';
import { markerBeside } from './settle.ts';

/** Why a file is in quarantine, for the reason file beside it. Never content. */
export interface Reason {
  readonly export: string;
  readonly digest: string | null;
  readonly code: string;
  /** Facts and position of the fault. */
  readonly facts: Readonly<Record<string, string | number>>;
}

export interface Shelf {
  /** Moves a committed file to `archive/yyyy/mm/dd`. Answers where it lies; undefined when it is no longer the file read. */
  archive(file: FoundFile): Promise<Buffer | undefined>;
  /** Moves a rejected file to the quarantine, with a readable `.error.json` beside it. */
  quarantine(file: FoundFile, reason: Reason): Promise<Buffer | undefined>;
  /** Whether this path lies in the quarantine. */
  readonly holds: (path: Buffer) => boolean;
  /** A quarantined file that was read at last goes to the archive; its reason goes away. */
  release(file: FoundFile): Promise<Buffer | undefined>;
  /** Writes the reason beside a quarantined file anew. */
  explain(file: FoundFile, reason: Reason): Promise<void>;
  /** Makes every move since the last call durable: one sync a folder, however many files went there. */
  sync(): Promise<void>;
}

/** Where files go once they are read. Nothing is ever overwritten. Faults: `file-not-moved` (transient). */
export function createShelf(deps: {
  readonly folder: string;
  readonly archiveFolder: string;
  readonly quarantineFolder: string;
  readonly clock: Clock;
}): Shelf {
  const touched = new Set<string>();

  const archiveToday = (): string => {
    const [year = '', month = '', day = ''] = dayToIso(dayOfInstant(deps.clock.now())).split('-');
    return join(deps.archiveFolder, year, month, day);
  };

  const explain = (path: Buffer, file: FoundFile, reason: Reason): Promise<void> =>
    writeDurably(reasonFile(path), printReason(file, reason, deps.clock.now()), 0o640);

  const move = async (file: FoundFile, to: string): Promise<Buffer | undefined> => {
    try {
      const named = await lstat(file.path, { bigint: true }).catch(() => undefined);
      if (named?.isFile() !== true || !sameStamp(stampOf(named), file)) {
        // Moved already, by a process that died before it could say so.
        const there = pathIn(to, file.name);
        return named === undefined && (await isSameFile(file, there)) ? there : undefined;
      }
      makeFolder(to, 0o750);
      touched.add(to);
      const marker = await markerBeside(deps.folder, file);
      const target = await moveWithoutOverwriting(file, to);
      if (marker !== undefined) await rename(pathIn(deps.folder, marker), pathIn(to, marker));
      return target;
    } catch (cause) {
      const reason = systemCode(cause) ?? '';
      throw transient('file-not-moved', { facts: { file: shownName(file.name), folder: to, reason }, cause });
    }
  };

  return {
    archive: (file) => move(file, archiveToday()),
    quarantine: async (file, reason) => {
      const target = await move(file, deps.quarantineFolder);
      if (target === undefined) return undefined;
      await explain(target, file, reason);
      return target;
    },
    holds: (path) => path.subarray(0, path.lastIndexOf('/')).equals(Buffer.from(deps.quarantineFolder)),
    release: async (file) => {
      const to = archiveToday();
      const target = await moveAside(file, to);
      touched.add(to);
      return target;
    },
    explain: (file, reason) => explain(file.path, file, reason),
    sync: async () => {
      for (const folder of touched) await syncFolder(folder);
      touched.clear();
    },
  };
}

/** Our own file beside the export: its name is always valid text. */
export function reasonFile(path: Buffer): string {
  return `${shownName(path)}.error.json`;
}

/**
 * Moves a quarantined file elsewhere, never over another one. Its reason file goes along with it, or away. Answers where
 * it lies; undefined when it is no longer there. Faults: `file-not-moved` (transient).
 */
export async function moveAside(
  file: FoundFile,
  to: string,
  reason: 'along' | 'away' = 'away',
): Promise<Buffer | undefined> {
  try {
    const stats = await lstat(file.path, { bigint: true }).catch(() => undefined);
    if (stats?.isFile() !== true || !sameStamp(stampOf(stats), file)) return undefined;
    makeFolder(to, 0o750);
    const target = await moveWithoutOverwriting(file, to);
    if (reason === 'along') await rename(reasonFile(file.path), reasonFile(target)).catch(() => undefined);
    else await unlink(reasonFile(file.path)).catch(() => undefined);
    await syncFolder(to);
    return target;
  } catch (cause) {
    const why = systemCode(cause) ?? '';
    throw transient('file-not-moved', {
      facts: { file: shownName(file.name), folder: to, reason: why },
      cause,
    });
  }
}

function printReason(file: FoundFile, { export: id, digest, code, facts }: Reason, at: number): string {
  const fr = describeCode(code, 'fr', facts);
  const en = describeCode(code, 'en', facts);
  return `${JSON.stringify(
    {
      file: shownName(file.name),
      export: id,
      digest,
      at: new Date(at).toISOString(),
      code,
      message: { fr: fr.message, en: en.message },
      hint: { fr: fr.hint, en: en.hint },
      position: facts,
    },
    null,
    2,
  )}\n`;
}

/** A hard link fails where the name is taken, which a rename does not; where links are not possible, the name is reserved. */
async function moveWithoutOverwriting(file: FoundFile, to: string): Promise<Buffer> {
  for (let attempt = 0; ; attempt += 1) {
    const target = pathIn(to, numbered(file.name, attempt));
    if ((await placeAt(file, target)) === 'taken') continue;
    await unlink(file.path);
    return target;
  }
}

async function placeAt(file: FoundFile, target: Buffer): Promise<'placed' | 'taken'> {
  try {
    await link(file.path, target);
    return 'placed';
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') return (await isSameFile(file, target)) ? 'placed' : 'taken';
    if (code === undefined || !noLinks.has(code)) throw error;
    return copyTo(file, target);
  }
}

const noLinks = new Set(['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES', 'EISDIR']);

/** A stop between link and unlink leaves both names of one file: the move is then done but for the unlink. */
async function isSameFile(file: FoundFile, target: Buffer): Promise<boolean> {
  const stats = await lstat(target, { bigint: true }).catch(() => undefined);
  return stats !== undefined && String(stats.ino) === file.inode && Number(stats.size) === file.size;
}

async function copyTo(file: FoundFile, target: Buffer): Promise<'placed' | 'taken'> {
  const reserved = await open(target, 'wx', 0o640).catch((error: unknown) => {
    if (systemCode(error) === 'EEXIST') return undefined;
    throw error;
  });
  if (reserved === undefined) return 'taken';
  await reserved.close();
  const temporary = Buffer.concat([target, Buffer.from('.tmp')]);
  try {
    await pipeline(createReadStream(file.path), createWriteStream(temporary, { mode: 0o640, flush: true }));
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    await unlink(target).catch(() => undefined);
    throw error;
  }
  return 'placed';
}

function numbered(name: Buffer, attempt: number): Buffer {
  if (attempt === 0) return name;
  const dot = name.lastIndexOf('.');
  const at = dot <= 0 ? name.length : dot;
  return Buffer.concat([name.subarray(0, at), Buffer.from(`.${attempt}`), name.subarray(at)]);
}
