import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putAlias } from '../../../receiver/apply/alias.ts';
import { sharesOf } from '../../../receiver/apply/alias-route.ts';
import { guard } from '../../../receiver/apply/guard.ts';
import { createRecordKeys } from '../../../receiver/apply/record-keys.ts';
import { cut, runsOf, wallClockSecond } from '../../../receiver/forward/compose.ts';
import { bedAvailability } from '../../../shared/feeds/bed-availability.ts';
import { edVisits } from '../../../shared/feeds/ed-visits.ts';
import { dayToFrench, dayToIso, parseFrenchDateTime, type Day } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { dayMs, hourMs, openRig, type Rig, type Sent } from './rig.ts';

const day = (n: number): Day => (20_090 + n) as Day;
const extractAt = (n: number): number => day(n) * dayMs + 6 * hourMs;

function visit(n: number, on: number, change: Record<string, unknown> = {}, facility = '990000010'): string {
  const text = `${dayToFrench(day(on))} 10:${String(n).padStart(2, '0')}`;
  const at = parseFrenchDateTime(text)?.at;
  return JSON.stringify({ facility, ...change, sex: 'F', arrivedAt: { text, at } });
}

const visits = (count: number, on: number, from = 0): string[] =>
  Array.from({ length: count }, (_, n) => visit(from + n, on));

/** A trusted export of days `from` to `to`, extracted the morning after. */
const whole = (from: number, to: number, bodies: readonly string[], extract = to + 1): Sent => ({
  bodies,
  manifest: {
    window: { from: dayToIso(day(from)), to: dayToIso(day(to)) },
    extract: { text: 'x', at: extractAt(extract) },
  },
});

let rig: Rig & { close(): Promise<void> };
beforeEach(async () => {
  rig = await openRig({});
});
afterEach(() => rig.close());
const texts = async (): Promise<string[]> => (await rig.held()).map(({ body }) => body).sort();

describe('windows', () => {
  it('reports as findings what makes an export untrusted, and nothing for a format without header', async () => {
    const rules = async (sent: Sent): Promise<string[]> =>
      (await rig.send(sent)).receipt.findings.map(({ rule }) => rule);
    const one = [visit(1, 1)];
    expect(await rules(whole(0, 2, one))).toEqual([]);
    // That EXTRACT is missing, or cannot be read, its agent has said.
    expect(await rules({ bodies: one })).toEqual(['window-mismatch']);
    expect(await rules({ bodies: one, manifest: { header: false } })).toEqual([]);
    expect(await rules(whole(2, 3, one))).toEqual(['window-mismatch']);
    const future = { text: 'x', at: rig.clock.now() + 30 * hourMs };
    expect(await rules({ bodies: one, manifest: { ...whole(0, 2, one).manifest, extract: future } })).toEqual(
      ['extract-future', 'window-mismatch'],
    );
    const rejected = { ...whole(0, 2, one).manifest, rejected: 1 };
    expect(await rules({ bodies: one, manifest: rejected })).toEqual(['window-mismatch']);
  });

  it('counts every finding, and lists a thousand', async () => {
    const twins = Array.from({ length: 1206 }, () => visit(1, 1));
    const { id, receipt } = await rig.send(whole(2, 3, twins));
    expect(receipt.findingsTotal).toBe(1206);
    expect(receipt.findings).toHaveLength(1000);
    const kept = await rig.store.read((tx) => tx.exports.findings(id));
    expect(kept.listed).toHaveLength(1000);
    expect(kept.totals).toEqual({ 'possible-duplicate': 1205, 'window-mismatch': 1 });
  });

  it('never removes beyond EXTRACT: later days are not marked, later visits of its day stay', async () => {
    await rig.send({ bodies: [visit(1, 1), visit(2, 2)] });
    // Extracted at 08:00 in Paris on day 1, two hours before the visit of that day.
    const answer = await rig.send({
      bodies: [visit(3, 0)],
      manifest: {
        window: { from: dayToIso(day(0)), to: dayToIso(day(3)) },
        extract: { text: 'x', at: day(1) * dayMs + 7 * hourMs },
      },
    });
    expect(answer.receipt).toMatchObject({ trusted: true, removed: 0, window: { to: dayToIso(day(1)) } });
    expect(await rig.held()).toHaveLength(3);
    const states = await rig.store.read((tx) => tx.records.days(rig.scope, day(0), day(3)));
    expect(states.map((state) => [state.day - day(0), state.mark !== null])).toEqual([
      [0, true],
      [1, true],
      [2, false],
    ]);
  });

  it('reports each visit beyond the first of an equal key, and keeps them all', async () => {
    const answer = await rig.send(whole(0, 0, [visit(1, 0), visit(1, 0), visit(1, 0, { reason: 'b' })]));
    expect(answer.receipt.findings.map(({ rule, record }) => [rule, record])).toEqual([
      ['possible-duplicate', 2],
      ['possible-duplicate', 3],
    ]);
    expect(await rig.held()).toHaveLength(3);
    expect(
      (await rig.send(whole(0, 0, [visit(1, 0), visit(1, 0), visit(1, 0, { reason: 'b' })], 2))).counts,
    ).toMatchObject({
      unchanged: 3,
    });
  });

  it('follows a visit to another day, and sends both days', async () => {
    await rig.send(whole(0, 2, [visit(1, 0, { visitId: 'v' }), visit(2, 0)]));
    const answer = await rig.send(whole(0, 2, [visit(1, 2, { visitId: 'v' }), visit(2, 0)], 4));
    expect(answer.counts).toMatchObject({ updated: 1, unchanged: 1, added: 0, removed: 0 });
    expect(answer.receipt.dispatches.map(({ from, to }) => [from, to])).toEqual([
      [dayToIso(day(0)), dayToIso(day(0))],
      [dayToIso(day(2)), dayToIso(day(2))],
    ]);
  });

  it('leaves a visit on a day that a newer window has confirmed, when an older export shows it elsewhere', async () => {
    const here = [visit(1, 0, { visitId: 'v' })];
    await rig.send(whole(0, 0, here, 1));
    await rig.send(whole(0, 0, here, 5));
    const late = await rig.send(whole(0, 2, [visit(1, 2, { visitId: 'v' })], 3));
    expect(late.counts).toMatchObject({ stale: 1, updated: 0, added: 0, removed: 0 });
    expect(await texts()).toEqual(here);
  });

  it('matches on the natural key when a source starts to give visit ids', async () => {
    await rig.send(whole(0, 0, visits(6, 0)));
    const named = Array.from({ length: 6 }, (_, n) => visit(n, 0, { visitId: `v${n}` }));
    const answer = await rig.send(whole(0, 0, named, 2));
    expect(answer.counts).toMatchObject({ updated: 6, added: 0, removed: 0 });
    expect((await rig.held()).every((row) => row.visit !== null)).toBe(true);
  });

  it('composes nothing for an export that changes nothing, and names the dispatch in force', async () => {
    const first = await rig.send(whole(0, 1, visits(3, 0)));
    const again = await rig.send(whole(0, 1, visits(3, 0), 3));
    expect(again.composed).toEqual([]);
    expect(again.receipt.dispatches).toEqual(first.receipt.dispatches);
    expect(again.counts.unchanged).toBe(3);
  });

  it('sends an emptied day empty', async () => {
    await rig.send(whole(0, 1, [visit(1, 0), visit(2, 1)]));
    const answer = await rig.send(whole(0, 1, [visit(1, 0)], 3));
    expect(answer.counts.removed).toBe(1);
    expect(answer.composed).toMatchObject([{ from: day(1), to: day(1), records: 0 }]);
    expect(await rig.replayed()).toEqual(await texts());
  });
});

describe('withdrawn visits', () => {
  const stated = (withdrawn: readonly string[], extract: number) => ({
    manifest: { header: false, withdrawn: [...withdrawn], extract: { text: 'x', at: extractAt(extract) } },
  });

  it('go, whatever the guard would say, with their days sent anew and what they were kept as history', async () => {
    const named = Array.from({ length: 12 }, (_, n) => visit(n, 0, { visitId: `v${n}` }));
    await rig.send({ bodies: [...named, visit(30, 1, { visitId: 'other' })], ...stated([], 1) });
    const answer = await rig.send({
      bodies: [visit(40, 2, { visitId: 'new' })],
      ...stated([...named.map((_, n) => `v${n}`), 'v0', 'never-held'], 2),
    });
    expect(answer.state).toBe('processed');
    expect(answer.counts).toMatchObject({ added: 1, removed: 12, suspended: 0 });
    expect(answer.composed.map(({ from, to }) => [from - day(0), to - day(0)])).toContainEqual([0, 0]);
    const left = [visit(30, 1, { visitId: 'other' }), visit(40, 2, { visitId: 'new' })];
    expect(await texts()).toEqual(left.sort());
    expect(await rig.replayed()).toEqual(left.sort());
  });

  it('stay when something newer wrote them, and an export of withdrawals alone is one like any other', async () => {
    await rig.send({ bodies: [visit(1, 0, { visitId: 'v' })], ...stated([], 5) });
    expect((await rig.send({ bodies: [], ...stated(['v'], 4) })).counts).toMatchObject({ removed: 0 });
    expect(await rig.held()).toHaveLength(1);
    expect((await rig.send({ bodies: [], ...stated(['v'], 6) })).counts).toMatchObject({ removed: 1 });
    expect((await rig.send({ bodies: [], ...stated(['v'], 7) })).counts).toMatchObject({ removed: 0 });
    expect(await rig.held()).toEqual([]);
  });

  it('are not looked for in another part', async () => {
    await rig.send({ bodies: [visit(1, 0, { visitId: 'v' })], part: '1' });
    expect((await rig.send({ bodies: [], ...stated(['v'], 9) })).counts).toMatchObject({ removed: 0 });
  });
});

describe('guard', () => {
  const days = (count: number): Map<Day, number> => new Map([[day(0), count]]);
  const verdict = (held: number, removals: number, ofDay = held, addedToMarked = 0): string =>
    guard({ held, heldByDay: days(ofDay), removalsByDay: days(removals), addedToMarked });

  it.each([
    ['ten of many days', 40, 10, 40, 0, 'apply'],
    ['eleven of forty', 40, 11, 40, 0, 'suspend'],
    ['a fifth of a hundred', 100, 20, 100, 0, 'apply'],
    ['more than a fifth of a hundred', 100, 21, 100, 0, 'suspend'],
    ['half of a day of six', 100, 3, 6, 0, 'apply'],
    ['more than half of a day of five', 100, 3, 5, 0, 'suspend'],
    ['a whole day of four', 100, 4, 4, 0, 'apply'],
    ['as many removed as added', 100, 30, 100, 21, 'rekeying'],
    ['many removed, few added', 100, 30, 100, 20, 'suspend'],
    ['few removed, many added', 100, 5, 100, 60, 'apply'],
  ] as const)('%s', (_name, held, removals, ofDay, added, expected) => {
    expect(verdict(held, removals, ofDay, added)).toBe(expected);
  });
});

describe('decisions', () => {
  it('suspends the removals of a lost day, sends what it corrected, and removes when confirmed', async () => {
    await rig.send(whole(0, 1, [...visits(6, 0), ...visits(6, 1)]));
    const held = await rig.send(whole(0, 1, [...visits(6, 0), visit(30, 0)], 3));
    expect(held.receipt).toMatchObject({
      result: 'held',
      hold: 'removals',
      added: 1,
      removed: 0,
      suspended: 6,
    });
    expect(await rig.held()).toHaveLength(13);
    expect(await rig.replayed()).toEqual(await texts());
    const result = await rig.decider.decide({ ...rig.scope, day: day(1) }, 'confirm');
    expect(result).toMatchObject({ removed: 6, kept: 0, exports: [held.id] });
    expect(await rig.held()).toHaveLength(7);
    expect(await rig.replayed()).toEqual(await texts());
    const receipts = await rig.store.read((tx) => tx.receipts.ofExport(held.id));
    expect(JSON.parse(receipts[1]?.text ?? '')).toMatchObject({
      kind: 'decided',
      decision: 'confirmed',
      removed: 6,
    });
    expect((await rig.store.read((tx) => tx.exports.get(held.id)))?.state).toBe('processed');
  });

  it('is told of under the export that was the latest when it was made, whatever comes later', async () => {
    await rig.send(whole(0, 1, [...visits(6, 0), ...visits(6, 1)]));
    const held = await rig.send(whole(0, 1, [...visits(6, 0), visit(30, 0)], 3));
    await rig.decider.decide({ ...rig.scope, day: day(1) }, 'confirm');
    await rig.send(whole(5, 5, visits(2, 5), 7));
    const told = await rig.store.read(async (tx) => {
      const made = (await tx.dispatches.recent(10)).filter(({ cause }) => cause === 'decision');
      return Promise.all(made.map(({ id }) => tx.dispatches.sources(id)));
    });
    expect(told).toEqual([[held.id]]);
  });

  it('says, of an export held for several days, what it still waits for', async () => {
    await rig.send(whole(0, 2, [...visits(6, 0), ...visits(7, 1), ...visits(2, 2)]));
    const held = await rig.send(whole(0, 2, visits(2, 2), 4));
    expect(held.receipt).toMatchObject({ result: 'held', suspended: 13 });
    const decided = async (): Promise<unknown> => {
      const receipts = await rig.store.read((tx) => tx.receipts.ofExport(held.id));
      return JSON.parse(receipts.at(-1)?.text ?? '');
    };
    const state = async (): Promise<unknown> =>
      (await rig.store.read((tx) => tx.exports.get(held.id)))?.state;
    await rig.decider.decide({ ...rig.scope, day: day(1) }, 'confirm');
    expect(await decided()).toMatchObject({ decision: 'confirmed', removed: 7, pending: 6 });
    expect(await state()).toBe('held');
    await rig.decider.decide({ ...rig.scope, day: day(0) }, 'keep');
    expect(await decided()).toMatchObject({ decision: 'kept', removed: 0, pending: 0 });
    expect(await state()).toBe('processed');
  });

  it('keeps what a person keeps, and has nothing left to decide', async () => {
    await rig.send(whole(0, 0, visits(6, 0)));
    const held = await rig.send(whole(0, 0, [], 2));
    expect(await rig.decider.decide({ export: held.id }, 'keep')).toMatchObject({ removed: 0, kept: 6 });
    expect(await rig.held()).toHaveLength(6);
    await expect(rig.decider.decide({ export: held.id }, 'confirm')).rejects.toMatchObject({
      code: 'decision-not-open',
    });
    await expect(rig.decider.decide({ export: 'none' }, 'keep')).rejects.toMatchObject({
      code: 'decision-export-unknown',
    });
  });

  it('spares, on confirming, a visit that something has written since', async () => {
    await rig.send(whole(0, 0, visits(6, 0)));
    const held = await rig.send(whole(0, 0, [], 2));
    await rig.send({ bodies: [visit(2, 0)], manifest: { extract: { text: 'x', at: extractAt(3) } } });
    expect(await rig.decider.decide({ export: held.id }, 'confirm')).toMatchObject({ removed: 5, kept: 1 });
    expect(await texts()).toEqual([visit(2, 0)]);
  });

  it('lets a newer window take the place of an open decision, and tells the first hospital export so', async () => {
    await rig.send(whole(0, 0, visits(6, 0)));
    const held = await rig.send(whole(0, 0, [], 2));
    const newer = await rig.send(whole(0, 0, visits(6, 0), 3));
    expect(newer.state).toBe('processed');
    expect((await rig.store.read((tx) => tx.exports.get(held.id)))?.state).toBe('processed');
    expect(newer.receipts.map(({ kind, export: id }) => [kind, id])).toEqual([
      ['processed', newer.id],
      ['decided', held.id],
    ]);
    expect(await rig.store.read((tx) => tx.removals.open())).toEqual([]);
  });

  it('applies nothing of an export whose keys have changed, until a person confirms it', async () => {
    await rig.send(whole(0, 0, visits(20, 0)));
    const rekeyed = await rig.send(whole(0, 0, visits(20, 0, 30), 2));
    expect(rekeyed.receipt).toMatchObject({ hold: 'rekeying', accepted: 20, added: 0, suspended: 0 });
    expect(await texts()).toEqual(visits(20, 0).sort());
    expect(await rig.decider.decide({ export: rekeyed.id }, 'confirm')).toMatchObject({ removed: 20 });
    expect(await texts()).toEqual(visits(20, 0, 30).sort());
    expect(await rig.replayed()).toEqual(await texts());
  });

  it('holds a second source of a part, and makes it the declared one when confirmed', async () => {
    await rig.send(whole(0, 0, visits(3, 0)));
    const second = await rig.send({ ...whole(0, 0, visits(3, 0, 10), 2), source: 'other' });
    expect(second.receipt.hold).toBe('second-source');
    expect(await texts()).toEqual(visits(3, 0));
    await rig.decider.decide({ export: second.id }, 'confirm');
    expect(await texts()).toEqual(visits(3, 0, 10));
    expect((await rig.store.read((tx) => tx.records.part(rig.scope)))?.source).toBe('other');
    expect((await rig.send({ ...whole(0, 0, visits(3, 0), 3) })).receipt.hold).toBe('second-source');
  });

  it('never takes another export for a duplicate of one that a person dropped', async () => {
    await rig.send(whole(0, 0, visits(3, 0)));
    const sent = { ...whole(0, 0, visits(3, 0, 10), 2), source: 'other' };
    const manifest = { ...sent.manifest, digest: 'a'.repeat(64) };
    const second = await rig.send({ ...sent, manifest });
    await rig.decider.decide({ export: second.id }, 'keep');
    expect((await rig.send({ ...sent, manifest, source: 'main' })).receipt.result).toBe('applied');
    expect((await rig.send({ ...sent, manifest, source: 'main' })).receipt).toMatchObject({
      result: 'duplicate',
    });
  });
});

describe('parts', () => {
  it('replaces inside a part only, and sends the union of the parts', async () => {
    await rig.send(whole(0, 0, visits(3, 0)));
    const other = await rig.send({ ...whole(0, 0, visits(2, 0, 20), 2), part: '1' });
    expect(other.counts).toMatchObject({ added: 2, removed: 0 });
    expect(other.composed).toMatchObject([{ records: 5 }]);
    expect(await rig.replayed()).toEqual([...visits(3, 0), ...visits(2, 0, 20)].sort());
  });
});

describe('dispatches', () => {
  it('cuts runs of days at the limit, between days, and lets a single larger day go whole', () => {
    const counts = (...list: number[]) => list.map((count, n) => ({ day: day(n), count }));
    const shape = (list: number[], to = list.length - 1) =>
      cut(
        { from: day(0), to: day(to) },
        counts(...list).filter(({ count }) => count > 0),
        10,
      ).map((file) => [file.from - day(0), file.to - day(0), file.overLimit]);
    expect(shape([4, 6, 1])).toEqual([
      [0, 1, false],
      [2, 2, false],
    ]);
    expect(shape([4, 25, 4])).toEqual([
      [0, 0, false],
      [1, 1, true],
      [2, 2, false],
    ]);
    expect(shape([0, 0, 0])).toEqual([[0, 2, false]]);
    expect(shape([8, 0, 8, 0])).toEqual([
      [0, 1, false],
      [2, 3, false],
    ]);
    expect(shape([0, 25, 0])).toEqual([
      [0, 0, false],
      [1, 2, true],
    ]);
    expect(runsOf([day(0), day(1), day(3)])).toEqual([
      { from: day(0), to: day(1) },
      { from: day(3), to: day(3) },
    ]);
  });

  it('names a day over the limit in the receipt', async () => {
    const small = await openRig({ maxRecords: 5 });
    const answer = await small.send(whole(0, 0, visits(6, 0)));
    expect(answer.receipt.findings).toMatchObject([{ rule: 'day-over-limit' }]);
    await small.close();
  });

  it('gives each facility strictly increasing extracts, also in the hour that comes twice', async () => {
    expect(wallClockSecond(Date.UTC(2026, 6, 1, 10))).toBe(Date.UTC(2026, 6, 1, 12));
    rig.clock.set(Date.UTC(2026, 9, 24, 23, 30));
    const before = rig.clock.now();
    for (const n of [0, 1, 2]) await rig.send({ bodies: [visit(n, 0)] });
    const rows = await rig.store.read((tx) => tx.dispatches.recent(9));
    const extracts = rows.map(({ extract }) => extract).reverse();
    expect(rig.clock.now() - before).toBe(3 * hourMs);
    expect(extracts[1]).toBe((extracts[0] ?? 0) + 1000);
    expect([...extracts].sort((a, b) => a - b)).toEqual(extracts);
  });
});

describe('snapshot feeds', () => {
  const row = (zone: string, hour: number, count: number): string => {
    const text = `${dayToFrench(day(hour < 0 ? -1 : 0))} ${String((hour + 24) % 24).padStart(2, '0')}:00`;
    const at = parseFrenchDateTime(text)?.at;
    return JSON.stringify({
      facility: '990000010',
      zoneId: zone,
      observedAt: { text, at },
      count,
      assignment: '01',
    });
  };

  it('keep the latest row of each key, refuse an earlier one, and send the whole state', async () => {
    const beds = await openRig({ feed: bedAvailability });
    const send = (bodies: string[]) => beds.send({ bodies, manifest: { header: false } });
    expect((await send([row('a', 8, 3), row('b', 8, 4)])).counts).toMatchObject({ added: 2 });
    expect((await send([row('a', 9, 2)])).counts).toMatchObject({ updated: 1 });
    expect((await send([row('a', 7, 9)])).counts).toMatchObject({ stale: 1 });
    expect((await send([row('a', 9, 2)])).counts).toMatchObject({ unchanged: 1 });
    expect((await send([row('b', -2, 1), row('c', -2, 1)])).counts).toMatchObject({ stale: 1, added: 1 });
    expect((await beds.held()).map(({ body }) => body).sort()).toEqual(
      [row('a', 9, 2), row('b', 8, 4), row('c', -2, 1)].sort(),
    );
    expect((await send([row('c', 10, 5)])).composed).toMatchObject([
      { records: 3, from: day(0), to: day(0) },
    ]);
    await beds.close();
  });
});

describe('aliases', () => {
  const next = '990000028';
  const alias = (target: Rig) =>
    putAlias(
      { old: '990000010', to: next, from: day(1) },
      {
        ...{ store: target.store, clock: target.clock, random: systemRandom, targets: target.targets },
        ...{ sign: async () => 'proof', feeds: [edVisits] },
      },
    );
  const register = () =>
    rig.store.transaction((tx) =>
      tx.facilities.put({ finess: next, name: 'B', key: Buffer.alloc(32, 9), addedAt: 2 }),
    );
  const heldBy = async (facility: string): Promise<string[]> =>
    (await rig.held({ ...rig.scope, facility })).map(({ body }) => body).sort();

  it('routes days before and after to the right facility', () => {
    const row = { old: 'a', to: 'b', from: day(1) };
    expect(sharesOf('a', [row]).map(({ facility }) => facility)).toEqual(['a', 'b']);
    expect(sharesOf('b', [row])[1]).toMatchObject({ facility: 'b', from: day(1) });
    expect(sharesOf('b', [row, { ...row, old: 'c' }])).toHaveLength(1);
    expect(sharesOf('c', [row])).toHaveLength(1);
  });

  it('moves what is held, counts no visit twice afterwards, and both facilities replay right', async () => {
    await register();
    await rig.send(whole(0, 2, [...visits(2, 0), ...visits(3, 1)]));
    expect(await alias(rig)).toMatchObject({ moved: 3 });
    expect(await heldBy(next)).toEqual(visits(3, 1));
    const again = await rig.send(whole(0, 2, [...visits(2, 0), ...visits(3, 1)], 4));
    expect(again.counts).toMatchObject({ unchanged: 5, added: 0, removed: 0 });
    await rig.send(whole(0, 2, [visit(1, 0), ...visits(2, 1)], 5));
    expect(await heldBy('990000010')).toEqual([visit(1, 0)]);
    expect(await heldBy(next)).toEqual(visits(2, 1));
    expect(await rig.replayed('990000010')).toEqual([visit(1, 0)]);
    expect(await rig.replayed(next)).toEqual(visits(2, 1));
  });

  it('takes over the key of the old facility only while the new one holds nothing', async () => {
    await register();
    await alias(rig);
    expect((await rig.store.read((tx) => tx.facilities.get(next)))?.key).toEqual(Buffer.alloc(32, 3));
  });

  it('refuses an alias of what is not registered, a second one, and a chain', async () => {
    await expect(alias(rig)).rejects.toMatchObject({ code: 'alias-facility-unknown' });
    await register();
    await alias(rig);
    await expect(alias(rig)).rejects.toMatchObject({ code: 'alias-exists' });
    const deps = {
      store: rig.store,
      clock: rig.clock,
      random: systemRandom,
      targets: [],
      sign: async () => 'p',
    };
    await expect(putAlias({ old: next, to: '990000010', from: day(0) }, deps)).rejects.toMatchObject({
      code: 'alias-chain',
    });
  });
});

describe('record keys', () => {
  it('are HMAC-SHA-256 under the key of the facility, cut to sixteen bytes, whatever the length of the text', () => {
    const secret = Buffer.alloc(32, 5);
    const keys = createRecordKeys(secret);
    for (const text of ['', 'a|b', 'é'.repeat(2000), 'short']) {
      const expected = createHmac('sha256', secret).update(`natural\0${text}`).digest().subarray(0, 16);
      expect(keys.key(text)).toEqual(expected);
    }
    expect(keys.visit('a')).not.toEqual(keys.key('a'));
  });
});
