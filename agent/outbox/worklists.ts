import { open, unlink, type FileHandle } from 'node:fs/promises';
import { systemCode } from '../../shared/runtime/errors.ts';
import type { AgentDatabase } from './database.ts';
import { worklistSql } from './operation-queries.ts';

/** The first line of a worklist: nothing else is ever removed under its name. */
const firstLine = /^\uFEFFexpires;(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)\r?\n/;

export function expiryLine(expiresAt: number): string {
  return `\uFEFFexpires;${new Date(expiresAt).toISOString()}`;
}

/** Noted before it is written: a worklist cut by a stop is removed in time as well. */
export function noteWorklist({ run }: AgentDatabase, path: string, expiresAt: number): void {
  run(worklistSql.put, path, expiresAt);
}

/** Removes worklists past their day. `kept`: no right to remove them, so that they are tried again. */
export async function removeExpired(
  { all, run }: AgentDatabase,
  now: number,
): Promise<{ readonly removed: readonly string[]; readonly kept: readonly string[] }> {
  const removed: string[] = [];
  const kept: string[] = [];
  for (const { path } of all<{ path: string }>(worklistSql.expired, now)) {
    const outcome = await removeOne(path, now);
    if (outcome === 'kept') {
      kept.push(path);
      continue;
    }
    if (outcome === 'removed') removed.push(path);
    run(worklistSql.forget, path);
  }
  return { removed, kept };
}

/** `other`: gone, or another file under that name by now. */
async function removeOne(path: string, now: number): Promise<'removed' | 'kept' | 'other'> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const { bytesRead, buffer } = await file.read(Buffer.alloc(64), 0, 64, 0);
    const text = buffer.toString('utf8', 0, bytesRead);
    const expires = Date.parse(firstLine.exec(text)?.[1] ?? '');
    // An empty one is what a stop between its opening and its first line leaves.
    if (bytesRead > 0 && !(expires <= now)) return 'other';
    await unlink(path);
    return 'removed';
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? 'other' : 'kept';
  } finally {
    await file?.close();
  }
}
