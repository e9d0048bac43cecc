import type { Replacement } from '../../shared/feeds/feed.ts';
import { feedNamed } from '../../shared/feeds/registry.ts';
import type { DispatchCause } from '../store/dispatch-table.ts';
import type { StoreTx } from '../store/store.ts';
import {
  composeFile,
  filesFor,
  runsOf,
  type Changed,
  type Composed,
  type DayRun,
  type DispatchTarget,
  type File,
} from './compose.ts';

/** A facility's days, asked for by a calendar or a person rather than by a change. */
export interface Range extends DayRun {
  readonly facility: string;
  readonly cause: DispatchCause;
  readonly now: number;
}

export function replacementOf(feed: string): Replacement {
  return feedNamed(feed)?.replacement ?? 'window';
}

export function changedOf({ feed }: DispatchTarget, { facility, cause, now }: Omit<Range, 'from' | 'to'>) {
  return {
    ...{ facility, feed, replacement: replacementOf(feed), export: null, cause, now },
  } satisfies Omit<Changed, 'days'>;
}

/**
 * The files that a range of days becomes, not composed yet; none when the facility holds nothing there and never did. They
 * cover only days of which the region knows something: a file that says "no visit" of a day nobody sent would make an
 * agency drop what it may have from elsewhere. A day that was emptied is sent empty.
 */
export async function filesOfRange(
  tx: StoreTx,
  target: DispatchTarget,
  range: Range,
): Promise<readonly File[]> {
  const { facility, from, to } = range;
  const known = await tx.coverage.knownDays(facility, target.feed, from, to);
  const changed = changedOf(target, range);
  if (changed.replacement !== 'snapshot' && !known.some(({ count, held }) => count > 0 || held)) return [];
  return filesFor(tx, changed, runsOf(known.map(({ day }) => day)), target);
}

/** One file in memory at a time. */
export async function composeRange(
  tx: StoreTx,
  target: DispatchTarget,
  range: Range,
): Promise<readonly Composed[]> {
  const composed: Composed[] = [];
  for (const file of await filesOfRange(tx, target, range))
    composed.push(await composeFile(tx, changedOf(target, range), target, file));
  return composed;
}
