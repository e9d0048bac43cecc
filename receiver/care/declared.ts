import type { Day } from '../../shared/runtime/paris-time.ts';
import type { StoreTx } from '../store/store.ts';
import type { FeedOfFacility } from '../store/watch-tables.ts';

/** What people have said of a facility's days: that it is closed, or writes on paper. */
export interface Declared {
  readonly facility: string;
  /** null: all that it sends. */
  readonly feed: string | null;
  readonly kind: 'closed' | 'degraded';
  readonly from: Day;
  /** null: it goes on. */
  readonly to: Day | null;
}

/** Of every facility, touching these days: closures, degraded periods, and notices given at the command line. */
export async function declaredDuring(tx: StoreTx, from: Day, to: Day): Promise<readonly Declared[]> {
  const closures = await tx.care.closures.during(from, to);
  const degraded = await tx.care.degraded.during(from, to);
  const notices = await tx.notices.during(from, to);
  return [
    ...closures.map((each) => ({ ...each, kind: 'closed' as const })),
    ...degraded.map((each) => ({ ...each, feed: null, kind: 'degraded' as const })),
    ...notices.map((each) => ({ ...each, feed: null })),
  ];
}

/** A closure says more than a degraded running: nothing is awaited of it at all. */
export function declaredOn(
  declared: readonly Declared[],
  { facility, feed }: FeedOfFacility,
  day: Day,
): Declared['kind'] | null {
  const own = declared.filter(
    (each) =>
      each.facility === facility &&
      (each.feed === null || each.feed === feed) &&
      each.from <= day &&
      (each.to === null || day <= each.to),
  );
  if (own.some(({ kind }) => kind === 'closed')) return 'closed';
  return own.length > 0 ? 'degraded' : null;
}
