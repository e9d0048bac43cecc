import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { trustBundlePath } from '../../receiver/auth/trust-bundle-file.ts';
import { composeDispatches } from '../../receiver/forward/compose.ts';
import { dayOfInstant, type Day } from '../../shared/runtime/paris-time.ts';
import { openRig, readableFormat, targetOf, type Rig } from '../unit/apply/rig.ts';
import { dispatchesTo, whole } from '../unit/calendar/kit.ts';
import { createLab, type Lab } from '../unit/receiver/lab.ts';

const main = resolve(import.meta.dirname, '../../receiver/main.ts');
const facilities = ['990000010', '990000028', '990000036'] as const;
const dayMs = 86_400_000;

let lab: Lab;
let rigs: readonly Rig[];
const children: ChildProcess[] = [];

beforeEach(async () => {
  lab = await createLab();
  await writeFile(trustBundlePath(lab.folder), lab.bundle.jws);
  const yesterday = (dayOfInstant(Date.now()) - 1) as Day;
  rigs = await Promise.all(facilities.map((facility) => openRig({ facility, store: lab.store })));
  for (const [index, rig] of rigs.entries()) {
    rig.clock.set(Date.now() - dayMs);
    await rig.send(whole(facilities[index] ?? '', (yesterday - 2) as Day, [2, 1]));
  }
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await lab.close();
});

/** `destinations`: lines of YAML, each with a folder of its name. */
async function launch(
  destinations: Readonly<Record<string, string>>,
  crashAt?: string,
): Promise<ChildProcess> {
  const config = join(lab.folder, 'receiver.yaml');
  const listener = '{ host: 127.0.0.1, port: 0 }';
  const lines = Object.entries(destinations).map(
    ([name, more]) =>
      `  - { name: ${name}, feed: ed-visits, format: oscour-xml, transport: { kind: directory, folder: ${name} }${more} }\n`,
  );
  await writeFile(
    config,
    `state: .\nregion: Test region\nlisteners:\n` +
      `  ingest: ${listener}\n  enrolment: ${listener}\n  health: ${listener}\ndestinations:\n${lines.join('')}`,
  );
  await rm(join(lab.folder, 'listeners.json'), { force: true });
  const child = spawn(process.execPath, [main, 'serve', '--config', config], {
    env: { ...process.env, ...(crashAt === undefined ? {} : { VAGUEMESTRE_CRASH_AT: crashAt }) },
    stdio: 'ignore',
  });
  children.push(child);
  return child;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (await holds()) return;
    await wait(20);
  }
  throw new Error('it never came');
}

async function stopped(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

const filesOf = async (name: string): Promise<readonly string[]> =>
  existsSync(join(lab.folder, name)) ? readdir(join(lab.folder, name)) : [];

describe('a receiver with a calendar', () => {
  it('killed in the middle of a run sends every facility once for that due time', async () => {
    const calendar = { weekly: ', schedule: { kind: calendar, cron: "5 4 * * *", window: { days: 7 } }' };
    // It was there two days ago: of what was due since, the latest is made up.
    await lab.store.transaction((tx) => tx.calendars.putStart('weekly', Date.now() - 2 * dayMs));
    const dying = await launch(calendar, 'after-calendar-facility:2');
    expect((await once(dying, 'exit'))[1]).toBe('SIGKILL');
    expect(await dispatchesTo(lab.store, 'weekly')).toHaveLength(2);
    expect(await lab.store.read((tx) => tx.destinations.lastRun('weekly'))).toBeUndefined();

    const next = await launch(calendar);
    await until(async () => (await filesOf('weekly')).filter((name) => !name.startsWith('.')).length === 3);
    await until(async () => (await lab.store.read((tx) => tx.destinations.lastRun('weekly'))) !== undefined);
    await stopped(next);
    const rows = await dispatchesTo(lab.store, 'weekly');
    expect(rows.map(({ facility, cause, records }) => [facility, cause, records])).toEqual(
      facilities.map((facility) => [facility, 'schedule', 3]),
    );
    expect(await lab.store.read((tx) => tx.destinations.lastRun('weekly'))).toMatchObject({
      ...{ facilities: 3, files: 3 },
    });
  });

  it('gives a destination newly added nothing of the past, and every change from then on', async () => {
    const both = { national: '', newcomer: '' };
    const first = await launch({ national: '' });
    await until(async () => (await filesOf('national')).filter((name) => !name.startsWith('.')).length === 3);
    await stopped(first);
    const second = await launch(both);
    await until(async () => existsSync(join(lab.folder, 'listeners.json')));
    await stopped(second);
    expect(await filesOf('newcomer')).toEqual([]);
    expect(await dispatchesTo(lab.store, 'newcomer')).toEqual([]);
    // A change from now on is for both: its own day, and no other.
    const day = (dayOfInstant(Date.now()) - 2) as Day;
    await lab.store.transaction((tx) =>
      composeDispatches(
        tx,
        {
          ...{ facility: facilities[0], feed: 'ed-visits', replacement: 'window', days: [day], export: null },
          ...{ cause: 'decision', now: Date.now() },
        },
        ['national', 'newcomer'].map((name) => targetOf(name, readableFormat('ed-visits'))),
      ),
    );
    expect(await dispatchesTo(lab.store, 'national')).toHaveLength(4);
    expect(await dispatchesTo(lab.store, 'newcomer')).toMatchObject([{ from: day, to: day, records: 1 }]);
  });
});
