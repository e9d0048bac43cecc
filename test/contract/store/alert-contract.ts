import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertMessage, AlertRow } from '../../../receiver/store/alert-tables.ts';
import type { Store, StoreTx } from '../../../receiver/store/store.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';

const facility = '990000010';
const day = (n: number): Day => (20_500 + n) as Day;
const agent = '01980000-0000-7000-8000-000000000001';

const alertOf = (key: string, change: Partial<AlertRow> = {}): Omit<AlertRow, 'id'> => ({
  ...{ key, kind: 'facility', facility, feed: null, destination: null, members: [facility] },
  ...{ state: 'silent', cause: 'agent-dead', days: [day(1), day(2)], missing: 42, facts: { lastAt: 7 } },
  ...{ since: 5, openedAt: 10, toldAt: null, remindedAt: null, escalatedAt: null, recoveringAt: null },
  ...{ returns: 0, takenBy: null, takenName: null, takenAt: null, closedAt: null, ending: null },
  ...{ closedName: null, reason: null, changedAt: 10 },
  ...change,
});

const over = (closedAt: number): Partial<AlertRow> => ({ closedAt, ending: 'recovered' });

/** What every engine must remember of alerts and of who was told. */
export function describeAlerts(
  engine: string,
  open: () => Promise<{ readonly store: Store; close(): Promise<void> }>,
): void {
  describe(`alerts on ${engine}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    const write = <T>(work: (tx: StoreTx) => Promise<T>): Promise<T> => opened.store.transaction(work);
    const read = <T>(work: (tx: StoreTx) => Promise<T>): Promise<T> => opened.store.read(work);
    const add = (key: string, change: Partial<AlertRow> = {}): Promise<number> =>
      write((tx) => tx.alerts.add(alertOf(key, change)));
    let messages = 0;
    const tell = (alert: number | null, change: Partial<AlertMessage> = {}): Promise<number> => {
      messages += 1;
      return write((tx) =>
        tx.alerts.addMessage({
          ...{ alert, recipient: 'dsi', role: 'region', channel: 'email', address: 'a@example.org' },
          ...{ kind: alert === null ? 'test' : 'first', identity: `id ${messages}`, subject: 's', text: 't' },
          ...{ createdAt: 10, dueAt: 10 },
          ...change,
        }),
      );
    };
    const claim = (now = 10): Promise<readonly AlertMessage[]> =>
      write((tx) => tx.alerts.claim('email', now, 10));
    const settle = (id: number, state: AlertMessage['state'], change: Partial<AlertMessage> = {}) =>
      write((tx) =>
        tx.alerts.settle(id, {
          ...{ state, attempts: 1, doubt: false, dueAt: 10, sentAt: null, code: null },
          ...change,
        }),
      );
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('gives back what was kept of an alert, and its changes', async () => {
      const id = await add('k');
      expect(await read((tx) => tx.alerts.get(id))).toEqual({ id, ...alertOf('k') });
      const changed = {
        id,
        ...alertOf('k', { cause: 'network-cut', toldAt: 20, takenName: 'C', missing: 0 }),
      };
      expect(await write((tx) => tx.alerts.save(changed))).toBe(true);
      expect(await read((tx) => tx.alerts.open(10))).toEqual([changed]);
      expect(await write((tx) => tx.alerts.save({ ...changed, id: 99 }))).toBe(false);
    });

    it('has one open alert of a key, and any number that are over', async () => {
      await add('k', over(20));
      await add('k', { ...over(30), returns: 1 });
      const id = await add('k');
      await expect(add('k')).rejects.toThrow();
      expect((await read((tx) => tx.alerts.open(10))).map((one) => one.id)).toEqual([id]);
      expect((await read((tx) => tx.alerts.lastClosed('k')))?.returns).toBe(1);
      const closed = await read((tx) => tx.alerts.closedSince(25, 10));
      expect(closed.map(({ closedAt }) => closedAt)).toEqual([30]);
    });

    it('refuses an alert that is over without an ending', async () => {
      await expect(add('k', { closedAt: 20 })).rejects.toThrow();
      await expect(add('k', { ending: 'person' })).rejects.toThrow();
    });

    it('keeps each alert’s journal, the latest first', async () => {
      const [one, other] = [await add('k'), await add('l')];
      await write(async ({ alerts }) => {
        await alerts.addEvent({ alert: one, at: 1, kind: 'opened', name: null, text: '' });
        await alerts.addEvent({ alert: one, at: 2, kind: 'note', name: 'C', text: 'n' });
        await alerts.addEvent({ alert: other, at: 3, kind: 'opened', name: null, text: '' });
      });
      const events = await read((tx) => tx.alerts.events(one, 10));
      expect(events.map(({ kind, name }) => [kind, name])).toEqual([
        ['note', 'C'],
        ['opened', null],
      ]);
    });

    it('hands a message out once, at its hour, and the second of an alert only after the first', async () => {
      const alert = await add('k');
      const first = await tell(alert);
      await tell(alert, { kind: 'recovery' });
      const elsewhere = await tell(alert, { address: 'b@example.org' });
      await tell(null, { dueAt: 50 });
      expect(await read((tx) => tx.alerts.hasDue('email', 9))).toBe(false);
      expect(await read((tx) => tx.alerts.hasDue('sms', 10))).toBe(false);
      expect((await claim(9)).length).toBe(0);
      expect((await claim()).map(({ id }) => id)).toEqual([first, elsewhere]);
      expect(await claim()).toEqual([]);
      expect(await settle(first, 'sent', { sentAt: 11 })).toBe(true);
      expect(await settle(first, 'failed')).toBe(false);
      expect((await claim()).map(({ kind }) => kind)).toEqual(['recovery']);
      expect(await write((tx) => tx.alerts.claimOne(first))).toBeUndefined();
    });

    it('refuses a second message under the same identity', async () => {
      await tell(null, { identity: 'same' });
      await expect(tell(null, { identity: 'same' })).rejects.toThrow();
    });

    it('what was on its way when the process died is due again, and may have arrived', async () => {
      const id = await tell(await add('k'));
      await claim();
      expect(await write((tx) => tx.alerts.recoverSending())).toBe(1);
      expect(await read((tx) => tx.alerts.message(id))).toMatchObject({ state: 'failed', doubt: true });
      expect(await write((tx) => tx.alerts.recoverSending())).toBe(0);
    });

    it('withdraws what surely did not leave', async () => {
      const alert = await add('k');
      const [, doubtful] = [await tell(alert), await tell(alert, { address: 'b@example.org' })];
      await write((tx) => tx.alerts.claimOne(doubtful));
      await settle(doubtful, 'failed', { doubt: true });
      expect(await write((tx) => tx.alerts.withdraw(alert))).toBe(1);
      const states = (await read((tx) => tx.alerts.messages(alert, 10))).map(({ state }) => state);
      expect(states).toEqual(['failed', 'withdrawn']);
    });

    it('tells which were given up, and which were tests', async () => {
      const id = await tell(await add('k'));
      const test = await tell(null);
      await claim();
      await settle(id, 'dead', { code: 'alert-mail-refused' });
      const dead = await read((tx) => tx.alerts.dead(10, 10));
      expect(dead.map((one) => [one.id, one.code])).toEqual([[id, 'alert-mail-refused']]);
      expect(await read((tx) => tx.alerts.dead(11, 10))).toEqual([]);
      expect((await read((tx) => tx.alerts.tests(10))).map((one) => one.id)).toEqual([test]);
    });

    it('sees what lies ahead of a ledger’s head, of its own epoch only', async () => {
      const envelope = {
        ...{ agent, feed: 'x', digest: 'd', prev: 'p', bytes: 1, export: null, slice: null },
        state: 'stored',
      } as const;
      await write(async (tx) => {
        await tx.agents.put({ id: agent, name: 'A', status: 'active', facilities: [], createdAt: 1 });
        await tx.inbox.put({ ...envelope, id: 'old', epoch: 1, seq: 9, receivedAt: 1 }, Buffer.alloc(1));
        await tx.inbox.put({ ...envelope, id: 'head', epoch: 2, seq: 1, receivedAt: 2 }, Buffer.alloc(1));
        await tx.inbox.put({ ...envelope, id: 'ahead', epoch: 2, seq: 3, receivedAt: 3 }, Buffer.alloc(1));
        await tx.inbox.putHead({ agent, feed: 'x', epoch: 1, seq: 1, digest: 'd' });
        await tx.inbox.putHead({ agent, feed: 'x', epoch: 2, seq: 1, digest: 'd' });
      });
      expect(await read((tx) => tx.alerts.gaps(4, 10))).toEqual([{ agent, feed: 'x', receivedAt: 3 }]);
      expect(await read((tx) => tx.alerts.gaps(3, 10))).toEqual([]);
    });

    it('forgets old alerts with all that belongs to them, old tests, and nothing that is open', async () => {
      const [old, recent, still] = [await add('k', over(20)), await add('k', over(60)), await add('k')];
      for (const alert of [old, recent, still, null]) await tell(alert);
      await write((tx) => tx.alerts.addEvent({ alert: old, at: 1, kind: 'opened', name: null, text: '' }));
      expect(await write((tx) => tx.alerts.purge(50, 10))).toBe(2);
      const left = await read(async ({ alerts }) => ({
        old: await alerts.get(old),
        journal: await alerts.events(old, 10),
        messages: await alerts.messages(old, 10),
        tests: await alerts.tests(10),
        others: [(await alerts.messages(recent, 10)).length, (await alerts.messages(still, 10)).length],
      }));
      expect(left).toEqual({ old: undefined, journal: [], messages: [], tests: [], others: [1, 1] });
      await add('l', over(1));
      await add('m', over(2));
      expect(await write((tx) => tx.alerts.purge(50, 1))).toBe(1);
    });

    it('remembers its last round, the latest only', async () => {
      expect(await read((tx) => tx.alerts.round())).toBeUndefined();
      await write((tx) => tx.alerts.putRound({ at: 1, transition: 5 }));
      await write((tx) => tx.alerts.putRound({ at: 2, transition: 6 }));
      expect(await read((tx) => tx.alerts.round())).toEqual({ at: 2, transition: 6 });
    });

    it('forgets old changes of the watching that were read', async () => {
      const change = {
        ...{ facility, feed: 'x', day: day(1), fromState: null, fromCause: null, cause: null },
        state: 'received',
      } as const;
      await write((tx) =>
        tx.watch.put(
          [],
          [1, 2, 3, 9].map((at) => ({ ...change, at })),
        ),
      );
      expect(await write((tx) => tx.watch.purgeTransitions(5, 2, 10))).toBe(2);
      expect(await write((tx) => tx.watch.purgeTransitions(5, 4, 10))).toBe(1);
      expect((await read((tx) => tx.watch.transitions(0, 10))).map(({ at }) => at)).toEqual([9]);
    });
  });
}
