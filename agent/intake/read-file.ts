import type { Finding } from '../../shared/feeds/feed.ts';
import { feedNamed } from '../../shared/feeds/registry.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import { asFault, transient, type Fault } from '../../shared/runtime/errors.ts';
import type { MovementStore } from '../adt/movement-store.ts';
import type { ReadExportRow, SeenFile } from '../outbox/rows.ts';
import type { ReadSummary } from '../reader/export-sink.ts';
import { damagedRule } from '../reader/finding.ts';
import { readExport } from '../reader/read-export.ts';
import { yearOf } from '../reader/read-plan.ts';
import { claimFile, type Claim } from '../source/claim.ts';
import { describeFile, type FoundFile } from '../source/scan.ts';
import { createReading, type ExportReading } from './export-reading.ts';
import type { Assembled } from './assembled.ts';
import { isMessages, takeMessages } from './assembled-file.ts';
import { baseRow, hashVisitId } from './export-row.ts';
import type { ReadAs, ReadFileDeps, ReadHalf } from './read-as.ts';

/** Content up to this size is looked up by its digest before it is parsed. */
const earlyDigestBytes = 4 * 1024 * 1024;
/**
 * Reads one file to its last byte: one claim, one pass of the reader, slices cut as they fill. `turn` resolves when every
 * file read before has been sealed. A permanent fault of the reader makes a rejected export; a transient one (the file
 * changed under us, could not be read) throws, and nothing of it stays.
 */
export function createFileReader(deps: ReadFileDeps & { readonly messages?: MessageFiles | undefined }) {
  return async function readFile(
    file: FoundFile,
    as: ReadAs,
    turn: Promise<void>,
    signal: AbortSignal,
  ): Promise<ReadHalf> {
    const claim = await claimFile(file, as.decrypt);
    const id = deps.random.uuid(deps.clock.now());
    try {
      const twin = await processedTwin(deps, claim, as, claim.size <= earlyDigestBytes);
      if (twin !== undefined) {
        await mustBeUnchanged(claim, file);
        const row = duplicateRow(deps, id, file, as, twin);
        return half(id, () => deps.staging.add({ row, findings: [], ...marks(file, as, id, 'archive') }));
      }
      if (
        deps.messages !== undefined &&
        speaksHl7(as) &&
        (await isWhole(claim, as)) &&
        (await isMessages(claim))
      )
        return await readMessageFile(deps, deps.messages, claim, file, as, id, turn, signal);
      const reading = createReading(deps, id, file, as, turn);
      const outcome = await readThrough(deps, claim, as, reading, signal);
      crashPoint('after-read');
      try {
        await mustBeUnchanged(claim, file);
        return await conclude(deps, claim, file, as, reading, outcome);
      } catch (error) {
        reading.abort();
        throw error;
      }
    } finally {
      await claim.close();
    }
  };
}

/** Files of messages are put together with what other messages have said. */
interface MessageFiles {
  readonly store: MovementStore;
  readonly assembled: Assembled;
}

/** Messages are taken as they are read: of an encrypted file, only once its end has proven what came before. */
async function isWhole(claim: Claim, as: ReadAs): Promise<boolean> {
  if (as.decrypt === undefined) return true;
  const pass = claim.open()[Symbol.asyncIterator]();
  try {
    while ((await pass.next()).done !== true);
    return true;
  } catch (error) {
    if (asFault(error).class === 'permanent') return false;
    throw error;
  }
}

function speaksHl7({ mappings }: ReadAs): boolean {
  return mappings.some(({ format }) => format === 'hl7v2');
}

async function readMessageFile(
  deps: ReadFileDeps,
  { store, assembled }: MessageFiles,
  claim: Claim,
  file: FoundFile,
  as: ReadAs,
  id: string,
  turn: Promise<void>,
  signal: AbortSignal,
): Promise<ReadHalf> {
  const stillThere = (): Promise<void> => mustBeUnchanged(claim, file);
  const refused: Finding[] = [];
  try {
    const read = await takeMessages(
      { store, limits: deps.limits, refused, mustBeUnchanged: stillThere },
      claim,
      as,
      signal,
    );
    crashPoint('after-read');
    const digest = await claim.digest();
    const origin = { id, file, digest, ...read, marks: marks(file, as, id, 'archive') };
    return await assembled.visits(origin, as, turn);
  } catch (error) {
    const fault = asFault(error);
    if (!rejects(fault, signal)) throw toTryAgain(error);
    await stillThere();
    const base = { ...baseRow(deps, id, file, as), digest: await claim.digest() };
    const row = rejectedRow({ ...base, findingsTotal: refused.length }, fault);
    return half(id, () => deps.staging.add({ row, findings: refused, ...marks(file, as, id, 'quarantine') }));
  }
}

type Outcome =
  | { readonly kind: 'read'; readonly summary: ReadSummary }
  | { readonly kind: 'rejected'; readonly fault: Fault };

async function readThrough(
  deps: ReadFileDeps,
  claim: Claim,
  as: ReadAs,
  reading: ExportReading,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const summary = await readExport(
      {
        open: () => claim.open(),
        mappings: as.mappings,
        feeds: feedNamed,
        hashVisitId: (facility, local) => hashVisitId(deps, facility, local),
        limits: deps.limits,
        signal,
        ...(as.encoding === undefined ? {} : { encoding: as.encoding }),
        ...(as.facility === undefined ? {} : { facility: as.facility }),
        ...(as.part === undefined ? {} : { part: as.part }),
        freeText: as.freeText,
        side: as.joins === undefined ? undefined : 'joined',
        year: yearOf(deps.clock.now()),
        halves: reading.halves,
      },
      reading.sink,
    );
    return { kind: 'read', summary };
  } catch (error) {
    const fault = asFault(error);
    if (rejects(fault, signal)) return { kind: 'rejected', fault };
    reading.abort();
    throw toTryAgain(error);
  }
}

async function conclude(
  deps: ReadFileDeps,
  claim: Claim,
  file: FoundFile,
  as: ReadAs,
  reading: ExportReading,
  outcome: Outcome,
): Promise<ReadHalf> {
  const digest = await claim.digest();
  const base = { ...baseRow(deps, reading.id, file, as), digest, ...reading.described() };
  const findings = reading.findings();
  if (outcome.kind === 'rejected') {
    reading.abort();
    const row = rejectedRow(base, outcome.fault);
    return half(reading.id, () =>
      deps.staging.add({ row, findings, ...marks(file, as, reading.id, 'quarantine') }),
    );
  }
  const twin = await processedTwin(deps, claim, as, true);
  if (twin !== undefined) {
    reading.abort();
    const row = duplicateRow(deps, reading.id, file, as, twin);
    return half(reading.id, () =>
      deps.staging.add({ row, findings: [], ...marks(file, as, reading.id, 'archive') }),
    );
  }
  const { summary } = outcome;
  const { records, accepted, rejected } = summary;
  if (accepted === 0) {
    const row: ReadExportRow = {
      ...base,
      ...reading.endWaiting(),
      ...{ outcome: 'processed', records, accepted, rejected },
    };
    reading.abort();
    return half(reading.id, () =>
      deps.staging.add({ row, findings, ...marks(file, as, reading.id, 'archive') }),
    );
  }
  const slices = reading.end(summary, digest);
  const row: ReadExportRow = { ...base, records, accepted, rejected, slices };
  return {
    export: reading.id,
    finish: async () => {
      const draft = await reading.sealAll();
      draft.finish({ row, findings, ...marks(file, as, reading.id, 'archive') });
    },
  };
}

/** What comes of the file itself rejects it; anything else is to be tried again. */
function rejects({ class: of, code }: Fault, signal: AbortSignal): boolean {
  return of === 'permanent' && code !== 'unexpected' && code !== damagedRule && !signal.aborted;
}

/** Damage on this machine is not the file's fault: it waits for the repair, and other sources go on. */
function toTryAgain(error: unknown): unknown {
  return asFault(error).code === damagedRule ? transient(damagedRule, { cause: error }) : error;
}

function rejectedRow(base: ReadExportRow, fault: Fault): ReadExportRow {
  const errorFacts = JSON.stringify({ ...fault.facts, ...fault.position });
  return { ...base, outcome: 'rejected', errorCode: fault.code, errorFacts };
}

function half(id: string, put: () => void): ReadHalf {
  return {
    export: id,
    finish: async () => {
      put();
    },
  };
}

/** Seen once committed; `archive` sources then move it. Read again from the archive, it is neither. */
function marks(
  file: FoundFile,
  as: ReadAs,
  id: string,
  move: 'archive' | 'quarantine',
): { readonly seen: SeenFile | null; readonly rereadOf: string | null } {
  if (as.rereadOf !== null) return { seen: null, rereadOf: as.rereadOf };
  const { name, size, mtime, inode } = file;
  const seen = { source: as.source, name, size, mtime, inode, export: id };
  return { seen: { ...seen, move: as.after === 'archive' ? move : null }, rereadOf: null };
}

async function processedTwin(
  deps: ReadFileDeps,
  claim: Claim,
  as: ReadAs,
  lookNow: boolean,
): Promise<ReadExportRow | undefined> {
  if (!lookNow || as.resend || as.rereadOf !== null) return undefined;
  return deps.exports.processedDigest(as.source, await claim.digest());
}

/** What reading it again would find, without reading: same content, same findings of reading. Nothing is sent. */
function duplicateRow(
  deps: ReadFileDeps,
  id: string,
  file: FoundFile,
  as: ReadAs,
  twin: ReadExportRow,
): ReadExportRow {
  const { digest, feed, facility, part, mapping, records, accepted, rejected, windowFrom, windowTo } = twin;
  return {
    ...baseRow(deps, id, file, as),
    ...{ digest, feed, facility, part, mapping, records, accepted, rejected, windowFrom, windowTo },
    outcome: 'duplicate',
    original: twin.id,
  };
}

async function mustBeUnchanged(claim: Claim, file: FoundFile): Promise<void> {
  if (!(await claim.isUnchanged()))
    throw transient('file-changed', { facts: { file: describeFile(file), reason: '' } });
}
