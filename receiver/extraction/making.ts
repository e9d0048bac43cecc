import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../shared/runtime/clock.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import { syncFolder } from '../../shared/runtime/durable-file.ts';
import { asFault, Fault, permanent, systemCode } from '../../shared/runtime/errors.ts';
import { makeFolder } from '../../shared/runtime/folder-owner.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { takeLock } from '../serve-lock.ts';
import type { ExtractionRow } from '../store/extraction-tables.ts';
import type { Store } from '../store/store.ts';
import { filePath } from './desk.ts';
import { isHidden } from './files/cells.ts';
import type { Written } from './files/file-sink.ts';
import { rowFiles } from './files/row-file.ts';
import type { RowFile } from './files/sheet.ts';
import { planExtraction, type ExtractionPlan } from './plan.ts';
import { checkStillHeld, requesterOf } from './rights.ts';
import { hasRoom } from './room.ts';

export interface MakingDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where ready files lie. */
  readonly folder: string;
  /** Held while something is made: one process makes at a time. */
  readonly lock: string;
  /** How long a ready file may be fetched. */
  readonly keptDays: number;
  /** Default: what the region may give. */
  readonly plan?: typeof planExtraction;
  /** Default: what the file system says. */
  readonly room?: typeof hasRoom;
}

export interface Making {
  readonly loop: Loop;
  /** Makes the oldest that waits; true when there may be more. */
  readonly step: (signal: AbortSignal) => Promise<boolean>;
}

const idleMs = 5000;
const dayMs = 86_400_000;
const progressMs = 1000;
const expiredAtOnce = 200;

/**
 * Makes the files that were asked for, one at a time, the oldest first. A file has its name only when it is whole; whatever
 * a dead process had begun is begun anew. Neither envelopes nor pages wait: every portion gives the others their turn.
 */
export function createMaking(deps: MakingDeps): Making {
  const { store, clock, logger, lock } = deps;
  const step = async (signal: AbortSignal): Promise<boolean> => {
    await expireDue(deps);
    if (!(await store.read((tx) => tx.extractions.hasPending()))) return false;
    const letGo = tryLock(lock);
    // Another process is at it.
    if (letGo === undefined) return false;
    try {
      // Nobody else makes any: what runs is a dead process's.
      const recovered = await store.transaction((tx) => tx.extractions.recover());
      if (recovered > 0) logger.info({ extractions: recovered }, 'extractions-begun-anew');
      await removeLeft(deps);
      const row = await store.transaction((tx) => tx.extractions.claim(clock.now()));
      if (row === undefined) return false;
      await makeOne(deps, row, signal);
      return !signal.aborted;
    } finally {
      letGo();
    }
  };
  return { step, loop: createLoop({ name: 'extractions', idleMs, logger, step }) };
}

function tryLock(path: string): (() => void) | undefined {
  try {
    return takeLock(path, () => permanent('extraction-not-ready'));
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** Nobody gets them any more; their files go with the purge that follows, in a deletion that the region signs. */
async function expireDue({ store, clock }: MakingDeps): Promise<void> {
  const now = clock.now();
  const due = await store.read((tx) => tx.extractions.due(now, expiredAtOnce));
  if (due.length === 0) return;
  await store.transaction(async (tx) => {
    for (const { id, expiresAt } of due) await tx.extractions.expire(id, expiresAt ?? now);
  });
}

const partEnd = '.part';

/**
 * What a dead process left, rows beside a Parquet file included; and a whole file of what failed or was cancelled at that
 * very moment, which nobody may fetch.
 */
async function removeLeft({ store, folder }: MakingDeps): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const id = /^([\da-f-]{36})\.\w+$/.exec(name)?.[1];
    const row = id === undefined ? undefined : await store.read((tx) => tx.extractions.get(id));
    const isRefused = row?.state === 'failed' || row?.state === 'cancelled';
    if (isRefused || name.includes(partEnd)) await rm(join(folder, name), { force: true });
  }
}

/** Cancelled, or to begin anew because something was erased: whoever decided that has said so in the row. */
const overtaken = new Error('overtaken');

async function makeOne(deps: MakingDeps, row: ExtractionRow, signal: AbortSignal): Promise<void> {
  const { store, clock, logger, folder } = deps;
  const { id } = row;
  try {
    const { written, rows, hidden, notes } = await writeFile(deps, row, signal);
    const at = clock.now();
    crashPoint('before-extraction-ready');
    const isReady = await store.transaction((tx) =>
      tx.extractions.finish(id, {
        ...{ state: 'ready', at, rows, hidden, notes, ...written },
        expiresAt: at + deps.keptDays * dayMs,
      }),
    );
    if (!isReady) await rm(filePath(folder, row), { force: true });
    else logger.info({ extraction: id, rows, bytes: written.bytes }, 'extraction-ready');
  } catch (error) {
    if (error === overtaken) return;
    if (signal.aborted) {
      await store.transaction((tx) => tx.extractions.recover());
      return;
    }
    const fault = faultOf(error);
    logger[fault.code === 'unexpected' ? 'error' : 'warn'](
      { err: fault, extraction: id },
      'extraction-failed',
    );
    // Where it has its name already. What cannot be removed now is when the next one is made.
    await rm(filePath(folder, row), { force: true }).catch(() => undefined);
    await store.transaction((tx) =>
      tx.extractions.finish(id, { state: 'failed', at: clock.now(), code: fault.code }),
    );
  }
}

interface Made {
  readonly written: Written;
  readonly rows: number;
  readonly hidden: number;
  readonly notes: readonly string[];
}

async function writeFile(deps: MakingDeps, row: ExtractionRow, signal: AbortSignal): Promise<Made> {
  const { store, clock, folder, plan = planExtraction } = deps;
  const { request } = row;
  await store.read((tx) => checkStillHeld(tx, row, clock.now()));
  const planned = await plan({ store, clock }, requesterOf(row), request);
  const path = filePath(folder, row);
  const part = `${path}${partEnd}`;
  makeFolder(folder, 0o700);
  await refuseFull(deps);

  const { columns, notes } = planned;
  const file = await rowFiles[request.form](part, {
    ...{ columns, notes, language: request.language, mayHide: request.content.kind === 'aggregates' },
  });
  try {
    const counts = await copyRows(deps, row, planned, file, signal);
    await refuseFull(deps);
    const written = await file.end();
    crashPoint('extraction-written');
    await rename(part, path);
    await syncFolder(folder);
    return { written, ...counts, notes: planned.notes };
  } catch (error) {
    await file.drop();
    await rm(part, { force: true });
    const isMine = await store.read(async (tx) => (await tx.extractions.get(row.id))?.state === 'running');
    throw isMine ? error : overtaken;
  }
}

async function refuseFull({ folder, room = hasRoom }: MakingDeps): Promise<void> {
  if (!(await room(folder))) throw permanent('extraction-disk-full');
}

/**
 * Progress is told, and a cancelling and a disk that fills noticed, once a second at most; between portions the others have
 * their turn.
 */
async function copyRows(
  deps: MakingDeps,
  { id }: ExtractionRow,
  plan: ExtractionPlan,
  file: RowFile,
  signal: AbortSignal,
): Promise<{ readonly rows: number; readonly hidden: number }> {
  const { store, clock } = deps;
  let [rows, hidden] = [0, 0];
  let toldAt = Number.NEGATIVE_INFINITY;
  const tell = async (done: number): Promise<void> => {
    toldAt = clock.monotonic();
    await refuseFull(deps);
    if (!(await store.transaction((tx) => tx.extractions.progress(id, done, plan.parts)))) throw overtaken;
  };
  await tell(0);
  for await (const portion of plan.portions(signal)) {
    await file.add(portion.rows);
    rows += portion.rows.length;
    for (const row of portion.rows) for (const cell of row) if (isHidden(cell)) hidden += 1;
    crashPoint('extraction-portion');
    if (clock.monotonic() - toldAt >= progressMs) await tell(portion.done);
    await nextTurn();
    signal.throwIfAborted();
  }
  return { rows, hidden };
}

const fullCodes: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG', 'SQLITE_FULL'];
const unwritableCodes: readonly string[] = ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EEXIST', 'EIO'];

function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const code = systemCode(error) ?? '';
  if (fullCodes.includes(code)) return permanent('extraction-disk-full', { cause: error });
  if (unwritableCodes.includes(code)) return permanent('extraction-folder-unwritable', { cause: error });
  return asFault(error);
}
