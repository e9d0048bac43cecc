import { dayOfInstant, type Day } from '../../shared/runtime/paris-time.ts';
import type { PartRow, StoreTx } from '../store/store.ts';
import { declaredDuring, declaredOn, type Declared } from './declared.ts';

/** How far back a hospital is expected to have its exports still. */
export const lackingBackDays = 60;

/**
 * What is declared of the days that may be lacking: read once for all parts. Of a number that another one took over,
 * nothing is awaited since.
 */
export async function declaredForLacking(tx: StoreTx, now: number): Promise<readonly Declared[]> {
  const today = dayOfInstant(now);
  const declared = await declaredDuring(tx, (today - lackingBackDays) as Day, today);
  const gone = (await tx.facilities.aliases()).map(({ old, from }): Declared => ({
    facility: old,
    feed: null,
    kind: 'closed',
    from,
    to: null,
  }));
  return [...declared, ...gone];
}

/**
 * Days of a part that hold no record and that no trusted window has covered, after the first day the part ever had and
 * before today; of a day declared closed nothing is lacking.
 */
export async function lackingDays(
  tx: StoreTx,
  part: PartRow,
  declared: readonly Declared[],
  now: number,
): Promise<readonly Day[]> {
  const today = dayOfInstant(now);
  const first = await tx.records.firstDay(part);
  if (first === undefined) return [];
  const from = Math.max(first + 1, today - lackingBackDays);
  const to = today - 1;
  if (from > to) return [];
  const known = new Set((await tx.records.days(part, from as Day, to as Day)).map(({ day }) => day));
  return Array.from({ length: to - from + 1 }, (_none, index) => (from + index) as Day).filter(
    (day) => !known.has(day) && declaredOn(declared, part, day) !== 'closed',
  );
}
