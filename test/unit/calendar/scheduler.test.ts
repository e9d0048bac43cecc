import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import { openRig, readableFormat, targetOf, type Rig } from '../apply/rig.ts';
import { calendarTarget, dayAt, dispatchesTo, rest, running, schedulerOn, visit, whole } from './kit.ts';

const [a, b, c] = ['990000010', '990000028', '990000036'] as const;
const weekly = 'weekly';

let rig: Rig & { close(): Promise<void> };
let others: readonly Rig[];
beforeEach(async () => {
  rig = await openRig({ facility: a });
  others = [
    await openRig({ facility: b, store: rig.store }),
    await openRig({ facility: c, store: rig.store }),
  ];
});
afterEach(() => rig.close());

const at = (text: string): number => Date.parse(text);
const shown = async (destination = weekly) =>
  (await dispatchesTo(rig.store, destination)).map(
    ({ facility, from, to, records }) => `${facility} ${dayToIso(from)}..${dayToIso(to)} ${records}`,
  );
const lastRun = (destination = weekly) => rig.store.read((tx) => tx.destinations.lastRun(destination));

const lastRunBy = (text: string, destination = weekly) =>
  rig.store.read((tx) => tx.destinations.lastRun(destination, at(text)));

/** Facilities a and b hold the first ten days of January 2026, c holds nothing. */
async function januaryHeld(): Promise<void> {
  for (const [each, facility] of [
    [rig, a],
    [others[0], b],
  ] as const) {
    each?.clock.set(at('2026-01-11T05:00:00Z'));
    await each?.send(
      whole(
        facility,
        dayAt('2026-01-01'),
        Array.from({ length: 10 }, () => 3),
      ),
    );
  }
}

describe('a calendar', () => {
  it('composes the window of every facility that holds something, when it is due and not before', async () => {
    await januaryHeld();
    rig.clock.set(at('2026-01-11T12:00:00Z'));
    const scheduler = schedulerOn(rig, calendarTarget(weekly), { cron: '30 4 * * 1' });
    await rest(scheduler);
    expect(await shown()).toEqual([]);
    rig.clock.set(at('2026-01-12T03:29:59Z'));
    await rest(scheduler);
    expect(await shown()).toEqual([]);
    rig.clock.set(at('2026-01-12T03:30:00Z'));
    await rest(scheduler);
    // Of the 11th nothing is known: nothing is said of it.
    expect(await shown()).toEqual([`${a} 2026-01-05..2026-01-10 18`, `${b} 2026-01-05..2026-01-10 18`]);
    expect(await lastRun()).toMatchObject({ dueAt: at('2026-01-12T03:30:00Z'), facilities: 2, files: 2 });
    await rest(scheduler);
    expect(await shown()).toHaveLength(2);
  });

  it('says in each dispatch why it was composed, and from which exports', async () => {
    await januaryHeld();
    const { id } = await rig.send({ bodies: [visit(a, dayAt('2026-01-10'), 50)] });
    rig.clock.set(at('2026-01-11T12:00:00Z'));
    const scheduler = schedulerOn(rig, calendarTarget(weekly), { cron: '30 4 * * 1' });
    await rest(scheduler);
    rig.clock.set(at('2026-01-12T04:00:00Z'));
    await rest(scheduler);
    const [first] = await dispatchesTo(rig.store, weekly);
    expect(first).toMatchObject({ cause: 'schedule', export: null, state: 'waiting', records: 19 });
    const sources = await rig.store.read((tx) => tx.dispatches.sources(first?.id ?? 0));
    expect(sources).toHaveLength(2);
    expect(sources).toContain(id);
  });

  it('cuts a large window into files between days', async () => {
    await januaryHeld();
    rig.clock.set(at('2026-01-11T12:00:00Z'));
    const scheduler = schedulerOn(rig, calendarTarget(weekly, 7), {
      ...{ cron: '30 4 * * 1', window: { since: 'year' } },
    });
    await rest(scheduler);
    rig.clock.set(at('2026-01-12T04:00:00Z'));
    await rest(scheduler);
    expect((await shown()).filter((line) => line.startsWith(a))).toEqual([
      `${a} 2026-01-01..2026-01-02 6`,
      `${a} 2026-01-03..2026-01-04 6`,
      `${a} 2026-01-05..2026-01-06 6`,
      `${a} 2026-01-07..2026-01-08 6`,
      `${a} 2026-01-09..2026-01-10 6`,
    ]);
  });

  it('sends empty a day that was emptied, even when nothing is left', async () => {
    rig.clock.set(at('2026-01-11T05:00:00Z'));
    await rig.send(whole(a, dayAt('2026-01-10'), [2]));
    const emptied = whole(a, dayAt('2026-01-10'), [0]);
    await rig.send({
      ...emptied,
      manifest: { ...emptied.manifest, extract: { text: 'y', at: rig.clock.now() } },
    });
    const target = calendarTarget(weekly);
    const scheduler = schedulerOn(rig, target, { cron: '30 4 * * *', window: { days: 2 } });
    await rest(scheduler);
    rig.clock.set(at('2026-01-12T04:00:00Z'));
    await rest(scheduler);
    expect(await shown()).toEqual([`${a} 2026-01-10..2026-01-10 0`]);
    // Two days later the window has left it behind.
    rig.clock.set(at('2026-01-13T04:00:00Z'));
    await rest(scheduler);
    expect(await shown()).toHaveLength(1);
    expect(await lastRun()).toMatchObject({ facilities: 0, files: 0 });
  });

  it('goes on with the facilities that are missing after it died, and sends none twice', async () => {
    await januaryHeld();
    others[1]?.clock.set(at('2026-01-11T05:00:00Z'));
    await others[1]?.send(whole(c, dayAt('2026-01-09'), [1, 1]));
    rig.clock.set(at('2026-01-11T12:00:00Z'));
    await rest(schedulerOn(rig, calendarTarget(weekly), { cron: '30 4 * * 1' }));
    rig.clock.set(at('2026-01-12T03:30:00Z'));
    const killed = schedulerOn(rig, calendarTarget(weekly), { cron: '30 4 * * 1' });
    await killed.step(running);
    expect(await shown()).toHaveLength(1);
    expect(await lastRun()).toBeUndefined();

    // Another process, later; what it already composed changed meanwhile.
    rig.clock.set(at('2026-01-12T06:00:00Z'));
    await rig.send({ bodies: [visit(a, dayAt('2026-01-10'), 50)] });
    await rest(schedulerOn(rig, calendarTarget(weekly), { cron: '30 4 * * 1' }));
    expect(await shown()).toEqual([
      `${a} 2026-01-05..2026-01-10 18`,
      `${b} 2026-01-05..2026-01-10 18`,
      `${c} 2026-01-09..2026-01-10 2`,
    ]);
    expect(await lastRun()).toMatchObject({ dueAt: at('2026-01-12T03:30:00Z'), facilities: 3, files: 3 });
  });

  it('composes nothing by half: a facility whose transaction fails is done again, whole', async () => {
    await januaryHeld();
    rig.clock.set(at('2026-01-11T12:00:00Z'));
    let broken = true;
    const format = readableFormat('ed-visits', 7);
    const target = {
      ...targetOf(weekly, format),
      atOnce: false,
      formatAt: () => ({
        ...format,
        compose: (input: Parameters<typeof format.compose>[0]) => {
          if (broken && dayToIso(input.to) === '2026-01-10') throw new Error('disk full');
          return format.compose(input);
        },
      }),
    };
    const scheduler = schedulerOn(rig, target, { cron: '30 4 * * 1' });
    await rest(scheduler);
    rig.clock.set(at('2026-01-12T04:00:00Z'));
    await expect(rest(scheduler)).rejects.toThrow('disk full');
    expect(await shown()).toEqual([]);
    broken = false;
    await rest(scheduler);
    expect(await shown()).toHaveLength(6);
  });

  it('makes up one missed run, the latest, with its own window', async () => {
    await januaryHeld();
    rig.clock.set(at('2026-01-08T12:00:00Z'));
    await rest(schedulerOn(rig, calendarTarget(weekly), { cron: '30 4 * * *', window: { days: 1 } }));
    // Down from then to the afternoon of the 11th.
    rig.clock.set(at('2026-01-11T14:00:00Z'));
    await rest(schedulerOn(rig, calendarTarget(weekly), { cron: '30 4 * * *', window: { days: 1 } }));
    expect(await shown()).toEqual([`${a} 2026-01-10..2026-01-10 3`, `${b} 2026-01-10..2026-01-10 3`]);
    expect(await lastRun()).toMatchObject({ dueAt: at('2026-01-11T03:30:00Z') });
    await rest(schedulerOn(rig, calendarTarget(weekly), { cron: '30 4 * * *', window: { days: 1 } }));
    expect(await shown()).toHaveLength(2);
  });

  it('goes on when the clock, once years ahead, is put right', async () => {
    await januaryHeld();
    const settings = { cron: '30 4 * * *', window: { days: 1 } } as const;
    rig.clock.set(at('2026-01-10T12:00:00Z'));
    const scheduler = schedulerOn(rig, calendarTarget(weekly), settings);
    await rest(scheduler);
    rig.clock.set(at('2031-01-10T12:00:00Z'));
    await rest(scheduler);
    const newcomer = schedulerOn(rig, calendarTarget('newcomer'), settings);
    await rest(newcomer);
    rig.clock.set(at('2026-01-10T12:01:00Z'));
    for (const each of [scheduler, newcomer]) await rest(each);
    rig.clock.set(at('2026-01-11T05:00:00Z'));
    for (const each of [scheduler, newcomer]) await rest(each);
    const tenth = [`${a} 2026-01-10..2026-01-10 3`, `${b} 2026-01-10..2026-01-10 3`];
    expect([await shown(), await shown('newcomer')]).toEqual([tenth, tenth]);
    // Restarted, too: nothing twice, nothing missed.
    const restarted = schedulerOn(rig, calendarTarget(weekly), settings);
    await rest(restarted);
    expect(await shown()).toHaveLength(2);
    rig.clock.set(at('2026-01-12T05:00:00Z'));
    for (const each of [restarted, newcomer]) await rest(each);
    expect(await shown('newcomer')).toHaveLength(2);
    expect(await lastRunBy('2026-01-12T05:00:00Z')).toMatchObject({ dueAt: at('2026-01-12T03:30:00Z') });
  });

  it('owes a new destination nothing of what was due before it was there', async () => {
    await januaryHeld();
    rig.clock.set(at('2026-01-12T12:00:00Z'));
    const settings = { cron: '30 4 * * *' };
    await rest(schedulerOn(rig, calendarTarget('newcomer'), settings));
    // Restarted before its first due time: it was there already.
    rig.clock.set(at('2026-01-13T02:00:00Z'));
    await rest(schedulerOn(rig, calendarTarget('newcomer'), settings));
    expect(await shown('newcomer')).toEqual([]);
    rig.clock.set(at('2026-01-13T05:00:00Z'));
    await rest(schedulerOn(rig, calendarTarget('newcomer'), settings));
    expect(await shown('newcomer')).toHaveLength(2);
  });

  it.each([
    ['skipped', '2026-03-28T12:00:00Z', ['2026-03-29T02:30', '2026-03-30T02:30']],
    ['repeated', '2026-10-24T12:00:00Z', ['2026-10-25T03:30', '2026-10-26T03:30']],
  ])('sends once on the night when an hour is %s', async (_which, from, due) => {
    rig.clock.set(at(from));
    const scheduler = schedulerOn(rig, calendarTarget(weekly), { cron: '30 4 * * *' });
    const ran = new Set<string>();
    for (let now = at(from); now < at(from) + 44 * 3_600_000; now += 600_000) {
      rig.clock.set(now);
      await rest(scheduler);
      const last = await lastRun();
      if (last !== undefined) ran.add(new Date(last.dueAt).toISOString().slice(0, 16));
    }
    expect([...ran]).toEqual(due);
  });

  it('serves only the facilities its destination takes, and lets others work between two', async () => {
    await januaryHeld();
    rig.clock.set(at('2026-01-11T12:00:00Z'));
    const target = { ...calendarTarget(weekly), takes: (facility: string) => facility === b };
    const scheduler = schedulerOn(rig, target, { cron: '30 4 * * *' });
    await rest(scheduler);
    rig.clock.set(at('2026-01-12T04:00:00Z'));
    let turns = 0;
    const others = setImmediate(() => (turns += 1));
    await rest(scheduler);
    clearImmediate(others);
    expect(turns).toBe(1);
    expect(await shown()).toEqual([`${b} 2026-01-05..2026-01-10 18`]);
  });
});
