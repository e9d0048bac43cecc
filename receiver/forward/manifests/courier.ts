import { hash } from 'node:crypto';
import { backoffMs, type BackoffPolicy } from '../../../shared/runtime/backoff.ts';
import { readManifestClaims, type ManifestFile } from '../../../shared/protocol/manifest-statement.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { asFault } from '../../../shared/runtime/errors.ts';
import { createLoop, type Loop } from '../../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import type { Random } from '../../../shared/runtime/random.ts';
import type { ManifestRow } from '../../store/destination-tables.ts';
import type { Store } from '../../store/store.ts';
import { atRest } from '../delivery/breaker.ts';
import type { DeliveryReport, Destination, OutgoingFile } from '../destination.ts';
import { pauseOf } from '../pause.ts';

/**
 * Brings manifests to a destination that wants them beside its files, in order of their serials and as they are: signed, and
 * without anything to hide. Their delivery has no receipts, and its faults are not the files': it has its own pace, but
 * leaves alone a destination that is down or paused.
 */
export interface CourierDeps {
  readonly destination: Destination;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly retry: BackoffPolicy;
}

export interface Courier {
  readonly loop: Loop;
  /** One batch; true when there may be more to do at once. Throws the fault of a delivery. */
  readonly step: (signal: AbortSignal) => Promise<boolean>;
}

const idleMs = 2000;
const batch = 50;

export function createCourier({ destination, store, clock, random, logger, retry }: CourierDeps): Courier {
  const { name } = destination;
  let failures = 0;

  const waiting = (): Promise<readonly ManifestRow[]> =>
    store.read(async (tx) => {
      const row = await tx.destinations.get(name);
      const closed = row !== undefined && row.breaker !== 'closed' && atRest(row, clock.now());
      if (closed || pauseOf(row, clock.now()) !== undefined) return [];
      return tx.manifests.list(name, await tx.manifests.delivered(name), batch);
    });

  const attempt = async (files: readonly OutgoingFile[], signal: AbortSignal): Promise<DeliveryReport> => {
    try {
      await destination.open();
    } catch (error) {
      return { delivered: 0, fault: asFault(error) };
    }
    return destination.deliver(files, signal);
  };

  const step = async (signal: AbortSignal): Promise<boolean> => {
    const rows = await waiting();
    const last = rows.at(-1);
    if (last === undefined) return false;
    // Of several of one day the last one stands.
    const latest = [...new Map(rows.map((row) => [row.day, row])).values()].sort(
      (a, b) => a.serial - b.serial,
    );
    const { delivered, fault, blame } = await attempt(latest.map(manifestFile), signal);
    // Those replaced count as delivered once all of the batch is.
    const serial = delivered === latest.length ? last.serial : (latest[delivered - 1]?.serial ?? 0);
    if (serial > 0) await store.transaction((tx) => tx.manifests.setDelivered(name, serial, clock.now()));
    if (delivered > 0) logger.info({ destination: name, manifests: delivered }, 'manifests-delivered');
    if (signal.aborted) return false;
    failures = fault === undefined ? 0 : failures + 1;
    if (fault === undefined) return rows.length === batch;
    const stuck = latest[delivered];
    // Never to be delivered under this name: the next ones say more. It is logged where it is thrown.
    if (blame === 'file' && fault.class === 'permanent' && stuck !== undefined)
      await store.transaction((tx) => tx.manifests.setDelivered(name, stuck.serial, clock.now()));
    throw fault;
  };

  const loop = createLoop({
    ...{ name: `manifest-courier-${name}`, idleMs, logger, step },
    faultMs: () => backoffMs(retry, Math.max(1, failures), random),
  });
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

/** `M_<destination>_<yyyyMMdd of the day>_<serial>.json`: what it says, and the signed statement that proves it. */
export function manifestFile({ destination, serial, jws }: ManifestRow): OutgoingFile {
  const { statement: manifest } = readManifestClaims(jws);
  const file: ManifestFile = { manifest, jws };
  const content = Buffer.from(`${JSON.stringify(file, null, 2)}\n`, 'utf8');
  return {
    name: `M_${destination}_${manifest.day.replaceAll('-', '')}_${serial}.json`,
    content,
    digest: hash('sha256', content, 'hex'),
  };
}
