import { dayOf, dayOfInstant, dayToIso, instantOf, type Day } from '../../shared/runtime/paris-time.ts';
import { termOf, type RetentionClass, type RetentionConfig } from '../config-retention.ts';

/** The first day that is kept, and its midnight in Paris (epoch ms): what lies before is past its time. */
export interface Cutoff {
  readonly day: Day;
  readonly at: number;
}

export function cutoffOf(config: RetentionConfig, name: RetentionClass, now: number): Cutoff {
  const { count, unit } = termOf(config, name);
  const today = dayOfInstant(now);
  const day = unit === 'days' ? ((today - count) as Day) : monthsBefore(today, count);
  return { day, at: instantOf(day, 0).at };
}

/** The same day of an earlier month, or that month's last. */
function monthsBefore(day: Day, count: number): Day {
  const [year = 0, month = 0, of = 0] = dayToIso(day).split('-').map(Number);
  const months = year * 12 + month - 1 - count;
  for (let wanted = of; wanted > 0; wanted -= 1) {
    const found = dayOf(Math.floor(months / 12), (months % 12) + 1, wanted);
    if (found !== undefined) return found;
  }
  return day;
}
