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
import { dayFromIso } from '../../shared/runtime/paris-time.ts';
import { followTrail, type Trail } from '../inbox/trail.ts';
import { say, withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { writeDown } from './command-actor.ts';
import { shownDay } from './destination-words.ts';

/**
 * The way of an export through the region, found by its id, by one of its envelopes, by the name of a dispatch, or by
 * the start of a record's key. Ids, counts and times; never a value.
 */
export async function trace(
  { config, language, clock }: CommandContext,
  { id }: { readonly id: string },
): Promise<CommandAnswer> {
  const found = await withStore(config, async (store) => {
    const trail = await store.read((tx) => followTrail(tx, id));
    // Where a single visit went: reading that is written down, too.
    if (trail.records.length > 0)
      await store.transaction((tx) =>
        writeDown(tx, clock, {
          ...{ action: 'record.read', subject: id, facility: trail.records[0]?.facility ?? '' },
          facts: { records: trail.records.length },
        }),
      );
    return trail;
  });
  if (found.exports.length + found.envelopes.length + found.dispatches.length + found.records.length === 0)
    throw permanent('trace-unknown', { facts: { id } });
  return { document: found, lines: printTrace(found, language) };
}

function printTrace(found: Trail, language: Language): readonly string[] {
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
