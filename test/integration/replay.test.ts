import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../receiver/config.ts';
import type { DispatchTarget } from '../../receiver/forward/compose.ts';
import { createForwarder } from '../../receiver/forward/delivery/forwarder.ts';
import { openDestination } from '../../receiver/forward/open-destination.ts';
import { previewReplay, replay } from '../../receiver/forward/replay.ts';
import { dispatchTargets } from '../../receiver/forward/targets.ts';
import { openSqliteStore } from '../../receiver/store/sqlite-store.ts';
import type { Store, StoreTx } from '../../receiver/store/store.ts';
import { isFiness } from '../../shared/feeds/facility.ts';
import { dayFromIso, dayToFrench, type Day } from '../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { quiet } from '../unit/receiver/lab.ts';

const days = 365;
const perDay = 3;
const maxRecords = 100;
const from = dayFromIso('2025-01-01') ?? (0 as Day);
const year = { from, to: (from + days - 1) as Day };
const now = Date.parse('2026-01-15T08:00:00Z');
const clock = { now: () => now, monotonic: () => performance.now() };
/** Invented numbers whose key is right. */
const facilities = Array.from({ length: 1000 }, (_, n) => `99${String(n).padStart(7, '0')}`)
  .filter(isFiness)
  .slice(0, 31);

let folder: string;
let store: Store;
let target: DispatchTarget;
let deliver: () => Promise<void>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-replay-'));
  store = openSqliteStore(join(folder, 'receiver.db'));
  for (const facility of facilities) await fill(facility);
  const { destinations } = parseConfig(
    `state: .
region: R
destinations:
  - name: oscour
    feed: ed-visits
    format: oscour-xml
    packaging: { maxRecords: ${maxRecords} }
    transport: { kind: directory, folder: out }
`,
    join(folder, 'receiver.yaml'),
  );
  const [found] = await dispatchTargets(destinations);
  const [settings] = destinations;
  const destination = settings === undefined ? undefined : openDestination(settings);
  if (found === undefined || destination === undefined) throw new Error('no destination');
  target = found;
  const { step } = createForwarder({
    ...{ destination, store, clock, random: systemRandom, logger: quiet },
    openParcels: async () => undefined,
    sign: async () => 'proof',
    retry: { firstMs: 1, maxMs: 1, attempts: undefined },
    onReceipts: () => undefined,
  });
  deliver = async () => {
    while (await step(new AbortController().signal));
  };
}, 60_000);
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function fill(facility: string): Promise<void> {
  const scope = { facility, feed: 'ed-visits', part: '0' };
  const id = systemRandom.uuid(now);
  await store.transaction(async (tx) => {
    const agent = systemRandom.uuid(now);
    await tx.agents.put({ id: agent, name: 'A', status: 'active', facilities: [facility], createdAt: 1 });
    await tx.facilities.put({ finess: facility, name: 'F', key: Buffer.alloc(32, 3), addedAt: 1 });
    await tx.records.putPart({ ...scope, agent, source: 's' });
    await tx.exports.put({
      ...{ id, agent, ...scope, source: 's', receivedAt: 1, reception: await tx.exports.nextReception() },
      ...{ slicesSeen: 1, manifest: null, digest: null, state: 'processed', extract: 1, outcome: '{}' },
    });
    for (let day = year.from; day <= year.to; day = (day + 1) as Day) {
      const rows = Array.from({ length: perDay }, (_, n) => {
        const at = day * 86_400_000 + (9 + n) * 3_600_000;
        const arrivedAt = { text: `${dayToFrench(day)} ${String(10 + n)}:00`, at };
        const body = JSON.stringify({ facility, sex: 'F', arrivedAt });
        const key = createHash('sha256').update(`${day}.${n}`).digest().subarray(0, 16);
        return {
          ...{ day, key, rank: 0, visit: null, hash: key, at, extract: 1, reception: 1, export: id },
          ...{ line: 1, record: 1, body },
        };
      });
      await tx.records.insert(scope, rows);
      await tx.records.putDay(scope, { day, count: perDay, mark: null, sum: [0, 0, 0, 0] });
    }
  });
}

/** Watches what is read and written: the most records read for one file, and the transactions. */
function watched(): { readonly store: Store; readonly seen: { most: number; transactions: number } } {
  const seen = { most: 0, transactions: 0 };
  let open = 0;
  const watching = (tx: StoreTx): StoreTx => ({
    ...tx,
    records: {
      ...tx.records,
      bodiesOfDay: async (...asked) => {
        const bodies = await tx.records.bodiesOfDay(...asked);
        open += bodies.length;
        seen.most = Math.max(seen.most, open);
        return bodies;
      },
    },
    dispatches: {
      ...tx.dispatches,
      put: async (...put) => {
        open = 0;
        return tx.dispatches.put(...put);
      },
    },
  });
  const watch: Store = {
    ...store,
    transaction: (work) => {
      seen.transactions += 1;
      return store.transaction((tx) => work(watching(tx)));
    },
  };
  return { store: watch, seen };
}

const preview = () => store.read((tx) => previewReplay(tx, target, year, now));
const filesPerFacility = Math.ceil((days * perDay) / (maxRecords - (maxRecords % perDay)));
const files = filesPerFacility * facilities.length;

describe('a replay of a year for thirty-one facilities', () => {
  it('is previewed without reading a record, then composed a file at a time and a facility a transaction', async () => {
    const counts = { files, facilities: 31, records: 31 * days * perDay };
    expect(await preview()).toEqual({
      ...{
        ...counts,
        days,
        acknowledged: 0,
        sent: 0,
        waiting: 0,
        acknowledgedRecords: 0,
        underwayRecords: 0,
      },
    });
    const watch = watched();
    expect(await replay({ store: watch.store, clock }, [target], year)).toEqual(counts);
    expect(watch.seen.most).toBeLessThanOrEqual(maxRecords);
    expect(watch.seen.transactions).toBe(31);
    expect(await preview()).toEqual({
      ...{ ...counts, days, acknowledged: 0, sent: 0, waiting: files },
      ...{ acknowledgedRecords: 0, underwayRecords: counts.records },
    });
  }, 60_000);

  it('reaches the agency, and knows next time what was acknowledged', async () => {
    await deliver();
    expect((await readdir(join(folder, 'out'))).filter((name) => !name.startsWith('.'))).toHaveLength(files);
    expect(await preview()).toMatchObject({ files, acknowledged: 0, sent: files, waiting: 0 });
    const rows = await store.read((tx) => tx.dispatches.inDelivery('oscour', 'sent', 0, 200));
    await store.transaction(async (tx) => {
      for (const { id } of rows)
        await tx.dispatches.setDelivery(id, ['sent'], {
          ...{ state: 'acknowledged', attempts: 1, nextAttemptAt: now, changedAt: now, code: null },
        });
    });
    expect(await preview()).toMatchObject({ files, acknowledged: 200, sent: files - 200, waiting: 0 });
  }, 60_000);
});
