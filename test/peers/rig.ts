import { createCipheriv, createHash, hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Destination } from '../../receiver/forward/destination.ts';
import {
  createForwarder,
  type Forwarder,
  type ForwarderDeps,
} from '../../receiver/forward/delivery/forwarder.ts';
import type { DispatchRow } from '../../receiver/store/dispatch-table.ts';
import type { DestinationRow } from '../../receiver/store/destination-tables.ts';
import { openSqliteStore } from '../../receiver/store/sqlite-store.ts';
import type { Store } from '../../receiver/store/store.ts';
import { deliveryReceipt } from '../../shared/protocol/receipts.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { systemRandom, type Random } from '../../shared/runtime/random.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import { finess } from '../support/rpu-text.ts';

/** A region's real store with one agent's export, dispatches waiting, real forwarders, and a clock that only tests move. */
export interface Rig {
  readonly folder: string;
  readonly databaseFile: string;
  readonly store: Store;
  readonly clock: { now(): number; monotonic(): number; advance(ms: number): void; set(at: number): void };
  /** Dispatches waiting, in this order. */
  compose(destination: string, files: readonly Composed[]): Promise<void>;
  forwarder(
    destination: Destination,
    openParcels: ForwarderDeps['openParcels'],
    options?: { readonly store?: Store; readonly retry?: ForwarderDeps['retry'] },
  ): Forwarder;
  row(destination: string, name: string): Promise<DispatchRow>;
  state(destination: string): Promise<DestinationRow | undefined>;
  /** `forwarded` receipts written for dispatches of this destination, by dispatch. */
  forwarded(destination: string): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
}

export interface Composed {
  readonly name: string;
  readonly content: Buffer;
}

export const quiet = createLogger({ name: 'peers', level: 'silent' });
/** The longest wait that backoff allows: what is expected does not hang on chance. */
const longest: Random = { ...systemRandom, fraction: () => 1 };
const facility = finess(81);
const agent = '00000000-0000-7000-8000-00000000a9e7';
const exportId = '00000000-0000-7000-8000-0000000e0047';

export const quickRetry = { firstMs: 1000, maxMs: 60_000, attempts: undefined };

export async function createRig(startAt = Date.UTC(2026, 0, 1)): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'vaguemestre-peers-'));
  const rig = openRig(join(folder, 'receiver.db'), startAt);
  const { store, clock } = rig;
  await store.transaction(async (tx) => {
    const key = systemRandom.bytes(32);
    await tx.facilities.put({ finess: facility, name: 'Facility', key, addedAt: clock.now() });
    await tx.agents.put({ id: agent, name: 'Agent', status: 'active', facilities: [facility], createdAt: 1 });
    await tx.exports.put({
      ...{ id: exportId, agent, facility, feed: 'ed-visits', part: '0', source: 's', receivedAt: 1 },
      ...{ reception: await tx.exports.nextReception(), slicesSeen: 1, manifest: null, digest: null },
      ...{ state: 'processed', extract: 1, outcome: '{}' },
    });
  });
  return {
    ...rig,
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The same over a database that another process made. */
export function openRig(databaseFile: string, startAt: number): Rig {
  const folder = dirname(databaseFile);
  const store = openSqliteStore(databaseFile);
  let at = startAt;
  const clock = {
    now: () => at,
    monotonic: () => performance.now(),
    advance: (ms: number) => {
      at += ms;
    },
    set: (instant: number) => {
      at = instant;
    },
  };
  let extract = 0;

  return {
    ...{ folder, databaseFile, store, clock },
    compose: (destination, files) =>
      store.transaction(async (tx) => {
        for (const { name, content } of files) {
          extract += 1;
          await tx.dispatches.put(
            {
              ...{ name, destination, facility, feed: 'ed-visits', from: 1 as Day, to: 2 as Day },
              ...{ records: 1, extract, digest: hash('sha256', content, 'hex'), composedAt: clock.now() },
              ...{ export: exportId, cause: 'export', format: 'oscour-xml 2013' },
            },
            content,
          );
        }
      }),
    forwarder: (destination, openParcels, options = {}) =>
      createForwarder({
        ...{ destination, openParcels, clock, random: longest, logger: quiet },
        store: options.store ?? store,
        retry: options.retry ?? quickRetry,
        sign: async (texts) => hash('sha256', texts.join('\n'), 'hex'),
        onReceipts: () => undefined,
      }),
    row: async (destination, name) => {
      const found = await store.read((tx) => tx.dispatches.named(destination, name));
      if (found === undefined) throw new Error(`no dispatch ${name} for ${destination}`);
      return found;
    },
    state: (destination) => store.read((tx) => tx.destinations.get(destination)),
    forwarded: async (destination) => {
      const counts = new Map<string, number>();
      for (let after = 0; ;) {
        const receipts = await store.read((tx) => tx.receipts.after(agent, after, 500));
        for (const { text } of receipts) {
          const claims = deliveryReceipt.parse(JSON.parse(text));
          if (claims.kind === 'forwarded' && claims.destination === destination)
            counts.set(claims.dispatch, (counts.get(claims.dispatch) ?? 0) + 1);
        }
        const last = receipts.at(-1);
        if (last === undefined) return counts;
        after = last.cursor;
      }
    },
    close: () => store.close(),
  };
}

/** Bytes that no compression makes smaller, the same for the same name. */
export function noise(name: string, bytes: number): Buffer {
  const key = createHash('sha256').update(name).digest().subarray(0, 16);
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(bytes));
}
