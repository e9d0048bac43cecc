import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../receiver/store/store.ts';
import type { CountedTally, WeeklyMail } from '../../../receiver/store/quality-tables.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';

const feed = 'ed-visits';
const [one, other] = ['990000010', '990000028'];
const on = (index: number): Day => (20_500 + index) as Day;

/** What every engine of the store must do with counts of days and the weekly messages. */
export function describeQuality(
  engine: string,
  open: () => Promise<{ readonly store: Store; readonly close: () => Promise<void> }>,
): void {
  describe(`${engine}: counts of days`, () => {
    let store: Store;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ store, close } = await open());
    });
    afterEach(() => close());

    const hold = (facility: string, index: number, count: number, sum = count) =>
      store.transaction((tx) =>
        tx.records.putDay(
          { facility, feed, part: '0' },
          { day: on(index), count, mark: { extract: 1, reception: 1 }, sum: [sum, 0, 0, 0] },
        ),
      );
    const tallyOf = async (facility: string, index: number): Promise<CountedTally> => ({
      ...{ facility, day: on(index), cells: Uint32Array.from([1, 2, 4_294_967_295]) },
      stamp: (await store.read((tx) => tx.quality.stampOf(feed, 1, { facility, day: on(index) }))) ?? '',
      summary: {
        ...{ records: 3, consistent: 2, repeated: 1, items: [[3, 2, 1, 1, 0]], rules: { a: 1 } },
        signs: {},
      },
    });
    const count = async (facility: string, index: number) => {
      const tally = await tallyOf(facility, index);
      await store.transaction((tx) => tx.quality.put(feed, [tally]));
      return tally;
    };

    it('names uncounted days, the latest first, at most so many', async () => {
      for (let index = 0; index < 3; index += 1) await hold(one, index, 5);
      await hold(other, 1, 5);
      const found = await store.read((tx) => tx.quality.uncounted(feed, 1, 3));
      expect(found).toEqual([
        { facility: one, day: on(2) },
        { facility: one, day: on(1) },
        { facility: other, day: on(1) },
      ]);
      expect(await store.read((tx) => tx.quality.uncounted('bed-availability', 1, 3))).toEqual([]);
    });

    it('gives back what was put, numbers of 32 bits included', async () => {
      await hold(one, 0, 3);
      const { summary, cells } = await count(one, 0);
      const where = { facility: one, day: on(0) };
      expect(await store.read((tx) => tx.quality.summaries(feed, on(0), on(0), undefined))).toEqual([
        { ...where, summary },
      ]);
      expect(await store.read((tx) => tx.quality.cells(feed, one, on(0), on(9)))).toEqual([
        { ...where, cells },
      ]);
      expect(await store.read((tx) => tx.quality.uncounted(feed, 1, 9))).toEqual([]);
    });

    it('keeps facilities and periods apart', async () => {
      for (const facility of [one, other]) for (const index of [0, 1]) await hold(facility, index, 3);
      for (const facility of [one, other]) for (const index of [0, 1]) await count(facility, index);
      const days = async (from: number, to: number, facility?: string) =>
        (await store.read((tx) => tx.quality.summaries(feed, on(from), on(to), facility))).map(
          (row) => [row.facility, row.day - on(0)] as const,
        );
      expect(await days(0, 1, one)).toEqual([
        [one, 0],
        [one, 1],
      ]);
      expect(await days(1, 1)).toEqual([
        [one, 1],
        [other, 1],
      ]);
    });

    it('sees a day whose content changed, and how many wait by facility', async () => {
      for (const index of [0, 1]) await hold(one, index, 3);
      for (const index of [0, 1]) await count(one, index);
      await hold(one, 1, 3, 99);
      const remaining = () => store.read((tx) => tx.quality.remaining(feed, 1, on(0), on(9)));
      expect(await remaining()).toEqual([{ facility: one, days: 1 }]);
      await count(one, 1);
      expect(await remaining()).toEqual([]);
      // Another way of counting leaves all of them to be counted.
      expect(await store.read((tx) => tx.quality.remaining(feed, 2, on(0), on(9)))).toEqual([
        { facility: one, days: 2 },
      ]);
    });

    it('forgets counts of days that are no more', async () => {
      await hold(one, 0, 3);
      await count(one, 0);
      expect(await store.transaction((tx) => tx.quality.forget(feed))).toBe(0);
      const gone = { day: on(0), count: 0, mark: null, sum: [0, 0, 0, 0] } as const;
      await store.transaction((tx) => tx.records.putDay({ facility: one, feed, part: '0' }, gone));
      expect(await store.transaction((tx) => tx.quality.forget(feed))).toBe(1);
      expect(await store.read((tx) => tx.quality.cells(feed, one, on(0), on(0)))).toEqual([]);
    });

    it('claims a weekly message once for each attempt', async () => {
      const mail: WeeklyMail = { facility: one, week: on(0), address: 'a@b.example' };
      const claim = (which = mail) => store.transaction((tx) => tx.quality.claimMail(which, 2, 5));
      const settle = (state: 'sent' | 'failed') =>
        store.transaction((tx) => tx.quality.settleMail(mail, state, 6));
      expect(await claim()).toBe(true);
      expect(await claim()).toBe(false);
      await settle('failed');
      expect(await claim()).toBe(true);
      await settle('failed');
      // Twice is enough.
      expect(await claim()).toBe(false);
      expect(await store.read((tx) => tx.quality.mail(mail))).toEqual({ state: 'failed', attempts: 2 });
      expect(await claim({ ...mail, address: 'c@d.example' })).toBe(true);
      expect(await claim({ ...mail, week: on(7) })).toBe(true);
    });

    it('settles only what is claimed', async () => {
      const mail: WeeklyMail = { facility: one, week: on(0), address: 'a@b.example' };
      await store.transaction((tx) => tx.quality.claimMail(mail, 2, 5));
      await store.transaction((tx) => tx.quality.settleMail(mail, 'sent', 6));
      await store.transaction((tx) => tx.quality.settleMail(mail, 'failed', 7));
      expect((await store.read((tx) => tx.quality.mail(mail)))?.state).toBe('sent');
    });
  });
}
