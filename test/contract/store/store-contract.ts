import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import type { DeliveryState } from '../../../receiver/store/dispatch-table.ts';
import type { ExportRow } from '../../../receiver/store/export-tables.ts';
import type { Scope } from '../../../receiver/store/record-scope.ts';
import type {
  EnvelopeRow,
  FacilityRow,
  Store,
  StoredRecord,
  StoreTx,
} from '../../../receiver/store/store.ts';

export interface OpenedStore {
  readonly store: Store;
  close(): Promise<void>;
}

const agent = '01980000-0000-7000-8000-000000000001';
const scope: Scope = { facility: '990000010', feed: 'ed-visits', part: '0' };
const day = (n: number): Day => n as Day;
const key = (n: number): Buffer => Buffer.alloc(16, n);

const envelope = (seq: number, change: Partial<EnvelopeRow> = {}): EnvelopeRow => ({
  id: `01980000-0000-7000-8000-0000000001${String(seq).padStart(2, '0')}`,
  agent,
  feed: 'ed-visits',
  epoch: 1,
  seq,
  digest: 'd'.repeat(64),
  prev: 'p'.repeat(64),
  receivedAt: 1000 + seq,
  bytes: 10,
  state: 'stored',
  export: null,
  slice: null,
  ...change,
});

const exportRow = (reception: number, change: Partial<ExportRow> = {}): ExportRow => ({
  id: `01980000-0000-7000-8000-0000000002${String(reception).padStart(2, '0')}`,
  agent,
  ...scope,
  source: 'main',
  receivedAt: 1000 + reception,
  reception,
  slicesSeen: 1,
  manifest: null,
  digest: null,
  state: 'complete',
  extract: null,
  outcome: null,
  ...change,
});

const record = (n: number, change: Partial<StoredRecord> = {}): StoredRecord => ({
  day: day(100),
  key: key(n),
  rank: 0,
  visit: null,
  hash: key(n),
  at: n,
  extract: 5,
  reception: 1,
  export: exportRow(1).id,
  line: n,
  record: n,
  body: `{"n":${n}}`,
  ...change,
});

const facility: FacilityRow = {
  finess: '990000010',
  name: 'Hôpital A',
  key: Buffer.alloc(32, 1),
  addedAt: 1,
};

async function ground(tx: StoreTx): Promise<void> {
  await tx.agents.put({ id: agent, name: 'A', status: 'active', facilities: ['990000010'], createdAt: 1 });
  await tx.facilities.put(facility);
}

/** What every engine must do. A second engine joins by one more call. */
export function describeStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(`store: ${name}`, () => {
    let opened: OpenedStore;
    const write = <T>(work: (tx: StoreTx) => Promise<T>): Promise<T> => opened.store.transaction(work);
    const read = <T>(work: (tx: StoreTx) => Promise<T>): Promise<T> => opened.store.read(work);
    beforeEach(async () => {
      opened = await open();
      await write(ground);
    });
    afterEach(() => opened.close());

    describe('transactions', () => {
      it('keeps nothing of a transaction that throws', async () => {
        await expect(
          write(async (tx) => {
            await tx.inbox.put(envelope(1), Buffer.from('x'));
            throw new Error('stop');
          }),
        ).rejects.toThrow('stop');
        expect(await read((tx) => tx.inbox.byId(envelope(1).id))).toBeUndefined();
      });

      it('runs transactions one after the other, in the order asked, and the next after one that threw', async () => {
        const order: string[] = [];
        const one = write(async (tx) => {
          order.push('one begins');
          await tx.agents.list();
          await new Promise((resolve) => setImmediate(resolve));
          order.push('one ends');
          throw new Error('stop');
        });
        const two = write(async () => {
          order.push('two');
        });
        await expect(one).rejects.toThrow('stop');
        await two;
        expect(order).toEqual(['one begins', 'one ends', 'two']);
      });

      it('shows a read only what was committed before it began', async () => {
        await write(async (tx) => {
          await tx.inbox.put(envelope(1), null);
          expect(await read((other) => other.inbox.byId(envelope(1).id))).toBeUndefined();
        });
        expect(await read((tx) => tx.inbox.byId(envelope(1).id))).toEqual(envelope(1));
      });

      it('undoes a savepoint that throws or is asked to, and keeps the rest', async () => {
        await write(async (tx) => {
          await tx.inbox.put(envelope(1), null);
          await expect(
            tx.savepoint(async () => {
              await tx.inbox.put(envelope(2), null);
              throw new Error('poison');
            }),
          ).rejects.toThrow('poison');
          const answer = await tx.savepoint(
            async () => {
              await tx.inbox.put(envelope(3), null);
              await tx.savepoint(() => tx.inbox.put(envelope(4), null));
              return 'undo me';
            },
            (result) => result === 'undo me',
          );
          expect(answer).toBe('undo me');
          await tx.savepoint(() => tx.inbox.put(envelope(5), null));
        });
        const rows = await read((tx) => tx.inbox.inState('stored', 10));
        expect(rows.map(({ seq }) => seq)).toEqual([1, 5]);
        expect((await read((tx) => tx.inbox.counts())).stored).toBe(2);
      });
    });

    describe('agents', () => {
      it('keeps agents, certificates and their revocation', async () => {
        const certificate = {
          fingerprint: 'f1',
          agent,
          use: 'tls',
          pem: 'PEM',
          notAfter: 99,
          revokedAt: null,
        } as const;
        await write(async (tx) => {
          await tx.agents.putCertificate(certificate);
          await tx.agents.putCertificate({ ...certificate, fingerprint: 'f2', use: 'seal', revokedAt: 3 });
          await tx.agents.revokeCertificates(agent, 50);
          await tx.agents.setStatus(agent, 'revoked', 50);
        });
        expect(await read((tx) => tx.agents.certificate('f1'))).toEqual({ ...certificate, revokedAt: 50 });
        expect((await read((tx) => tx.agents.certificatesOf(agent))).map((row) => row.revokedAt)).toEqual([
          50, 3,
        ]);
        expect(await read((tx) => tx.agents.get(agent))).toMatchObject({
          status: 'revoked',
          facilities: ['990000010'],
        });
      });

      it('spends the tries of an invitation, and forgets it at zero', async () => {
        const tokenKey = Buffer.alloc(32, 7);
        await write((tx) => tx.agents.putInvitation({ agent, tokenKey, expiresAt: 9, triesLeft: 2 }));
        await write((tx) => tx.agents.spendTry(agent));
        expect(await read((tx) => tx.agents.invitation(agent))).toEqual({
          agent,
          tokenKey,
          expiresAt: 9,
          triesLeft: 1,
        });
        await write((tx) => tx.agents.spendTry(agent));
        expect(await read((tx) => tx.agents.invitation(agent))).toBeUndefined();
      });

      it('keeps the last heartbeat, and each rejected export once, newest first', async () => {
        const row = { source: 's', digest: 'd', code: 'c', line: null, record: 2, at: 1 };
        await write(async (tx) => {
          await tx.agents.putHeartbeat(agent, 1, '{}');
          await tx.agents.putHeartbeat(agent, 2, '{"a":1}');
          await tx.agents.putRejectedExport(agent, { ...row, export: 'e1' });
          await tx.agents.putRejectedExport(agent, { ...row, export: 'e2' });
          await tx.agents.putRejectedExport(agent, { ...row, export: 'e1' });
        });
        expect(await read((tx) => tx.agents.heartbeat(agent))).toEqual({ at: 2, body: '{"a":1}' });
        const rejects = await read((tx) => tx.agents.rejectedExports(10));
        expect(rejects.map((reject) => reject.export)).toEqual(['e2', 'e1']);
      });
    });

    it('keeps facilities and one alias per old number', async () => {
      await write(async (tx) => {
        await tx.facilities.put({ ...facility, finess: '990000028' });
        await tx.facilities.putAlias({ old: '990000010', to: '990000028', from: day(5) });
        await tx.facilities.putAlias({ old: '990000010', to: '990000028', from: day(6) });
      });
      expect(await read((tx) => tx.facilities.aliases())).toEqual([
        { old: '990000010', to: '990000028', from: 6 },
      ]);
      expect(await read((tx) => tx.facilities.get('990000010'))).toEqual(facility);
    });

    describe('inbox', () => {
      it('answers envelopes by id, by sequence and oldest first in a state', async () => {
        await write(async (tx) => {
          await tx.inbox.put(envelope(2), Buffer.from('two'));
          await tx.inbox.put(envelope(1), Buffer.from('one'));
          await tx.inbox.put(envelope(3, { state: 'tombstone' }), null);
        });
        expect((await read((tx) => tx.inbox.inState('stored', 9))).map(({ seq }) => seq)).toEqual([2, 1]);
        expect(await read((tx) => tx.inbox.bySequence(agent, 'ed-visits', 1, 1))).toEqual(envelope(1));
        expect(await read((tx) => tx.inbox.content(envelope(2).id))).toEqual(Buffer.from('two'));
        expect(await read((tx) => tx.inbox.content(envelope(3).id))).toBeUndefined();
        expect(await read((tx) => tx.inbox.counts())).toEqual({
          stored: 2,
          opened: 0,
          done: 0,
          refused: 0,
          tombstone: 1,
        });
      });

      it('refuses a second envelope in one place of the ledger', async () => {
        await write((tx) => tx.inbox.put(envelope(1), null));
        await expect(write((tx) => tx.inbox.put({ ...envelope(2), seq: 1 }, null))).rejects.toThrow();
      });

      it('places an envelope in its export and lists the export by slice', async () => {
        await write(async (tx) => {
          await tx.inbox.put(envelope(1), null);
          await tx.inbox.put(envelope(2), null);
          await tx.inbox.setState(envelope(1).id, 'opened', { export: 'e', slice: 2 });
          await tx.inbox.setState(envelope(2).id, 'opened', { export: 'e', slice: 1 });
          await tx.inbox.setState(envelope(2).id, 'done');
        });
        const rows = await read((tx) => tx.inbox.ofExport('e'));
        expect(rows.map(({ seq, slice, state }) => [seq, slice, state])).toEqual([
          [2, 1, 'done'],
          [1, 2, 'opened'],
        ]);
      });

      it('knows the head of the highest epoch of each feed, and pages a ledger', async () => {
        const head = { agent, feed: 'ed-visits', epoch: 1, seq: 4, digest: 'x' };
        await write(async (tx) => {
          await tx.inbox.putHead(head);
          await tx.inbox.putHead({ ...head, epoch: 2, seq: 1 });
          await tx.inbox.putHead({ ...head, epoch: 2, seq: 2 });
          await tx.inbox.putHead({ ...head, feed: 'bed-availability' });
          for (const seq of [3, 1, 2]) await tx.inbox.put(envelope(seq), null);
        });
        expect(await read((tx) => tx.inbox.head(agent, 'ed-visits'))).toEqual({ ...head, epoch: 2, seq: 2 });
        expect((await read((tx) => tx.inbox.heads(agent))).map(({ feed, epoch }) => [feed, epoch])).toEqual([
          ['bed-availability', 1],
          ['ed-visits', 2],
        ]);
        const page = await read((tx) => tx.inbox.ledger(agent, 'ed-visits', 1, 1, 5));
        expect(page.map(({ seq }) => seq)).toEqual([2, 3]);
      });

      it('purges old contents of settled envelopes only, a bounded number at a time', async () => {
        await write(async (tx) => {
          for (const seq of [1, 2, 3, 4]) await tx.inbox.put(envelope(seq), Buffer.from('x'));
          for (const seq of [2, 3, 4]) await tx.inbox.setState(envelope(seq).id, 'done');
        });
        expect(await write((tx) => tx.inbox.purgeContents(1004, 1))).toBe(1);
        expect(await write((tx) => tx.inbox.purgeContents(1004, 9))).toBe(1);
        const left = await read((tx) =>
          Promise.all([1, 2, 3, 4].map((seq) => tx.inbox.content(envelope(seq).id))),
        );
        expect(left.map((content) => content !== undefined)).toEqual([true, false, false, true]);
      });
    });

    describe('exports', () => {
      it('numbers receptions, updates parts of a row and counts states', async () => {
        const numbers = await write(async (tx) => [
          await tx.exports.nextReception(),
          await tx.exports.nextReception(),
        ]);
        expect((numbers[1] ?? 0) - (numbers[0] ?? 0)).toBe(1);
        await write(async (tx) => {
          await tx.exports.put(exportRow(1));
          await tx.exports.put(exportRow(2, { state: 'receiving' }));
          await tx.exports.update(exportRow(1).id, { state: 'held', outcome: '{}' });
        });
        expect(await read((tx) => tx.exports.get(exportRow(1).id))).toEqual({
          ...exportRow(1),
          state: 'held',
          outcome: '{}',
        });
        expect(await read((tx) => tx.exports.counts())).toMatchObject({ held: 1, receiving: 1, complete: 0 });
        expect((await read((tx) => tx.exports.recent(1)))[0]?.reception).toBe(2);
        expect(await read((tx) => tx.exports.incompleteSince(1002))).toEqual([]);
        expect(await read((tx) => tx.exports.incompleteSince(1003))).toHaveLength(1);
      });

      it('finds the first export processed with a digest for a part', async () => {
        await write(async (tx) => {
          await tx.exports.put(exportRow(1, { digest: 'd', state: 'rejected' }));
          await tx.exports.put(exportRow(3, { digest: 'd', state: 'processed' }));
          await tx.exports.put(exportRow(2, { digest: 'd', state: 'processed' }));
          await tx.exports.put(exportRow(4, { digest: 'd', state: 'processed', part: '1' }));
        });
        expect((await read((tx) => tx.exports.processedDigest(scope, 'd')))?.reception).toBe(2);
        expect(await read((tx) => tx.exports.processedDigest(scope, 'other'))).toBeUndefined();
      });

      it('stages records by day, in record order, until they are unstaged', async () => {
        const { id } = exportRow(1);
        const staged = (n: number, d: number) => ({ day: day(d), record: n, line: n * 10, body: `b${n}` });
        await write(async (tx) => {
          await tx.exports.put(exportRow(1));
          await tx.exports.stage(id, [staged(3, 7), staged(2, 8)]);
          await tx.exports.stage(id, [staged(1, 7)]);
        });
        expect(await read((tx) => tx.exports.stagedDays(id))).toEqual([7, 8]);
        expect(await read((tx) => tx.exports.stagedOfDay(id, day(7)))).toEqual([staged(1, 7), staged(3, 7)]);
        await write((tx) => tx.exports.unstage(id));
        expect(await read((tx) => tx.exports.stagedDays(id))).toEqual([]);
      });

      it('keeps findings: those listed, and the totals', async () => {
        const { id } = exportRow(1);
        const finding = { rule: 'r', severity: 'info', field: null, line: 1, record: 1 } as const;
        await write(async (tx) => {
          await tx.exports.put(exportRow(1));
          await tx.exports.putFindings(id, [finding], { r: 7 });
        });
        expect(await read((tx) => tx.exports.findings(id))).toEqual({ listed: [finding], totals: { r: 7 } });
        expect(await read((tx) => tx.exports.findings('none'))).toEqual({ listed: [], totals: {} });
      });
    });

    describe('records', () => {
      it('keeps the owner of a part', async () => {
        const part = { ...scope, agent, source: 'main' };
        await write((tx) => tx.records.putPart(part));
        expect(await read((tx) => tx.records.part(scope))).toEqual(part);
        expect(await read((tx) => tx.records.parts(scope.facility, scope.feed))).toEqual([part]);
        expect(await read((tx) => tx.records.part({ ...scope, part: '1' }))).toBeUndefined();
        expect(await read((tx) => tx.records.partsOfAgent(agent, scope.feed))).toEqual([part]);
        expect(await read((tx) => tx.records.partsOfAgent(agent, 'bed-availability'))).toEqual([]);
        expect(await read((tx) => tx.records.partsOfAgent('somebody', scope.feed))).toEqual([]);
      });

      it('answers a day with its records, and its bodies by instant over all parts', async () => {
        await write(async (tx) => {
          await tx.records.insert(scope, [record(2, { at: 30 }), record(1, { at: 20 })]);
          await tx.records.insert({ ...scope, part: '1' }, [record(3, { at: 25 })]);
          await tx.records.insert(scope, [record(4, { day: day(101) })]);
        });
        const held = await read((tx) => tx.records.ofDay(scope, day(100)));
        expect(held.map(({ line }) => line)).toEqual([1, 2]);
        const { body, ...first } = record(1, { at: 20 });
        expect(held[0]).toEqual(first);
        expect(await read((tx) => tx.records.byKey(scope, [record(1)]))).toEqual([{ ...first, body }]);
        expect(
          await read(async (tx) =>
            (await tx.records.bodiesOfDay(scope.facility, scope.feed, day(100))).map(({ body }) => body),
          ),
        ).toEqual(['{"n":1}', '{"n":3}', '{"n":2}']);
        expect(await read((tx) => tx.records.total())).toBe(4);
      });

      it('finds visits whatever their day, in their own scope only', async () => {
        await write(async (tx) => {
          await tx.records.insert(scope, [record(1, { visit: key(9), day: day(7) }), record(2)]);
          await tx.records.insert({ ...scope, part: '1' }, [record(3, { visit: key(9) })]);
        });
        const found = await read((tx) => tx.records.byVisit(scope, [key(9), key(8)]));
        expect(found.map((one) => one.line)).toEqual([1]);
      });

      it('replaces, confirms and removes records that exist', async () => {
        await write(async (tx) => {
          await tx.records.insert(scope, [record(1), record(2), record(3)]);
          await tx.records.replace(
            scope,
            [record(1, { body: 'new', hash: key(77), line: 5 })],
            'updated',
            50,
          );
          await tx.records.confirm(scope, [record(2, { extract: 9, reception: 4 })]);
          await tx.records.remove(scope, [record(3), record(8)], 'removed', 50, 'e');
        });
        const held = await read((tx) => tx.records.byKey(scope, [record(1), record(2), record(3)]));
        expect(held.map(({ body, extract, line }) => [body, extract, line])).toEqual([
          ['new', 5, 5],
          ['{"n":2}', 9, 2],
        ]);
        expect(await read((tx) => tx.records.total())).toBe(2);
      });

      it('keeps day states, forgets those that say nothing, and sums days over parts', async () => {
        const state = {
          day: day(3),
          count: 2,
          mark: { extract: 5, reception: 1 },
          sum: [1, 2, 3, 4],
        } as const;
        await write(async (tx) => {
          await tx.records.putDay(scope, state);
          await tx.records.putDay({ ...scope, part: '1' }, { ...state, count: 5, mark: null });
          await tx.records.putDay(scope, { ...state, day: day(4), count: 0 });
          await tx.records.putDay(scope, { ...state, day: day(5), count: 1, mark: null });
          await tx.records.putDay(scope, { ...state, day: day(5), count: 0, mark: null });
        });
        expect(await read((tx) => tx.records.day(scope, day(3)))).toEqual(state);
        expect(await read((tx) => tx.records.firstDay(scope))).toBe(3);
        expect(await read((tx) => tx.records.firstDay({ ...scope, part: '2' }))).toBeUndefined();
        expect((await read((tx) => tx.records.days(scope, day(0), day(9)))).map((one) => one.day)).toEqual([
          3, 4,
        ]);
        expect(
          await read((tx) => tx.records.countsByDay(scope.facility, scope.feed, day(0), day(9))),
        ).toEqual([{ day: 3, count: 7 }]);
      });

      it('finds records by the first digits of their key, over all scopes', async () => {
        await write(async (tx) => {
          await tx.records.insert(scope, [record(0x1a), record(0x1b)]);
          await tx.records.putDay(scope, { day: day(100), count: 2, mark: null, sum: [0, 0, 0, 0] });
        });
        const found = await read((tx) => tx.records.findByKeyPrefix('1a1a1a1a', 5));
        expect(found.map(({ facility: finess, line }) => [finess, line])).toEqual([['990000010', 0x1a]]);
      });
    });

    it('keeps one open decision per day: the same absences join, closing answers and empties it', async () => {
      const one = { ...record(1), export: exportRow(1).id };
      const removal = { day: one.day, key: one.key, rank: 0, extract: 5, reception: 1, export: one.export };
      await write(async (tx) => {
        await tx.exports.put(exportRow(1));
        await tx.removals.suspend(scope, [removal, { ...removal, key: key(2) }]);
        await tx.removals.suspend(scope, [{ ...removal, extract: 6 }]);
      });
      expect(await read((tx) => tx.removals.open())).toEqual([
        { ...scope, day: 100, count: 2, exports: [one.export] },
      ]);
      expect(await read((tx) => tx.removals.days(scope, day(0), day(100)))).toEqual([100]);
      expect(await read((tx) => tx.removals.ofExport(one.export))).toEqual([{ ...scope, day: 100 }]);
      expect((await write((tx) => tx.removals.close(scope, day(100)))).map(({ extract }) => extract)).toEqual(
        [5, 5],
      );
      expect(await read((tx) => tx.removals.ofDay(scope, day(100)))).toEqual([]);
    });

    describe('dispatches', () => {
      const dispatch = (extract: number, change: Record<string, unknown> = {}) => ({
        name: `f${extract}.xml`,
        destination: 'national',
        facility: '990000010',
        feed: 'ed-visits',
        from: day(10),
        to: day(12),
        records: 1,
        extract,
        digest: 'd',
        composedAt: 100,
        export: null,
        cause: 'decision' as const,
        format: 'f 1',
        ...change,
      });

      it('keeps content and knows the last extract of a facility for a destination', async () => {
        const id = await write((tx) => tx.dispatches.put(dispatch(7), Buffer.from('content')));
        expect(await read((tx) => tx.dispatches.content(id))).toEqual(Buffer.from('content'));
        expect(await read((tx) => tx.dispatches.lastExtract('990000010', 'national'))).toBe(7);
        expect(await read((tx) => tx.dispatches.lastExtract('990000010', 'other'))).toBeUndefined();
        expect(await read((tx) => tx.dispatches.get(id))).toMatchObject({ state: 'waiting', attempts: 0 });
        await expect(write((tx) => tx.dispatches.put(dispatch(7), Buffer.from('x')))).rejects.toThrow();
      });

      it('gives a destination its due dispatches in order, and moves each from the states it may leave', async () => {
        const ids = await write(async (tx) => [
          await tx.dispatches.put(dispatch(1), Buffer.from('1')),
          await tx.dispatches.put(dispatch(2), Buffer.from('2')),
          await tx.dispatches.put(dispatch(3), Buffer.from('3')),
          await tx.dispatches.put(dispatch(1, { destination: 'other' }), Buffer.from('4')),
        ]);
        const due = () =>
          read(async (tx) => (await tx.dispatches.due('national', 10)).map(({ extract }) => extract));
        expect(await due()).toEqual([1, 2, 3]);
        const change = {
          state: 'waiting',
          attempts: 1,
          nextAttemptAt: 200,
          changedAt: 100,
          code: 'c',
        } as const;
        const move = (from: DeliveryState, to: DeliveryState) =>
          write((tx) => tx.dispatches.setDelivery(ids[0] ?? 0, [from], { ...change, state: to }));
        expect(await move('sending', 'sent')).toBe(false);
        expect(await move('waiting', 'sending')).toBe(true);
        expect(await due()).toEqual([2, 3]);
        expect(await write((tx) => tx.dispatches.recover(300))).toBe(1);
        expect(await due()).toEqual([1, 2, 3]);
        expect((await read((tx) => tx.dispatches.counts())).waiting).toBe(4);
      });

      it('names the dispatches in force for days: the latest covering each, per destination', async () => {
        await write(async (tx) => {
          await tx.dispatches.put(dispatch(1, { from: day(10), to: day(12) }), Buffer.from('1'));
          await tx.dispatches.put(dispatch(2, { from: day(12), to: day(13) }), Buffer.from('2'));
          await tx.dispatches.put(dispatch(3, { from: day(20), to: day(20) }), Buffer.from('3'));
          await tx.dispatches.put(dispatch(9, { destination: 'other' }), Buffer.from('4'));
        });
        const inForce = (...days: number[]) =>
          read(async (tx) =>
            (await tx.dispatches.inForce('990000010', 'ed-visits', days.map(day))).map(
              ({ extract }) => extract,
            ),
          );
        expect(await inForce(11, 12)).toEqual([1, 2, 9]);
        expect(await inForce(13)).toEqual([2]);
        expect(await inForce(14)).toEqual([]);
      });

      it('purges contents long since sent, never those still to send', async () => {
        const change = { attempts: 1, nextAttemptAt: 0, changedAt: 150, code: null };
        const ids = await write(async (tx) => [
          await tx.dispatches.put(dispatch(1), Buffer.from('1')),
          await tx.dispatches.put(dispatch(2), Buffer.from('2')),
        ]);
        await write((tx) =>
          tx.dispatches.setDelivery(ids[0] ?? 0, ['waiting'], { ...change, state: 'sent' }),
        );
        expect(await write((tx) => tx.dispatches.purgeContents(150, 10))).toBe(0);
        expect(await write((tx) => tx.dispatches.purgeContents(151, 10))).toBe(1);
        expect(await read((tx) => tx.dispatches.content(ids[0] ?? 0))).toBeUndefined();
        expect(await read((tx) => tx.dispatches.content(ids[1] ?? 0))).toEqual(Buffer.from('2'));
      });
    });

    it('keeps receipts with the proof that covers them, each agent its own', async () => {
      const put = await write((tx) =>
        tx.receipts.put('jws', [
          { agent, text: 'stored', kind: 'stored', export: null, envelope: 'v' },
          { agent: 'other', text: 'theirs', kind: 'processed', export: 'x', envelope: null },
          { agent, text: 'mine', kind: 'processed', export: 'e', envelope: null },
        ]),
      );
      const mine = await read((tx) => tx.receipts.after(agent, 0, 10));
      expect(mine.map(({ text }) => text)).toEqual(['stored', 'mine']);
      expect(mine.map(({ cursor }) => cursor)).toEqual([put[0], put[2]]);
      expect(await read((tx) => tx.receipts.after(agent, put[0] ?? 0, 10))).toHaveLength(1);
      expect(await read((tx) => tx.receipts.stored('v'))).toEqual({ text: 'stored', jws: 'jws' });
      expect(await read((tx) => tx.receipts.ofExport('e'))).toMatchObject([{ text: 'mine' }]);
      expect(await read((tx) => tx.receipts.proofs([mine[0]?.proof ?? 0]))).toMatchObject([{ jws: 'jws' }]);
    });

    it('raises the cursors of receipts to come, and never lowers them', async () => {
      const one = { agent, text: 'one', kind: 'stored', export: null, envelope: null };
      await write((tx) => tx.receipts.startAfter(5_000_000));
      expect(await write((tx) => tx.receipts.put('jws', [one]))).toEqual([5_000_001]);
      await write((tx) => tx.receipts.startAfter(7));
      expect(await write((tx) => tx.receipts.put('jws', [one]))).toEqual([5_000_002]);
    });
  });
}
