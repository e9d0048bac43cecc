import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store, StoreTx } from '../../../receiver/store/store.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';

const [a, b] = ['990000010', '990000028'] as const;
const agent = '01980000-0000-7000-8000-000000000001';
const said = { reason: 'r', by: 'P', at: 5 };
const d = (n: number): Day => (20_500 + n) as Day;

/** What every engine must remember of the care of facilities. */
export function describeCare(
  engine: string,
  open: () => Promise<{ readonly store: Store; close(): Promise<void> }>,
): void {
  describe(`the care of facilities on ${engine}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    const write = <T>(work: (tx: StoreTx) => Promise<T>): Promise<T> => opened.store.transaction(work);
    beforeEach(async () => {
      opened = await open();
      await write(async (tx) => {
        for (const finess of [a, b])
          await tx.facilities.put({ finess, name: 'F', key: Buffer.alloc(32, 1), addedAt: 1 });
        await tx.agents.put({ id: agent, name: 'A', status: 'active', facilities: [a], createdAt: 1 });
      });
    });
    afterEach(() => opened.close());

    it('keeps contacts in the order of calls, each facility its own', async () => {
      const contact = { facility: a, name: 'N', phone: '1', email: '' };
      const ids = await write(async ({ care: { contacts } }) => [
        await contacts.add({ ...contact, role: 'one' }),
        await contacts.add({ ...contact, role: 'two' }),
      ]);
      const [one = 0, two = 0] = ids;
      const roles = (): Promise<readonly string[]> =>
        opened.store.read(async (tx) => (await tx.care.contacts.of(a)).map(({ role }) => role));
      expect(await roles()).toEqual(['one', 'two']);
      expect(await write((tx) => tx.care.contacts.putFirst(b, two))).toBe(false);
      expect(await write((tx) => tx.care.contacts.putFirst(a, two))).toBe(true);
      expect(await roles()).toEqual(['two', 'one']);
      expect(
        await write((tx) => tx.care.contacts.update({ ...contact, facility: b, id: one, role: 'x' })),
      ).toBe(false);
      expect(await write((tx) => tx.care.contacts.update({ ...contact, id: one, role: 'last' }))).toBe(true);
      expect(await write((tx) => tx.care.contacts.remove(b, one))).toBe(false);
      expect(await write((tx) => tx.care.contacts.remove(a, two))).toBe(true);
      expect(await roles()).toEqual(['last']);
    });

    it('knows which closures and degraded periods touch some days', async () => {
      await write(async ({ care }) => {
        await care.closures.add({ facility: a, feed: null, from: d(1), to: d(3), ...said });
        const gone = await care.closures.add({ facility: a, feed: 'x', from: d(2), to: d(2), ...said });
        expect(await care.closures.withdraw(b, gone, 9)).toBe(false);
        expect(await care.closures.withdraw(a, gone, 9)).toBe(true);
        expect(await care.closures.withdraw(a, gone, 9)).toBe(false);
        await care.degraded.start({ facility: a, from: d(5), ...said });
      });
      const during = (from: number, to: number) =>
        opened.store.read(async ({ care }) => [
          (await care.closures.during(d(from), d(to))).length,
          (await care.degraded.during(d(from), d(to))).length,
        ]);
      expect(await during(3, 4)).toEqual([1, 0]);
      expect(await during(4, 4)).toEqual([0, 0]);
      expect(await during(100, 200)).toEqual([0, 1]);
      await expect(
        write((tx) => tx.care.degraded.start({ facility: a, from: d(6), ...said })),
      ).rejects.toThrow();
      expect(await write((tx) => tx.care.degraded.stop(a, d(7)))).toBe(true);
      expect(await write((tx) => tx.care.degraded.stop(a, d(8)))).toBe(false);
      expect(await during(8, 9)).toEqual([0, 0]);
      expect(await opened.store.read((tx) => tx.care.closures.of(a, 9))).toHaveLength(2);
    });

    it('keeps the latest count by hand of a day', async () => {
      const count = { facility: a, feed: 'x', day: d(1), by: 'P', at: 1 };
      await write((tx) => tx.care.handCounts.put({ ...count, count: 3 }));
      await write((tx) => tx.care.handCounts.put({ ...count, count: 4, by: 'Q' }));
      const of = () => opened.store.read((tx) => tx.care.handCounts.of(a, d(0), d(2)));
      expect(await of()).toEqual([{ ...count, count: 4, by: 'Q' }]);
      expect(await write((tx) => tx.care.handCounts.remove(b, 'x', d(1)))).toBe(false);
      expect(await write((tx) => tx.care.handCounts.remove(a, 'x', d(1)))).toBe(true);
      expect(await of()).toEqual([]);
    });

    it('moves a request on once, and keeps what became of each of its days', async () => {
      const scope = { facility: a, feed: 'x', part: '0', agent };
      const id = await write((tx) => tx.care.requests.ask({ ...scope, from: d(1), to: d(3), ...said }));
      await write(async ({ care: { requests } }) => {
        expect(await requests.told(id, 6)).toBe(true);
        expect(await requests.told(id, 7)).toBe(false);
        await requests.settleDays(id, [d(1)], 'refilled');
        await requests.settleDays(id, [d(1), d(2)], 'absent');
        expect(await requests.openOfAgent(agent)).toMatchObject([{ id, state: 'told', toldAt: 6 }]);
        expect(await requests.close(id, 'partly', 8)).toBe(true);
        expect(await requests.close(id, 'refilled', 9)).toBe(false);
      });
      const seen = await opened.store.read(async ({ care: { requests } }) => ({
        row: await requests.get(id),
        days: await requests.daysOf(id),
        open: await requests.open(9),
      }));
      expect(seen).toEqual({
        row: {
          id,
          ...scope,
          from: d(1),
          to: d(3),
          ...said,
          state: 'partly',
          toldAt: 6,
          answeredAt: null,
          closedAt: 8,
        },
        days: [
          { day: d(1), state: 'refilled' },
          { day: d(2), state: 'absent' },
          { day: d(3), state: 'asked' },
        ],
        open: [],
      });
    });
  });
}
