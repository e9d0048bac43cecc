import { permanent } from '../../shared/runtime/errors.ts';
import type { ExportBook } from '../outbox/export-book.ts';
import type { ExportRow } from '../outbox/rows.ts';

/** Supersessions followed: an export read again ten thousand times is not meant. */
const mostSteps = 10_000;

/**
 * An export by its id, by its file's name (the newest of that name) or by one of its envelopes; where it was read again
 * since, the export that replaced it. Throws `trace-not-found`.
 */
export function exportNamed(exports: ExportBook, what: string): ExportRow {
  const envelope = exports.envelope(what);
  let row =
    exports.get(what) ??
    exports.byName(what, 1)[0] ??
    (envelope === undefined ? undefined : exports.get(envelope.export));
  for (let step = 0; row?.state === 'superseded' && row.original !== null && step < mostSteps; step += 1)
    row = exports.get(row.original) ?? row;
  if (row === undefined) throw permanent('trace-not-found', { facts: { what } });
  return row;
}
