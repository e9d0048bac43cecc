import type { Feed } from '../../shared/feeds/feed.ts';
import { targetOf, type QualityConfig } from '../config-quality.ts';
import type { SummaryRow } from '../store/quality-tables.ts';
import type { StoreTx } from '../store/store.ts';
import { share, sumItems } from './score-items.ts';
import type { ScorecardSpan } from './scorecard.ts';

/** How many of its items reach their targets, and which one is furthest below. */
export interface Standing {
  readonly items: number;
  readonly atTarget: number;
  /** Shares are 0 to 1. Null: none is below. */
  readonly worst: { readonly tag: string; readonly filled: number; readonly target: number } | null;
}

/** Of every facility that sent something then, by FINESS: one read for the whole region. */
export async function readStandings(
  tx: StoreTx,
  { name, tally }: Feed,
  { from, to }: ScorecardSpan,
  quality: Pick<QualityConfig, 'target' | 'targets'>,
): Promise<ReadonlyMap<string, Standing>> {
  if (tally === undefined) return new Map();
  const grouped = new Map<string, SummaryRow[]>();
  for (const row of await tx.quality.summaries(name, from, to, undefined)) {
    const rows = grouped.get(row.facility);
    if (rows === undefined) grouped.set(row.facility, [row]);
    else rows.push(row);
  }
  const found = new Map<string, Standing>();
  for (const [facility, rows] of grouped) {
    const sums = sumItems(tally, rows);
    const known = tally.items.flatMap(({ tag }, index) => {
      const filled = share(sums[index]?.[1] ?? 0, sums[index]?.[0] ?? 0);
      return filled === null ? [] : [{ tag, filled, target: targetOf(quality, tag) }];
    });
    const below = known
      .filter(({ filled, target }) => filled < target)
      .sort((one, other) => one.filled - one.target - (other.filled - other.target));
    if (known.length > 0)
      found.set(facility, {
        ...{ items: known.length, atTarget: known.length - below.length, worst: below[0] ?? null },
      });
  }
  return found;
}
