import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DestinationRow } from '../../../receiver/store/destination-tables.ts';
import type { DeliveryState, DispatchRow } from '../../../receiver/store/dispatch-table.ts';
import type { Store, StoreTx } from '../../../receiver/store/store.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';

/** What every engine must remember of deliveries, destinations, notices and manifests. */
export function describeDeliveries(
  engine: string,
  open: () => Promise<{ readonly store: Store; readonly close: () => Promise<void> }>,
): void {
  describe(`deliveries in ${engine}`, () => {
    let store: Store;
    let close: () => Promise<void>;
    const write = <T>(work: (tx: StoreTx) => Promise<T>): Promise<T> => store.transaction(work);
    const read = <T>(work: (tx: StoreTx) => Promise<T>): Promise<T> => store.read(work);
    const facility = '990000010';

    beforeEach(async () => {
      ({ store, close } = await open());
      await write(async (tx) => {
        await tx.facilities.put({ finess: facility, name: 'One', key: Buffer.alloc(32), addedAt: 1 });
        await tx.agents.put({ id: 'a', name: 'A', status: 'active', facilities: [facility], createdAt: 1 });
      });
    });
    afterEach(() => close());

    let extract = 0;
    const put = (destination = 'national', sources?: readonly string[]): Promise<number> => {
      extract += 1;
      const row = {
        ...{ name: `f${extract}.xml`, destination, facility, feed: 'ed-visits', records: 1, extract },
        ...{ from: 10 as Day, to: 12 as Day, digest: 'd', composedAt: 100, export: null },
        ...{ cause: 'replay' as const, format: 'f 1' },
      };
      return write((tx) => tx.dispatches.put(row, Buffer.from('content'), sources));
    };
    const move = (
      id: number,
      from: DeliveryState,
      state: DeliveryState,
      said: Partial<Pick<DispatchRow, 'sentAt' | 'reference'>> = {},
    ): Promise<boolean> =>
      write((tx) =>
        tx.dispatches.setDelivery(id, [from], {
          ...{ state, attempts: 1, nextAttemptAt: 0, changedAt: 150, code: null, ...said },
        }),
      );

    it('keeps the instant of sending and the agency’s reference through later moves', async () => {
      const id = await put();
      await move(id, 'waiting', 'sent', { sentAt: 140, reference: 'A-1' });
      await move(id, 'sent', 'acknowledged');
      expect(await read((tx) => tx.dispatches.get(id))).toMatchObject({
        ...{ state: 'acknowledged', sentAt: 140, reference: 'A-1', cause: 'replay', format: 'f 1' },
      });
    });

    it('knows when something last reached a destination', async () => {
      const ids = [await put(), await put(), await put(), await put('other')];
      expect(await read((tx) => tx.dispatches.lastSentAt('national'))).toBeUndefined();
      await move(ids[0] ?? 0, 'waiting', 'sent', { sentAt: 140 });
      await move(ids[3] ?? 0, 'waiting', 'sent', { sentAt: 190 });
      await move(ids[1] ?? 0, 'waiting', 'refused', { sentAt: 160 });
      expect(await read((tx) => tx.dispatches.lastSentAt('national'))).toBe(160);
    });

    it('lists what is in a state, a destination at a time, page by page', async () => {
      const ids = [await put(), await put(), await put(), await put('other')];
      for (const id of ids) await move(id, 'waiting', 'sent');
      await move(ids[1] ?? 0, 'sent', 'refused');
      await move(ids[3] ?? 0, 'sent', 'acknowledged');
      ids.push(await put());
      await move(ids[4] ?? 0, 'waiting', 'acknowledged');
      const listed = (state: 'sent' | 'acknowledged' | 'refused' | 'waiting', after = 0, limit = 10) =>
        read(async (tx) =>
          (await tx.dispatches.inDelivery('national', state, after, limit)).map(({ id }) => id),
        );
      expect(await listed('sent')).toEqual([ids[0], ids[2]]);
      expect(await listed('sent', 0, 1)).toEqual([ids[0]]);
      expect(await listed('sent', ids[0])).toEqual([ids[2]]);
      expect(await listed('refused')).toEqual([ids[1]]);
      expect(await listed('acknowledged')).toEqual([ids[4]]);
      expect(await listed('waiting')).toEqual([]);
    });

    it('counts states by destination, and names every destination that something waits for', async () => {
      const ids = [await put(), await put(), await put('other'), await put('third')];
      await move(ids[0] ?? 0, 'waiting', 'sent');
      await move(ids[3] ?? 0, 'waiting', 'dead');
      expect(await read((tx) => tx.dispatches.countsOf('national'))).toMatchObject({
        waiting: 1,
        sent: 1,
        dead: 0,
      });
      expect(await read((tx) => tx.dispatches.countsOf('third'))).toMatchObject({ waiting: 0, dead: 1 });
      expect(await read((tx) => tx.dispatches.awaited())).toEqual(['national', 'other']);
    });

    it('finds a dispatch by its name only for its own destination', async () => {
      const id = await put();
      const name = (await read((tx) => tx.dispatches.get(id)))?.name ?? '';
      expect(await read((tx) => tx.dispatches.named('national', name))).toMatchObject({ id });
      expect(await read((tx) => tx.dispatches.named('other', name))).toBeUndefined();
    });

    it('keeps what was sealed until it is sealed anew, and purges it with the content', async () => {
      const id = await put();
      const sealed = { name: 'f.gpg', protection: 'one', digest: 'x', content: Buffer.from('sealed') };
      expect(await read((tx) => tx.dispatches.sealed(id))).toBeUndefined();
      await write((tx) => tx.dispatches.putSealed(id, sealed));
      await write((tx) => tx.dispatches.putSealed(id, { ...sealed, protection: 'two' }));
      expect(await read((tx) => tx.dispatches.sealed(id))).toEqual({ ...sealed, protection: 'two' });
      const { content, ...as } = { ...sealed, protection: 'two' };
      expect(await read((tx) => tx.dispatches.sealedAs(id))).toEqual({ ...as, bytes: content.length });
      await move(id, 'waiting', 'sent');
      expect(await write((tx) => tx.dispatches.purgeContents(151, 10))).toBe(2);
      expect(await read((tx) => tx.dispatches.sealed(id))).toBeUndefined();
    });

    it('remembers the exports whose records a dispatch shows', async () => {
      const row = {
        ...{ agent: 'a', facility, feed: 'ed-visits', part: '0', source: 's', receivedAt: 1, slicesSeen: 1 },
        ...{ manifest: null, digest: null, state: 'processed' as const, extract: 1, outcome: null },
      };
      for (const id of ['e1', 'e2'])
        await write(async (tx) =>
          tx.exports.put({ ...row, id, reception: await tx.exports.nextReception() }),
        );
      const id = await put('national', ['e2', 'e1', 'e2']);
      expect([...(await read((tx) => tx.dispatches.sources(id)))].sort()).toEqual(['e1', 'e2']);
    });

    it('remembers how a destination fares and who paused it', async () => {
      const row: DestinationRow = {
        ...{ name: 'national', breaker: 'open', failures: 4, nextAttemptAt: 9, code: 'c', since: 3 },
        ...{ pausedBy: 'Alice', pausedAt: 5, pausedUntil: null, pauseReason: null },
      };
      expect(await read((tx) => tx.destinations.get('national'))).toBeUndefined();
      await write((tx) => tx.destinations.put({ ...row, pausedBy: null, pausedAt: null }));
      await write((tx) => tx.destinations.put(row));
      expect(await read((tx) => tx.destinations.get('national'))).toEqual(row);
      expect(await read((tx) => tx.destinations.list())).toEqual([row]);
    });

    it('counts a person once for a key, and keys apart', async () => {
      const approval = { fingerprint: 'f', person: 'Alice', at: 1 };
      await write((tx) => tx.destinations.approveKey('national', approval));
      await write((tx) => tx.destinations.approveKey('national', { ...approval, at: 2 }));
      await write((tx) => tx.destinations.approveKey('national', { ...approval, fingerprint: 'g', at: 3 }));
      await write((tx) => tx.destinations.approveKey('other', approval));
      expect(await read((tx) => tx.destinations.approvals('national'))).toEqual([
        approval,
        { ...approval, fingerprint: 'g', at: 3 },
      ]);
    });

    it('knows the last run of a calendar', async () => {
      const run = { destination: 'national', dueAt: 10, ranAt: 11, facilities: 2, files: 3 };
      await write((tx) => tx.destinations.putRun(run));
      await write((tx) => tx.destinations.putRun({ ...run, dueAt: 20, ranAt: 21 }));
      await write((tx) => tx.destinations.putRun({ ...run, destination: 'other', dueAt: 30 }));
      expect(await read((tx) => tx.destinations.lastRun('national'))).toMatchObject({ dueAt: 20 });
      expect(await read((tx) => tx.destinations.lastRun('none'))).toBeUndefined();
    });

    it('knows which notices touch some days', async () => {
      const notice = { facility, kind: 'closed' as const, reason: 'works', person: 'Alice', at: 1 };
      const ids = [
        await write((tx) => tx.notices.add({ ...notice, from: 10 as Day, to: 12 as Day })),
        await write((tx) => tx.notices.add({ ...notice, kind: 'degraded', from: 12 as Day, to: 20 as Day })),
      ];
      const during = (from: number, to: number) =>
        read(async (tx) => (await tx.notices.during(from as Day, to as Day)).map(({ id }) => id));
      expect(await during(11, 11)).toEqual([ids[0]]);
      expect(await during(12, 13)).toEqual(ids);
      expect(await during(21, 30)).toEqual([]);
      expect(await write((tx) => tx.notices.end(ids[0] ?? 0))).toBe(true);
      expect(await write((tx) => tx.notices.end(ids[0] ?? 0))).toBe(false);
      expect(await during(11, 11)).toEqual([]);
    });

    it('numbers the manifests of a destination without gaps', async () => {
      const row = { destination: 'national', day: 10 as Day, issuedAt: 1, digest: 'd', jws: 'j' };
      expect(await write((tx) => tx.manifests.put(row))).toBe(1);
      expect(await write((tx) => tx.manifests.put({ ...row, day: 11 as Day }))).toBe(2);
      expect(await write((tx) => tx.manifests.put({ ...row, digest: 'e' }))).toBe(3);
      expect(await write((tx) => tx.manifests.put({ ...row, destination: 'other' }))).toBe(1);
      expect(await read((tx) => tx.manifests.latest('national', 10 as Day))).toMatchObject({ serial: 3 });
      const after = await read((tx) => tx.manifests.list('national', 1, 10));
      expect(after.map(({ serial }) => serial)).toEqual([2, 3]);
    });
  });
}
