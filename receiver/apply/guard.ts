import type { Day } from '../../shared/runtime/paris-time.ts';

/** Rule 6: a cut file or a lost day must never erase anything. */
export interface GuardInput {
  /** Records held in the window before the export was applied. */
  readonly held: number;
  readonly heldByDay: ReadonlyMap<Day, number>;
  readonly removalsByDay: ReadonlyMap<Day, number>;
  /** Records added to days that an earlier window had already marked. */
  readonly addedToMarked: number;
}

export type Verdict = 'apply' | 'suspend' | 'rekeying';

const smallestMass = 10;
const largestShare = 0.2;
const smallestDay = 5;

export function guard({ held, heldByDay, removalsByDay, addedToMarked }: GuardInput): Verdict {
  const limit = Math.max(smallestMass, held * largestShare);
  let removals = 0;
  let emptiesDay = false;
  for (const [day, count] of removalsByDay) {
    removals += count;
    const before = heldByDay.get(day) ?? 0;
    if (before >= smallestDay && count > before / 2) emptiesDay = true;
  }
  if (removals <= limit && !emptiesDay) return 'apply';
  return addedToMarked > limit ? 'rekeying' : 'suspend';
}
