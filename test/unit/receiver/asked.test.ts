import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putAlias } from '../../../receiver/apply/alias.ts';
import { askDays } from '../../../receiver/care/ask-days.ts';
import { noteAnswers, tellAsked } from '../../../receiver/care/asked.ts';
import { followRequests, patienceMs } from '../../../receiver/care/follow-up.ts';
import type { DayRequest } from '../../../receiver/store/care-tables.ts';
import type { AskedDays } from '../../../shared/protocol/push.ts';
import { dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { agent, hourMs, openRig, type Rig } from '../apply/rig.ts';
import { dayAt, visit, whole } from '../calendar/kit.ts';

const [a, b] = ['990000010', '990000028'] as const;
const monday = dayAt('2026-06-01');
const camille = { kind: 'account', id: 'c', name: 'Camille' } as const;

let rig: Rig & { close(): Promise<void> };
beforeEach(async () => {
  rig = await openRig({ facility: a });
  rig.clock.set(Date.parse('2026-06-05T06:00:00Z'));
  await rig.send(whole(a, monday, [3, 3]));
});
afterEach(() => rig.close());

const day = (offset: number): Day => (monday + offset) as Day;
const ask = (from: number, to: number, facility: string = a): Promise<readonly number[]> =>
  askDays({ store: rig.store, clock: rig.clock }, camille, facility, {
    ...{ from: dayToIso(day(from)), to: dayToIso(day(to)), reason: 'jours vides' },
  });
const tell = (): Promise<AskedDays[]> => rig.store.transaction((tx) => tellAsked(tx, agent, rig.clock.now()));
const answer = (request: string, sent: readonly string[], absent: readonly string[]): Promise<void> =>
  rig.store.transaction((tx) =>
    noteAnswers(tx, agent, [{ request, sent: [...sent], absent: [...absent] }], rig.clock.now()),
  );
const follow = () => rig.store.transaction((tx) => followRequests(tx, rig.clock.now()));
const request = (id: number | undefined): Promise<DayRequest | undefined> =>
  rig.store.read((tx) => tx.care.requests.get(id ?? 0));
const later = (ms: number): void => {
  rig.clock.set(rig.clock.now() + ms);
};

describe('days asked of an agent', () => {
  it('are told at each heartbeat until it has answered, then no more', async () => {
    const [id] = await ask(0, 2);
    const [told] = await tell();
    expect(told).toMatchObject({
      ...{ facilities: [a], feed: 'ed-visits', part: '0' },
      days: ['2026-06-01', '2026-06-02', '2026-06-03'],
    });
    expect(await request(id)).toMatchObject({ state: 'told' });
    expect(await tell()).toEqual([told]);
    await answer(told?.request ?? '', ['2026-06-01'], ['2026-06-03']);
    expect(await tell()).toEqual([]);
  });

  it('are told to their own agent only, and answers of others about them mean nothing', async () => {
    const [id] = await ask(0, 0);
    const stranger = '01980000-0000-7000-8000-00000000ffff';
    expect(await rig.store.transaction((tx) => tellAsked(tx, stranger, 1))).toEqual([]);
    const [told] = await tell();
    const forged = { request: told?.request ?? '', sent: [], absent: ['2026-06-01'] };
    await rig.store.transaction((tx) => noteAnswers(tx, stranger, [forged], 1));
    await answer(`${id}.1`, [], ['2026-06-01']);
    expect(await follow()).toEqual([]);
    expect(await request(id)).toMatchObject({ state: 'told', answeredAt: null });
  });

  it('are refilled by an export that comes afterwards and covers them, whether or not it brings anything new', async () => {
    later(hourMs);
    const [id] = await ask(0, 1);
    await tell();
    expect(await follow()).toEqual([]);
    await rig.send(whole(a, monday, [3, 3]));
    expect(await follow()).toMatchObject([{ id, state: 'refilled' }]);
    expect(await request(id)).toMatchObject({ state: 'refilled', closedAt: rig.clock.now() });
  });

  it('are refilled by records of an export without a window, too', async () => {
    later(hourMs);
    const [id] = await ask(2, 2);
    await tell();
    await rig.send({ bodies: [visit(a, day(2), 1)] });
    expect(await follow()).toMatchObject([{ id, state: 'refilled' }]);
  });

  it('end in part when the agent has no file of some', async () => {
    later(hourMs);
    const [id] = await ask(0, 2);
    const [told] = await tell();
    await answer(told?.request ?? '', ['2026-06-01', '2026-06-02'], ['2026-06-03']);
    expect(await follow()).toEqual([]);
    await rig.send(whole(a, monday, [3, 3]));
    expect(await follow()).toMatchObject([{ id, state: 'partly' }]);
  });

  it('are given up at once when no file holds any, and after two weeks when nobody answers', async () => {
    const [none] = await ask(0, 0);
    const [told] = await tell();
    await answer(told?.request ?? '', [], ['2026-06-01']);
    expect(await follow()).toMatchObject([{ id: none, state: 'given-up' }]);
    const [unheard] = await ask(1, 1);
    later(patienceMs - 1);
    expect(await follow()).toEqual([]);
    later(2);
    expect(await follow()).toMatchObject([{ id: unheard, state: 'given-up' }]);
  });

  it('that are asked already are left to that request', async () => {
    await ask(1, 2);
    const ids = await ask(0, 3);
    const spans = await Promise.all(ids.map(async (id) => request(id)));
    expect(spans.map((each) => [(each?.from ?? 0) - monday, (each?.to ?? 0) - monday])).toEqual([
      [0, 0],
      [3, 3],
    ]);
    await expect(ask(0, 3)).rejects.toMatchObject({ code: 'care-asked-already' });
  });

  it('are asked under the numbers that the facility has had', async () => {
    await openRig({ facility: b, store: rig.store });
    await putAlias(
      { old: a, to: b, from: monday },
      {
        ...{ store: rig.store, clock: rig.clock, random: systemRandom, targets: [] },
        sign: async () => 'proof',
      },
    );
    later(hourMs);
    const [id] = await ask(0, 0, b);
    expect(await tell()).toMatchObject([{ facilities: [b, a] }]);
    await rig.send(whole(a, monday, [3, 3]));
    expect(await follow()).toMatchObject([{ id, state: 'refilled' }]);
  });

  it('of a facility that no agent feeds are refused', async () => {
    await openRig({ facility: b, store: rig.store });
    await expect(ask(0, 0, b)).rejects.toMatchObject({ code: 'care-nobody-to-ask' });
  });
});
