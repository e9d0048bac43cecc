import type { Feed, FeedRecord, Finding } from '../../shared/feeds/feed.ts';
import { feedNamed } from '../../shared/feeds/registry.ts';
import { asFault, permanent } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { dayOfInstant, dayToIso, instantToFrench, type Day } from '../../shared/runtime/paris-time.ts';
import type { AgentConfig, SourceConfig } from '../config.ts';
import { pick } from '../agent.ts';
import { readingAgain } from '../intake/joins.ts';
import { fileOf } from '../intake/reread.ts';
import type { CompiledMapping } from '../mapping/compiled-mapping.ts';
import type { Refusal } from '../outbox/export-book.ts';
import type { History } from '../outbox/history.ts';
import type { ExportRow } from '../outbox/rows.ts';
import type { ExportSink } from '../reader/export-sink.ts';
import { defaultReadLimits } from '../reader/limits.ts';
import { readExport } from '../reader/read-export.ts';
import { claimFile } from '../source/claim.ts';
import { loadDecryption } from '../source/decrypt.ts';
import type { OpenOperations } from './open-operations.ts';

/**
 * One line of the worklist. `entry` and `visit` are of a patient: they stay in memory, go to a person's terminal or to the
 * file that person names, and nowhere else.
 */
export interface FaultLine extends Finding {
  readonly source: string;
  readonly file: string;
  /** Local time of Paris; empty when the record has none. */
  readonly entry: string;
  /** The source's own number; empty where the mapping gives none. */
  readonly visit: string;
  /** What an agency refused, where the line is about that. */
  readonly refusal?: Refusal;
}

export interface FaultsFound {
  readonly lines: readonly FaultLine[];
  /** Exports that could be read again. */
  readonly read: readonly ExportRow[];
  /** Those that could not, and why. */
  readonly unreadable: readonly { readonly export: string; readonly file: string; readonly code: string }[];
  /** There were more lines than a person reads. */
  readonly cut: boolean;
}

const mostLines = 50_000;
const mostExports = 2000;
/** An export without a window is looked into when it was read within so many days. */
const daysAfter = 7;

/** Reads a day's exports again, newest first: what a newer one says of a visit stands, and a trusted window ends the search. */
export async function readFaults(
  deps: {
    readonly config: AgentConfig;
    readonly open: OpenOperations;
    readonly mappings: ReadonlyMap<string, CompiledMapping>;
    readonly random: Random;
    progress(done: number, of: number): void;
  },
  wanted: { readonly day: Day; readonly source: string | undefined },
): Promise<FaultsFound> {
  const rows = candidates(deps.open.history, wanted);
  const lines: FaultLine[] = [];
  const read: ExportRow[] = [];
  const unreadable: { export: string; file: string; code: string }[] = [];
  const scopes = new Map<string, { readonly seen: Set<string>; closed: boolean }>();
  for (const [index, row] of rows.entries()) {
    deps.progress(index, rows.length);
    const key = JSON.stringify([row.source, row.facility, row.feed, row.part]);
    const scope = scopes.get(key) ?? { seen: new Set(), closed: false };
    scopes.set(key, scope);
    const source = deps.config.sources.find(({ name }) => name === row.source);
    if (scope.closed || source === undefined) continue;
    try {
      lines.push(...(await linesOf(deps, source, row, wanted.day, scope.seen)));
      read.push(row);
      scope.closed = row.trusted === 1 && row.windowFrom !== null;
    } catch (error) {
      unreadable.push({ export: row.id, file: row.name, code: asFault(error).code });
    }
    if (lines.length > mostLines) break;
  }
  return { lines: lines.slice(0, mostLines), read, unreadable, cut: lines.length > mostLines };
}

function candidates(
  history: History,
  { day, source }: { readonly day: Day; readonly source: string | undefined },
): readonly ExportRow[] {
  const iso = dayToIso(day);
  return history
    .covering(day, (day + daysAfter) as Day, mostExports)
    .filter(
      ({ windowFrom, windowTo }) => windowFrom === null || (windowFrom <= iso && iso <= (windowTo ?? '')),
    )
    .filter(({ outcome, slices }) => outcome !== 'duplicate' && (outcome !== 'rejected' || slices > 0))
    .filter((row) => source === undefined || row.source === source)
    .reverse();
}

/** Of messages nothing lies in one file: what was found when their records were put together is told, without patients. */
async function linesOf(
  deps: Parameters<typeof readFaults>[0],
  source: SourceConfig,
  row: ExportRow,
  day: Day,
  seen: Set<string>,
): Promise<readonly FaultLine[]> {
  const { config, open, random } = deps;
  if (deps.mappings.get(row.mapping ?? '')?.format === 'hl7v2') {
    const { agent } = open.exports.findings(row.id);
    const place = { source: row.source, file: row.name, entry: '', visit: '' };
    return dayOfInstant(row.readAt) === day ? agent.map((finding) => ({ ...finding, ...place })) : [];
  }
  const mappings = pick(deps.mappings, source.mappings);
  const again = await readingAgain({
    ...{ source, mappings, random, database: open.database, state: config.state, readAt: row.readAt },
  });
  return readOne({ source, mappings, again }, row, day, seen);
}

/** Throws `resend-file-gone` and the reader's faults. What it found counts only when it was read to its end. */
async function readOne(
  from: {
    readonly source: SourceConfig;
    readonly mappings: readonly CompiledMapping[];
    readonly again: Awaited<ReturnType<typeof readingAgain>>;
  },
  row: ExportRow,
  day: Day,
  seen: Set<string>,
): Promise<readonly FaultLine[]> {
  const file = await fileOf(row);
  if (file === undefined) throw permanent('resend-file-gone', { facts: { file: row.name } });
  const { source } = from;
  const { decrypt } = source;
  const limits = { plaintextBytes: defaultReadLimits.fileBytes };
  const claim = await claimFile(file, decrypt && (await loadDecryption({ ...decrypt, ...limits })));
  const listener = listen(row, day, seen);
  try {
    await readExport(
      {
        open: () => claim.open(),
        mappings: from.mappings,
        feeds: feedNamed,
        // The number itself, for the hospital's own eyes: this reading seals nothing.
        hashVisitId: (_facility, local) => local,
        encoding: source.encoding,
        facility: source.facility,
        part: source.part,
        ...from.again,
        signal: AbortSignal.timeout(600_000),
      },
      listener.sink,
    );
  } finally {
    await claim.close();
  }
  return listener.end();
}

interface Current {
  readonly record: number;
  readonly entry: string;
  readonly visit: string;
}

/** Keeps what concerns the day and no newer export has spoken of. */
function listen(
  row: ExportRow,
  day: Day,
  seen: Set<string>,
): { readonly sink: ExportSink; end(): readonly FaultLine[] } {
  const isNewest = seen.size === 0;
  const place = { source: row.source, file: row.name };
  let feed: Feed | undefined;
  let lines: FaultLine[] = [];
  let current: Current | undefined;
  const own = new Set<string>();
  const consider = (record: number, built: FeedRecord): Current | undefined => {
    if (feed === undefined || feed.dayOf(built) !== day) return undefined;
    const visit = feed.visitId(built) ?? '';
    const key = `${feed.naturalKey(built)}\0${visit}`;
    own.add(key);
    if (seen.has(key)) return undefined;
    return { record, visit, entry: instantToFrench(feed.instantOf(built)).slice(0, 16) };
  };
  return {
    sink: {
      header: (header) => {
        feed = header.feed;
        // A header that comes late is read for in a first pass: what counts is the second.
        lines = lines.filter(({ record }) => record === null);
      },
      record: (record, _line, built) => {
        current = consider(record, built);
      },
      rejected: (record, line, { rule, field }) =>
        void lines.push({ ...place, rule, severity: 'error', field, line, record, entry: '', visit: '' }),
      finding: (finding) => {
        const of = finding.record === current?.record ? current : undefined;
        const isOfExport = finding.record === null && isNewest;
        if (of !== undefined || isOfExport)
          lines.push({ ...place, ...finding, entry: of?.entry ?? '', visit: of?.visit ?? '' });
      },
      settle: () => Promise.resolve(),
    },
    end: () => {
      for (const key of own) seen.add(key);
      return lines;
    },
  };
}
