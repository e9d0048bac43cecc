import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCounting } from '../../../receiver/quality/counting.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { dayFromIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { countAll, enterFacility, fullVisit, putDay, visitOn } from '../../support/portal/quality-days.ts';
import { finess } from '../../support/rpu-text.ts';

const first = dayFromIso('2026-03-01') as Day;
const facility = finess(1);
const feed = 'ed-visits';
const logger = createLogger({ name: 'test', level: 'silent' });
const { signal } = new AbortController();

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-quality-'));
  store = openSqliteStore(join(folder, 'receiver.db'), { whileBusy: 'yield' });
  await enterFacility(store, facility);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const on = (index: number): Day => (first + index) as Day;
const visits = (day: Day, count: number) =>
  Array.from({ length: count }, (_none, index) => visitOn(facility, day, { ...fullVisit, hour: index % 24 }));
const summaries = async () => store.read((tx) => tx.quality.summaries(feed, on(0), on(60), facility));
const cells = async () => store.read((tx) => tx.quality.cells(feed, facility, on(0), on(60)));
const uncounted = async () => store.read((tx) => tx.quality.uncounted(feed, 1, 1000));

describe('the counting', () => {
  it('has one cell a record, whatever the day holds', async () => {
    for (let index = 0; index < 5; index += 1)
      await putDay(store, facility, on(index), visits(on(index), index * 7));
    await countAll(store);
    expect((await cells()).map(({ cells: each }) => each.length)).toEqual([0, 7, 14, 21, 28]);
    expect((await summaries()).map(({ summary }) => summary.records)).toEqual([0, 7, 14, 21, 28]);
    expect(await uncounted()).toEqual([]);
  });

  it('counts a changed day again, and only that one', async () => {
    for (let index = 0; index < 3; index += 1) await putDay(store, facility, on(index), visits(on(index), 4));
    await countAll(store);
    await putDay(store, facility, on(1), visits(on(1), 9));
    expect(await uncounted()).toEqual([{ facility, day: on(1) }]);
    await countAll(store);
    expect((await summaries()).map(({ summary }) => summary.records)).toEqual([4, 9, 4]);
  });

  it('counts a day again whose number of visits stays the same', async () => {
    await putDay(store, facility, on(0), visits(on(0), 4));
    await countAll(store);
    await putDay(
      store,
      facility,
      on(0),
      visits(on(0), 4).map((visit) => ({ ...visit, sex: 'M' })),
    );
    expect(await uncounted()).toHaveLength(1);
  });

  it('begins with the latest days and does no more at once than it may', async () => {
    for (let index = 0; index < 6; index += 1) await putDay(store, facility, on(index), visits(on(index), 2));
    const { step } = createCounting({ store, logger, daysAtOnce: 2 });
    expect(await step(signal)).toBe(true);
    expect((await summaries()).map(({ day }) => day)).toEqual([on(4), on(5)]);
    expect(await step(signal)).toBe(true);
    expect(await store.read((tx) => tx.quality.remaining(feed, 1, on(0), on(5)))).toEqual([
      { facility, days: 2 },
    ]);
  });

  it('counts everything again when the counting itself has changed', async () => {
    await putDay(store, facility, on(0), visits(on(0), 2));
    await countAll(store);
    expect(await store.read((tx) => tx.quality.uncounted(feed, 2, 10))).toHaveLength(1);
  });

  it('forgets days that are held no more', async () => {
    await putDay(store, facility, on(0), visits(on(0), 2));
    await countAll(store);
    await store.transaction((tx) =>
      tx.records.putDay(
        { facility, feed, part: '0' },
        { day: on(0), count: 0, mark: null, sum: [0, 0, 0, 0] },
      ),
    );
    await countAll(store);
    expect(await summaries()).toEqual([]);
    expect(await cells()).toEqual([]);
  });

  it('stops between two days when it is told to', async () => {
    for (let index = 0; index < 6; index += 1) await putDay(store, facility, on(index), visits(on(index), 2));
    const { step } = createCounting({ store, logger });
    expect(await step(AbortSignal.abort())).toBe(false);
    expect(await summaries()).toEqual([]);
  });

  it('agrees with what is held while somebody keeps writing', async () => {
    for (let index = 0; index < 20; index += 1)
      await putDay(store, facility, on(index), visits(on(index), 3));
    const other = openSqliteStore(join(folder, 'receiver.db'));
    const { step } = createCounting({ store, logger, daysAtOnce: 5 });
    const writing = (async () => {
      for (let round = 0; round < 20; round += 1)
        await putDay(other, facility, on(round), visits(on(round), 3 + round));
    })();
    while (await step(signal));
    await writing;
    await other.close();
    await countAll(store);
    const counted = (await summaries()).map(({ summary }) => summary.records);
    expect(counted).toEqual(Array.from({ length: 20 }, (_none, round) => 3 + round));
  });
});
