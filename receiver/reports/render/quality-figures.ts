import { feedNamed } from '../../../shared/feeds/registry.ts';
import { targetOf, type QualityConfig } from '../../config-quality.ts';
import { median } from '../../monitor/statistics.ts';
import type { Gathered } from '../figures/gathered.ts';
import { reportedFeed } from '../figures/judged-days.ts';
import { shareOf } from './measures.ts';

/** How full each item is where it is due, and the rest of what quality is judged by. Shares are 0 to 1. */
export interface QualityFigures {
  readonly items: readonly {
    readonly tag: string;
    readonly due: number;
    readonly filled: number | null;
    readonly usable: number | null;
    readonly target: number;
  }[];
  readonly consistent: number | null;
  readonly repeated: number;
  /** The middle one; null: none is known. */
  readonly delayHours: number | null;
  /** Days of facilities. */
  readonly lowDays: number;
}

export function qualityOf(
  { counted, delays, days }: Gathered,
  quality: Pick<QualityConfig, 'target' | 'targets'>,
): QualityFigures {
  const items = feedNamed(reportedFeed)?.tally?.items ?? [];
  return {
    items: items.map(({ tag }, index) => {
      const [due, filled, usable] = counted.items[index] ?? [0, 0, 0];
      const target = targetOf(quality, tag);
      return { tag, due, filled: shareOf(filled, due), usable: shareOf(usable, due), target };
    }),
    consistent: shareOf(counted.consistent, counted.records),
    repeated: counted.repeated,
    delayHours: delays.length === 0 ? null : median(delays),
    lowDays: days.reduce((all, { states }) => all + (states.get('low') ?? 0), 0),
  };
}
