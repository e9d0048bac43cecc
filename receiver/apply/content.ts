import type { Breach, Feed, FeedRecord } from '../../shared/feeds/feed.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import type { ExportTable, StagedRecord } from '../store/export-tables.ts';

/** A record of an export, checked, on its way into the store. */
export interface Incoming extends StagedRecord {
  readonly at: number;
  readonly naturalKey: string;
  readonly visitId: string | undefined;
}

/** The records of an export, a day at a time: no more than one day need ever be in memory. */
export interface ExportContent {
  readonly days: readonly Day[];
  ofDay(day: Day): Promise<readonly Incoming[]>;
}

export function contentOf(records: readonly Incoming[]): ExportContent {
  const byDay = new Map<Day, Incoming[]>();
  for (const record of records) {
    const list = byDay.get(record.day);
    if (list === undefined) byDay.set(record.day, [record]);
    else list.push(record);
  }
  return { days: [...byDay.keys()].sort((a, b) => a - b), ofDay: async (day) => byDay.get(day) ?? [] };
}

export async function stagedContent(exports: ExportTable, id: string, feed: Feed): Promise<ExportContent> {
  return {
    days: await exports.stagedDays(id),
    ofDay: async (day) => (await exports.stagedOfDay(id, day)).map((staged) => readRecord(feed, staged)),
  };
}

/**
 * A body as the feed understands it, with what its checks say. Throws `record-not-valid` (the agent checked the same
 * schema: a body that fails here was not made by it), `record-facility-differs`.
 */
export function openRecord(
  feed: Feed,
  from: Omit<StagedRecord, 'day'>,
  facility: string,
): { readonly incoming: Incoming; readonly breaches: readonly Breach[] } {
  const value = decode(feed, from);
  if (feed.facilityOf(value) !== facility)
    throw permanent('record-facility-differs', { position: { record: from.record } });
  return { incoming: place(feed, from, value), breaches: feed.check(value) };
}

/** A body that was checked when it came. Throws `record-not-valid`. */
export function readRecord(feed: Feed, from: Omit<StagedRecord, 'day'>): Incoming {
  return place(feed, from, decode(feed, from));
}

function place(feed: Feed, { record, line, body }: Omit<StagedRecord, 'day'>, value: FeedRecord): Incoming {
  return {
    record,
    line,
    body,
    day: feed.dayOf(value),
    at: feed.instantOf(value),
    naturalKey: feed.naturalKey(value),
    visitId: feed.visitId(value),
  };
}

function decode(feed: Feed, { record, body }: Omit<StagedRecord, 'day'>): FeedRecord {
  const read = feed.schema.safeParse(parse(body, record));
  if (!read.success) throw permanent('record-not-valid', { position: { record } });
  return read.data;
}

function parse(body: string, record: number): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw permanent('record-not-valid', { position: { record } });
  }
}
