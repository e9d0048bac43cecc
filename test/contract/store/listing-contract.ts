import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExportQuery } from '../../../receiver/store/listing-tables.ts';
import type { ExportState } from '../../../receiver/store/export-tables.ts';
import type { Store, StoreTx } from '../../../receiver/store/store.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';

const [a, b, feed] = ['990000010', '990000028', 'ed-visits'] as const;
const dayMs = 86_400_000;
const always = { from: 0, to: 1e15, limit: 10 };

/** What every engine lists for pages. */
export function describeListing(
  engine: string,
  open: () => Promise<{ readonly store: Store; close(): Promise<void> }>,
): void {
  describe(`listings on ${engine}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    let store: Store;
    const write = <T>(work: (tx: StoreTx) => Promise<T>): Promise<T> => store.transaction(work);
    const read = <T>(work: (tx: StoreTx) => Promise<T>): Promise<T> => store.read(work);
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      await write(async (tx) => {
        for (const finess of [a, b])
          await tx.facilities.put({ finess, name: 'F', key: Buffer.alloc(32, 1), addedAt: 1 });
        await tx.agents.put({ id: 'agent', name: 'A', status: 'active', facilities: [a, b], createdAt: 1 });
      });
    });
    afterEach(() => opened.close());

    const put = (id: string, facility: string, receivedAt: number, state: ExportState = 'processed') =>
      write(async (tx) =>
        tx.exports.put({
          ...{ id, agent: 'agent', facility, feed, part: '0', source: 's', receivedAt, slicesSeen: 1 },
          ...{ reception: await tx.exports.nextReception(), manifest: null, digest: null, state },
          ...{ extract: null, outcome: null },
        }),
      );
    const listed = (query: Partial<ExportQuery> = {}) =>
      read(async (tx) => (await tx.listings.exports({ ...always, ...query })).map(({ id }) => id));

    it('lists exports, the latest first, by facility, state and time', async () => {
      await put('e1', a, 10);
      await put('e2', b, 20, 'held');
      await put('e3', a, 30, 'rejected');
      await put('e4', a, 30);
      expect(await listed()).toEqual(['e4', 'e3', 'e2', 'e1']);
      expect(await listed({ facilities: [a] })).toEqual(['e4', 'e3', 'e1']);
      expect(await listed({ facilities: [a, b], limit: 3 })).toEqual(['e4', 'e3', 'e2']);
      expect(await listed({ facilities: [] })).toEqual([]);
      expect(await listed({ facilities: [a], state: 'rejected' })).toEqual(['e3']);
      expect(await listed({ from: 20, to: 30 })).toEqual(['e2']);
      for (const [state, ids] of [
        ['processed', ['e4', 'e1']],
        ['held', ['e2']],
        ['rejected', ['e3']],
        ['waiting', []],
        ['receiving', []],
        ['complete', []],
      ] as const)
        expect(await listed({ state })).toEqual(ids);
    });

    it('goes on after the last one seen, also among those received in the same instant', async () => {
      await put('e1', a, 10);
      await put('e2', a, 10);
      await put('e3', a, 10);
      const rows = await read((tx) => tx.listings.exports({ ...always, limit: 2 }));
      expect(rows.map(({ id }) => id)).toEqual(['e3', 'e2']);
      expect(await listed({ after: rows[1] })).toEqual(['e1']);
      expect(await listed({ after: rows[1], facilities: [a] })).toEqual(['e1']);
    });

    it('finds exports by the start of their id, and of an envelope of theirs', async () => {
      await put('019a1111-0000', a, 1);
      await put('019a1111-0001', a, 2);
      await put('019a2222-0000', a, 3);
      await write((tx) =>
        tx.inbox.put(
          {
            ...{ id: '019b0000-1', agent: 'agent', feed, epoch: 1, seq: 1, digest: 'd', prev: 'p' },
            ...{ receivedAt: 1, bytes: 1, state: 'done', export: '019a2222-0000', slice: 1 },
          },
          null,
        ),
      );
      const ids = (prefix: string, limit = 10) =>
        read(async (tx) => (await tx.listings.exportsByPrefix(prefix, limit)).map(({ id }) => id));
      expect(await ids('019a1111')).toEqual(['019a1111-0000', '019a1111-0001']);
      expect(await ids('019a1111', 1)).toEqual(['019a1111-0000']);
      expect(await ids('019c')).toEqual([]);
      expect(await read((tx) => tx.listings.exportsOfEnvelopes('019b', 10))).toEqual(['019a2222-0000']);
    });

    it('knows the export before and after, of the same facility and feed', async () => {
      await put('e1', a, 10);
      await put('e2', b, 20);
      await put('e3', a, 30);
      const [, , first] = await read((tx) => tx.listings.exports(always));
      const [last] = await read((tx) => tx.listings.exports(always));
      expect(first === undefined ? [] : await read((tx) => tx.listings.neighbours(first))).toEqual({
        before: undefined,
        after: 'e3',
      });
      expect(last === undefined ? [] : await read((tx) => tx.listings.neighbours(last))).toEqual({
        before: 'e1',
        after: undefined,
      });
    });

    let extract = 0;
    const dispatch = (destination: string, onDay: number, records: number, sources?: readonly string[]) => {
      extract += 1;
      const row = {
        ...{ name: `f${extract}.xml`, destination, facility: a, feed, records, export: null },
        ...{ extract: onDay * dayMs + extract, from: 10 as Day, to: 12 as Day, digest: 'd', composedAt: 100 },
        ...{ cause: 'replay' as const, format: 'f 1' },
      };
      return write((tx) => tx.dispatches.put(row, Buffer.from('content'), sources));
    };
    const move = (id: number, state: 'sent' | 'acknowledged', code: string | null = null) =>
      write((tx) =>
        tx.dispatches.setDelivery(id, ['waiting', 'sent', 'acknowledged'], {
          ...{ state, attempts: 1, nextAttemptAt: 0, changedAt: 150 + id, code },
        }),
      );

    it('lists a destination’s dispatches, and those that show an export’s records', async () => {
      await put('e1', a, 10);
      const ids = [await dispatch('n', 1, 1, ['e1']), await dispatch('n', 1, 1), await dispatch('o', 1, 1)];
      await move(ids[0] ?? 0, 'sent');
      const of = (state?: 'sent' | 'waiting', before = 1e9, limit = 9) =>
        read(async (tx) =>
          (await tx.listings.dispatches({ destination: 'n', state, before, limit })).map(({ id }) => id),
        );
      expect(await of()).toEqual([ids[1], ids[0]]);
      expect(await of(undefined, ids[1])).toEqual([ids[0]]);
      expect(await of('sent')).toEqual([ids[0]]);
      expect(await of('waiting')).toEqual([ids[1]]);
      const from = await read((tx) => tx.listings.dispatchesFrom('e1', 5));
      expect(from.map(({ id }) => id)).toEqual([ids[0]]);
    });

    it('counts files and records by the day they were composed, through every move', async () => {
      const ids = [await dispatch('n', 5, 3), await dispatch('n', 5, 4), await dispatch('n', 6, 9)];
      await dispatch('o', 5, 1);
      await move(ids[0] ?? 0, 'sent');
      await move(ids[0] ?? 0, 'acknowledged');
      // The same state again moves nothing.
      await move(ids[0] ?? 0, 'acknowledged', 'again');
      expect(await read((tx) => tx.listings.deliveryDays('n', 5 as Day, 6 as Day))).toEqual([
        { day: 5, state: 'acknowledged', files: 1, records: 3 },
        { day: 5, state: 'waiting', files: 1, records: 4 },
        { day: 6, state: 'waiting', files: 1, records: 9 },
      ]);
      expect((await read((tx) => tx.listings.lastAcknowledged('n')))?.id).toBe(ids[0]);
      expect(await read((tx) => tx.listings.lastAcknowledged('o'))).toBeUndefined();
    });

    it('keeps what an export did to each day, the latest apply of it', async () => {
      await put('e1', a, 10);
      const day = { facility: a, day: 7 as Day, before: 1, after: 3, added: 2, updated: 0, removed: 0 };
      expect(await read((tx) => tx.listings.changes('e1'))).toBeUndefined();
      await write((tx) => tx.listings.putChanges('e1', [{ ...day, suspended: 4 }]));
      await write((tx) => tx.listings.putChanges('e1', [{ ...day, suspended: 5 }]));
      expect(await read((tx) => tx.listings.changes('e1'))).toEqual([{ ...day, suspended: 5 }]);
    });

    it('remembers when a pause ends and why, and forgets both with it', async () => {
      const row = {
        ...{ name: 'n', breaker: 'closed' as const, failures: 0, nextAttemptAt: 0, code: null, since: 0 },
        ...{ pausedBy: 'P', pausedAt: 1, pausedUntil: 9, pauseReason: 'works' },
      };
      await write((tx) => tx.destinations.put(row));
      expect(await read((tx) => tx.destinations.get('n'))).toEqual(row);
      await write((tx) => tx.destinations.put({ ...row, pausedBy: null, pausedAt: null }));
      expect(await read((tx) => tx.destinations.get('n'))).toMatchObject({
        ...{ pausedBy: null, pausedUntil: null, pauseReason: null },
      });
    });
  });
}
