import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../receiver/store/store.ts';
import type { SeenState } from '../../../receiver/store/watch-tables.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';

const [a, b, feed] = ['990000010', '990000028', 'ed-visits'] as const;
const day = 20_500 as Day;
const scope = { facility: a, feed, part: '0' };
const agent = '01980000-0000-7000-8000-000000000001';

/** What every engine does for the watching. */
export function describeWatch(
  engine: string,
  open: () => Promise<{ readonly store: Store; close(): Promise<void> }>,
): void {
  describe(`the watching on ${engine}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    let store: Store;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      await store.transaction(async (tx) => {
        for (const finess of [a, b])
          await tx.facilities.put({ finess, name: 'F', key: Buffer.alloc(32, 1), addedAt: 1 });
        await tx.agents.put({ id: agent, name: 'A', status: 'active', facilities: [a], createdAt: 1 });
      });
    });
    afterEach(() => opened.close());

    const put = (part: string, on: number, count: number, sum0: number, extract: number | null) =>
      store.transaction((tx) =>
        tx.records.putDay(
          { ...scope, part },
          {
            ...{ day: on as Day, count, sum: [sum0, 0, 0, 0] },
            mark: extract === null ? null : { extract, reception: 1 },
          },
        ),
      );

    it('counts days over all parts, and marks their content', async () => {
      await put('0', day, 5, 1, null);
      await put('1', day, 3, 2, null);
      await put('0', day + 1, 0, 0, 1);
      const counts = () => store.read((tx) => tx.watch.counts(a, feed, day, (day + 5) as Day));
      const before = await counts();
      expect(before.map((each) => [each.day, each.count])).toEqual([
        [day, 8],
        [day + 1, 0],
      ]);
      await put('1', day, 3, 7, null);
      const after = await counts();
      expect([after[0]?.count, after[0]?.stamp === before[0]?.stamp]).toEqual([8, false]);
      expect(after[1]?.stamp).toBe(before[1]?.stamp);
    });

    it('remembers when each part of a day came, even when it is emptied later', async () => {
      await put('0', day, 5, 1, null);
      await put('0', day, 0, 0, null);
      expect(await store.read((tx) => tx.watch.arrivals(a, feed, day, day))).toMatchObject([
        { part: '0', firstAt: 0 },
      ]);
      expect(await store.read((tx) => tx.watch.connectedAt(a, feed))).toBe(0);
      expect(await store.read((tx) => tx.watch.connectedAt(b, feed))).toBeUndefined();
    });

    it('lets a file of the past replace what an older one told, and nothing newer', async () => {
      const tell = (count: number, extract: number) =>
        store.transaction((tx) => tx.watch.putImported(a, feed, [{ day, count, counts: [1, 2], extract }]));
      expect([await tell(10, 5), await tell(11, 4), await tell(12, 5)]).toEqual([1, 0, 1]);
      expect(await store.read((tx) => tx.watch.imported(a, feed, day, day))).toEqual([
        { day, count: 12, counts: [1, 2], extract: 5 },
      ]);
    });

    it('keeps hours, declared volumes and the last run, the latest of each', async () => {
      await store.transaction(async (tx) => {
        await tx.watch.putHours(a, feed, [{ day, stamp: 'x', counts: [1] }]);
        await tx.watch.putHours(a, feed, [{ day, stamp: 'y', counts: [2] }]);
        await tx.watch.declare({ facility: b, feed, annual: 10, at: 1 });
        await tx.watch.declare({ facility: b, feed, annual: 20, at: 2 });
        await tx.watch.putRun(5);
        await tx.watch.putRun(6);
      });
      await store.read(async (tx) => {
        expect(await tx.watch.hours(a, feed, day, day)).toEqual([{ day, stamp: 'y', counts: [2] }]);
        expect(await tx.watch.declared()).toEqual([{ facility: b, feed, annual: 20, at: 2 }]);
        expect(await tx.watch.lastRun()).toBe(6);
      });
    });

    it('knows every pair that came, was told or was declared, once', async () => {
      await store.transaction(async (tx) => {
        await tx.records.putPart({ ...scope, agent, source: 's' });
        await tx.records.putPart({ ...scope, part: '1', agent, source: 't' });
        await tx.watch.putImported(a, feed, [{ day, count: 1, counts: null, extract: 1 }]);
        await tx.watch.declare({ facility: b, feed, annual: 10, at: 1 });
      });
      expect(await store.read((tx) => tx.watch.pairs())).toEqual([
        { facility: a, feed },
        { facility: b, feed },
      ]);
      expect((await store.read((tx) => tx.watch.parts())).map(({ part }) => part)).toEqual(['0', '1']);
    });

    it('replaces states, and gives changes in the order they were noted', async () => {
      const silent: SeenState = { ...scope, day, state: 'silent', cause: 'agent-dead', since: 1 };
      const { facility } = scope;
      const change = {
        facility,
        feed,
        day,
        fromState: null,
        fromCause: null,
        state: 'silent',
        cause: null,
        at: 1,
      } as const;
      await store.transaction(async (tx) => {
        await tx.watch.put([silent], [change]);
        await tx.watch.put(
          [{ ...silent, state: 'late', since: 2 }],
          [{ ...change, fromState: 'silent', state: 'late', at: 2 }],
        );
      });
      await store.read(async (tx) => {
        expect((await tx.watch.states(day, day)).map(({ state, since }) => [state, since])).toEqual([
          ['late', 2],
        ]);
        expect(await tx.watch.states((day + 1) as Day, (day + 9) as Day)).toEqual([]);
        expect(await tx.watch.statesOf(facility, feed, day, day)).toMatchObject([
          { state: 'late', since: 2 },
        ]);
        expect(await tx.watch.statesOf(facility, 'other', day, day)).toEqual([]);
        const [first, second] = await tx.watch.transitions(0, 10);
        expect([first?.state, second?.fromState, second?.state]).toEqual(['silent', 'silent', 'late']);
        expect(await tx.watch.transitions(first?.id ?? 0, 10)).toEqual([second]);
        expect(await tx.watch.transitionsOf(facility, feed, day, 1)).toEqual([first]);
      });
    });

    it('gives rejects since an instant, of agents and of exports that came here', async () => {
      const reject = { source: 's', digest: 'd', code: 'xml-cut', line: 1, record: null };
      await store.transaction(async (tx) => {
        await tx.agents.putRejectedExport(agent, { ...reject, export: 'e1', at: 10 });
        await tx.agents.putRejectedExport(agent, { ...reject, export: 'e2', at: 20 });
        await tx.exports.put({
          ...{
            id: 'e3',
            agent,
            ...scope,
            source: 's',
            receivedAt: 30,
            reception: 1,
            slicesSeen: 1,
            manifest: null,
          },
          ...{ digest: null, state: 'rejected', extract: null, outcome: null },
        });
      });
      expect(await store.read((tx) => tx.watch.rejects(20, 10))).toEqual([
        { agent, source: 's', facility: null, feed: null, code: 'xml-cut', at: 20 },
        { agent, source: 's', facility: a, feed, code: null, at: 30 },
      ]);
    });
  });
}
