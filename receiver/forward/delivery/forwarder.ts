import { crashPoint } from '../../../shared/runtime/crash-point.ts';
import { asFault } from '../../../shared/runtime/errors.ts';
import { createLoop, type Loop } from '../../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import type { Destination } from '../destination.ts';
import type { Parcels } from '../parcel.ts';
import { pauseOf } from '../pause.ts';
import { atRest } from './breaker.ts';
import { claim, holdQueue, settle, type Claimed, type QueueDeps, type Settled } from './queue.ts';

/**
 * The loop of one destination: dispatches leave in the order they were composed, and none passes one that waits. What
 * was delivered when the process died is delivered again, which changes nothing at the other end.
 */
export interface ForwarderDeps extends Omit<QueueDeps, 'name'> {
  readonly destination: Destination;
  /** What dispatches travel as; undefined: as composed. Asked again after a fault: a key may have been put right. */
  readonly openParcels: () => Promise<Parcels | undefined>;
  readonly logger: Logger;
  /** Receipts of these agents have been committed. */
  readonly onReceipts: (agents: ReadonlySet<string>) => void;
}

const idleMs = 500;

export interface Forwarder {
  readonly loop: Loop;
  /** One batch; true when there may be more to do at once. */
  readonly step: (signal: AbortSignal) => Promise<boolean>;
}

export function createForwarder(deps: ForwarderDeps): Forwarder {
  const { destination, logger, openParcels } = deps;
  const queue: QueueDeps = { ...deps, name: destination.name };
  let opened: { readonly parcels: Parcels | undefined } | undefined;
  // A batch whose result could not be written stays ours: it is delivered again, harmlessly, before anything new.
  let claimed: readonly Claimed[] = [];

  /** Claims, or holds the queue when nothing could even be tried. */
  const prepare = async (): Promise<boolean> => {
    if (claimed.length > 0) return true;
    try {
      if (!(await mayTry())) return false;
      opened ??= { parcels: await openParcels() };
      await destination.open();
      claimed = await claim(queue, opened.parcels);
      return claimed.length > 0;
    } catch (error) {
      const fault = asFault(error);
      // The store's own trouble is not the destination's.
      if (fault.code === 'unexpected') throw error;
      opened = undefined;
      tell(await holdQueue(queue, { code: fault.code, permanent: fault.class === 'permanent' }), fault);
      return false;
    }
  };

  /** Whether anything waits and the breaker lets it try: a destination at rest is not even opened. */
  const mayTry = (): Promise<boolean> =>
    deps.store.read(async (tx) => {
      const row = await tx.destinations.get(destination.name);
      if (
        row !== undefined &&
        (pauseOf(row, deps.clock.now()) !== undefined || atRest(row, deps.clock.now()))
      )
        return false;
      return (await tx.dispatches.due(destination.name, 1)).length > 0;
    });

  const step = async (signal: AbortSignal): Promise<boolean> => {
    if (!(await prepare())) return false;
    const report = await destination.deliver(
      claimed.map(({ file }) => file),
      signal,
    );
    crashPoint('before-sent-commit');
    const failedOne = claimed[report.delivered];
    // Stopping is not a failure of the destination.
    const fault = signal.aborted ? undefined : report.fault;
    const goesOn = fault === undefined && !signal.aborted;
    const claimNext = goesOn && opened?.parcels === undefined;
    const settled = await settle(queue, claimed, { ...report, fault }, claimNext);
    crashPoint('after-sent-commit');
    claimed = settled.next;
    if (settled.agents.size > 0) deps.onReceipts(settled.agents);
    if (report.delivered > 0)
      logger.info({ destination: destination.name, files: report.delivered }, 'dispatches-delivered');
    tell(settled.breaker, fault, failedOne?.row.name);
    if (signal.aborted) return false;
    if (fault !== undefined) opened = undefined;
    return goesOn || report.blame === 'file';
  };

  /** One line when a destination fails for the first time, goes down, or is back; one for each file set aside. */
  const tell = ({ before, after }: Settled['breaker'], fault?: Error, dispatch?: string): void => {
    const { name } = destination;
    if (before.breaker === 'closed' && after.breaker !== 'closed')
      logger.error(
        { err: fault, destination: name, dispatch, retryAt: after.nextAttemptAt },
        'destination-down',
      );
    else if (before.breaker !== 'closed' && after.breaker === 'closed')
      logger.info({ destination: name, downSince: before.since }, 'destination-up');
    else if (fault !== undefined)
      logger.warn({ err: fault, destination: name, dispatch, attempt: after.failures }, 'delivery-failed');
  };

  const loop = createLoop({ name: `forwarder-${destination.name}`, idleMs, logger, step });
  return {
    step,
    loop: {
      ...loop,
      stop: async () => {
        await loop.stop();
        await destination.close();
      },
    },
  };
}
