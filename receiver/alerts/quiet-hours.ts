import { dayOfInstant, instantOf, type Day } from '../../shared/runtime/paris-time.ts';
import type { AlertRecipient } from '../config-alerts.ts';

type QuietHours = NonNullable<AlertRecipient['quietHours']>;

/**
 * When somebody may be told: `now`, or the end of the quiet hours that now lies in. Instants are compared, not clock faces:
 * the night that has an hour more, or less, ends when its morning comes.
 */
export function quietUntil(now: number, quiet: Pick<QuietHours, 'from' | 'to'>): number {
  const today = dayOfInstant(now);
  const [from, to] = [msOf(quiet.from), msOf(quiet.to)];
  for (const day of [(today - 1) as Day, today]) {
    const start = instantOf(day, from).at;
    const end = instantOf((to > from ? day : day + 1) as Day, to).at;
    if (start <= now && now < end) return end;
  }
  return now;
}

/** "HH:MM", checked by the settings. */
function msOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
}
