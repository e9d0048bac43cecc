import type { ExportBook, ListedDispatch } from '../outbox/export-book.ts';
import type { ExportRow } from '../outbox/rows.ts';

/**
 * Of the export; for one record, of each destination the latest dispatch that carries its day as this export left it: its own,
 * or the one in force, composed earlier when this export left the day as it was, or later by the destination's calendar.
 */
export function carryingDispatches(
  book: Pick<ExportBook, 'dispatches' | 'composed' | 'inForce' | 'receipts'>,
  row: Pick<ExportRow, 'id' | 'facility' | 'feed' | 'outcome' | 'hold' | 'added' | 'updated' | 'removed'>,
  day: string | null,
): readonly ListedDispatch[] {
  const own = book.dispatches(row.id);
  if (day === null) return own;
  const { id, facility, feed, outcome, hold } = row;
  const isApplied = outcome !== 'rejected' && outcome !== 'unknown' && (hold === null || hold === 'removals');
  const others = isApplied && facility !== null && feed !== null ? book.inForce(facility, feed, day) : [];
  const covers = ({ from, to }: ListedDispatch): boolean => from <= day && day <= to;
  const hasChanged = row.added + row.updated + row.removed > 0 && book.composed(id).some(covers);
  const changedAt = hasChanged ? lastApplied(book, id) : 0;
  const carrying = new Map<string, ListedDispatch>();
  for (const one of others)
    // What was at the agency before the day changed does not carry the change: its calendar has yet to come round.
    if (one.delivery === null || (one.forwardedAt ?? one.at ?? 0) >= changedAt)
      carrying.set(one.destination, one);
  // Later ones of the same destination take the place of earlier ones.
  for (const dispatch of own) if (covers(dispatch)) carrying.set(dispatch.destination, dispatch);
  return [...carrying.values()];
}

/** When the region last applied something of it, or decided; its own clock, as that of deliveries. */
function lastApplied(book: Pick<ExportBook, 'receipts'>, id: string): number {
  const times = book
    .receipts(id)
    .filter(({ kind }) => kind === 'processed' || kind === 'decided')
    .map(({ text }) => signedAt(text) ?? 0);
  return Math.max(0, ...times);
}

/** Of a receipt's text, epoch ms. */
export function signedAt(text: string): number | null {
  const claims: unknown = JSON.parse(text);
  return typeof claims === 'object' && claims !== null && 'at' in claims && typeof claims.at === 'number'
    ? claims.at
    : null;
}
