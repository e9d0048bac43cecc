import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProcessor, type Processor } from '../../../receiver/inbox/processor.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import type { EnvelopeRow, Store, StoreTx } from '../../../receiver/store/store.ts';
import type { EnvelopeHeader } from '../../../shared/envelope/header.ts';
import { parseSlice, printSlice, type Manifest, type Slice } from '../../../shared/protocol/slice.ts';
import { receipt, type Receipt } from '../../../shared/protocol/receipts.ts';
import { permanent } from '../../../shared/runtime/errors.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { dayToFrench, parseFrenchDateTime, type Day } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { agent, dayMs, hourMs, readableFormat, targetOf } from '../apply/rig.ts';

const facility = '990000010';
const scope = { facility, feed: 'ed-visits', part: '0' };
const start = 20_100 * dayMs;

let folder: string;
let store: Store;
let processor: Processor;
let now: number;
let seq: number;
let signatures: number;
/** Set by a test: the verb after which the transaction fails. */
let failAfter: number | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-processor-'));
  store = openSqliteStore(join(folder, 'receiver.db'));
  now = start;
  seq = 0;
  signatures = 0;
  failAfter = undefined;
  await store.transaction(async (tx) => {
    await tx.agents.put({ id: agent, name: 'A', status: 'active', facilities: [facility], createdAt: 1 });
    await tx.facilities.put({ finess: facility, name: 'A', key: Buffer.alloc(32, 3), addedAt: 1 });
  });
  processor = createProcessor({
    store: faulty(store),
    // Envelopes of these tests are slices in clear behind one byte: sealing has tests of its own.
    open: async (bytes) => {
      if (bytes[0] !== 1) throw permanent('envelope-tampered');
      return {
        header: { feed: 'ed-visits', schema: bytes[1] } as EnvelopeHeader,
        slice: parseSlice(bytes.subarray(2)),
      };
    },
    sign: async (texts) => {
      signatures += 1;
      return `proof of ${texts.length}`;
    },
    targets: [targetOf('national', readableFormat('ed-visits'))],
    clock: { now: () => now, monotonic: () => now },
    random: systemRandom,
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

/** The store, whose transactions fail after a number of verbs, wherever that falls. */
function faulty(real: Store): Store {
  return {
    ...real,
    transaction: (work) => {
      let verbs = 0;
      const wrap = (target: object): object =>
        new Proxy(target, {
          get: (inner, name) => {
            const value: unknown = Reflect.get(inner, name);
            if (typeof value === 'object' && value !== null) return wrap(value);
            if (typeof value !== 'function') return value;
            return async (...values: unknown[]): Promise<unknown> => {
              const result: unknown = await Reflect.apply(value, inner, values);
              verbs += 1;
              if (verbs === failAfter) throw Object.assign(new Error('stopped'), { code: 'SQLITE_IOERR' });
              return result;
            };
          },
        });
      return real.transaction((tx) => work(wrap(tx) as StoreTx));
    },
  };
}

const exportId = (n: number): string => `01980000-0000-7000-8000-0000000003${String(n).padStart(2, '0')}`;

function body(n: number, change: Record<string, unknown> = {}): string {
  const text = `${dayToFrench((20_098 + (n % 2)) as Day)} 10:${String(n % 60).padStart(2, '0')}`;
  const at = parseFrenchDateTime(text)?.at;
  return JSON.stringify({ facility, sex: 'F', arrivedAt: { text, at }, ...change });
}

const manifestOf = (records: number, change: Partial<Manifest> = {}): Manifest => ({
  ...{ slices: 1, records, rejected: 0, header: true, resend: false },
  window: { from: '2025-01-10', to: '2025-01-11' },
  extract: { text: '12/01/2025 06:00', at: 20_100 * dayMs },
  digest: hash('sha256', systemRandom.uuid(now), 'hex'),
  ...change,
});

function slice(
  n: number,
  bodies: readonly string[],
  change: Partial<Slice['head']> = {},
  manifest: Manifest | null = manifestOf(bodies.length),
): Slice {
  return {
    head: { export: exportId(n), slice: 1, facility, part: '0', source: 'main', ...change },
    records: bodies.map((text, index) => ({
      record: ((change.slice ?? 1) - 1) * 100 + index + 1,
      line: 0,
      body: text,
    })),
    manifest,
  };
}

async function arrive(...slices: (Slice | Buffer)[]): Promise<readonly EnvelopeRow[]> {
  const rows: EnvelopeRow[] = [];
  await store.transaction(async (tx) => {
    for (const one of slices) {
      seq += 1;
      const content = Buffer.isBuffer(one) ? one : Buffer.concat([Buffer.from([1, 1]), printSlice(one)]);
      const row: EnvelopeRow = {
        ...{
          id: systemRandom.uuid(now + seq),
          agent,
          feed: 'ed-visits',
          epoch: 1,
          seq,
          prev: 'p',
          export: null,
        },
        ...{ digest: 'd', receivedAt: now, bytes: content.length, state: 'stored', slice: null },
      };
      await tx.inbox.put(row, content);
      rows.push(row);
    }
  });
  return rows;
}

async function settle(): Promise<void> {
  while (await processor.step());
}

const receipts = async (): Promise<readonly Receipt[]> =>
  store.read(async (tx) =>
    (await tx.receipts.after(agent, 0, 1000)).map(({ text }) => receipt.parse(JSON.parse(text))),
  );
const stateOf = (n: number): Promise<string | undefined> =>
  store.read(async (tx) => (await tx.exports.get(exportId(n)))?.state);
const total = (): Promise<number> => store.read((tx) => tx.records.total());
const envelopes = (): Promise<Readonly<Record<string, number>>> => store.read((tx) => tx.inbox.counts());
const bodies = (count: number): string[] => Array.from({ length: count }, (_, n) => body(n));

describe('processor', () => {
  it('applies a whole export, signs its receipt and composes its dispatch in one step', async () => {
    await arrive(slice(1, bodies(6)));
    await settle();
    expect(await total()).toBe(6);
    expect(await stateOf(1)).toBe('processed');
    expect(await envelopes()).toMatchObject({ done: 1, stored: 0 });
    expect(await receipts()).toMatchObject([
      {
        kind: 'processed',
        result: 'applied',
        trusted: true,
        accepted: 6,
        added: 6,
        dispatches: [{ destination: 'national' }],
      },
    ]);
  });

  it('signs the receipts of a whole group once', async () => {
    await arrive(slice(1, [body(0)]), slice(2, [body(1)]), slice(3, [body(2)]));
    await settle();
    expect(await receipts()).toHaveLength(3);
    expect(signatures).toBe(1);
  });

  it('waits for every slice of a large export, in whatever order they come, then applies it whole', async () => {
    const whole = bodies(9);
    const manifest = manifestOf(9, { slices: 3 });
    await arrive(
      slice(1, whole.slice(6), { slice: 3 }, manifest),
      slice(1, whole.slice(0, 3), { slice: 1 }, null),
    );
    await settle();
    expect(await stateOf(1)).toBe('receiving');
    expect(await total()).toBe(0);
    await arrive(slice(1, whole.slice(3, 6), { slice: 2 }, null));
    await settle();
    expect(await stateOf(1)).toBe('processed');
    expect(await total()).toBe(9);
    expect(await envelopes()).toMatchObject({ done: 3, opened: 0 });
    expect(await store.read((tx) => tx.exports.stagedDays(exportId(1)))).toEqual([]);
  });

  it('rejects one poisonous export with its code and lets the others through', async () => {
    await arrive(
      slice(1, [body(1)], {}, manifestOf(1, { window: null })),
      Buffer.from([9, 9, 9]),
      slice(2, [body(2, { unknown: 1 })]),
      slice(3, [body(3)], {}, manifestOf(7)),
      slice(4, [body(4)], { facility: '990000028' }),
      slice(5, [body(5)], {}, { ...manifestOf(1), slices: 2 }),
      slice(6, [body(6)], {}, manifestOf(1, { window: null })),
    );
    await settle();
    const codes = (await receipts()).map((one) => (one.kind === 'rejected' ? one.code : one.kind));
    expect(codes).toEqual([
      'processed',
      'envelope-tampered',
      'record-not-valid',
      'export-count-differs',
      'facility-not-allowed',
      'slice-does-not-fit',
      'processed',
    ]);
    expect(await total()).toBe(2);
    expect(await envelopes()).toMatchObject({ done: 2, refused: 5, stored: 0, opened: 0 });
  });

  it('rejects what a slice began when a later slice cannot be read, and refuses what still comes', async () => {
    await arrive(
      slice(1, [body(1)], { slice: 1 }, null),
      slice(1, [body(2, { arrivedAt: 'no' })], { slice: 2 }, null),
      slice(1, [body(3)], { slice: 3 }, manifestOf(3, { slices: 3 })),
    );
    await settle();
    expect(await stateOf(1)).toBe('rejected');
    expect((await receipts()).map((one) => (one.kind === 'rejected' ? one.code : one.kind))).toEqual([
      'record-not-valid',
      'export-settled',
    ]);
    expect(await store.read((tx) => tx.exports.stagedDays(exportId(1)))).toEqual([]);
  });

  it('refuses a slice number that came already', async () => {
    await arrive(slice(1, [body(1)], { slice: 1 }, null), slice(1, [body(1)], { slice: 1 }, null));
    await settle();
    expect(await receipts()).toMatchObject([{ kind: 'rejected', code: 'slice-repeated' }]);
  });

  it('keeps an export whose facility is not registered, and applies it when it is', async () => {
    const other = '990000028';
    await store.transaction((tx) =>
      tx.agents.put({ id: agent, name: 'A', status: 'active', facilities: [facility, other], createdAt: 1 }),
    );
    await arrive(slice(1, [body(1, { facility: other })], { facility: other }));
    await settle();
    expect(await stateOf(1)).toBe('waiting');
    expect(await envelopes()).toMatchObject({ opened: 1 });
    expect(await receipts()).toMatchObject([{ kind: 'processed', result: 'held', hold: 'facility-unknown' }]);
    await store.transaction((tx) =>
      tx.facilities.put({ finess: other, name: 'B', key: Buffer.alloc(32, 4), addedAt: 2 }),
    );
    await settle();
    expect(await stateOf(1)).toBe('processed');
    expect(await envelopes()).toMatchObject({ done: 1 });
    expect((await receipts())[1]).toMatchObject({ result: 'applied', added: 1 });
  });

  it('lists exports still incomplete after a day', async () => {
    await arrive(slice(1, [body(1)], { slice: 1 }, null));
    await settle();
    now += 25 * hourMs;
    const late = await store.read((tx) => tx.exports.incompleteSince(now - 24 * hourMs));
    expect(late.map(({ id }) => id)).toEqual([exportId(1)]);
  });

  it('counts the broken rules of the records again, whatever the agent said', async () => {
    await arrive(slice(1, [body(1, { sex: 'Z' }), body(2, { sex: 'Z' })]));
    await settle();
    const { totals } = await store.read((tx) => tx.exports.findings(exportId(1)));
    expect(totals['sexe-code']).toBe(2);
  });

  it('leaves all or nothing when it stops after any one verb, and finishes when started again', async () => {
    const whole = bodies(8);
    await arrive(slice(1, whole), slice(2, bodies(4), { slice: 1 }, null));
    await arrive(slice(2, whole.slice(4, 7), { slice: 2 }, manifestOf(7, { slices: 2 })));
    const image = async (): Promise<unknown> =>
      store.read(async (tx) => [
        await tx.inbox.counts(),
        await tx.exports.counts(),
        await tx.records.total(),
        await tx.records.days(scope, 20_000 as Day, 20_200 as Day),
        (await tx.receipts.after(agent, 0, 100)).length,
        (await tx.dispatches.recent(100)).length,
      ]);
    const before = await image();
    let stops = 0;
    for (failAfter = 1; ; failAfter += 1) {
      const stopped = await processor.step().then(
        () => false,
        () => true,
      );
      if (!stopped) break;
      stops += 1;
      expect(await image()).toEqual(before);
    }
    expect(stops).toBeGreaterThan(30);
    expect(await envelopes()).toMatchObject({ stored: 0, opened: 0, done: 3 });
    expect(await total()).toBe(7);
    expect(await receipts()).toHaveLength(2);
  });
});
