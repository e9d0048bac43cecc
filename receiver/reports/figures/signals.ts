import type { Band, SyndromicGroup } from '../../../shared/feeds/syndromic-groups.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import { isoWeekOf } from '../iso-week.ts';
import type { Coverage } from './coverage.ts';
import type { Sums } from './sums.ts';

/**
 * What a week says of health, beside what is expected of it. Never an alert: alerts are of transmission. It always comes
 * with how much of the week is known, and is said to be weak when that is little.
 */
export interface HealthSignal {
  readonly group: string;
  readonly band: Band;
  /** Percent of coded visits; null: none is coded. */
  readonly share: number | null;
  readonly signal: 'above' | 'below' | 'within' | 'unknown';
  readonly isWeak: boolean;
}

/** Under these, a share may be of what was coded or sent first. */
const enoughCoded = 0.5;
const enoughReceived = 0.8;

/** Of whole weeks only: a band is of a week. */
export function healthSignals(
  groups: readonly SyndromicGroup[],
  total: Sums,
  coverage: Coverage,
  monday: Day,
): readonly HealthSignal[] {
  const week = String(isoWeekOf(monday).week);
  const isWeak =
    (coverage.coded ?? 0) < enoughCoded || (coverage.received !== null && coverage.received < enoughReceived);
  return groups.flatMap(({ id, expected }, index): readonly HealthSignal[] => {
    const band = expected?.weeks?.[week] ?? expected?.every;
    if (band === undefined) return [];
    const share = total.coded === 0 ? null : (100 * (total.groups[index] ?? 0)) / total.coded;
    return [{ group: id, band, share, isWeak, signal: signalOf(share, band) }];
  });
}

function signalOf(share: number | null, { low, high }: Band): HealthSignal['signal'] {
  if (share === null) return 'unknown';
  return share > high ? 'above' : share < low ? 'below' : 'within';
}
