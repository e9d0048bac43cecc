import { shownInstant } from '../../shared/i18n/shown.ts';
import {
  causeWords,
  deliveryWords,
  envelopeWords,
  exportWords,
  receiptWords,
  wordFor,
} from '../../shared/i18n/terminal-receiver-words.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import { receipt, type Receipt } from '../../shared/protocol/receipts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayFromIso, dayToIso } from '../../shared/runtime/paris-time.ts';
import type { DispatchRow } from '../store/dispatch-table.ts';
import type { EnvelopeRow, ExportRow, StoreTx } from '../store/store.ts';
import { say, withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { shownDay } from './destination-words.ts';

/**
 * The way of an export through the region, found by its id, by one of its envelopes, by the name of a dispatch, or by
 * the start of a record's key. Ids, counts and times; never a value.
 */
export async function trace(
  { config, language }: CommandContext,
  { id }: { readonly id: string },
): Promise<CommandAnswer> {
  const found = await withStore(config, (store) => store.read((tx) => follow(tx, id)));
  if (found.exports.length + found.envelopes.length + found.dispatches.length + found.records.length === 0)
    throw permanent('trace-unknown', { facts: { id } });
  return { document: found, lines: printTrace(found, language) };
}

interface Trace {
  readonly records: readonly TracedRecord[];
  readonly envelopes: readonly EnvelopeRow[];
  readonly exports: readonly ExportRow[];
  readonly dispatches: readonly TracedDispatch[];
  readonly receipts: readonly unknown[];
}

interface TracedRecord {
  readonly facility: string;
  readonly feed: string;
  readonly part: string;
  readonly day: string;
  readonly key: string;
  readonly rank: number;
  readonly export: string;
  readonly record: number;
  readonly line: number;
}

type TracedDispatch = Omit<DispatchRow, 'from' | 'to'> & { readonly from: string; readonly to: string };

const maxRecords = 20;
const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function follow(tx: StoreTx, id: string): Promise<Trace> {
  if (uuidForm.test(id)) {
    const envelope = await tx.inbox.byId(id);
    const row = await tx.exports.get(envelope?.export ?? id);
    if (row !== undefined) return ofExports(tx, [row], []);
    return { ...nothing, envelopes: envelope === undefined ? [] : [envelope] };
  }
  const dispatches = await tx.dispatches.byName(id);
  if (dispatches.length > 0) return ofDispatches(tx, dispatches);
  if (/^[0-9a-f]{8,32}$/i.test(id)) return ofKey(tx, id.toLowerCase());
  return nothing;
}

const nothing: Trace = { records: [], envelopes: [], exports: [], dispatches: [], receipts: [] };

async function ofExports(
  tx: StoreTx,
  exports: readonly ExportRow[],
  records: readonly TracedRecord[],
): Promise<Trace> {
  const envelopes: EnvelopeRow[] = [];
  const dispatches = new Map<number, DispatchRow>();
  const receipts: unknown[] = [];
  for (const { id } of exports) {
    const ofExport = await tx.inbox.ofExport(id);
    envelopes.push(...ofExport);
    for (const row of await tx.dispatches.ofExport(id)) dispatches.set(row.id, row);
    for (const envelope of ofExport) {
      const stored = await tx.receipts.stored(envelope.id);
      if (stored !== undefined) receipts.push(JSON.parse(stored.text));
    }
    for (const { text } of await tx.receipts.ofExport(id)) receipts.push(JSON.parse(text));
  }
  return { records, envelopes, exports, dispatches: [...dispatches.values()].map(readable), receipts };
}

async function ofDispatches(tx: StoreTx, dispatches: readonly DispatchRow[]): Promise<Trace> {
  const ids = new Set(dispatches.flatMap((row) => (row.export === null ? [] : [row.export])));
  const exports: ExportRow[] = [];
  for (const id of ids) {
    const row = await tx.exports.get(id);
    if (row !== undefined) exports.push(row);
  }
  const found = await ofExports(tx, exports, []);
  return { ...found, dispatches: dispatches.map(readable) };
}

async function ofKey(tx: StoreTx, prefix: string): Promise<Trace> {
  const held = await tx.records.findByKeyPrefix(prefix, maxRecords);
  const exports = new Map<string, ExportRow>();
  const dispatches = new Map<number, DispatchRow>();
  for (const { export: id, facility, feed, day } of held) {
    const row = await tx.exports.get(id);
    if (row !== undefined) exports.set(id, row);
    for (const each of await tx.dispatches.inForce(facility, feed, [day])) dispatches.set(each.id, each);
  }
  const records = held.map(({ facility, feed, part, day, key, rank, export: id, record, line }) => ({
    ...{ facility, feed, part, rank, export: id, record, line },
    day: dayToIso(day),
    key: key.toString('hex'),
  }));
  const found = await ofExports(tx, [...exports.values()], records);
  return { ...found, dispatches: [...dispatches.values()].map(readable) };
}

function readable(row: DispatchRow): TracedDispatch {
  return { ...row, from: dayToIso(row.from), to: dayToIso(row.to) };
}

function printTrace(found: Trace, language: Language): readonly string[] {
  const at = (instant: number): string => shownInstant(instant, language);
  const day = (iso: string): string => {
    const found = dayFromIso(iso);
    return found === undefined ? iso : shownDay(found, language);
  };
  return [
    ...found.records.map((row) => say(language, 'traceRecord', { ...row, day: day(row.day) })),
    ...found.exports.map(({ id, facility, feed, part, agent, receivedAt, state }) =>
      say(language, 'traceExport', {
        ...{ id, facility, feed, part, agent, at: at(receivedAt) },
        state: wordFor(exportWords, state, language),
      }),
    ),
    ...found.envelopes.map(({ id, slice, epoch, seq, receivedAt, state }) =>
      say(language, 'traceEnvelope', {
        ...{ id, slice: slice ?? '-', epoch, seq, at: at(receivedAt) },
        state: wordFor(envelopeWords, state, language),
      }),
    ),
    ...found.dispatches.map((row) =>
      say(language, 'traceDispatch', {
        ...{ name: row.name, destination: row.destination, records: row.records },
        ...{ from: day(row.from), to: day(row.to), at: at(row.changedAt) },
        cause: wordFor(causeWords, row.cause, language),
        state: wordFor(deliveryWords, row.state, language),
        code: row.code === null ? '' : ` [${row.code}]`,
      }),
    ),
    ...found.receipts.map((each) => receiptLine(each, language)),
  ];
}

function receiptLine(found: unknown, language: Language): string {
  const parsed = receipt.safeParse(found);
  // Of a newer form than this program knows: as it is.
  if (!parsed.success) return JSON.stringify(found);
  return say(language, 'traceReceipt', {
    kind: wordFor(receiptWords, parsed.data.kind, language),
    at: shownInstant(parsed.data.at, language),
    about: aboutDelivery(parsed.data, language),
  });
}

function aboutDelivery(found: Receipt, language: Language): string {
  switch (found.kind) {
    case 'forwarded':
    case 'acknowledged':
    case 'refused': {
      const { dispatch, destination, code } = found;
      const about = say(language, 'traceReceiptDispatch', { dispatch, destination });
      return code === null ? about : `${about} [${code}]`;
    }
    case 'rejected':
      return ` [${found.code}]`;
    case 'stored':
    case 'processed':
    case 'decided':
      return '';
  }
}
