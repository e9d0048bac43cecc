import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putAlias } from '../../../receiver/apply/alias.ts';
import { parseConfig } from '../../../receiver/config.ts';
import { createWatchRules } from '../../../receiver/monitor/settings.ts';
import { look } from '../../../receiver/monitor/look.ts';
import type { WatchedDay } from '../../../receiver/monitor/evaluate.ts';
import { createVolumeModels } from '../../../receiver/monitor/expected-volume.ts';
import { createWatcher } from '../../../receiver/monitor/watcher.ts';
import { instantOf, type Day } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { hourMs, openRig, type Rig } from '../apply/rig.ts';
import { dayAt, running, whole } from '../calendar/kit.ts';
import { quiet } from '../receiver/lab.ts';

const [a, b] = ['990000010', '990000028'] as const;
const feed = 'ed-visits';
const monday = dayAt('2026-06-01');

let rig: Rig & { close(): Promise<void> };
beforeEach(async () => {
  rig = await openRig({ facility: a });
});
afterEach(() => rig.close());

const rules = createWatchRules(parseConfig('state: s\nregion: r\n', '/r.yaml').watching);
const after = (day: Day, hours: number): number => instantOf((day + 1) as Day, 0).at + hours * hourMs;

async function send(day: Day, visits: number, hours = 2): Promise<void> {
  rig.clock.set(after(day, hours) - hourMs);
  const { bodies, manifest } = whole(a, day, [visits]);
  await rig.send({ bodies, manifest: { ...manifest, extract: { text: 'x', at: after(day, hours) } } });
}

/** What the watching notes when it looks after these days; the agent has been silent since. */
async function watchFrom(first: Day, to: Day): Promise<readonly string[]> {
  const clock = { now: () => rig.clock.now(), monotonic: () => 0 };
  const watcher = createWatcher({ store: rig.store, clock, logger: quiet, destinations: [], rules });
  for (let day = first; day <= to; day = (day + 1) as Day) {
    rig.clock.set(after(day, 6));
    while (await watcher.step(running));
  }
  return rig.store.read(async (tx) =>
    (await tx.watch.transitions(0, 100)).map(({ day, state }) => `${day - monday} ${state}`),
  );
}

async function judged(facility: string, day: Day): Promise<WatchedDay | undefined> {
  const deps = { store: rig.store, rules, models: createVolumeModels(), destinations: [] };
  const now = after(day, 6);
  const { pairs } = await look(deps, { from: day, to: day, now, budget: 1000 });
  return pairs.find(({ pair }) => pair.facility === facility && pair.feed === feed)?.days.at(-1);
}

const closed = (from: Day, to: Day, of: string | null = null) =>
  rig.store.transaction((tx) =>
    tx.care.closures.add({ facility: a, feed: of, from, to, reason: 'travaux', by: 'C', at: 1 }),
  );
const degraded = (from: Day) =>
  rig.store.transaction((tx) =>
    tx.care.degraded.start({ facility: a, from, reason: 'panne', by: 'C', at: 1 }),
  );
const day = (offset: number): Day => (monday + offset) as Day;

/** A year of ordinary days, as history, up to the day before `until`. */
async function history(facility: string, until: Day, perDay: number): Promise<void> {
  const days = Array.from({ length: 300 }, (_none, index) => ({
    ...{ day: (until - 300 + index) as Day, count: perDay + (index % 3), counts: null, extract: 1 },
  }));
  await rig.store.transaction((tx) => tx.watch.putImported(facility, feed, days));
}

describe('days that somebody declared', () => {
  it('closed, alert nobody however silent they are; the day after does', async () => {
    await send(monday, 5);
    await closed(day(1), day(2));
    const told = await watchFrom(monday, day(3));
    expect(told).toEqual(['3 silent']);
    expect(await judged(a, day(2))).toMatchObject({ state: 'closed', cause: null, missing: 0 });
  });

  it('closed, show visits that come all the same', async () => {
    await send(monday, 5);
    await closed(day(1), day(2));
    await send(day(1), 2);
    expect(await judged(a, day(1))).toMatchObject({ state: 'received', count: 2 });
  });

  it('closed for one feed only, close that feed only', async () => {
    await send(monday, 5);
    await closed(day(1), day(1), 'bed-availability');
    expect(await judged(a, day(1))).toMatchObject({ state: 'silent' });
    await closed(day(1), day(1), feed);
    expect(await judged(a, day(1))).toMatchObject({ state: 'closed' });
  });

  it('closed by mistake, are awaited again once that is withdrawn', async () => {
    await send(monday, 5);
    const id = await closed(day(1), day(1));
    await rig.store.transaction((tx) => tx.care.closures.withdraw(a, id, 5));
    expect(await judged(a, day(1))).toMatchObject({ state: 'silent' });
  });

  it('on paper, alert nobody as long as it goes on, and again from the first day after it', async () => {
    await send(monday, 5);
    await degraded(day(1));
    expect(await watchFrom(monday, day(4))).not.toContainEqual(
      expect.stringMatching(/silent|low|partial|late/),
    );
    expect(await judged(a, day(4))).toMatchObject({ state: 'degraded' });
    await rig.store.transaction((tx) => tx.care.degraded.stop(a, day(4)));
    expect(await judged(a, day(4))).toMatchObject({ state: 'degraded' });
    expect(await judged(a, day(5))).toMatchObject({ state: 'silent' });
  });

  it.each(['2026-03-29', '2026-10-25'])(
    'hold for a day of 23 or 25 hours as for any other: %s',
    async (iso) => {
      const change = dayAt(iso);
      await send((change - 1) as Day, 5);
      await closed(change, change);
      expect(await judged(a, change)).toMatchObject({ state: 'closed' });
      expect(await judged(a, (change + 1) as Day)).toMatchObject({ state: 'silent' });
    },
  );

  it('teach nothing: weeks on paper do not make few visits normal', async () => {
    await send((monday - 60) as Day, 5);
    await history(a, monday, 60);
    const usual = (await judged(a, day(1)))?.expected;
    expect(usual?.median).toBeGreaterThan(55);
    // Six weeks in which only a few visits were typed in.
    const thin = Array.from({ length: 42 }, (_none, index) => ({
      ...{ day: (monday - 42 + index) as Day, count: 3, counts: null, extract: 2 },
    }));
    await rig.store.transaction((tx) => tx.watch.putImported(a, feed, thin));
    expect((await judged(a, day(1)))?.expected?.median).toBeLessThan(55);
    await closed((monday - 42) as Day, (monday - 1) as Day);
    expect((await judged(a, day(1)))?.expected?.median).toBe(usual?.median);
  });
});

describe('a facility that continues another', () => {
  const rename = async (from: Day): Promise<void> => {
    await openRig({ facility: b, store: rig.store });
    await putAlias(
      { old: a, to: b, from },
      {
        ...{ store: rig.store, clock: rig.clock, random: systemRandom, targets: [] },
        sign: async () => 'proof',
      },
    );
  };

  it('is expected to have as many visits as the other had, imported history included', async () => {
    await send((monday - 60) as Day, 5);
    await history(a, monday, 60);
    await rename(monday);
    expect((await judged(b, day(1)))?.expected?.median).toBeGreaterThan(55);
  });

  it('that it merged with, is expected to have the visits of both', async () => {
    await send((monday - 60) as Day, 5);
    await history(a, monday, 60);
    await rename(monday);
    await history(b, monday, 40);
    expect((await judged(b, day(1)))?.expected?.median).toBeGreaterThan(95);
  });

  it('is held to what the other declared a year, until it declares for itself', async () => {
    await send(monday, 5);
    const declare = (facility: string, annual: number, at: number) =>
      rig.store.transaction((tx) => tx.watch.declare({ facility, feed, annual, at }));
    await declare(a, 36_500, 1);
    await rename(day(1));
    expect(await judged(b, day(1))).toMatchObject({ missing: 100 });
    await declare(b, 18_250, after(day(2), 0));
    expect(await judged(b, day(1))).toMatchObject({ missing: 50 });
  });

  it('teaches nothing by the other’s days on paper', async () => {
    await send((monday - 60) as Day, 5);
    await history(a, monday, 60);
    await closed((monday - 280) as Day, (monday - 1) as Day);
    await rename(monday);
    expect((await judged(b, day(1)))?.expected).toBeNull();
  });
});
