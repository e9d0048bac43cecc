import { describe, expect, it, onTestFinished } from 'vitest';
import { readiness, type Readiness } from '../../../receiver/forward/formats/readiness.ts';
import { openRig, type Rig } from '../apply/rig.ts';
import { visitOf, type Values } from '../feeds/visit-values.ts';
import { day, destinationOf } from './built-format.ts';

const facility = '990000010';
const week = { from: day('2026-01-05'), to: day('2026-01-11') };

function settings(version: string, next: string, more: object = {}) {
  return destinationOf({
    format: { name: 'oscour-xml', version, next: { version: next, from: '2026-02-01', doubleRun: 'trial' } },
    ...more,
  });
}

async function rigWith(...changes: readonly Values[]): Promise<Rig> {
  const rig = await openRig({ facility });
  onTestFinished(() => rig.close());
  const bodies = changes.map((change, index) =>
    JSON.stringify(visitOf({ arrivedAt: `10/01/2026 09:${String(index + 10)}`, ...change })),
  );
  await rig.send({ bodies });
  return rig;
}

function ask(
  rig: Rig,
  found: ReturnType<typeof settings>,
  facilities: readonly string[] = [facility],
): Promise<readonly Readiness[] | undefined> {
  return rig.store.read((tx) => readiness(tx, found, facilities, week));
}

describe('the list of facilities not ready for the next version', () => {
  it('counts the records that would lose something, and names the tags', async () => {
    const rig = await rigWith({ origin: '6' }, { origin: '7' }, { origin: '5' }, { origin: undefined });
    expect(await ask(rig, settings('2013', '2006'))).toEqual([
      { facility, records: 4, losing: 2, tags: [{ tag: 'PROVENANCE', records: 2 }] },
    ]);
  });

  it('finds everybody ready for a version that only adds', async () => {
    const rig = await rigWith({ origin: '6' }, { origin: '5' });
    expect(await ask(rig, settings('2006', '2013'))).toEqual([{ facility, records: 2, losing: 0, tags: [] }]);
  });

  it('does not count what neither version carries, nor what the profile leaves out', async () => {
    const rig = await rigWith({ origin: '9' }, { sex: 'X' });
    expect(await ask(rig, settings('2013', '2006'))).toMatchObject([{ records: 2, losing: 0 }]);
    const other = await rigWith({ origin: '6' });
    const profile = { kind: 'allow', items: ['ENTREE', 'SEXE'] };
    expect(await ask(other, settings('2013', '2006', { profile }))).toMatchObject([
      { records: 1, losing: 0 },
    ]);
    const atih = { kind: 'atih', geographicCodesFile: '/nowhere/codes.csv' };
    expect(await ask(other, settings('2013', '2006', { profile: atih }))).toMatchObject([{ losing: 1 }]);
  });

  it('looks at the days asked for only', async () => {
    const rig = await rigWith({ origin: '6' }, { origin: '6', arrivedAt: '12/01/2026 10:00' });
    expect(await ask(rig, settings('2013', '2006'))).toMatchObject([{ records: 1, losing: 1 }]);
  });

  it('lists the facilities that the destination takes, those without a record too', async () => {
    const rig = await rigWith({ origin: '6' });
    const all = ['990000028', facility];
    expect(
      (await ask(rig, settings('2013', '2006'), all))?.map((one) => [one.facility, one.records]),
    ).toEqual([
      ['990000028', 0],
      [facility, 1],
    ]);
    const some = settings('2013', '2006', { facilities: [facility] });
    expect((await ask(rig, some, all))?.map((one) => one.facility)).toEqual([facility]);
  });

  it('is not there without a next version', async () => {
    const rig = await rigWith({});
    expect(await ask(rig, destinationOf({}))).toBeUndefined();
  });
});
