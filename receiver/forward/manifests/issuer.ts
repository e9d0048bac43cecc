import { setImmediate } from 'node:timers/promises';
import type { ManifestStatement } from '../../../shared/protocol/manifest-statement.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { createLoop, type Loop } from '../../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import { dayOfInstant, dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import type { Store } from '../../store/store.ts';
import {
  buildManifest,
  cutOffAt,
  manifestDigest,
  type ManifestContent,
  type StatedDestination,
} from './build-manifest.ts';

/**
 * The loop of one destination's manifests. A day's is issued at the cut-off of the day after, then again when what it says
 * has changed: a minute after the change, so that many make one, and each time of the same day a minute later still, an hour
 * at most. After seven days a day rests.
 */
export interface IssuerDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stated: StatedDestination;
  readonly sign: (statement: ManifestStatement) => Promise<string>;
  readonly onIssued: () => void;
}

export interface Issuer {
  readonly loop: Loop;
  /** One look; true when there is more to do at once. */
  readonly step: () => Promise<boolean>;
}

const idleMs = 5000;
const settleMs = 60_000;
const longestSpacingMs = 3_600_000;
const statedDays = 7;
const keptReplacedMs = 7 * 86_400_000;
const purgeEveryMs = 3_600_000;

export function createIssuer(deps: IssuerDeps): Issuer {
  const { store, clock, logger, stated } = deps;
  const destination = stated.target.name;
  let startedAt: number | undefined;
  let seenStamp: string | undefined;
  let changedAt: number | undefined;
  let lookAgainAt = Infinity;
  let lastRound = -Infinity;
  let lastPurge = -Infinity;
  /** How often a day was issued since this process started. */
  const issues = new Map<Day, { readonly times: number; readonly at: number }>();

  const step = async (): Promise<boolean> => {
    const now = clock.now();
    startedAt ??= await start(now);
    const stamp = await store.read((tx) => tx.coverage.stamp());
    if (stamp !== seenStamp) changedAt ??= now;
    const days = daysStated(now, startedAt);
    const newDay = days.some((day) => cutOffAt(day, stated.cutOff) > lastRound);
    const settled = changedAt !== undefined && now - changedAt >= settleMs;
    if (!newDay && !settled && now < lookAgainAt) return false;
    // What changes from here on is another change.
    [seenStamp, changedAt, lookAgainAt, lastRound] = [stamp, undefined, Infinity, now];
    for (const day of days) {
      await consider(day, now);
      // Others get their turn between two days.
      await setImmediate();
    }
    await purge(now);
    return false;
  };

  /** Days before a destination was there are none of its business. */
  const start = async (now: number): Promise<number> => {
    const known = await store.read((tx) => tx.calendars.start(destination));
    if (known === undefined) await store.transaction((tx) => tx.calendars.putStart(destination, now));
    return known ?? now;
  };

  const daysStated = (now: number, since: number): readonly Day[] => {
    const yesterday = dayOfInstant(now) - 1;
    return Array.from(
      { length: statedDays },
      (_, index) => (yesterday - statedDays + 1 + index) as Day,
    ).filter((day) => cutOffAt(day, stated.cutOff) > since && cutOffAt(day, stated.cutOff) <= now);
  };

  const consider = async (day: Day, now: number): Promise<void> => {
    const found = await store.read(async (tx) => {
      const content = await buildManifest(tx, stated, day, now);
      return { content, latest: await tx.manifests.latest(destination, day) };
    });
    const digest = manifestDigest(found.content);
    if (found.latest?.digest === digest) return;
    const before = issues.get(day);
    const notBefore = before === undefined ? now : before.at + spacingMs(before.times);
    if (notBefore > now) lookAgainAt = Math.min(lookAgainAt, notBefore);
    else {
      await issue(found.content, { day, digest, issuedAt: now });
      issues.set(day, { times: (before?.times ?? 0) + 1, at: now });
    }
  };

  const issue = async (
    content: ManifestContent,
    { day, digest, issuedAt }: { day: Day; digest: string; issuedAt: number },
  ): Promise<void> => {
    const serial = 1 + (await store.read((tx) => tx.manifests.lastSerial(destination)));
    // Signed outside the transaction: nobody waits for it. This loop alone gives serials.
    const jws = await deps.sign({ ...content, issuedAt, serial });
    await store.transaction((tx) => tx.manifests.put({ destination, day, issuedAt, digest, jws }));
    const { expected, received, late } = content.totals;
    logger.info({ destination, day: dayToIso(day), serial, expected, received, late }, 'manifest-issued');
    deps.onIssued();
  };

  const purge = async (now: number): Promise<void> => {
    if (now - lastPurge < purgeEveryMs) return;
    lastPurge = now;
    for (const day of issues.keys()) if (day < dayOfInstant(now) - statedDays) issues.delete(day);
    await store.transaction((tx) => tx.manifests.purgeReplaced(destination, now - keptReplacedMs));
  };

  return { step, loop: createLoop({ name: `manifests-${destination}`, idleMs, logger, step }) };
}

function spacingMs(times: number): number {
  return Math.min(times * settleMs, longestSpacingMs);
}
