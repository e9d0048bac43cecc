import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putAlias } from '../../../receiver/apply/alias.ts';
import { parseConfig } from '../../../receiver/config.ts';
import { createWatchRules } from '../../../receiver/monitor/settings.ts';
import { createWatcher, type Watcher } from '../../../receiver/monitor/watcher.ts';
import type { WatchedDestination } from '../../../receiver/monitor/region-facts.ts';
import { dayOfInstant, dayToIso, instantOf, type Day } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { agent, hourMs, openRig, type Rig } from '../apply/rig.ts';
import { dayAt, running, whole } from '../calendar/kit.ts';
import { quiet } from '../receiver/lab.ts';

const [a, b] = ['990000010', '990000028'] as const;
const feed = 'ed-visits';
const monday = dayAt('2026-06-01');

let rig: Rig & { close(): Promise<void> };
let monotonic = 0;
beforeEach(async () => {
  rig = await openRig({ facility: a });
  monotonic = 0;
});
afterEach(() => rig.close());

function watcherOn(destinations: readonly WatchedDestination[] = [], more = ''): Watcher {
  const { watching } = parseConfig(`state: s\nregion: r\n${more}`, '/r.yaml');
  const clock = { now: () => rig.clock.now(), monotonic: () => monotonic };
  return createWatcher({
    store: rig.store,
    clock,
    logger: quiet,
    destinations,
    rules: createWatchRules(watching),
  });
}
/** Hours after the day has ended, Paris. */
const after = (day: Day, hours: number): number => instantOf((day + 1) as Day, 0).at + hours * hourMs;

/** An export of one day, taken and received at these hours after its end. */
async function send(day: Day, visits: number, hours = 2): Promise<void> {
  // The rig's clock moves on by an hour with each export.
  rig.clock.set(after(day, hours) - hourMs);
  const { bodies, manifest } = whole(a, day, [visits]);
  await rig.send({ bodies, manifest: { ...manifest, extract: { text: 'x', at: after(day, hours) } } });
}

async function look(day: Day, hours: number, watcher = watcherOn()): Promise<void> {
  rig.clock.set(after(day, hours));
  await rig.store.transaction((tx) =>
    tx.agents.putHeartbeat(agent, rig.clock.now(), JSON.stringify({ paused: null, feeds: [] })),
  );
  while (await watcher.step(running));
}
const seen = (facility: string = a) =>
  rig.store.read(async (tx) =>
    (await tx.watch.states(0 as Day, 60_000 as Day))
      .filter((each) => each.facility === facility)
      .map(({ day, state, cause }) => `${dayToIso(day)} ${state} ${cause}`),
  );
const told = () =>
  rig.store.read(async (tx) =>
    (await tx.watch.transitions(0, 1000)).map(
      ({ facility, day, fromState, state, cause }) =>
        `${facility} ${dayToIso(day)} ${fromState} → ${state} ${cause}`,
    ),
  );

describe('the watching', () => {
  it('notes a silence when it is due, and its end, once each', async () => {
    await send(monday, 5);
    const watcher = watcherOn();
    const tuesday = (monday + 1) as Day;
    for (const hours of [3, 4.9, 5.1, 6, 7]) await look(tuesday, hours, watcher);
    await send(tuesday, 5, 9);
    await look(tuesday, 10, watcher);
    await look(tuesday, 11, watcher);
    expect(await told()).toEqual([
      `${a} 2026-06-02 null → silent source-silent`,
      `${a} 2026-06-02 silent → late source-silent`,
    ]);
    expect((await seen()).slice(-2)).toEqual(['2026-06-01 received null', '2026-06-02 late source-silent']);
  });

  it('keeps the grace and the hour of a facility of its own', async () => {
    await send(monday, 5);
    const rules = `watching: { graceMinutes: 0, facilities: { '${a}': { before: '08:00', graceMinutes: 30 } } }`;
    const watcher = watcherOn([], rules);
    const tuesday = (monday + 1) as Day;
    await look(tuesday, 8.4, watcher);
    expect(await told()).toEqual([]);
    await look(tuesday, 8.6, watcher);
    expect(await told()).toHaveLength(1);
  });

  it('tells nobody of what was long past when it first looked', async () => {
    await send(monday, 5);
    await look((monday + 10) as Day, 6);
    expect(await told()).toEqual([`${a} 2026-06-11 null → silent source-silent`]);
    expect(await seen()).toContain('2026-06-05 silent source-silent');
  });

  it('does not call late what a facility brings of the time before it was connected', async () => {
    rig.clock.set(after(monday, 100));
    await rig.send(whole(a, (monday - 5) as Day, [3, 3, 3, 3, 3, 3]));
    await look((monday + 4) as Day, 6);
    expect((await seen()).filter((each) => each.includes('late'))).toEqual([]);
  });

  it('sees a day cut short in the evening as partial, and as late once it is whole', async () => {
    await send(monday, 5);
    const tuesday = (monday + 1) as Day;
    await send(tuesday, 3, -5);
    await look(tuesday, 6);
    expect((await seen()).at(-1)).toBe('2026-06-02 partial source-silent');
    await send(tuesday, 5, 8);
    await look(tuesday, 9);
    expect((await seen()).at(-1)).toBe('2026-06-02 late source-silent');
  });

  it('expects the second part of a facility once it usually comes', async () => {
    for (let day = monday; day < monday + 10; day = (day + 1) as Day) {
      await send(day, 5);
      const { bodies, manifest } = whole(a, day, [2]);
      const extract = { text: 'x', at: after(day, 2) };
      await rig.send({ bodies, manifest: { ...manifest, extract }, part: '1', source: 'second' });
    }
    const last = (monday + 10) as Day;
    await send(last, 5);
    await look(last, 6);
    expect((await seen()).at(-1)).toBe('2026-06-11 partial source-silent');
    expect((await seen()).at(-2)).toBe('2026-06-10 received null');
  });

  it('keeps what a dead agent was missing for, after it has come back', async () => {
    await send(monday, 5);
    const tuesday = (monday + 1) as Day;
    rig.clock.set(after(tuesday, 5.5));
    while (await watcherOn().step(running));
    expect((await seen()).at(-1)).toBe('2026-06-02 silent agent-dead');
    await send((monday + 2) as Day, 5);
    await look((monday + 3) as Day, 6);
    expect(await seen()).toContain('2026-06-02 silent agent-dead');
  });

  it('holds a day of which an export was applied in no part', async () => {
    await send(monday, 5);
    await rig.store.transaction(async (tx) => {
      const [row] = await tx.exports.recent(1);
      if (row !== undefined) await tx.exports.update(row.id, { state: 'held' });
    });
    await look(monday, 6);
    expect((await seen()).at(-1)).toBe('2026-06-01 held held-by-guard');
  });

  it('says that a day is here and waits for a destination that somebody paused', async () => {
    await send(monday, 5);
    const destination = { name: 'national', feed };
    await look(monday, 6, watcherOn([destination]));
    expect((await seen()).at(-1)).toBe('2026-06-01 received null');
    await rig.store.transaction((tx) =>
      tx.destinations.put({
        ...{ name: 'national', breaker: 'closed', failures: 0, nextAttemptAt: 0, code: null, since: 0 },
        ...{ pausedBy: 'A', pausedAt: 1 },
      }),
    );
    await look(monday, 7, watcherOn([destination]));
    expect((await seen()).at(-1)).toBe('2026-06-01 received forward-blocked');
    expect(await told()).toEqual([`${a} 2026-06-01 received → received forward-blocked`]);
  });

  it('expects a renamed facility under its new number only, with the history of the old one', async () => {
    await openRig({ facility: b, store: rig.store });
    for (let day = (monday - 70) as Day; day < monday; day = (day + 1) as Day)
      await rig.store.transaction(async (tx) => {
        await tx.watch.putImported(a, feed, [{ day, count: 60, counts: null, extract: 1 }]);
      });
    await send(monday, 50);
    const sign = async (): Promise<string> => 'proof';
    const change = { old: a, to: b, from: (monday + 1) as Day };
    await putAlias(change, { ...rig, sign, random: systemRandom });
    await look((monday + 2) as Day, 6);
    expect((await seen(a)).at(-1)).toBe('2026-06-01 received null');
  });

  it('is fresh for five minutes after each evaluation', async () => {
    const watcher = watcherOn();
    monotonic = 5 * 60_000;
    expect(watcher.isFresh()).toBe(true);
    monotonic += 1;
    expect(watcher.isFresh()).toBe(false);
    await watcher.step(running);
    expect(watcher.isFresh()).toBe(true);
    expect(await rig.store.read((tx) => tx.watch.lastRun())).toBe(rig.clock.now());
  });
});

describe('the day an export was taken', () => {
  it('has ended at midnight of Paris, on every day of a year and at both clock changes', async () => {
    const scope = { facility: a, feed, part: '0' };
    const sum = [1, 0, 0, 0] as const;
    const wrong: string[] = [];
    for (let day = dayAt('2025-12-25'); day <= dayAt('2027-01-05'); day = (day + 1) as Day) {
      const midnight = instantOf((day + 1) as Day, 0).at;
      await rig.store.transaction(async (tx) => {
        const put = (extract: number) =>
          tx.records.putDay(scope, { day, count: 1, mark: { extract, reception: 1 }, sum });
        const settled = async () => (await tx.watch.arrivals(a, feed, day, day))[0]?.settledExtract;
        await put(midnight - 1);
        if ((await settled()) !== null) wrong.push(`${dayToIso(day)} before`);
        await put(midnight);
        if ((await settled()) !== midnight) wrong.push(`${dayToIso(day)} at`);
        await put(midnight + 5);
        if ((await settled()) !== midnight) wrong.push(`${dayToIso(day)} moved`);
      });
    }
    expect(wrong).toEqual([]);
    expect(dayOfInstant(rig.clock.now())).toBeGreaterThan(0);
  });
});
