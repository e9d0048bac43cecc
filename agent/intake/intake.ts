import type { Clock } from '../../shared/runtime/clock.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import { asFault, type Fault } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { isStorageFault, type DiskGuard } from '../health/disk-guard.ts';
import type { ExportBook } from '../outbox/export-book.ts';
import type { FileBook } from '../outbox/file-book.ts';
import type { MovedFile, ReadyExport, SeenFile } from '../outbox/rows.ts';
import type { FoundFile } from '../source/scan.ts';
import { describeFile } from '../source/scan.ts';
import type { ReadAs, ReadHalf } from './read-as.ts';
import type { Assembled } from './assembled.ts';
import type { createFileReader } from './read-file.ts';
import { settleReleased } from './released.ts';
import { findAgain } from './reread.ts';
import { asSettings, foundOf, type SourceRuntime } from './source-runtime.ts';
import type { Staging } from './staging.ts';

export interface Round {
  /** Exports that became final rows. */
  readonly taken: readonly string[];
  /** Files that could not be read now, for a reason a person should know. */
  readonly unreadable: readonly Unreadable[];
  /** Files seen that wait to be whole, or more than one round takes. */
  readonly unfinished: boolean;
  /** When to look again. */
  readonly againInMs: number;
}

interface Unreadable {
  readonly file: FoundFile;
  readonly fault: Fault;
}

export interface Paused {
  readonly code: string;
  readonly since: number;
}

/** Source → reader → outbox. */
export interface Intake {
  /** Everything that is due and ready now. */
  round(signal: AbortSignal, options?: { readonly all: boolean }): Promise<Round>;
  /** Files of a source in byte order of names, ready or not. */
  list(source: SourceRuntime): Promise<readonly FoundFile[]>;
  /** One file, committed and moved before this resolves. */
  takeOne(source: SourceRuntime, file: FoundFile, signal: AbortSignal): Promise<Round>;
  /** Why nothing is taken at present, and since when (epoch ms). */
  readonly paused: () => Paused | null;
}

export interface IntakeDeps {
  readonly sources: readonly SourceRuntime[];
  readonly staging: Staging;
  readonly readFile: ReturnType<typeof createFileReader>;
  /** Exports that are put together from messages; absent where no source speaks HL7 v2. */
  readonly assembled?: Assembled | undefined;
  readonly exports: ExportBook;
  readonly files: FileBook;
  readonly disk: DiskGuard;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly filesPerScan: number;
  onCommitted(exports: readonly ReadyExport[]): void;
  onPaused(paused: Paused | null): void;
}

const pausedRetryMs = 10_000;
/** Files read and not yet sealed: keeps both cores busy, bounds memory. */
const halvesAhead = 4;
const rereadsAtOnce = 64;

export function createIntake(deps: IntakeDeps): Intake {
  const { staging, files, clock, logger } = deps;
  let paused: Paused | null = null;

  const setPaused = (code: string | null, error?: unknown): void => {
    if ((paused?.code ?? null) === code) return;
    if (code === null) logger.info('intake-resumed');
    else logger.error({ code, err: error }, 'intake-paused');
    paused = code === null ? null : { code, since: paused?.since ?? clock.now() };
    deps.onPaused(paused);
  };

  const setProblem = (source: SourceRuntime, fault: Fault | null): void => {
    if (fault !== null && source.problem !== fault.code)
      logger.warn({ source: source.config.name, code: fault.code, err: fault }, 'source-problem');
    source.problem = fault?.code ?? null;
    files.setProblem(source.config.name, fault, clock.now());
  };

  const moveOne = async (source: SourceRuntime, seen: SeenFile): Promise<MovedFile> => {
    const file = foundOf(source, seen);
    crashPoint('before-archive');
    const row = deps.exports.get(seen.export);
    const target =
      seen.move === 'archive'
        ? await source.shelf.archive(file)
        : await source.shelf.quarantine(file, {
            export: seen.export,
            digest: row?.digest ?? null,
            code: row?.errorCode ?? 'unexpected',
            facts: JSON.parse(row?.errorFacts ?? '{}') as Record<string, string | number>,
          });
    crashPoint('after-archive');
    return { ...seen, target };
  };

  /** A page of files is moved, made durable, and noted in one transaction. */
  const move = async (source: SourceRuntime): Promise<void> => {
    for (;;) {
      const due = files.movesDue(source.config.name, 256);
      if (due.length === 0) return;
      const moved: MovedFile[] = [];
      let problem: unknown;
      for (const seen of due) {
        try {
          moved.push(await moveOne(source, seen));
        } catch (error) {
          problem = error;
          break;
        }
      }
      await source.shelf.sync();
      files.moved(moved);
      if (problem === undefined) continue;
      if (isStorageFault(asFault(problem).cause)) throw asFault(problem);
      setProblem(source, asFault(problem));
      return;
    }
  };

  const commit = async (taken: string[]): Promise<void> => {
    if (staging.isEmpty()) return;
    const exports = await staging.commit().finally(() => deps.assembled?.forget());
    for (const { row } of exports) {
      taken.push(row.id);
      const { id, name, source, records, rejected, slices, outcome, errorCode } = row;
      const fields = { export: id, file: name, source, records, rejected, slices };
      if (outcome === 'rejected') logger.warn({ ...fields, code: errorCode }, 'export-rejected');
      else logger.info({ ...fields, outcome }, 'export-taken');
    }
    deps.onCommitted(exports);
  };

  /** Reads files one after the other, seals them in that order, and commits whenever the batch is full. */
  const take = async (
    wanted: readonly { readonly file: FoundFile; readonly as: ReadAs }[],
    signal: AbortSignal,
    taken: string[],
  ): Promise<Round['unreadable']> => {
    const unreadable: Unreadable[] = [];
    let sealed: Promise<void> = Promise.resolve();
    let ahead: Promise<void>[] = [];
    const settleAll = async (): Promise<void> => {
      const all = ahead;
      ahead = [];
      await Promise.all(all);
    };
    for (const { file, as } of wanted) {
      if (signal.aborted) break;
      const half = await readOne(file, as, sealed, signal, unreadable);
      if (half === undefined) continue;
      const finished = sealed.then(() => half.finish());
      // The order goes on whatever became of one; its failure is met in settleAll.
      sealed = finished.catch(() => undefined);
      finished.catch(() => undefined);
      ahead.push(finished);
      if (ahead.length >= halvesAhead) await settleAll();
      if (staging.isFull()) {
        await settleAll();
        await commit(taken);
      }
    }
    await settleAll();
    await commit(taken);
    return unreadable;
  };

  const readOne = async (
    file: FoundFile,
    as: ReadAs,
    turn: Promise<void>,
    signal: AbortSignal,
    unreadable: Unreadable[],
  ): Promise<ReadHalf | undefined> => {
    try {
      return await deps.readFile(file, as, turn, signal);
    } catch (error) {
      const fault = asFault(error);
      if (isStorageFault(error) || isStorageFault(fault.cause) || fault.class !== 'transient') throw error;
      // Replaced or still being written: the next scan sees what it has become.
      if (fault.code === 'file-changed') logger.debug({ file: describeFile(file) }, 'file-changed');
      else unreadable.push({ file, fault });
      return undefined;
    }
  };

  /** Answers whether there are more than one round takes. */
  const takeRereads = async (signal: AbortSignal, taken: string[]): Promise<boolean> => {
    const wanted: { file: FoundFile; as: ReadAs }[] = [];
    const due = files.rereads(rereadsAtOnce);
    for (const { export: id, resend } of due) {
      const told = await deps.assembled?.again(id, resend === 1);
      if (told !== undefined) {
        await told.finish();
        await commit(taken);
        continue;
      }
      const found = await findAgain(deps, id, resend === 1);
      if (found === undefined) {
        logger.error({ export: id }, 'export-source-missing');
        files.dropReread(id);
      } else wanted.push(found);
    }
    if (wanted.length > 0) await take(wanted, signal, taken);
    for (const { file, as } of wanted) await settleReleased(deps, { file, before: as.rereadOf });
    // Those that cannot be read now come again: without one taken there is nothing to hurry for.
    return due.length === rereadsAtOnce && taken.length > 0;
  };

  const takeAssembled = async (all: boolean, signal: AbortSignal, taken: string[]): Promise<void> => {
    while (!signal.aborted) {
      const half = await deps.assembled?.next(all);
      if (half === undefined) return;
      await half.finish();
      await commit(taken);
    }
  };

  const guarded = async (work: () => Promise<Round>): Promise<Round> => {
    const low = await deps.disk.check();
    if (low !== null) {
      setPaused(low);
      return { taken: [], unreadable: [], unfinished: true, againInMs: pausedRetryMs };
    }
    try {
      const round = await work();
      setPaused(null);
      return round;
    } catch (error) {
      staging.forgetTails();
      deps.assembled?.forget();
      if (!isStorageFault(error) && !isStorageFault(asFault(error).cause)) throw error;
      setPaused('disk-full', error);
      return { taken: [], unreadable: [], unfinished: true, againInMs: pausedRetryMs };
    }
  };

  const scanSource = async (source: SourceRuntime, signal: AbortSignal, taken: string[]) => {
    const listing = await source.scanner.scan('oldest', deps.filesPerScan);
    const { ready, againInMs } = await source.settler.settle(listing.files);
    const wanted = ready.map((file) => ({ file, as: asSettings(source) }));
    const unreadable = await take(wanted, signal, taken);
    setProblem(source, unreadable[0]?.fault ?? null);
    await move(source);
    const scanMs = source.config.scanSeconds * 1000;
    const nextMs = listing.more && ready.length > 0 ? 0 : Math.min(againInMs ?? scanMs, scanMs);
    source.nextScanAt = clock.monotonic() + nextMs;
    return { unreadable, unfinished: againInMs !== undefined || listing.more };
  };

  return {
    paused: () => paused,
    list: async (source) => (await source.scanner.scan('name', deps.filesPerScan)).files,
    takeOne: (source, file, signal) =>
      guarded(async () => {
        const taken: string[] = [];
        const unreadable = await take([{ file, as: asSettings(source) }], signal, taken);
        setProblem(source, unreadable[0]?.fault ?? null);
        await move(source);
        return { taken, unreadable, unfinished: false, againInMs: 0 };
      }),
    round: (signal, options) =>
      guarded(async () => {
        const taken: string[] = [];
        const unreadable: Unreadable[] = [];
        let unfinished = false;
        const moreRereads = await takeRereads(signal, taken);
        for (const source of deps.sources) {
          if (signal.aborted) break;
          if (options?.all !== true && source.nextScanAt > clock.monotonic()) continue;
          try {
            const result = await scanSource(source, signal, taken);
            unreadable.push(...result.unreadable);
            unfinished ||= result.unfinished;
          } catch (error) {
            if (asFault(error).code !== 'source-unreachable') throw error;
            setProblem(source, asFault(error));
            source.nextScanAt = clock.monotonic() + source.config.scanSeconds * 1000;
          }
        }
        await takeAssembled(options?.all === true, signal, taken);
        const next = Math.min(...deps.sources.map(({ nextScanAt }) => nextScanAt));
        const againInMs = moreRereads ? 0 : Math.max(0, next - clock.monotonic());
        return { taken, unreadable, unfinished, againInMs };
      }),
  };
}
