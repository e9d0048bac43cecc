import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ExportBook } from '../outbox/export-book.ts';
import type { ExportRow } from '../outbox/rows.ts';
import { stampOf, type FoundFile } from '../source/scan.ts';
import { asSettings, type SourceRuntime } from './source-runtime.ts';
import type { ReadAs } from './read-as.ts';

/**
 * Finds the file of an export again, where it was archived or where it was first seen, and only when its content is still
 * the same; undefined otherwise.
 */
export async function findAgain(
  deps: { readonly exports: ExportBook; readonly sources: readonly SourceRuntime[] },
  id: string,
  resend: boolean,
): Promise<{ readonly file: FoundFile; readonly as: ReadAs } | undefined> {
  const row = deps.exports.get(id);
  const source = deps.sources.find(({ config }) => config.name === row?.source);
  if (row === undefined || source === undefined) return undefined;
  const file = await fileOf(row);
  return file === undefined ? undefined : { file, as: { ...asSettings(source), resend, rereadOf: id } };
}

/** Where the very content of an export lies now: archived, in quarantine or in its first place; undefined = nowhere. */
export async function fileOf(
  row: Pick<ExportRow, 'movedTo' | 'path' | 'digest'>,
): Promise<FoundFile | undefined> {
  for (const path of row.movedTo === null ? [row.path] : [row.movedTo, row.path]) {
    const stats = await lstat(path, { bigint: true }).catch(() => undefined);
    if (stats?.isFile() !== true || (await digestOf(path).catch(() => undefined)) !== row.digest) continue;
    return { name: Buffer.from(basename(path.toString('latin1')), 'latin1'), path, ...stampOf(stats) };
  }
  return undefined;
}

/** Whether an export can be given again: its content lies somewhere, or it never was a file and is put together anew. */
export async function isAtHand(row: Pick<ExportRow, 'movedTo' | 'path' | 'digest'>): Promise<boolean> {
  return row.path.length === 0 || (await fileOf(row)) !== undefined;
}

export async function digestOf(path: Buffer): Promise<string> {
  const hashing = createHash('sha256');
  for await (const chunk of createReadStream(path)) hashing.update(chunk as Buffer);
  return hashing.digest('hex');
}
