import type { Clock } from '../../shared/runtime/clock.ts';
import { transient } from '../../shared/runtime/errors.ts';
import { createGroupCommit } from '../../shared/runtime/group-commit.ts';
import { createLoop, startAll, type Service } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { SourceConfig } from '../config.ts';
import type { DiskGuard } from '../health/disk-guard.ts';
import { createBedRhythm, type BedRhythm } from './beds.ts';
import { createAnswer } from './mllp-answer.ts';
import { createMllpListener, type MllpListener } from './mllp-listener.ts';
import type { Arrival, MovementStore } from './movement-store.ts';

/** When what messages have said is to be put together and sent. */
export interface AdtSchedule {
  /** Visits have changed, and no message has come for a while, or the first one came long enough ago. */
  areVisitsDue(source: string): boolean;
  areBedsDue(source: string): boolean;
  beds(source: string): BedRhythm;
}

export interface AdtService extends Service, AdtSchedule {
  readonly listeners: readonly MllpListener[];
}

/** Messages of one admission come within a second or two of each other: a visit is told once for all of them. */
const quietMs = 3000;
const mostMs = 30_000;
const tickMs = 60_000;
/** Messages in one commit. */
const groupMessages = 512;

/** The ADT sources' listeners, and the clock work around their store. `nudge`: something may be due. */
export function createAdtService(deps: {
  readonly sources: readonly SourceConfig[];
  readonly store: MovementStore;
  readonly disk: DiskGuard;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly nudge: () => void;
  readonly quietMs?: number;
}): AdtService {
  const { sources, store, clock, random, logger } = deps;
  const quiet = deps.quietMs ?? quietMs;
  const heard = new Map<string, { firstAt: number; lastAt: number }>();
  const rhythms = new Map(
    sources.map(({ name, adt }) => [name, createBedRhythm(adt?.bedsEveryMinutes ?? 15)]),
  );
  const timers = new Map<string, NodeJS.Timeout>();

  const areVisitsDue = (source: string): boolean => {
    if (!store.hasChanged(source)) return false;
    const when = heard.get(source);
    const now = clock.monotonic();
    const due = when === undefined || now - when.lastAt >= quiet || now - when.firstAt >= mostMs;
    if (due) heard.delete(source);
    return due;
  };
  const rhythmOf = (source: string): BedRhythm => rhythms.get(source) ?? createBedRhythm(15);
  const areBedsDue = (source: string): boolean =>
    hasZones(sources, source) && store.counts(source).taken > 0 && rhythmOf(source).isDue(clock.monotonic());

  const lookLater = (source: string): void => {
    if (timers.has(source)) return;
    const look = (): void => {
      timers.delete(source);
      const when = heard.get(source);
      if (when === undefined) return;
      const now = clock.monotonic();
      if (now - when.lastAt >= quiet || now - when.firstAt >= mostMs) deps.nudge();
      else lookLater(source);
    };
    timers.set(source, setTimeout(look, quiet));
  };
  const hear = (source: string): void => {
    const now = clock.monotonic();
    heard.set(source, { firstAt: heard.get(source)?.firstAt ?? now, lastAt: now });
    lookLater(source);
  };

  const commits = createGroupCommit<Arrival, true>({
    maxItems: groupMessages,
    commit: async (group) => {
      // A message is acknowledged when it is kept: where there is no room it is not, and its sender keeps it.
      const low = await deps.disk.check();
      if (low !== null) throw transient(low);
      store.put(group);
      for (const source of new Set(group.map((arrival) => arrival.source))) hear(source);
      return group.map(() => true);
    },
  });

  const listeners = sources.flatMap(({ name, encoding, adt }) => {
    if (adt?.listen === undefined) return [];
    const { host, port, allow, connections, idleSeconds, messageBytes } = adt.listen;
    const answer = createAnswer({
      ...{ source: name, encoding, messageBytes, clock, random },
      put: async (arrival) => {
        await commits.put(arrival);
      },
    });
    const idleMs = idleSeconds * 1000;
    const settings = { source: name, host, port, allow, connections, idleMs, messageBytes };
    return [createMllpListener({ ...settings, answer, logger })];
  });

  const clockWork = createLoop({
    name: 'adt',
    idleMs: tickMs,
    logger,
    step: () => {
      store.wake(clock.now());
      const more = store.purge(clock.now()) > 0;
      if (sources.some(({ name }) => areBedsDue(name) || store.hasChanged(name))) deps.nudge();
      return Promise.resolve(more);
    },
  });

  let running: Service | undefined;
  return {
    name: 'adt',
    listeners,
    areVisitsDue,
    areBedsDue,
    beds: rhythmOf,
    start: async () => {
      running = await startAll([clockWork, ...listeners], logger);
    },
    stop: async () => {
      await running?.stop();
      running = undefined;
      await commits.drained();
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

function hasZones(sources: readonly SourceConfig[], source: string): boolean {
  return Object.keys(sources.find(({ name }) => name === source)?.adt?.zones ?? {}).length > 0;
}
