import { readFile, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { syncFolder, writeDurably } from '../../shared/runtime/durable-file.ts';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';

/**
 * `restored.json` in the state folder: laid by a restore with what it brings back, and taken away by the first `serve`, once
 * that has put in force what is known to have happened since the backup.
 */
const markSchema = z.strictObject({
  v: z.literal(1),
  /** Of the backup; epoch ms. */
  backupAt: z.int(),
  restoredAt: z.int(),
  /** The list of withdrawals that lay beside the backup, as it was signed; null: there was none. */
  list: z.string().nullable(),
  /** A person has said that what was withdrawn since is withdrawn again. */
  confirmed: z.boolean(),
});
export type RestoredMark = z.infer<typeof markSchema>;

export const markName = 'restored.json';
const pathIn = (folder: string): string => join(folder, markName);

/** Undefined: nothing was restored here, or it is dealt with. Throws `restored-mark-damaged`. */
export async function readMark(folder: string): Promise<RestoredMark | undefined> {
  const path = pathIn(folder);
  try {
    return markSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw permanent('restored-mark-damaged', { facts: { path }, cause: error });
  }
}

/** Throws `restore-unsettled` while a restored region has not begun to serve: it does not know yet what it had withdrawn. */
export async function requireSettled(folder: string): Promise<void> {
  const mark = await readMark(folder);
  if (mark === undefined) return;
  throw permanent('restore-unsettled', { facts: { at: new Date(mark.backupAt).toISOString() } });
}

export async function writeMark(folder: string, mark: RestoredMark): Promise<void> {
  await writeDurably(pathIn(folder), `${JSON.stringify(mark)}\n`);
}

export async function dropMark(folder: string): Promise<void> {
  await unlink(pathIn(folder));
  await syncFolder(dirname(pathIn(folder)));
}
