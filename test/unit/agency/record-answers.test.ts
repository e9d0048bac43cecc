import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { agencyCode } from '../../../receiver/forward/answers/agency-code.ts';
import { commitAnswers } from '../../../receiver/forward/answers/record-answers.ts';
import type { Destination } from '../../../receiver/forward/destination.ts';
import { createForwarder } from '../../../receiver/forward/delivery/forwarder.ts';
import type { DeliveryState } from '../../../receiver/store/dispatch-table.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { createLab, quiet, type Lab } from '../receiver/lab.ts';
import { acknowledged, createRig, refused, type Rig } from './rig.ts';

let lab: Lab;
let rig: Rig;
let agency: string;
let number = 0;
beforeAll(async () => {
  lab = await createLab();
});
afterAll(() => lab.close());
beforeEach(async () => {
  rig = await createRig(lab);
  number += 1;
  agency = `answers-${number}`;
});

const told = async (): Promise<string[]> =>
  (await rig.receipts()).map(({ kind, code }) => (code === null ? kind : `${kind} ${code}`));

describe('an agency’s answer', () => {
  it('to what was sent is signed to the hospital, with the days and the agency’s own code', async () => {
    const row = await rig.put(agency, { state: 'sent', from: 20_000, to: 20_003 });
    const { agents, changed } = await rig.answer(agency, refused(row.name, 'R-17'));
    expect([...agents]).toEqual([rig.agent]);
    expect(changed).toHaveLength(1);
    expect(await rig.receipts()).toMatchObject([
      {
        ...{ kind: 'refused', code: 'R-17', dispatch: row.name, destination: agency, export: rig.export },
        ...{ from: '2024-10-04', to: '2024-10-07' },
      },
    ]);
    expect(await rig.row(row.id)).toMatchObject({ state: 'refused', code: 'R-17', sentAt: row.sentAt });
  });

  it.each<DeliveryState>(['waiting', 'sending', 'dead'])(
    'to a dispatch that is %s here says that it arrived, too',
    async (state) => {
      const row = await rig.put(agency, {
        ...{ state, attempts: 1 },
        ...(state === 'dead' ? { code: 'delivery-name-taken' } : {}),
      });
      await rig.answer(agency, acknowledged(row.name));
      expect(await told()).toEqual(['forwarded', 'acknowledged']);
      expect(await rig.row(row.id)).toMatchObject({
        ...{ state: 'acknowledged', code: null, sentAt: lab.clock.now() },
      });
    },
  );

  it('to what never left is given back: names can be guessed', async () => {
    const row = await rig.put(agency);
    const early = [acknowledged(row.name), refused(row.name, 'E1')];
    const { unknown, changed } = await rig.answer(agency, ...early);
    expect([unknown, changed]).toEqual([early, []]);
    expect(await rig.row(row.id)).toEqual(row);
    expect(await told()).toEqual([]);
  });

  it('that contradicts another one given with it is not told: the last one stands, however often both come back', async () => {
    const row = await rig.put(agency, { state: 'sent' });
    for (let times = 0; times < 3; times += 1)
      await rig.answer(agency, acknowledged(row.name), refused(`${row.name}.gpg`, 'E1'));
    expect(await told()).toEqual(['refused E1']);
    expect(await rig.row(row.id)).toMatchObject({ state: 'refused', code: 'E1' });
  });

  it('repeated after the dispatch was composed again asks for nobody any more', async () => {
    const row = await rig.put(agency, { state: 'refused', code: 'composed-again' });
    const { changed } = await rig.answer(agency, refused(row.name, 'E1'));
    expect(changed).toEqual([]);
    expect(await rig.row(row.id)).toMatchObject({ state: 'refused', code: 'composed-again' });
    expect(await told()).toEqual([]);
  });

  it('repeated changes nothing and gives no second receipt', async () => {
    const row = await rig.put(agency, { state: 'sent' });
    await rig.answer(agency, refused(row.name, 'R1'), refused(row.name, 'R1'));
    const before = await rig.row(row.id);
    lab.clock.advance(1000);
    const again = await rig.answer(agency, refused(row.name, 'R1'));
    expect([again.changed, again.unknown, again.agents.size]).toEqual([[], [], 0]);
    expect(await rig.row(row.id)).toEqual(before);
    expect(await told()).toEqual(['refused R1']);
  });

  it('may change: the latest one stands, each is told', async () => {
    const row = await rig.put(agency, { state: 'sent' });
    await rig.answer(agency, refused(row.name, 'R1'));
    await rig.answer(agency, refused(row.name, 'R2'));
    await rig.answer(agency, acknowledged(row.name));
    await rig.answer(agency, refused(row.name, 'R1'));
    expect(await told()).toEqual(['refused R1', 'refused R2', 'acknowledged', 'refused R1']);
    expect(await rig.row(row.id)).toMatchObject({ state: 'refused', code: 'R1' });
  });

  it('to a dispatch that a newer one has replaced is the answer to that one alone', async () => {
    const old = await rig.put(agency, { state: 'sent' });
    const newer = await rig.put(agency, { state: 'sent' });
    await rig.answer(agency, acknowledged(newer.name));
    await rig.answer(agency, refused(old.name, 'OLD'));
    expect((await rig.row(old.id)).state).toBe('refused');
    expect((await rig.row(newer.id)).state).toBe('acknowledged');
  });

  it('may name the dispatch as it travelled', async () => {
    const row = await rig.put(agency, { state: 'sent' });
    await rig.answer(agency, { ...acknowledged(`${row.name}.zip.gpg`), reference: 'A-9' });
    expect(await rig.row(row.id)).toMatchObject({ state: 'acknowledged', reference: 'A-9' });
  });

  it('to nothing this agency was sent is given back, and touches no other agency’s dispatch', async () => {
    const row = await rig.put(`${agency}-other`, { state: 'sent' });
    const { unknown, changed } = await rig.answer(
      agency,
      acknowledged(row.name),
      acknowledged('nothing.xml'),
    );
    expect(unknown.map(({ name }) => name)).toEqual([row.name, 'nothing.xml']);
    expect(changed).toEqual([]);
    expect((await rig.row(row.id)).state).toBe('sent');
    expect(await rig.receipts()).toEqual([]);
  });

  it('quicker than our own commit is not told twice, and stays when delivery ends', async () => {
    const row = await rig.put(agency);
    const destination: Destination = {
      ...{ name: agency, open: async () => undefined, close: async () => undefined, probe: async () => [] },
      deliver: async (files) => {
        await rig.answer(agency, acknowledged(row.name));
        return { delivered: files.length, fault: undefined };
      },
    };
    const { step } = createForwarder({
      ...{ destination, store: lab.store, clock: lab.clock, random: systemRandom, logger: quiet },
      ...{ sign: lab.sign, openParcels: async () => undefined, onReceipts: () => undefined },
      retry: { firstMs: 1000, maxMs: 2000, attempts: undefined },
    });
    await step(new AbortController().signal);
    expect((await rig.row(row.id)).state).toBe('acknowledged');
    expect(await told()).toEqual(['forwarded', 'acknowledged']);
  });

  it('is written with its receipts or not at all', async () => {
    const row = await rig.put(agency, { state: 'sent' });
    const { store, clock } = lab;
    const sign = (): Promise<string> => Promise.reject(new Error('no key'));
    const answering = commitAnswers({ store, clock, random: systemRandom, sign }, agency, [
      acknowledged(row.name),
    ]);
    await expect(answering).rejects.toThrow('no key');
    expect((await rig.row(row.id)).state).toBe('sent');
  });
});

it('a code keeps letters, digits, dot, dash and underscore, 64 at most, or is none', () => {
  expect(agencyCode('  E-12_a.b\r\nX: <évil>')).toBe('E-12_a.bXvil');
  expect(agencyCode('x'.repeat(100))).toHaveLength(64);
  expect(agencyCode(' é\n')).toBeNull();
});
