import { createReadStream } from 'node:fs';
import type { Feed, FeedRecord } from '../../shared/feeds/feed.ts';
import { feedNamed } from '../../shared/feeds/registry.ts';
import { asFault, permanent } from '../../shared/runtime/errors.ts';
import { dayOfInstant, type Day } from '../../shared/runtime/paris-time.ts';
import type { CompiledMapping } from '../mapping/compiled-mapping.ts';
import type { ExportHeader } from '../reader/export-sink.ts';
import { readExport } from '../reader/read-export.ts';
import type { Decrypt } from '../source/decrypt.ts';
import type { SideFile } from './find-files.ts';
import { nationalTexts, type Texts } from './national-texts.ts';

/** One visit in national form, and where it stands: the values never leave this process. */
export interface SideVisit {
  readonly facility: string;
  readonly day: Day;
  readonly key: string;
  /** To the minute, epoch ms. */
  readonly minute: number;
  readonly texts: Texts;
  readonly file: string;
  readonly line: number;
}

export type Oddity =
  'extract-missing' | 'window-missing' | 'outside-window' | 'window-after-extract' | 'rejected-records';

export interface SideExport {
  readonly file: string;
  readonly facility: string;
  readonly part: string;
  /** Orders exports of a part: EXTRACT, else when the file was written. Epoch ms. */
  readonly at: number;
  readonly window: { readonly from: Day; readonly to: Day } | null;
  readonly oddities: readonly Oddity[];
  readonly visits: readonly SideVisit[];
}

export interface Unreadable {
  readonly file: string;
  readonly code: string;
}

export interface Side {
  readonly exports: readonly SideExport[];
  readonly unreadable: readonly Unreadable[];
}

export interface ReadingAs {
  readonly mappings: readonly CompiledMapping[];
  readonly facility?: string | undefined;
  readonly part?: string | undefined;
  readonly encoding?: string | undefined;
  /** Fields of free text that may leave. */
  readonly freeText?: readonly string[] | undefined;
  /** The files are OpenPGP messages for this key. */
  readonly decrypt?: Decrypt | undefined;
}

/** Two sides of a year of a large hospital; past it, memory would not be bounded. */
const maxVisits = 1_000_000;

/**
 * Reads every file in the agent's own reader; what it rejects is listed with its code, as the agent would reject it.
 * Faults: `shadow-too-much`.
 */
export async function readSide(
  files: readonly SideFile[],
  as: ReadingAs,
  progress: (done: number) => void,
): Promise<Side> {
  const exports: SideExport[] = [];
  const unreadable: Unreadable[] = [];
  let visits = 0;
  for (const [index, file] of files.entries()) {
    progress(index);
    const read = await readOne(file, as);
    if ('code' in read) unreadable.push(read);
    else exports.push(read);
    visits += 'visits' in read ? read.visits.length : 0;
    if (visits > maxVisits) throw permanent('shadow-too-much', { facts: { limit: maxVisits } });
  }
  return { exports, unreadable };
}

async function readOne(file: SideFile, as: ReadingAs): Promise<SideExport | Unreadable> {
  const { decrypt, ...reading } = as;
  if (decrypt === undefined && /\.(gpg|pgp|asc)$/i.test(file.name))
    return { file: file.name, code: 'shadow-encrypted' };
  const visits: SideVisit[] = [];
  let header: ExportHeader | undefined;
  try {
    const summary = await readExport(
      {
        open: () => {
          const bytes = createReadStream(file.path) as AsyncIterable<Buffer>;
          return decrypt === undefined ? bytes : decrypt(bytes);
        },
        ...reading,
        feeds: feedNamed,
        // Visit numbers are no part of the national format.
        hashVisitId: () => '',
        signal: AbortSignal.timeout(600_000),
      },
      {
        header: (found) => {
          header = found;
        },
        record: (_record, line, built) => {
          if (header !== undefined) visits.push(visitOf(header.feed, built, file.name, line));
        },
        rejected: () => undefined,
        finding: () => undefined,
        settle: () => Promise.resolve(),
      },
    );
    if (header === undefined) return { file: file.name, code: 'export-without-record' };
    return exportOf(file, header, visits, summary.rejected);
  } catch (error) {
    return { file: file.name, code: asFault(error).code };
  }
}

function visitOf(feed: Feed, record: FeedRecord, file: string, line: number): SideVisit {
  return {
    facility: feed.facilityOf(record),
    day: feed.dayOf(record),
    key: feed.naturalKey(record),
    minute: Math.floor(feed.instantOf(record) / 60_000),
    texts: nationalTexts(feed, record),
    file,
    line,
  };
}

function exportOf(
  file: SideFile,
  { facility, part, extract, window }: ExportHeader,
  visits: readonly SideVisit[],
  rejected: number,
): SideExport {
  const outside = window !== null && visits.some(({ day }) => day < window.from || day > window.to);
  const late = window !== null && extract !== null && window.to > dayOfInstant(extract.at);
  const oddities: readonly (Oddity | false)[] = [
    extract === null && 'extract-missing',
    window === null && 'window-missing',
    outside && 'outside-window',
    late && 'window-after-extract',
    rejected > 0 && 'rejected-records',
  ];
  return {
    ...{ file: file.name, facility, part, window, visits },
    at: extract?.at ?? file.writtenAt,
    oddities: oddities.filter((oddity) => oddity !== false),
  };
}
