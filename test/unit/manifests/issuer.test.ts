import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Destination } from '../../../receiver/forward/destination.ts';
import { createCourier, manifestFile } from '../../../receiver/forward/manifests/courier.ts';
import { createIssuer, type Issuer } from '../../../receiver/forward/manifests/issuer.ts';
import { createDirectoryDestination } from '../../../receiver/forward/transports/directory.ts';
import type { ManifestStatement } from '../../../shared/protocol/manifest-statement.ts';
import { transient } from '../../../shared/runtime/errors.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { openRig, readableFormat, targetOf, type Rig } from '../apply/rig.ts';
import { dayAt, running, visit, whole } from '../calendar/kit.ts';
import { quiet } from '../receiver/lab.ts';

const a = '990000010';
const national = 'national';
const minute = 60_000;
const at = (text: string): number => Date.parse(text);

let rig: Rig & { close(): Promise<void> };
let folder: string;
beforeEach(async () => {
  rig = await openRig({ facility: a });
  folder = await mkdtemp(join(tmpdir(), 'vgm-manifests-'));
  rig.clock.set(at('2026-01-10T10:00:00Z'));
});
afterEach(async () => {
  await rig.close();
  await rm(folder, { recursive: true });
});

/** Not signed by anybody: what matters here is when. */
const unsigned = async (statement: ManifestStatement): Promise<string> =>
  ['{"alg":"none"}', JSON.stringify(statement), '']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

function issuer(): Issuer {
  return createIssuer({
    ...{ store: rig.store, clock: rig.clock, logger: quiet, sign: unsigned, onIssued: () => undefined },
    stated: {
      ...{ region: 'Region', owner: undefined, cutOff: '04:00' },
      target: targetOf(national, readableFormat('ed-visits')),
    },
  });
}

const rows = () => rig.store.read((tx) => tx.manifests.list(national, 0, 1000));
const issued = async () => (await rows()).map(({ serial, day }) => `${serial} ${dayToIso(day)}`);
async function stepAt(one: Issuer, when: string | number): Promise<void> {
  rig.clock.set(typeof when === 'number' ? when : at(when));
  await one.step();
}

describe('the manifests of a destination', () => {
  it('begin with the first cut-off after it was there, one a day', async () => {
    await rig.send(whole(a, dayAt('2026-01-05'), [1, 1, 1, 1, 1]));
    const one = issuer();
    await stepAt(one, '2026-01-10T12:00:00Z');
    await stepAt(one, '2026-01-11T02:59:59Z');
    expect(await issued()).toEqual([]);
    await stepAt(one, '2026-01-11T03:00:00Z');
    expect(await issued()).toEqual(['1 2026-01-10']);
    for (const when of ['2026-01-11T09:00:00Z', '2026-01-12T02:00:00Z']) await stepAt(one, when);
    expect(await issued()).toHaveLength(1);
    await stepAt(one, '2026-01-12T03:00:00Z');
    expect(await issued()).toEqual(['1 2026-01-10', '2 2026-01-11']);
  });

  it('make up the days missed while the receiver was down, seven at most', async () => {
    await stepAt(issuer(), '2026-01-10T12:00:00Z');
    await stepAt(issuer(), '2026-01-14T12:00:00Z');
    expect(await issued()).toEqual(['1 2026-01-10', '2 2026-01-11', '3 2026-01-12', '4 2026-01-13']);
    await stepAt(issuer(), '2026-02-14T12:00:00Z');
    expect((await issued()).slice(4)).toEqual(
      ['07', '08', '09', '10', '11', '12', '13'].map((day, index) => `${index + 5} 2026-02-${day}`),
    );
  });

  it('are issued again a minute after a change, once for all that changed meanwhile, and not for nothing', async () => {
    const one = issuer();
    await stepAt(one, '2026-01-10T12:00:00Z');
    await stepAt(one, '2026-01-11T03:00:00Z');
    await stepAt(one, '2026-01-11T05:00:00Z');
    rig.clock.set(at('2026-01-11T05:00:00Z'));
    await rig.send(whole(a, dayAt('2026-01-10'), [2]));
    const changed = rig.clock.now();
    await stepAt(one, changed);
    await rig.send({ bodies: [visit(a, dayAt('2026-01-10'), 30)] });
    await stepAt(one, changed + minute - 1);
    expect(await issued()).toHaveLength(1);
    await stepAt(one, changed + minute);
    expect(await issued()).toEqual(['1 2026-01-10', '2 2026-01-10']);
    const [first, second] = (await rows()).map((row) => manifestFile(row).content.toString());
    expect(first).toContain('"state": "absent"');
    expect(second).toMatch(/"state": "late",\s+"records": 3/);
    // Of another day, and of no day at all.
    await rig.send(whole(a, dayAt('2026-01-02'), [1]));
    for (const later of [5, 10, 60, 120]) await stepAt(one, rig.clock.now() + later * minute);
    expect(await issued()).toHaveLength(2);
    // Nor does another process issue what has been said.
    await stepAt(issuer(), rig.clock.now() + minute);
    expect(await issued()).toHaveLength(2);
  });

  it('of a day that keeps changing come less and less often', async () => {
    const one = issuer();
    await stepAt(one, '2026-01-10T12:00:00Z');
    const from = at('2026-01-11T05:00:00Z');
    await stepAt(one, from);
    const times: number[] = [];
    for (let n = 1; n <= 240; n += 1) {
      await rig.store.transaction((tx) =>
        tx.facilities.put({ finess: a, name: `A${n}`, key: Buffer.alloc(32, 3), addedAt: 1 }),
      );
      await stepAt(one, from + n * minute);
      if ((await issued()).length > times.length + 1) times.push(n);
    }
    // A minute after the change, then a minute more each time.
    expect(times.slice(0, 4)).toEqual([2, 4, 7, 11]);
    expect(times.length).toBeLessThan(25);
    // The last change is said, too.
    await stepAt(one, from + 320 * minute);
    expect(manifestFile((await rows()).at(-1) ?? fail()).content.toString()).toContain('"name": "A240"');
  });

  it('rest after seven days, and what later ones replaced goes', async () => {
    const one = issuer();
    await stepAt(one, '2026-01-10T12:00:00Z');
    await stepAt(one, '2026-01-11T03:00:00Z');
    await stepAt(one, '2026-01-11T05:00:00Z');
    await rig.send(whole(a, dayAt('2026-01-10'), [2]));
    await stepAt(one, rig.clock.now());
    await stepAt(one, rig.clock.now() + minute);
    expect(await issued()).toEqual(['1 2026-01-10', '2 2026-01-10']);
    await stepAt(one, '2026-01-25T12:00:00Z');
    expect((await issued())[0]).toBe('2 2026-01-10');
    const before = await issued();
    await rig.send({ bodies: [visit(a, dayAt('2026-01-10'), 31)] });
    await stepAt(one, rig.clock.now());
    await stepAt(one, rig.clock.now() + minute);
    expect(await issued()).toEqual(before);
  });
});

function fail(): never {
  throw new Error('there is none');
}

describe('a manifest delivered with the files', () => {
  const courier = (destination: Destination) =>
    createCourier({
      ...{ destination, store: rig.store, clock: rig.clock, random: systemRandom, logger: quiet },
      retry: { firstMs: 10, maxMs: 100 },
    });
  const directory = () => createDirectoryDestination({ name: national, directory: folder });
  const visible = async () => (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  const rest = async (of: ReturnType<typeof courier>): Promise<void> => {
    for (let steps = 0; (await of.step(running)) && steps < 100; steps += 1);
  };

  it('is one file, whose statement and proof are those issued', async () => {
    const one = issuer();
    await stepAt(one, '2026-01-10T12:00:00Z');
    await stepAt(one, '2026-01-13T12:00:00Z');
    await rest(courier(directory()));
    expect(await visible()).toEqual(
      ['20260110_1', '20260111_2', '20260112_3'].map((name) => `M_national_${name}.json`),
    );
    const text = await readFile(join(folder, 'M_national_20260111_2.json'), 'utf8');
    const [, second] = await rows();
    expect(JSON.parse(text)).toMatchObject({ manifest: { day: '2026-01-11', serial: 2 }, jws: second?.jws });
    await rest(courier(directory()));
    expect(await rig.store.read((tx) => tx.manifests.delivered(national))).toBe(3);
  });

  it('leaves out those that a later one of the day replaced', async () => {
    const one = issuer();
    await stepAt(one, '2026-01-10T12:00:00Z');
    await stepAt(one, '2026-01-11T03:00:00Z');
    await stepAt(one, '2026-01-11T05:00:00Z');
    await rig.send(whole(a, dayAt('2026-01-10'), [2]));
    await stepAt(one, rig.clock.now());
    await stepAt(one, rig.clock.now() + minute);
    await rest(courier(directory()));
    expect(await visible()).toEqual(['M_national_20260110_2.json']);
  });

  it('goes on where a fault stopped it, and leaves alone a destination that is down or paused', async () => {
    const one = issuer();
    await stepAt(one, '2026-01-10T12:00:00Z');
    await stepAt(one, '2026-01-13T12:00:00Z');
    const real = directory();
    let passing = 1;
    let opened = 0;
    const failing: Destination = {
      ...real,
      open: async () => {
        opened += 1;
        await real.open();
      },
      deliver: async (files, signal) => {
        const { delivered } = await real.deliver(files.slice(0, passing), signal);
        return { delivered, fault: delivered < files.length ? transient('delivery-unavailable') : undefined };
      },
    };
    const carrying = courier(failing);
    await expect(carrying.step(running)).rejects.toMatchObject({ code: 'delivery-unavailable' });
    expect(await visible()).toEqual(['M_national_20260110_1.json']);
    const put = (change: object): Promise<void> =>
      rig.store.transaction((tx) =>
        tx.destinations.put({
          ...{ name: national, breaker: 'closed', failures: 0, nextAttemptAt: 0, code: null, since: 0 },
          ...{ pausedBy: null, pausedAt: null },
          ...change,
        }),
      );
    passing = 10;
    await put({ breaker: 'open', nextAttemptAt: rig.clock.now() + 1 });
    await rest(carrying);
    await put({ pausedBy: 'P', pausedAt: 1 });
    await rest(carrying);
    expect(opened).toBe(1);
    await put({});
    await rest(carrying);
    expect(await visible()).toHaveLength(3);
  });

  it('whose name is taken by something else is passed over, not waited for', async () => {
    const one = issuer();
    await stepAt(one, '2026-01-10T12:00:00Z');
    await stepAt(one, '2026-01-13T12:00:00Z');
    await writeFile(join(folder, 'M_national_20260111_2.json'), 'something else');
    const carrying = courier(directory());
    await expect(carrying.step(running)).rejects.toMatchObject({ code: 'delivery-name-taken' });
    await rest(carrying);
    expect(await visible()).toHaveLength(3);
    expect(await readFile(join(folder, 'M_national_20260111_2.json'), 'utf8')).toBe('something else');
  });
});
