import { createHmac } from 'node:crypto';
import { feedNamed } from '../../shared/feeds/registry.ts';
import type { Feed } from '../../shared/feeds/feed.ts';
import { dayToIso } from '../../shared/runtime/paris-time.ts';
import { fileOf } from '../intake/reread.ts';
import type { SourceConfig } from '../config.ts';
import type { CompiledMapping } from '../mapping/compiled-mapping.ts';
import type { ExportRow } from '../outbox/rows.ts';
import { defaultReadLimits } from '../reader/limits.ts';
import type { readingAgain } from '../intake/joins.ts';
import { readExport } from '../reader/read-export.ts';
import { claimFile } from '../source/claim.ts';
import { loadDecryption } from '../source/decrypt.ts';

/** A record found again in its file. Never a value: its key is the region's keyed hash. */
export interface TracedRecord {
  /** Null where records are put together from several messages. */
  readonly record: number | null;
  readonly line: number;
  /** ISO day; null when the record was rejected. */
  readonly day: string | null;
  /** Hex of HMAC-SHA-256 under the facility's key, 16 bytes, as the region's store has it; null without that key. */
  readonly key: string | null;
  /** The rule that rejected it. */
  readonly rejectedBy: string | null;
}

export type Wanted =
  { readonly kind: 'line'; readonly line: number } | { readonly kind: 'key'; readonly prefix: string };

/**
 * Reads an export again, where it was archived or first seen, when its content is still the same. `file-gone` when it is not.
 * A line belongs to the last record that starts at or before it.
 */
export async function findRecord(
  deps: {
    readonly source: SourceConfig;
    readonly mappings: readonly CompiledMapping[];
    facilityKey(finess: string): Buffer | undefined;
    readonly again: Awaited<ReturnType<typeof readingAgain>>;
  },
  row: ExportRow,
  wanted: Wanted,
): Promise<
  | { readonly kind: 'found'; readonly record: TracedRecord }
  | { readonly kind: 'file-gone' | 'no-such-record' }
> {
  const file = await fileOf(row);
  if (file === undefined) return { kind: 'file-gone' };
  const { decrypt } = deps.source;
  const limits = { plaintextBytes: defaultReadLimits.fileBytes };
  const opened = decrypt === undefined ? undefined : await loadDecryption({ ...decrypt, ...limits });
  const claim = await claimFile(file, opened);
  let found: TracedRecord | undefined;
  let feed: Feed | undefined;
  const consider = (record: TracedRecord): void => {
    if (wanted.kind === 'key') {
      if (record.key?.startsWith(wanted.prefix) === true) found ??= record;
    } else if (record.line <= wanted.line && record.line >= (found?.line ?? 0)) found = record;
  };
  try {
    await readExport(
      {
        open: () => claim.open(),
        mappings: deps.mappings,
        feeds: feedNamed,
        hashVisitId: () => '',
        encoding: deps.source.encoding,
        facility: deps.source.facility,
        part: deps.source.part,
        ...deps.again,
        signal: AbortSignal.timeout(600_000),
      },
      {
        header: (header) => {
          feed = header.feed;
        },
        record: (record, line, built) => {
          if (feed === undefined) return;
          const facilityKey = deps.facilityKey(feed.facilityOf(built));
          const key = facilityKey === undefined ? null : keyedHash(facilityKey, feed.naturalKey(built));
          consider({ record, line, key, day: dayToIso(feed.dayOf(built)), rejectedBy: null });
        },
        rejected: (record, line, { rule }) =>
          consider({ record, line, key: null, day: null, rejectedBy: rule }),
        finding: () => undefined,
        settle: () => Promise.resolve(),
      },
    );
  } catch {
    // A rejected export is traced as far as it could be read.
  } finally {
    await claim.close();
  }
  return found === undefined ? { kind: 'no-such-record' } : { kind: 'found', record: found };
}

export function keyedHash(facilityKey: Buffer, naturalKey: string): string {
  return createHmac('sha256', facilityKey).update(`natural\0${naturalKey}`).digest('hex').slice(0, 32);
}
