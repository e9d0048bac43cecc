import { setImmediate } from 'node:timers/promises';
import type { Feed, FeedRecord } from '../../shared/feeds/feed.ts';
import { allFeeds } from '../../shared/feeds/registry.ts';
import { tallyDay } from '../../shared/feeds/tally.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Store } from '../store/store.ts';
import type { CountedTally, DayOfFacility } from '../store/quality-tables.ts';

export interface CountingDeps {
  readonly store: Store;
  readonly logger: Logger;
  /** Days counted by one step; default 200. */
  readonly daysAtOnce?: number;
}

export interface Counting {
  readonly loop: Loop;
  /** Counts the latest days that are not counted yet; true when some are left. */
  readonly step: (signal: AbortSignal) => Promise<boolean>;
}

const everyMs = 30_000;
const daysAtOnce = 200;
/** Days written in one transaction: a few milliseconds, so that reception hardly waits. */
const daysWritten = 40;

/**
 * Keeps what is counted of each day in step with what the day holds. It runs where the pages are made, reads one day at a
 * time beside the writer, and lets pages have their turn after each.
 */
export function createCounting(deps: CountingDeps): Counting {
  const { store, logger } = deps;
  const budget = deps.daysAtOnce ?? daysAtOnce;
  let settled: string | undefined;

  const step = async (signal: AbortSignal): Promise<boolean> => {
    const before = await store.read((tx) => tx.coverage.stamp());
    // Nothing was applied since everything was counted.
    if (before === settled) return false;
    let [left, done] = [budget, 0];
    for (const feed of allFeeds) {
      if (feed.tally === undefined || left <= 0) continue;
      const { name } = feed;
      const { version } = feed.tally;
      const due = await store.read((tx) => tx.quality.uncounted(name, version, left));
      done += await countDays(store, feed, due, signal);
      left -= due.length;
      if (signal.aborted) return false;
    }
    if (left <= 0) return true;
    let forgotten = 0;
    for (const { name, tally } of allFeeds)
      if (tally !== undefined) forgotten += await store.transaction((tx) => tx.quality.forget(name));
    if (done + forgotten > 0) logger.info({ days: done, forgotten }, 'quality-counted');
    settled = before;
    return false;
  };
  return { step, loop: createLoop({ name: 'quality', idleMs: everyMs, logger, step }) };
}

async function countDays(
  store: Store,
  feed: Feed,
  due: readonly DayOfFacility[],
  signal: AbortSignal,
): Promise<number> {
  let counted: CountedTally[] = [];
  let done = 0;
  const keep = async (): Promise<void> => {
    if (counted.length === 0) return;
    const written = counted;
    counted = [];
    await store.transaction((tx) => tx.quality.put(feed.name, written));
    done += written.length;
  };
  for (const place of due) {
    if (signal.aborted) break;
    const tally = await countDay(store, feed, place);
    if (tally !== undefined) counted.push(tally);
    if (counted.length >= daysWritten) await keep();
    await setImmediate();
  }
  await keep();
  return done;
}

/** Stamp and records in one read: a count never bears the stamp of another content. */
async function countDay(store: Store, feed: Feed, place: DayOfFacility): Promise<CountedTally | undefined> {
  const found = await store.read(async (tx) => ({
    stamp: await tx.quality.stampOf(feed.name, feed.tally?.version ?? 0, place),
    records: await tx.quality.recordsOf(feed.name, place),
  }));
  const tally = tallyDay(
    feed,
    // What the store itself checked when it came.
    found.records.map(({ body, rank }) => ({ record: JSON.parse(body) as FeedRecord, repeated: rank > 0 })),
  );
  if (found.stamp === undefined || tally === undefined) return undefined;
  return { ...place, stamp: found.stamp, ...tally };
}
