import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { SourceConfig } from '../config.ts';
import { digestOf } from '../intake/reread.ts';
import { isPassedOver, pathIn, shownName } from '../source/file-name.ts';
import type { AgentDatabase } from './database.ts';
import { repairSql } from './repair-queries.ts';

export type RepairSource = Pick<SourceConfig, 'name' | 'folder' | 'after' | 'archiveFolder'>;

/** Exports to be read again, and those of them whose file is nowhere. */
export interface RepairedExports {
  readonly rereads: number;
  readonly missing: number;
}

/**
 * What is in no envelope any more is read again from its file: exports that had not settled, and archived files that the
 * database does not know. The region takes nothing twice. Files still in their folder are read again by themselves.
 */
export async function rereadLost(deps: {
  readonly database: AgentDatabase;
  readonly sources: readonly RepairSource[];
  readonly clock: Clock;
  readonly random: Random;
}): Promise<RepairedExports> {
  const { all, run } = deps.database;
  let [rereads, missing] = [0, 0];
  for (const source of deps.sources) rereads += await askOrphans(deps, source);
  const incomplete = all<{ id: string; path: Buffer; movedTo: Buffer | null; digest: string }>(
    repairSql.incomplete,
  );
  for (const { id, path, movedTo, digest } of incomplete) {
    run(repairSql.putReread, id, deps.clock.now());
    if (await isThere([movedTo, path], digest)) rereads += 1;
    else missing += 1;
  }
  return { rereads, missing };
}

async function isThere(paths: readonly (Buffer | null)[], digest: string): Promise<boolean> {
  for (const path of paths)
    if (path !== null && (await digestOf(path).catch(() => undefined)) === digest) return true;
  return false;
}

/** Archived files are committed before they are moved: one that no row names tells of a row that is lost. */
async function askOrphans(deps: Parameters<typeof rereadLost>[0], source: RepairSource): Promise<number> {
  if (source.after !== 'archive') return 0;
  const { all, get, run } = deps.database;
  const rows = all<{ path: Buffer; movedTo: Buffer | null }>(repairSql.knownPaths, source.name);
  const known = new Set(
    rows.flatMap(({ path, movedTo }) => [path, movedTo].flatMap((one) => one?.toString('latin1') ?? [])),
  );
  let asked = 0;
  for await (const path of filesUnder(Buffer.from(source.archiveFolder ?? join(source.folder, 'archive')))) {
    if (known.has(path.toString('latin1'))) continue;
    const digest = await digestOf(path).catch(() => undefined);
    if (digest === undefined) continue;
    const row = get<{ id: string; movedTo: Buffer | null }>(repairSql.sameContent, source.name, digest);
    if (row !== undefined) {
      if (row.movedTo === null || !(await isThere([row.movedTo], digest)))
        run(repairSql.setMoved, path, row.id);
      continue;
    }
    const now = deps.clock.now();
    const id = deps.random.uuid(now);
    const name = shownName(Buffer.from(basename(path.toString('latin1')), 'latin1'));
    run(repairSql.putExport, id, source.name, name, path, path, digest, 0, null, 'read', 0, now);
    run(repairSql.putReread, id, now);
    asked += 1;
  }
  return asked;
}

async function* filesUnder(folder: Buffer): AsyncGenerator<Buffer> {
  const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' }).catch(() => []);
  for (const entry of entries.sort((one, other) => Buffer.compare(one.name, other.name))) {
    const path = pathIn(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else if (entry.isFile() && !isPassedOver(entry.name)) yield path;
  }
}
