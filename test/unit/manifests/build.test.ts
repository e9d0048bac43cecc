import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  buildManifest,
  cutOffAt,
  manifestDigest,
  type StatedDestination,
} from '../../../receiver/forward/manifests/build-manifest.ts';
import { bedAvailability } from '../../../shared/feeds/bed-availability.ts';
import { manifestStatement, type StatedFacility } from '../../../shared/protocol/manifest-statement.ts';
import { agent, openRig, readableFormat, targetOf, type Rig } from '../apply/rig.ts';
import { dayAt, dispatchesTo, visit, whole } from '../calendar/kit.ts';

const [a, b, c] = ['990000010', '990000028', '990000036'] as const;
const day = dayAt('2026-01-10');
const stated: StatedDestination = {
  ...{ region: 'Region', owner: 'Agency', cutOff: '04:00' },
  target: targetOf('national', readableFormat('ed-visits')),
};
const early = Date.parse('2026-01-11T01:00:00Z');
const cutOff = Date.parse('2026-01-11T03:00:00Z');

let rig: Rig & { close(): Promise<void> };
let second: Rig;
beforeEach(async () => {
  rig = await openRig({ facility: a });
  second = await openRig({ facility: b, store: rig.store });
  await rig.store.transaction(async (tx) => {
    await tx.facilities.put({ finess: c, name: 'C', key: Buffer.alloc(32, 3), addedAt: 1 });
    await tx.agents.put({ id: agent, name: 'A', status: 'active', facilities: [], createdAt: 1 });
  });
  for (const each of [rig, second]) each.clock.set(early);
});
afterEach(() => rig.close());

const build = (of = stated, on = day) => rig.store.read((tx) => buildManifest(tx, of, on, rig.clock.now()));
async function facility(finess: string, of = stated, on = day): Promise<StatedFacility> {
  const found = (await build(of, on)).facilities.find((each) => each.finess === finess);
  if (found === undefined) throw new Error('not stated');
  return found;
}
const notice = (kind: 'closed' | 'degraded', of: string): Promise<number> =>
  rig.store.transaction((tx) =>
    tx.notices.add({ facility: of, kind, from: day, to: day, reason: 'works', person: 'P', at: 1 }),
  );

describe('a manifest', () => {
  it('states every facility, what is missing as well as what is there', async () => {
    await rig.send(whole(a, day, [3]));
    const content = await build();
    expect(manifestStatement.safeParse({ ...content, issuedAt: 1, serial: 1 }).success).toBe(true);
    expect(content).toMatchObject({
      ...{ region: 'Region', destination: 'national', owner: 'Agency', feed: 'ed-visits', day: '2026-01-10' },
      ...{ cutOff: '04:00', formats: ['readable 1'] },
    });
    const [file] = await dispatchesTo(rig.store, 'national');
    expect(content.facilities).toEqual([
      {
        ...{ finess: a, name: 'A', expected: true, state: 'received', records: 3 },
        lastReceptionAt: expect.any(Number) as number,
        files: [
          {
            ...{ name: file?.name, digest: file?.digest, from: '2026-01-10', to: '2026-01-10', records: 3 },
            ...{ state: 'waiting', sentAt: null, acknowledgedAt: null },
          },
        ],
      },
      {
        finess: b,
        name: 'A',
        expected: false,
        state: 'absent',
        records: 0,
        lastReceptionAt: null,
        files: [],
      },
      {
        finess: c,
        name: 'C',
        expected: false,
        state: 'absent',
        records: 0,
        lastReceptionAt: null,
        files: [],
      },
    ]);
    expect(content.totals).toEqual({
      ...{ facilities: 3, expected: 1, received: 1, late: 0, absent: 0, held: 0, closed: 0, degraded: 0 },
      ...{ records: 3, files: 1 },
    });
  });

  it('expects a facility that sent something before, or has an agent', async () => {
    await second.send(whole(b, dayAt('2026-01-05'), [1]));
    expect(await facility(b)).toMatchObject({ expected: true, state: 'absent' });
    const newcomer = { id: '01980000-0000-7000-8000-000000000009', name: 'N', createdAt: 1, facilities: [c] };
    await rig.store.transaction((tx) => tx.agents.put({ ...newcomer, status: 'invited' }));
    expect(await facility(c)).toMatchObject({ expected: false });
    await rig.store.transaction((tx) => tx.agents.setStatus(newcomer.id, 'active', 2));
    expect(await facility(c)).toMatchObject({ expected: true, state: 'absent' });
    expect((await build()).totals).toMatchObject({ expected: 2, absent: 2 });
  });

  it('says late of what came after the cut-off, also once it was corrected', async () => {
    rig.clock.set(cutOff - 3_600_000);
    await rig.send(whole(a, day, [1]));
    expect((await facility(a)).state).toBe('received');
    second.clock.set(cutOff);
    await second.send(whole(b, day, [1]));
    expect((await facility(b)).state).toBe('late');
    await rig.send({ bodies: [visit(a, day, 30)] });
    expect(await facility(a)).toMatchObject({ state: 'received', records: 2 });
    await second.send({ bodies: [visit(b, day, 30)] });
    expect(await facility(b)).toMatchObject({ state: 'late', records: 2 });
    expect((await facility(b, { ...stated, cutOff: '23:00' })).state).toBe('received');
  });

  it('takes a trusted day without visits for received', async () => {
    await rig.send(whole(a, day, [0]));
    expect(await facility(a)).toMatchObject({ state: 'received', records: 0, files: [] });
  });

  it('says held while a decision is open for the day', async () => {
    await rig.send(whole(a, day, [20]));
    rig.clock.set(cutOff);
    const fewer = whole(a, day, [2]);
    const { id, receipt } = await rig.send({
      ...fewer,
      manifest: { ...fewer.manifest, extract: { text: 'y', at: cutOff } },
    });
    expect(receipt.hold).toBe('removals');
    expect(await facility(a)).toMatchObject({ state: 'held', records: 20 });
    expect((await facility(a, stated, dayAt('2026-01-11'))).state).not.toBe('held');
    await rig.decider.decide({ export: id }, 'keep');
    expect((await facility(a)).state).toBe('received');
  });

  it('says held while an export that touches the day waits for a decision', async () => {
    await rig.send(whole(a, day, [1]));
    const { receipt } = await rig.send({ ...whole(a, day, [2]), source: 'another', staged: true });
    expect(receipt.hold).toBe('second-source');
    expect((await facility(a)).state).toBe('held');
    expect((await facility(a, stated, dayAt('2026-01-09'))).state).toBe('absent');
  });

  it('says closed of a facility that announced it and sent nothing, degraded of one that sends what it can', async () => {
    await notice('closed', a);
    await notice('degraded', b);
    expect((await facility(a)).state).toBe('closed');
    expect((await facility(b)).state).toBe('degraded');
    await rig.send(whole(a, day, [1]));
    await second.send(whole(b, day, [1]));
    expect((await facility(a)).state).toBe('received');
    expect((await facility(b)).state).toBe('degraded');
    expect((await facility(b, stated, dayAt('2026-01-09'))).state).toBe('absent');
    expect((await build()).totals).toMatchObject({ expected: 2, received: 1, degraded: 1 });
  });

  it('says what a person declared on the pages, never what was counted by hand', async () => {
    const said = { reason: 'works', by: 'P', at: 1 };
    await rig.store.transaction(async (tx) => {
      await tx.care.closures.add({ facility: a, feed: 'ed-visits', from: day, to: day, ...said });
      await tx.care.closures.add({ facility: c, feed: 'bed-availability', from: day, to: day, ...said });
      await tx.care.degraded.start({ facility: b, from: day, ...said });
      await tx.care.handCounts.put({ facility: b, feed: 'ed-visits', day, count: 44, by: 'P', at: 1 });
    });
    expect((await facility(a)).state).toBe('closed');
    expect(await facility(b)).toMatchObject({ state: 'degraded', records: 0, files: [] });
    expect((await facility(c)).state).toBe('absent');
    expect(await dispatchesTo(rig.store, 'national')).toEqual([]);
  });

  it('shows how far the latest file of the day has come', async () => {
    await rig.send(whole(a, day, [1]));
    await rig.send({ bodies: [visit(a, day, 30)] });
    const [, latest] = await dispatchesTo(rig.store, 'national');
    const move = (state: 'sending' | 'sent' | 'acknowledged', sentAt?: number): Promise<boolean> =>
      rig.store.transaction((tx) =>
        tx.dispatches.setDelivery(latest?.id ?? 0, ['waiting', 'sending', 'sent'], {
          ...{ state, attempts: 1, nextAttemptAt: 5, changedAt: 7, code: null },
          ...(sentAt === undefined ? {} : { sentAt }),
        }),
      );
    const files = async () => (await facility(a)).files;
    expect(await files()).toMatchObject([{ name: latest?.name, records: 2, state: 'waiting' }]);
    const before = manifestDigest(await build());
    await move('sending');
    expect(await files()).toMatchObject([{ state: 'waiting', sentAt: null }]);
    expect(manifestDigest(await build())).toBe(before);
    await move('sent', 6);
    expect(await files()).toMatchObject([{ state: 'sent', sentAt: 6, acknowledgedAt: null }]);
    await move('acknowledged');
    expect(await files()).toMatchObject([{ state: 'acknowledged', sentAt: 6, acknowledgedAt: 7 }]);
    expect(manifestDigest(await build())).not.toBe(before);
  });

  it('is the same when all that changed is another day', async () => {
    await rig.send(whole(a, day, [1]));
    const before = manifestDigest(await build());
    await rig.send({ bodies: [visit(a, dayAt('2026-01-08'), 1)] });
    expect(manifestDigest(await build())).toBe(before);
  });

  it('no longer expects a facility from the day on when it became another', async () => {
    await rig.send(whole(a, dayAt('2026-01-05'), [1]));
    await rig.store.transaction((tx) => tx.facilities.putAlias({ old: a, to: b, from: day }));
    expect((await facility(a, stated, dayAt('2026-01-09'))).expected).toBe(true);
    expect((await facility(a)).expected).toBe(false);
  });

  it('states only the facilities its destination takes', async () => {
    const content = await build({ ...stated, target: { ...stated.target, takes: (finess) => finess === b } });
    expect(content.facilities.map(({ finess }) => finess)).toEqual([b]);
  });

  it('of a snapshot feed names the last file before the cut-off, and rests when new states come', async () => {
    const beds = await openRig({ facility: a, feed: bedAvailability, store: rig.store });
    const of = { ...stated, target: targetOf('national', readableFormat('bed-availability')) };
    const row = (at: string, zoneId: string): string =>
      JSON.stringify({
        ...{ facility: a, zoneId, count: 1, assignment: '01' },
        observedAt: { text: '10/01/2026 10:00', at: Date.parse(at) },
      });
    const send = (bodies: readonly string[]) => beds.send({ bodies, manifest: { header: false } });
    beds.clock.set(Date.parse('2026-01-10T10:00:00Z'));
    await send([row('2026-01-10T09:00:00Z', 'x'), row('2026-01-10T09:00:00Z', 'y')]);
    const before = await facility(a, of);
    expect(before).toMatchObject({ state: 'received', records: 2, files: [{ records: 2 }] });
    beds.clock.set(Date.parse('2026-01-11T09:00:00Z'));
    await send([row('2026-01-11T09:30:00Z', 'x')]);
    expect({ ...(await facility(a, of)), lastReceptionAt: null }).toEqual({
      ...before,
      lastReceptionAt: null,
    });
  });
});

describe('a cut-off', () => {
  it('is the day after, in Paris, also in the night of a clock change', () => {
    expect(new Date(cutOffAt(day, '04:00')).toISOString()).toBe('2026-01-11T03:00:00.000Z');
    expect(new Date(cutOffAt(dayAt('2026-03-28'), '04:00')).toISOString()).toBe('2026-03-29T02:00:00.000Z');
    expect(new Date(cutOffAt(dayAt('2026-03-28'), '02:30')).toISOString()).toBe('2026-03-29T01:30:00.000Z');
    expect(new Date(cutOffAt(dayAt('2026-10-24'), '02:30')).toISOString()).toBe('2026-10-25T00:30:00.000Z');
  });
});
