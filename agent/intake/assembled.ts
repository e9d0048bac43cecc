import { createHash } from 'node:crypto';
import { assembleVisit } from '../adt/assemble.ts';
import { visitColumns } from '../adt/event.ts';
import type { AdtSchedule } from '../adt/adt-service.ts';
import { bedRow, countZones } from '../adt/beds.ts';
import type { MovementStore, SettledVisit } from '../adt/movement-store.ts';
import { bedAvailability } from '../../shared/feeds/bed-availability.ts';
import { feedNamed } from '../../shared/feeds/registry.ts';
import type { Finding } from '../../shared/feeds/feed.ts';
import { asFault, permanent } from '../../shared/runtime/errors.ts';
import { instantToFrench } from '../../shared/runtime/paris-time.ts';
import type { SourceConfig } from '../config.ts';
import type { CompiledMapping } from '../mapping/compiled-mapping.ts';
import type { ReadExportRow, ReadyExport } from '../outbox/rows.ts';
import { damagedFinding, damagedRule, findingOf } from '../reader/finding.ts';
import { createRecordFlow } from '../reader/record-flow.ts';
import type { FoundFile } from '../source/scan.ts';
import { createReading, type ExportReading } from './export-reading.ts';
import { baseRow, hashVisitId } from './export-row.ts';
import type { ReadAs, ReadFileDeps, ReadHalf } from './read-as.ts';

/** Where an assembled export comes from: a file of messages, or messages as they came. */
export interface Origin {
  readonly id: string;
  readonly file: FoundFile;
  /** Of the file; null: the export has no bytes of its own. */
  readonly digest: string | null;
  /** Findings and number of messages that were refused. */
  readonly refused: readonly Finding[];
  readonly refusedTotal: number;
  /** Line of the last message about a visit, by PV1-19. */
  readonly lines: ReadonlyMap<string, number>;
  readonly marks: Pick<ReadyExport, 'seen' | 'rereadOf'>;
}

/**
 * Exports that are put together from what messages have said. What they tell is marked as told in the commit that makes
 * them final, and claimed until then, so that no two of one batch tell the same.
 */
export interface Assembled {
  /** Everything untold of the source, as one export; without visits it is settled without envelopes. */
  visits(origin: Origin, as: ReadAs, turn: Promise<void>): Promise<ReadHalf>;
  /** The next export that is due without a file; `all`: whether its time has come or not. */
  next(all: boolean): Promise<ReadHalf | undefined>;
  /** An export of ours to be told again; undefined = it is none. */
  again(exportId: string, resend: boolean): Promise<ReadHalf | undefined>;
  /** A batch was committed, or is lost. */
  forget(): void;
}

/** One ADT source. */
export interface AssembledSource {
  readonly config: SourceConfig;
  readonly mapping: CompiledMapping;
  readonly as: ReadAs;
}

const visitsAtOnce = 1000;
const withdrawnAtOnce = 1000;
const page = 200;

export function createAssembled(
  deps: ReadFileDeps & {
    readonly store: MovementStore;
    readonly schedule: AdtSchedule;
    readonly sources: readonly AssembledSource[];
    /** Inside one transaction. */
    readonly transaction: (work: () => void) => void;
  },
): Assembled {
  const { store, clock, schedule } = deps;
  const claimed = new Map<number, number>();
  /** Sources whose visits have just been put together. */
  const upToDate = new Set<string>();
  let lastAt = store.composedAt();

  /** Strictly later than every one before: it orders what the region is told, whatever travels first. */
  const nextInstant = (): number => {
    lastAt = Math.max(clock.now(), lastAt + 1);
    return lastAt;
  };

  interface Gathered {
    readonly settled: readonly SettledVisit[];
    readonly withdrawn: readonly string[];
    readonly accepted: number;
    readonly rejected: number;
    readonly digest: string;
  }

  /** Everything untold, through the mapping, into the reading. */
  const gather = async (
    reading: ExportReading,
    { mapping, as }: Pick<AssembledSource, 'mapping' | 'as'>,
    origin: Pick<Origin, 'id' | 'lines'>,
    limit: number,
    claim: (visit: number, version: number) => void,
  ): Promise<Gathered> => {
    const facility = facilityOf(as);
    const feed = feedNamed(mapping.feedName);
    if (feed === undefined) throw permanent('feed-unknown', { facts: { feed: mapping.feedName } });
    const at = nextInstant();
    const hashing = createHash('sha256').update(`${origin.id} ${at}`);
    reading.sink.header({
      ...{ mapping: mapping.name, feed, facility, part: as.part ?? '0' },
      ...{ extract: { text: instantToFrench(at), at }, extractState: 'good', window: null },
    });
    const sink = {
      ...reading.sink,
      record: (...[record, line, built, body]: Parameters<typeof reading.sink.record>) => {
        hashing.update(`\n${body}`);
        reading.sink.record(record, line, built, body);
      },
    };
    const flow = createRecordFlow({
      ...{ feed, sink, bound: mapping.bind(visitColumns, { freeText: as.freeText ?? [] }) },
      hashVisitId: (own, local) => hashVisitId(deps, own, local),
      facilityOf: () => facility,
    });
    const settled: SettledVisit[] = [];
    const withdrawn: string[] = [];
    let record = 0;
    let after = 0;
    const now = clock.now();
    while (settled.length < limit) {
      const visits = store.changed(as.source, after, page);
      for (const visit of visits) {
        after = visit.n;
        if (settled.length >= limit || (claimed.get(visit.n) ?? 0) >= visit.version) continue;
        const told = readable(() => assembleVisit(store, as.source, visit, now));
        if (told === undefined) {
          reading.sink.finding(damagedFinding(null, null));
          continue;
        }
        if (told.withdrawn && withdrawn.length >= withdrawnAtOnce) continue;
        const before = flow.summary().accepted;
        if (told.row !== null)
          flow.row(told.row, undefined, origin.lines.get(told.visit) ?? 0, (record += 1));
        if (told.withdrawn) withdrawn.push(hashVisitId(deps, facility, told.visit));
        const isLost = told.row !== null && flow.summary().accepted === before;
        settled.push(isLost ? { ...told.settled, sent: null } : told.settled);
        claim(visit.n, visit.version);
      }
      await sink.settle();
      if (visits.length < page) break;
    }
    const { accepted, rejected } = flow.summary();
    hashing.update(JSON.stringify(withdrawn));
    return { settled, withdrawn, accepted, rejected, digest: hashing.digest('hex') };
  };

  const compose = async (
    source: Pick<AssembledSource, 'mapping' | 'as'>,
    origin: Origin,
    turn: Promise<void>,
    limit: number,
  ): Promise<{ readonly half: ReadHalf; readonly found: Gathered }> => {
    const { as } = source;
    const reading = createReading(deps, origin.id, origin.file, as, turn);
    const claims: number[] = [];
    const claim = (visit: number, version: number): void => {
      claims.push(visit);
      claimed.set(visit, version);
    };
    for (const finding of origin.refused) reading.sink.finding(finding);
    try {
      const found = await gather(reading, source, origin, limit, claim);
      const { accepted, withdrawn, settled, digest } = found;
      const rejected = found.rejected + origin.refusedTotal;
      const summary = { records: accepted + rejected, accepted, rejected, waiting: 0 };
      const travels = accepted > 0 || withdrawn.length > 0;
      const slices = travels ? reading.end(summary, digest, withdrawn) : 0;
      const row: ReadExportRow = {
        ...baseRow(deps, origin.id, origin.file, as),
        ...reading.described(),
        ...summary,
        findingsTotal: reading.described().findingsTotal + origin.refusedTotal - origin.refused.length,
        ...{ slices, digest: origin.digest ?? digest, outcome: travels ? 'unknown' : 'processed' },
      };
      const at = lastAt;
      const ready = {
        ...{ row, findings: reading.findings(), ...origin.marks },
        also: () => {
          store.settle(as.source, settled, origin.id);
          store.noteComposed(at);
        },
      };
      return { half: halfOf(reading, ready, travels), found };
    } catch (error) {
      reading.abort();
      for (const visit of claims) claimed.delete(visit);
      throw error;
    }
  };

  const halfOf = (
    reading: ExportReading,
    ready: Parameters<typeof deps.staging.add>[0],
    travels: boolean,
  ): ReadHalf => ({
    export: reading.id,
    finish: async () => {
      if (travels) (await reading.sealAll()).finish(ready);
      else deps.staging.add(ready);
    },
  });

  const originWithoutFile = (name: string, rereadOf: string | null): Origin => ({
    ...{ id: deps.random.uuid(clock.now()), file: fileless(name), digest: null },
    ...{ refused: [], refusedTotal: 0, lines: new Map(), marks: { seen: null, rereadOf } },
  });
  const stamp = (): string => new Date(clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');

  /** Visits as messages brought them. Nothing to send is no export: what changed is only noted as told. */
  const nextVisits = async (source: AssembledSource): Promise<ReadHalf | undefined> => {
    for (;;) {
      const origin = originWithoutFile(`mllp-${stamp()}`, null);
      const { half, found } = await compose(source, origin, Promise.resolve(), visitsAtOnce);
      if (found.accepted + found.rejected + found.withdrawn.length > 0) return half;
      if (found.settled.length === 0) return undefined;
      deps.transaction(() => store.settle(source.as.source, found.settled, null));
    }
  };

  const beds = (source: AssembledSource, rereadOf: string | null): ReadHalf | undefined => {
    const { config, as } = source;
    const zones = config.adt?.zones ?? {};
    const counts = countZones(zones, store.occupied(config.name, Object.keys(zones)));
    const rhythm = schedule.beds(config.name);
    if (!rhythm.counted(counts, clock.monotonic()) && rereadOf === null) return undefined;
    const at = nextInstant();
    const facility = facilityOf(as);
    const origin = originWithoutFile(`beds-${stamp()}`, rereadOf);
    const reading = createReading(deps, origin.id, origin.file, as, Promise.resolve());
    reading.sink.header({
      ...{ mapping: bedsMapping, feed: bedAvailability, facility, part: as.part ?? '0' },
      ...{ extract: { text: instantToFrench(at), at }, extractState: 'good', window: null },
    });
    const hashing = createHash('sha256').update(`${origin.id} ${at}`);
    counts.forEach((zone, index) => {
      const built = bedRow(facility, zone, at);
      const body = JSON.stringify(built);
      hashing.update(`\n${body}`);
      reading.sink.record(index + 1, 0, built, body);
      for (const { rule, field } of bedAvailability.check(built))
        reading.sink.finding(findingOf(rule, bedAvailability, { field, record: index + 1 }));
    });
    const summary = { records: counts.length, accepted: counts.length, rejected: 0, waiting: 0 };
    const digest = hashing.digest('hex');
    const slices = reading.end(summary, digest);
    const row: ReadExportRow = {
      ...baseRow(deps, origin.id, origin.file, as),
      ...reading.described(),
      ...{ ...summary, slices, digest },
    };
    const also = (): void => {
      rhythm.sent(counts, clock.monotonic());
      store.noteComposed(at);
    };
    return halfOf(reading, { row, findings: reading.findings(), ...origin.marks, also }, true);
  };

  return {
    visits: async (origin, as, turn) => {
      const mapping = as.mappings.find(({ format }) => format === 'hl7v2');
      if (mapping === undefined) throw permanent('export-shape-unknown');
      return (await compose({ mapping, as }, origin, turn, Number.POSITIVE_INFINITY)).half;
    },
    next: async (all) => {
      for (const source of deps.sources) {
        const { name } = source.config;
        const areDue = all ? store.hasChanged(name) : schedule.areVisitsDue(name);
        if (areDue) upToDate.add(name);
        const half = areDue ? await nextVisits(source) : undefined;
        if (half !== undefined) return half;
        // Beds are counted once everything said has been put together, not in the middle of it.
        const mayCount = upToDate.delete(name) || !store.hasChanged(name);
        const counted = mayCount && schedule.areBedsDue(name) ? beds(source, null) : undefined;
        if (counted !== undefined) return counted;
      }
      return undefined;
    },
    again: async (exportId, resend) => {
      const row = deps.exports.get(exportId);
      const source = deps.sources.find(({ config }) => config.name === row?.source);
      if (row === undefined || source === undefined) return undefined;
      if (row.mapping === bedsMapping) return beds(source, exportId);
      if (row.mapping !== source.mapping.name) return undefined;
      store.tellAgain(exportId);
      const told = { ...source, as: { ...source.as, resend } };
      const origin = originWithoutFile(row.name, exportId);
      return (await compose(told, origin, Promise.resolve(), Number.POSITIVE_INFINITY)).half;
    },
    forget: () => claimed.clear(),
  };
}

const bedsMapping = 'adt-beds';

/** Undefined: damaged. The visit stays untold until it is repaired, and does not keep the others. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (asFault(error).code === damagedRule) return undefined;
    throw error;
  }
}

function facilityOf({ facility }: ReadAs): string {
  if (facility === undefined) throw permanent('facility-missing');
  return facility;
}

function fileless(name: string): FoundFile {
  return { name: Buffer.from(name), path: Buffer.alloc(0), size: 0, mtime: 0, inode: '' };
}
