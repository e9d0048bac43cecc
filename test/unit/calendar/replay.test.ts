import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composeAgain, previewReplay, replay } from '../../../receiver/forward/replay.ts';
import type { DeliveryState, DispatchRow } from '../../../receiver/store/dispatch-table.ts';
import { bedAvailability } from '../../../shared/feeds/bed-availability.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import { openRig, readableFormat, targetOf, type Rig } from '../apply/rig.ts';
import { calendarTarget, dayAt, dispatchesTo, visit, whole } from './kit.ts';

const [a, b] = ['990000010', '990000028'] as const;
const national = 'national';
const days = { from: dayAt('2026-01-01'), to: dayAt('2026-01-31') };

let rig: Rig & { close(): Promise<void> };
let other: Rig;
beforeEach(async () => {
  rig = await openRig({ facility: a });
  other = await openRig({ facility: b, store: rig.store });
  for (const each of [rig, other]) each.clock.set(Date.parse('2026-01-11T05:00:00Z'));
});
afterEach(() => rig.close());

const target = () => {
  const [found] = rig.targets;
  if (found === undefined) throw new Error('no target');
  return found;
};
const preview = (request: Parameters<typeof previewReplay>[2] = days, of = target()) =>
  rig.store.read((tx) => previewReplay(tx, of, request, rig.clock.now()));
const sentTo = (destination = national) => dispatchesTo(rig.store, destination);

/** One export a day, each its own dispatch. */
async function dayByDay(of: Rig, facility: string, from: string, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1)
    await of.send(whole(facility, (dayAt(from) + n) as typeof days.from, [2]));
}

async function setState(row: DispatchRow | undefined, state: DeliveryState): Promise<void> {
  const moved = await rig.store.transaction((tx) =>
    tx.dispatches.setDelivery(row?.id ?? 0, ['waiting', 'sent'], {
      ...{ state, attempts: 1, nextAttemptAt: 1, changedAt: 1, code: state === 'refused' ? 'E7' : null },
    }),
  );
  expect(moved).toBe(true);
}

describe('the preview of a replay', () => {
  it('counts the files, and those whose days are all acknowledged, sent or on their way', async () => {
    await dayByDay(rig, a, '2026-01-01', 3);
    await dayByDay(other, b, '2026-01-05', 2);
    const before = await sentTo();
    expect(await preview()).toEqual({
      ...{ files: 2, facilities: 2, days: 5, records: 10, acknowledged: 0, sent: 0, waiting: 2 },
      ...{ acknowledgedRecords: 0, underwayRecords: 10 },
    });
    for (const row of before) await setState(row, 'sent');
    expect(await preview()).toMatchObject({ acknowledged: 0, sent: 2, waiting: 0 });
    for (const row of before.slice(0, 2)) await setState(row, 'acknowledged');
    expect(await preview()).toMatchObject({ acknowledged: 0, sent: 2, waiting: 0 });
    await setState(before[2], 'acknowledged');
    expect(await preview()).toMatchObject({ acknowledged: 1, sent: 1, waiting: 0, acknowledgedRecords: 6 });
    await setState(before[3], 'refused');
    expect(await preview()).toMatchObject({ acknowledged: 1, sent: 0, waiting: 0 });
    expect(await sentTo()).toHaveLength(before.length);
  });

  it('looks at the latest dispatch of each day only', async () => {
    await dayByDay(rig, a, '2026-01-01', 2);
    for (const row of await sentTo()) await setState(row, 'acknowledged');
    expect(await preview()).toMatchObject({ files: 1, acknowledged: 1 });
    await rig.send({ bodies: [visit(a, dayAt('2026-01-02'), 30)] });
    expect(await preview()).toMatchObject({ files: 1, records: 5, acknowledged: 0, sent: 0, waiting: 1 });
  });

  it('is of the facilities asked for, and of days the region knows something about', async () => {
    await dayByDay(rig, a, '2026-01-01', 2);
    await dayByDay(rig, a, '2026-01-06', 1);
    await dayByDay(other, b, '2026-01-05', 2);
    // The 3rd to the 5th are nobody's: two files rather than one that says "no visit" of them.
    expect(await preview({ ...days, facilities: [a] })).toMatchObject({
      files: 2,
      facilities: 1,
      records: 6,
    });
    const [from, to] = [dayAt('2026-01-02'), dayAt('2026-01-05')];
    expect(await preview({ from, to })).toMatchObject({ files: 2, facilities: 2, records: 4 });
    expect(await preview({ ...days, facilities: ['990000036'] })).toMatchObject({ files: 0, facilities: 0 });
    expect(await preview(days, { ...target(), takes: (facility) => facility === b })).toMatchObject({
      ...{ files: 1, facilities: 1 },
    });
  });

  it('of a snapshot feed is the whole state, however few days are asked for', async () => {
    const beds = await openRig({ facility: a, feed: bedAvailability, store: rig.store });
    const observedAt = { text: '10/01/2026 10:00', at: Date.parse('2026-01-10T09:00:00Z') };
    const row = (zoneId: string): string =>
      JSON.stringify({ facility: a, zoneId, observedAt, count: 1, assignment: '01' });
    await beds.send({ bodies: [row('x'), row('y')], manifest: { header: false } });
    const [bedTarget] = beds.targets;
    if (bedTarget === undefined) throw new Error('no target');
    const one = { from: dayAt('2026-01-20'), to: dayAt('2026-01-20') };
    expect(await preview(one, bedTarget)).toMatchObject({ files: 1, records: 2, waiting: 1 });
  });
});

describe('a replay', () => {
  it('composes what is held now, under a later EXTRACT, for the destination chosen only', async () => {
    await dayByDay(rig, a, '2026-01-01', 3);
    await dayByDay(other, b, '2026-01-05', 2);
    const before = await sentTo();
    const held = await rig.replayed();
    const late = targetOf('late', readableFormat('ed-visits'));
    expect(await replay(rig, [late], days)).toEqual({ files: 2, facilities: 2, records: 10 });
    expect(await sentTo()).toEqual(before);
    const [first, second] = await sentTo('late');
    expect(first).toMatchObject({ facility: a, cause: 'replay', export: null, records: 6 });
    expect(second).toMatchObject({ facility: b, cause: 'replay', records: 4 });

    expect(await replay(rig, [target()], days)).toEqual({ files: 2, facilities: 2, records: 10 });
    const again = (await sentTo()).slice(before.length);
    expect(again.map(({ from, to }) => `${dayToIso(from)}..${dayToIso(to)}`)).toEqual([
      '2026-01-01..2026-01-03',
      '2026-01-05..2026-01-06',
    ]);
    for (const row of again) {
      const earlier = before.filter(({ facility }) => facility === row.facility);
      expect(earlier.every(({ extract }) => extract < row.extract)).toBe(true);
    }
    expect(await rig.replayed()).toEqual(held);
  });

  it('tells the agents whose exports it shows', async () => {
    await dayByDay(rig, a, '2026-01-01', 2);
    await replay(rig, [calendarTarget('late')], days);
    const [row] = await sentTo('late');
    expect(await rig.store.read((tx) => tx.dispatches.sources(row?.id ?? 0))).toHaveLength(2);
  });

  it('stops between two facilities when asked to', async () => {
    await dayByDay(rig, a, '2026-01-01', 1);
    await dayByDay(other, b, '2026-01-01', 1);
    const stopping = new AbortController();
    const store = {
      ...rig.store,
      transaction: async <T>(work: Parameters<typeof rig.store.transaction<T>>[0]): Promise<T> => {
        stopping.abort();
        return rig.store.transaction(work);
      },
    };
    const asked = { store, clock: rig.clock, signal: stopping.signal };
    expect(await replay(asked, [calendarTarget('late')], days)).toMatchObject({ files: 1, facilities: 1 });
  });
});

describe('a dispatch set aside', () => {
  const again = (row: DispatchRow | undefined, of = target()) =>
    rig.store.transaction(async (tx) => {
      const fresh = await tx.dispatches.get(row?.id ?? 0);
      if (fresh === undefined) throw new Error('no such dispatch');
      return composeAgain(tx, of, fresh, rig.clock.now());
    });

  it.each(['refused', 'dead'] as const)(
    'when %s is composed again once, from what is held now',
    async (state) => {
      await rig.send(whole(a, dayAt('2026-01-01'), [2, 1]));
      const [row] = await sentTo();
      await setState(row, state);
      await rig.send({ bodies: [visit(a, dayAt('2026-01-02'), 30)] });
      const [composed, ...more] = await again(row);
      expect(more).toEqual([]);
      expect(composed).toMatchObject({ from: row?.from, to: row?.to, records: 4 });
      const rows = await sentTo();
      expect(rows[0]).toMatchObject({ id: row?.id, state, code: 'composed-again' });
      expect(rows.at(-1)).toMatchObject({ id: composed?.id, state: 'waiting', cause: 'replay' });
      expect(rows.at(-1)?.extract).toBeGreaterThan(rows.at(-2)?.extract ?? 0);
      await expect(again(row)).rejects.toMatchObject({ code: 'dispatch-composed-already' });
      expect(await sentTo()).toHaveLength(rows.length);
    },
  );

  it('whose days were emptied since is sent empty', async () => {
    await rig.send(whole(a, dayAt('2026-01-01'), [2]));
    const [row] = await sentTo();
    await setState(row, 'refused');
    const empty = whole(a, dayAt('2026-01-01'), [0]);
    const extract = { text: 'y', at: rig.clock.now() };
    await rig.send({ ...empty, manifest: { ...empty.manifest, extract } });
    expect(await again(row)).toMatchObject([{ from: row?.from, to: row?.to, records: 0 }]);
  });

  it('is the only one composed again', async () => {
    await rig.send(whole(a, dayAt('2026-01-01'), [2]));
    const [row] = await sentTo();
    await expect(again(row)).rejects.toMatchObject({ code: 'dispatch-not-set-aside' });
    await setState(row, 'sent');
    await expect(again(row)).rejects.toMatchObject({ code: 'dispatch-not-set-aside' });
    expect(await sentTo()).toHaveLength(1);
  });
});
