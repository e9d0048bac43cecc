import { asFault } from '../../../shared/runtime/errors.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import { dayOfInstant } from '../../../shared/runtime/paris-time.ts';
import type { ReceiverConfig } from '../../config.ts';
import type { Store } from '../../store/store.ts';
import type { ViewReach } from './reach.ts';
import { createRegionLook, type RegionLook } from './region-look.ts';
import { mostDays, usualDays } from './region-view-days.ts';
import { seenWithin, type RegionSeen } from './region-seen.ts';

/** Judged once for all who look, again when the watching loop has been round or something came. */
export interface RegionView {
  /** `days` before today; a month and its margin unless more is asked for. At most `mostDays`. */
  seenBy(reach: ViewReach, days?: number): Promise<RegionSeen>;
  /** A person changed something: the next one who looks waits for a new judgement. */
  forget(): void;
  stop(): Promise<void>;
}

export interface RegionViewDeps {
  readonly store: Store;
  readonly config: ReceiverConfig;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
}

/** What was judged this recently is shown as it is. */
const restMs = 15_000;
/** Judged again even when nothing came: deadlines pass by themselves. */
const renewMs = 60_000;
/** Older than this is shown to nobody while a new one can be made. */
const staleMs = 120_000;
/** The long span is kept as long as somebody looks at it. */
const idleMs = 10 * 60_000;

interface Slot {
  readonly look: RegionLook;
  known: { readonly seen: RegionSeen; readonly stamp: string } | undefined;
  making: Promise<RegionSeen> | undefined;
  forgotten: boolean;
  askedAt: number;
}

export function createRegionView({ store, config, clock, logger }: RegionViewDeps): RegionView {
  const slotOf = (days: number): Slot => ({
    look: createRegionLook({ store, config, days }),
    ...{ known: undefined, making: undefined, forgotten: false, askedAt: 0 },
  });
  const usual = slotOf(usualDays);
  let long: Slot | undefined;
  const ending = new AbortController();
  // One judgement at a time, whatever is asked for.
  let last: Promise<unknown> = Promise.resolve();

  const make = async (slot: Slot): Promise<RegionSeen> => {
    const stamp = await stampOf(store);
    const seen = await slot.look(clock.now(), ending.signal);
    // Cut short, it lacks facilities.
    ending.signal.throwIfAborted();
    slot.known = { seen, stamp };
    return seen;
  };
  const renew = (slot: Slot): Promise<RegionSeen> => {
    // One that began before the change may not know of it.
    if (slot.making !== undefined && !slot.forgotten) return slot.making;
    slot.forgotten = false;
    const made = last.then(() => make(slot));
    slot.making = made;
    last = made
      .catch(() => undefined)
      .finally(() => {
        if (slot.making === made) slot.making = undefined;
      });
    return made;
  };
  const told = (error: unknown): void => {
    if (!ending.signal.aborted) logger.warn({ err: asFault(error) }, 'region-view-failed');
  };

  const current = async (slot: Slot): Promise<RegionSeen> => {
    const now = clock.now();
    slot.askedAt = now;
    const { known } = slot;
    if (known === undefined) return renew(slot);
    const { seen, stamp } = known;
    const age = now - seen.at;
    if (slot.forgotten || age > staleMs || dayOfInstant(now) !== seen.to)
      return renew(slot).catch((error: unknown) => {
        told(error);
        return seen;
      });
    // The old one is shown while the new one is made.
    if (slot.making === undefined && age >= restMs && (age >= renewMs || (await stampOf(store)) !== stamp))
      renew(slot).catch(told);
    return seen;
  };

  return {
    seenBy: async (reach, days = usualDays) => {
      if (long !== undefined && long.making === undefined && clock.now() - long.askedAt > idleMs)
        long = undefined;
      const slot = days <= usualDays ? usual : (long ??= slotOf(mostDays));
      return seenWithin(await current(slot), reach);
    },
    forget: () => {
      usual.forgotten = true;
      if (long !== undefined) long.forgotten = true;
    },
    stop: async () => {
      ending.abort();
      await last;
    },
  };
}

/** Differs when what is judged may have changed: a round of the watching, an export, a receipt, a pause. */
async function stampOf(store: Store): Promise<string> {
  return store.read(async (tx) =>
    JSON.stringify([
      await tx.watch.lastRun(),
      await tx.coverage.stamp(),
      (await tx.destinations.list()).map(({ name, breaker, pausedBy }) => [name, breaker, pausedBy]),
    ]),
  );
}
