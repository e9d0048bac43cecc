import { createHmac } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { feedNamed } from '../../../shared/feeds/registry.ts';
import type { Finding, FeedRecord } from '../../../shared/feeds/feed.ts';
import { Fault, permanent } from '../../../shared/runtime/errors.ts';
import { dayOfInstant, dayToIso } from '../../../shared/runtime/paris-time.ts';
import { systemClock } from '../../../shared/runtime/clock.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import type { Side } from '../../mapping/columns.ts';
import type { CompiledMapping } from '../../mapping/compiled-mapping.ts';
import { decodeExport, type DecodedExport } from '../../reader/decode.ts';
import type { ExportSink } from '../../reader/export-sink.ts';
import { defaultReadLimits } from '../../reader/limits.ts';
import { readExport } from '../../reader/read-export.ts';
import { recogniseShape, type Shape } from '../../reader/shape.ts';
import type { Terminal } from '../terminal.ts';
import { createTrialBook } from './trial-book.ts';
import { readMessageRows, tellMessageRows, type MessageRows } from './trial-messages.ts';

/** What a trial says as it goes; nothing is kept, sealed or sent. */
export interface TrialSink {
  record(place: Place, built: FeedRecord): void;
  rejected(place: Place, rule: string, field: string | null): void;
  finding(file: string, finding: Finding): void;
}

/** Where a record stands: file name, 1-based line and record. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly record: number;
}

export interface TrialOptions {
  /** As the source would be set. */
  readonly facility: string | undefined;
  readonly freeText: readonly string[];
  readonly terminal: Terminal;
  /** Stops after so many records of the main samples. */
  readonly records?: number;
}

/**
 * Reads samples through a mapping as the agent would. Of a mapping that joins two exports, the joined samples are read
 * first, whatever their order, and remembered in this process only. Visit numbers are hashed under a key that dies with it.
 * Throws `map-facility-needed` and the faults of reading an export.
 */
export async function tryMapping(
  mapping: CompiledMapping,
  files: readonly string[],
  options: TrialOptions,
  sink: TrialSink,
): Promise<void> {
  try {
    await tryFiles(mapping, files, options, sink);
  } catch (error) {
    if (error instanceof Fault && error.code === 'facility-missing')
      throw permanent('map-facility-needed', { cause: error });
    throw error;
  }
}

async function tryFiles(
  mapping: CompiledMapping,
  files: readonly string[],
  options: TrialOptions,
  sink: TrialSink,
): Promise<void> {
  if (mapping.format === 'hl7v2') return tryMessages(mapping, files, options, sink);
  const halves = createTrialBook();
  const sides = await Promise.all(files.map(async (path) => ({ path, side: await sideOf(path, mapping) })));
  const ordered = [...sides.filter(isJoined), ...sides.filter((one) => !isJoined(one))];
  let left = options.records ?? Infinity;
  for (const { path, side } of ordered) {
    if (left <= 0) break;
    const read = await readOne(
      { mapping, path, halves, options, left: side === 'joined' ? Infinity : left },
      sink,
    );
    if (side !== 'joined') left -= read;
  }
  options.terminal.progress('');
}

/** Messages are put together as visits, file by file. */
async function tryMessages(
  mapping: CompiledMapping,
  files: readonly string[],
  options: TrialOptions,
  sink: TrialSink,
): Promise<void> {
  let left = options.records ?? Infinity;
  for (const path of files) {
    if (left <= 0) break;
    const rows = await messagesOf(path, mapping, options.terminal);
    const { facility, freeText } = options;
    left -= tellMessageRows(rows, {
      ...{ mapping, facility, freeText, hashVisitId, left },
      sink: exportSink(basename(path), sink),
    });
  }
  options.terminal.progress('');
}

/** The visits of a sample of messages. */
export async function messagesOf(
  path: string,
  mapping: CompiledMapping,
  terminal?: Terminal,
): Promise<MessageRows> {
  return readMessageRows(await openSample(path, terminal), mapping, AbortSignal.timeout(longestMs));
}

function exportSink(file: string, sink: TrialSink): ExportSink {
  return {
    header: () => undefined,
    record: (record, line, built) => sink.record({ file, line, record }, built),
    rejected: (record, line, { rule, field }) => sink.rejected({ file, line, record }, rule, field),
    finding: (finding) => sink.finding(file, finding),
    settle: () => Promise.resolve(),
  };
}

function hashVisitId(facility: string, local: string): string {
  return createHmac('sha256', throwawayKey).update(`${facility}\0${local}`).digest('hex').slice(0, 32);
}

function isJoined({ side }: { readonly side: Side }): boolean {
  return side === 'joined';
}

async function sideOf(path: string, mapping: CompiledMapping): Promise<Side> {
  const shape = recogniseShape((await decodeSample(path)).head, [mapping]);
  return 'side' in shape ? shape.side : 'main';
}

/** Thrown through the reader to stop it: enough has been seen. */
const enough = new Error('enough');
const throwawayKey = systemRandom.bytes(32);

/** Answers how many records were seen. */
async function readOne(
  one: {
    readonly mapping: CompiledMapping;
    readonly path: string;
    readonly halves: ReturnType<typeof createTrialBook>;
    readonly options: TrialOptions;
    readonly left: number;
  },
  sink: TrialSink,
): Promise<number> {
  const { mapping, path, options, left } = one;
  const file = basename(path);
  let seen = 0;
  const within = (record: number): boolean => {
    seen = Math.max(seen, record);
    return record <= left;
  };
  try {
    await readExport(
      {
        open: await openSample(path, options.terminal),
        mappings: [mapping],
        feeds: feedNamed,
        hashVisitId,
        facility: options.facility,
        freeText: options.freeText,
        year: Number(dayToIso(dayOfInstant(systemClock.now())).slice(0, 4)),
        halves: one.halves,
        limits: { records: mostRecords },
        signal: AbortSignal.timeout(longestMs),
      },
      {
        header: () => undefined,
        record: (record, line, built) => {
          if (within(record)) sink.record({ file, line, record }, built);
        },
        rejected: (record, line, { rule, field }) => {
          if (within(record)) sink.rejected({ file, line, record }, rule, field);
        },
        finding: (finding) => {
          if (finding.record === null || finding.record <= left) sink.finding(file, finding);
        },
        settle: async () => {
          if (seen >= left) throw enough;
        },
      },
    );
  } catch (error) {
    if (error !== enough && !isAllRejected(error)) throw error;
  }
  return Math.min(seen, left);
}

/** Samples are held to what fits in memory: they are tried, not sent. */
const mostRecords = 200_000;
const longestMs = 3_600_000;

/** What was rejected, and why, has been said record by record. */
function isAllRejected(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'export-without-readable-record';
}

/** A sample, decoded by the rules of exports. Throws `map-sample-missing` and the faults of decoding. */
export async function decodeSample(
  path: string,
  { encoding, terminal }: { readonly encoding?: string; readonly terminal?: Terminal } = {},
): Promise<DecodedExport> {
  return decodeExport({
    open: await openSample(path, terminal),
    encoding,
    fileBytes: defaultReadLimits.fileBytes,
    signal: AbortSignal.timeout(longestMs),
  });
}

/** A sample recognised and decoded as its mapping says. */
export async function recogniseSample(
  path: string,
  mapping: CompiledMapping,
): Promise<{ readonly decoded: DecodedExport; readonly shape: Shape }> {
  const decoded = await decodeSample(path);
  const shape = recogniseShape(decoded.head, [mapping]);
  const encoding = 'layout' in shape ? shape.layout.encoding : shape.mapping.encoding;
  return { shape, decoded: encoding === undefined ? decoded : await decodeSample(path, { encoding }) };
}

async function openSample(
  path: string,
  terminal: Terminal | undefined,
): Promise<() => AsyncIterable<Buffer>> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) throw permanent('map-sample-missing', { facts: { file: path } });
  return async function* () {
    let bytes = 0;
    let shown = -1;
    for await (const chunk of createReadStream(path)) {
      const buffer = chunk as Buffer;
      bytes += buffer.length;
      const percent = Math.floor((bytes / Math.max(1, found.size)) * 100);
      if (percent !== shown) terminal?.progress(`${basename(path)} : ${percent} %`);
      shown = percent;
      yield buffer;
    }
  };
}
