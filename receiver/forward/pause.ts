import type { DestinationRow } from '../store/destination-tables.ts';

/** Why nothing is sent to a destination: a person said so. */
export interface Pause {
  readonly by: string;
  readonly at: number;
  /** Null: until somebody resumes it. */
  readonly until: number | null;
  readonly reason: string | null;
}

/** The pause in force now: one whose end has come is over, and nobody has to say so. */
export function pauseOf(row: DestinationRow | undefined, now: number): Pause | undefined {
  if (row === undefined || row.pausedBy === null) return undefined;
  const { pausedBy: by, pausedAt, pausedUntil: until = null, pauseReason: reason = null } = row;
  return until !== null && until <= now ? undefined : { by, at: pausedAt ?? 0, until, reason };
}
