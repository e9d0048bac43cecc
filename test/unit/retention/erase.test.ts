import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putAlias } from '../../../receiver/apply/alias.ts';
import { readRecord } from '../../../receiver/apply/content.ts';
import { erase, type Erased } from '../../../receiver/retention/erase.ts';
import { findVisits, type FoundVisit, type VisitQuery } from '../../../receiver/retention/find-visit.ts';
import { leaveOut } from '../../../receiver/retention/leave-out.ts';
import { rewriteIfWanted } from '../../../receiver/retention/rewrite.ts';
import { edVisits } from '../../../shared/feeds/ed-visits.ts';
import { permanent } from '../../../shared/runtime/errors.ts';
import { instantOf } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { facility } from '../receiver/lab.ts';
import { actor, day, openKept, visit, whole, type Kept } from './kit.ts';

let kept: Kept;
beforeEach(async () => {
  kept = await openKept();
});
afterEach(() => kept.close());

const request = { facility, reason: 'demande', requestedBy: 'DPO', actor };
const at = (n: number, on: number): VisitQuery => ({
  ...{ facility, day: day(on) },
  minutes: [instantOf(day(on), (10 * 60 + n) * 60_000).at],
});
const find = (query: VisitQuery): Promise<readonly FoundVisit[]> =>
  kept.lab.store.read((tx) => findVisits(tx, query));

async function eraseIt(query: VisitQuery): Promise<Erased> {
  const [found, ...more] = await find(query);
  if (found === undefined || more.length > 0) throw new Error(`${more.length + 1} visits`);
  const { targets } = kept.rig;
  return erase(
    { ...kept.deps(), targets, open: () => Promise.reject(new Error('no envelope')) },
    found,
    request,
  );
}

/** What is let in of an export that comes now. */
const letIn = async (bodies: readonly string[]): Promise<readonly string[]> => {
  const records = bodies.map((body, index) =>
    readRecord(edVisits, { record: index + 1, line: index + 1, body }),
  );
  const arrived = { envelope: 'e', export: kept.ask('select id from export')[0]?.['id'] as string };
  const rest = await kept.lab.store.transaction((tx) =>
    leaveOut(tx, { ...arrived, facility, feed: 'ed-visits', records, now: 1 }),
  );
  return rest.map(({ body }) => body);
};
const states = () => kept.ask('select state, code from dispatch order by id');

it('a correction that is applied while it is looked for goes too', async () => {
  await kept.rig.send(whole(0, 1, [visit(1, 0, { visitId: 'v1' }), visit(2, 1)]));
  const [found] = await find(at(1, 0));
  if (found === undefined) throw new Error('no visit');
  await kept.rig.send(whole(0, 1, [visit(5, 1, { visitId: 'v1' }), visit(2, 1)], 3));
  const open = (): Promise<never> => Promise.reject(permanent('envelope-malformed'));
  const { record } = await erase({ ...kept.deps(), targets: kept.rig.targets, open }, found, request);
  expect(record.counts).toMatchObject({ records: 1, history: 1 });
  expect(kept.ask('select count(*) n from record')).toEqual([{ n: 1 }]);
  expect(kept.ask('select count(*) n from history')).toEqual([{ n: 0 }]);
  expect(kept.ask('select sum(count) n from day_state')).toEqual([{ n: 1 }]);
});

describe('what had not left yet', () => {
  it('never leaves, and all its days leave anew without the visit', async () => {
    await kept.rig.send(whole(0, 2, [visit(1, 0), visit(2, 1), visit(3, 2)]));
    expect(states()).toEqual([{ state: 'waiting', code: null }]);
    const { record, dispatches } = await eraseIt(at(2, 1));
    expect(record.counts).toMatchObject({ records: 1, dispatches: 1 });
    expect(states()).toEqual([
      { state: 'dead', code: 'dispatch-erased' },
      { state: 'waiting', code: null },
    ]);
    expect(dispatches).toMatchObject([{ from: day(0), to: day(2), records: 2 }]);
  });

  it('is waited for while it is on its way', async () => {
    await kept.rig.send(whole(0, 0, [visit(1, 0), visit(2, 0)]));
    const change = { attempts: 1, nextAttemptAt: 0, changedAt: 1, code: null };
    await kept.lab.store.transaction((tx) =>
      tx.dispatches.setDelivery(1, ['waiting'], { ...change, state: 'sending' }),
    );
    await expect(eraseIt(at(1, 0))).rejects.toMatchObject({ code: 'erase-sending', class: 'transient' });
    expect(kept.ask('select count(*) n from record')).toEqual([{ n: 2 }]);
    expect(kept.ask('select * from erased_visit')).toEqual([]);
  });
});

it('a day that only it filled is sent empty', async () => {
  await kept.rig.send(whole(0, 0, [visit(1, 0)]));
  await eraseIt(at(1, 0));
  expect(await kept.rig.replayed().catch(() => 'a content is gone')).toBe('a content is gone');
  expect(kept.ask("select from_day, records from dispatch where state = 'waiting'")).toEqual([
    { from_day: day(0), records: 0 },
  ]);
});

describe('an export that waits for a person', () => {
  it('no longer has it, says so, and still adds up when it is confirmed', async () => {
    await kept.rig.send(whole(0, 0, [visit(1, 0), visit(2, 0)]));
    const held = await kept.rig.send({
      ...whole(0, 0, [visit(1, 0), visit(2, 0), visit(3, 0)], 2),
      source: 'other',
    });
    expect([held.state, held.receipt.hold]).toEqual(['held', 'second-source']);
    expect((await eraseIt(at(1, 0))).record.counts).toMatchObject({ records: 1, staged: 1 });
    await kept.rig.decider.decide({ export: held.id }, 'confirm');
    expect(kept.ask('select count(*) n from record')).toEqual([{ n: 2 }]);
    const receipts = await kept.lab.store.read((tx) => tx.receipts.ofExport(held.id));
    const applied = receipts.map(({ text }) => JSON.parse(text) as { result?: string; findings?: object[] });
    expect(applied.find(({ result }) => result === 'applied')?.findings).toMatchObject([
      { rule: 'erased-on-request', record: 1, line: 10 },
    ]);
  });
});

describe('a visit is recognised', () => {
  it('after it was corrected under its visit id, on another day, and when its id is no longer given', async () => {
    await kept.rig.send(whole(0, 1, [visit(1, 0, { visitId: 'v1' }), visit(2, 1, { visitId: 'v2' })]));
    await kept.rig.send(whole(0, 1, [visit(5, 1, { visitId: 'v1' }), visit(2, 1, { visitId: 'v2' })], 3));
    const { record } = await eraseIt(at(5, 1));
    expect(record.counts).toMatchObject({ records: 1, history: 1 });
    const other = visit(2, 1, { visitId: 'v2' });
    const again = [visit(1, 0, { visitId: 'v1' }), visit(9, 4, { visitId: 'v1' }), visit(5, 1), visit(1, 0)];
    expect(await letIn([...again, other])).toEqual([other]);
  });

  it('and its twin with a visit id of its own is not taken for it', async () => {
    const [one, twin] = [visit(1, 0, { visitId: 'v1' }), visit(1, 0, { visitId: 'v2' })];
    await kept.rig.send(whole(0, 0, [one, twin]));
    const found = await find(at(1, 0));
    expect(found).toHaveLength(2);
    const key = found[0]?.rows[0]?.visit?.toString('hex') ?? '';
    await eraseIt({ facility, prefix: key });
    expect(kept.ask('select count(*) n from record')).toEqual([{ n: 1 }]);
    expect(await letIn([one, twin])).toHaveLength(1);
  });

  it('at a facility joined to it by an alias, under that one’s own key', async () => {
    const next = '990000028';
    const { store, clock, sign } = kept.lab;
    await kept.rig.send(whole(0, 1, [visit(1, 0), visit(2, 1)]));
    await store.transaction(async (tx) => {
      await tx.facilities.put({ finess: next, name: 'B', key: Buffer.alloc(32, 9), addedAt: 1 });
      // It holds something of its own, so that it keeps its key.
      const part = { facility: next, feed: 'ed-visits', part: '0' };
      await tx.records.putPart({
        ...part,
        agent: kept.ask('select id from agent')[0]?.['id'] as string,
        source: 's',
      });
    });
    const alias = { old: facility, to: next, from: day(1) };
    await putAlias(alias, { store, clock, random: systemRandom, sign, targets: kept.rig.targets });
    const { record } = await eraseIt(at(2, 1));
    // Held by the new number; the old one's history has it too.
    expect(record.counts).toMatchObject({ records: 1, history: 1 });
    expect(kept.ask('select facility from record')).toEqual([{ facility }]);
    expect(await letIn([visit(2, 1), visit(1, 0)])).toEqual([visit(1, 0)]);
  });
});

it('what was counted of its day is counted anew', async () => {
  await kept.rig.send(whole(0, 0, [visit(1, 0), visit(2, 0)]));
  await kept.lab.store.transaction((tx) =>
    tx.quality.put('ed-visits', [
      { facility, day: day(0), stamp: 's', summary: { records: 2 } as never, cells: new Uint32Array(1) },
    ]),
  );
  await eraseIt(at(1, 0));
  expect(kept.ask('select * from day_tally')).toEqual([]);
  expect(kept.ask('select * from day_cells')).toEqual([]);
});

it('the file is written anew once, and asked for again until it could be', async () => {
  const { store } = kept.lab;
  expect(await rewriteIfWanted(store)).toBeUndefined();
  await kept.rig.send(whole(0, 0, [visit(1, 0), visit(2, 0)]));
  await eraseIt(at(1, 0));
  expect(await rewriteIfWanted({ ...store, rewrite: () => Promise.resolve(false) })).toBe(false);
  expect(await rewriteIfWanted(store)).toBe(true);
  expect(await rewriteIfWanted(store)).toBeUndefined();
});
