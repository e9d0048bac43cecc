import { feedNamed } from '../../../shared/feeds/registry.ts';
import type { Feed } from '../../../shared/feeds/feed.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import { reaches } from '../../accounts/profile.ts';
import type { QualityConfig } from '../../config-quality.ts';
import {
  readScorecard,
  readScorecardRegion,
  type Scorecard,
  type ScorecardRegion,
  type ScorecardSpan,
} from '../../quality/scorecard.ts';
import { readStandings, type Standing } from '../../quality/standing.ts';
import type { StoreTx } from '../../store/store.ts';
import type { ViewReach } from './reach.ts';

export interface QualityReads {
  /**
   * Undefined beyond the reach, and for what does not exist. `examples`: with lines of the facility's files; `region`: read
   * before, for many cards of one span.
   */
  scorecard(
    feed: string,
    facility: string,
    span: ScorecardSpan,
    settings: Pick<QualityConfig, 'target' | 'targets'>,
    options?: { readonly examples: boolean; readonly region?: ScorecardRegion },
  ): Promise<Scorecard | undefined>;
  /** For cards alone: it holds facilities beyond the reach. Undefined for a feed of which nothing is counted. */
  scorecardRegion(feed: string, span: ScorecardSpan): Promise<ScorecardRegion | undefined>;
  /** Of every facility within the reach that sent something then, by FINESS. */
  standings(
    feed: string,
    span: ScorecardSpan,
    settings: Pick<QualityConfig, 'target' | 'targets'>,
  ): Promise<ReadonlyMap<string, Standing>>;
  /** Cells of the days from..to, within the reach. */
  cells(
    feed: string,
    facilities: readonly string[] | 'all',
    from: Day,
    to: Day,
  ): Promise<readonly { readonly facility: string; readonly day: Day; readonly cells: Uint32Array }[]>;
  /**
   * Cells of the whole region, whatever the reach: for weeks that are published, which are the same for everybody. Two parts of
   * the region told to two people would give away what lies between them.
   */
  regionCells(
    feed: string,
    from: Day,
    to: Day,
  ): Promise<readonly { readonly facility: string; readonly day: Day; readonly cells: Uint32Array }[]>;
  /** Facilities within the reach, by name. */
  facilities(): Promise<readonly { readonly finess: string; readonly name: string }[]>;
  /** Days from..to within the reach that are not counted as they are held now. */
  uncounted(feed: string, from: Day, to: Day): Promise<number>;
}

export function createQualityReads(tx: StoreTx, { facilities: reach }: ViewReach): QualityReads {
  const within = async (): Promise<readonly { finess: string; name: string }[]> =>
    (await tx.facilities.list())
      .filter(({ finess }) => reaches(reach, finess))
      .map(({ finess, name }) => ({ finess, name }))
      .sort((one, other) => one.name.localeCompare(other.name, 'fr'));
  return {
    scorecard: async (name, facility, span, settings, options) => {
      const feed = countedFeed(name);
      if (feed === undefined || !reaches(reach, facility)) return undefined;
      return readScorecard(tx, feed, facility, span, settings, options);
    },
    scorecardRegion: async (name, span) => {
      const feed = countedFeed(name);
      return feed?.tally === undefined ? undefined : readScorecardRegion(tx, feed, feed.tally, span);
    },
    standings: async (name, span, settings) => {
      const feed = countedFeed(name);
      if (feed === undefined) return new Map<string, Standing>();
      const all = await readStandings(tx, feed, span, settings);
      return new Map([...all].filter(([facility]) => reaches(reach, facility)));
    },
    cells: async (feed, asked, from, to) => {
      const found = [];
      for (const { finess } of await within())
        if (asked === 'all' || asked.includes(finess))
          found.push(...(await tx.quality.cells(feed, finess, from, to)));
      return found;
    },
    regionCells: async (feed, from, to) => {
      const found = [];
      for (const { finess } of await tx.facilities.list())
        found.push(...(await tx.quality.cells(feed, finess, from, to)));
      return found;
    },
    facilities: within,
    uncounted: async (name, from, to) => {
      const version = countedFeed(name)?.tally?.version;
      if (version === undefined) return 0;
      const rows = await tx.quality.remaining(name, version, from, to);
      return rows.filter(({ facility }) => reaches(reach, facility)).reduce((sum, { days }) => sum + days, 0);
    },
  };
}

function countedFeed(name: string): Feed | undefined {
  const feed = feedNamed(name);
  return feed?.tally === undefined ? undefined : feed;
}
