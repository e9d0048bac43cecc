/**
 * Five attempts, then a wait that doubles with every five more: guessing gets nowhere, and somebody who keeps typing wrong
 * passwords for another shuts that person out for hours, never for good.
 */
const attempts = 5;
const firstWaitMs = 15 * 60_000;
const longestWaitMs = 4 * 60 * 60_000;

/** Until when an account takes no attempt after this many failures in a row; null: it takes the next one. */
export function lockedUntil(failures: number, now: number): number | null {
  if (failures === 0 || failures % attempts !== 0) return null;
  return now + Math.min(firstWaitMs * 2 ** (failures / attempts - 1), longestWaitMs);
}
