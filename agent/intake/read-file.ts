import { feedNamed } from '../../shared/feeds/registry.ts';
import { createHmac } from 'node:crypto';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import { asFault, permanent, transient, type Fault } from '../../shared/runtime/errors.ts';
import type { ReadExportRow, SeenFile } from '../outbox/rows.ts';
import type { ReadSummary } from '../reader/export-sink.ts';
import { readExport } from '../reader/read-export.ts';
import { claimFile, type Claim } from '../source/claim.ts';
import { describeFile, type FoundFile } from '../source/scan.ts';
import { createReading, type ExportReading } from './export-reading.ts';
import type { ReadAs, ReadFileDeps } from './read-as.ts';

/** The second half of reading: sealed in the order in which files were read. */
export interface ReadHalf {
  readonly export: string;
  finish(): Promise<void>;
}

/** Content up to this size is looked up by its digest before it is parsed. */
const earlyDigestBytes = 4 * 1024 * 1024;
/**
 * Reads one file to its last byte: one claim, one pass of the reader, slices cut as they fill. `turn` resolves when every
 * file read before has been sealed. A permanent fault of the reader makes a rejected export; a transient one (the file
 * changed under us, could not be read) throws, and nothing of it stays.
 */
export function createFileReader(deps: ReadFileDeps) {
  return async function readFile(
    file: FoundFile,
    as: ReadAs,
    turn: Promise<void>,
    signal: AbortSignal,
  ): Promise<ReadHalf> {
    const claim = await claimFile(file);
    const id = deps.random.uuid(deps.clock.now());
    try {
      const twin = await processedTwin(deps, claim, as, claim.size <= earlyDigestBytes);
      if (twin !== undefined) {
        await mustBeUnchanged(claim, file);
        const row = duplicateRow(deps, id, file, as, twin);
        return half(id, () => deps.staging.add({ row, findings: [], ...marks(file, as, id, 'archive') }));
      }
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
      },
      reading.sink,
    );
    return { kind: 'read', summary };
  } catch (error) {
    const fault = asFault(error);
    if (fault.class === 'permanent' && fault.code !== 'unexpected' && !signal.aborted)
      return { kind: 'rejected', fault };
    reading.abort();
    throw error;
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
    const { fault } = outcome;
    const row: ReadExportRow = {
      ...base,
      outcome: 'rejected',
      errorCode: fault.code,
      errorFacts: JSON.stringify({ ...fault.facts, ...fault.position }),
    };
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
  const slices = reading.end(summary, digest);
  const row: ReadExportRow = { ...base, ...summary, slices };
  return {
    export: reading.id,
    finish: async () => {
      const draft = await reading.sealAll();
      draft.finish({ row, findings, ...marks(file, as, reading.id, 'archive') });
    },
  };
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

function baseRow(deps: ReadFileDeps, id: string, file: FoundFile, as: ReadAs): ReadExportRow {
  return {
    id,
    source: as.source,
    name: describeFile(file),
    path: file.path,
    digest: null,
    bytes: file.size,
    feed: null,
    facility: null,
    part: null,
    mapping: null,
    outcome: 'unknown',
    records: 0,
    accepted: 0,
    rejected: 0,
    windowFrom: null,
    windowTo: null,
    trusted: 0,
    errorCode: null,
    errorFacts: null,
    findingsTotal: 0,
    slices: 0,
    resend: as.resend ? 1 : 0,
    original: null,
    readAt: deps.clock.now(),
  };
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

function hashVisitId(deps: ReadFileDeps, facility: string, local: string): string {
  const key = deps.facilityKey(facility);
  if (key === undefined) throw permanent('facility-key-missing', { facts: { facility } });
  return createHmac('sha256', key).update(`local\0${local}`).digest('base64url').slice(0, 22);
}

async function mustBeUnchanged(claim: Claim, file: FoundFile): Promise<void> {
  if (!(await claim.isUnchanged()))
    throw transient('file-changed', { facts: { file: describeFile(file), reason: '' } });
}
