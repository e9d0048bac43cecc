import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Destination, DeliveryReport, OutgoingFile } from '../../../receiver/forward/destination.ts';
import { closedBreaker } from '../../../receiver/forward/delivery/breaker.ts';
import {
  createForwarder,
  type Forwarder,
  type ForwarderDeps,
} from '../../../receiver/forward/delivery/forwarder.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { deliveryReceipt } from '../../../shared/protocol/receipts.ts';
import { permanent, transient } from '../../../shared/runtime/errors.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import type { Random } from '../../../shared/runtime/random.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { createLab, facility, quiet, type Lab } from './lab.ts';

let lab: Lab;
let number = 0;
let extract = 0;
let sent: string[] = [];
let fail: (files: readonly OutgoingFile[]) => DeliveryReport | undefined;
let agency = '';
let announced: string[] = [];
const running = new AbortController().signal;
const random: Random = { ...systemRandom, fraction: () => 0 };

beforeAll(async () => {
  lab = await createLab();
});
afterAll(() => lab.close());
beforeEach(() => {
  number += 1;
  agency = `agency-${number}`;
  sent = [];
  announced = [];
  fail = () => undefined;
});

function forwarderOn(
  store: Store,
  openParcels: ForwarderDeps['openParcels'] = () => Promise.resolve(undefined),
): Forwarder {
  const destination: Destination = {
    name: agency,
    open: () => Promise.resolve(),
    close: () => Promise.resolve(),
    probe: () => Promise.resolve([]),
    deliver: async (files) => {
      const report = fail(files) ?? { delivered: files.length, fault: undefined };
      sent.push(...files.slice(0, report.delivered).map(({ name }) => name));
      return report;
    },
  };
  return createForwarder({
    ...{ destination, store, clock: lab.clock, random, logger: quiet, sign: lab.sign },
    ...{
      openParcels,
      retry: { firstMs: 1000, maxMs: 300_000, attempts: undefined },
    },
    onReceipts: (agents) => announced.push(...agents),
  });
}

/** An agent's processed export with `count` dispatches waiting for the agency. */
async function waiting(count: number, options: { text?: string; byDecision?: boolean } = {}) {
  const agent = systemRandom.uuid(1);
  const id = systemRandom.uuid(1);
  const names = Array.from({ length: count }, (_, index) => `${options.text ?? agency}-${index}.xml`);
  await lab.store.transaction(async (tx) => {
    await tx.agents.put({ id: agent, name: 'Agent', status: 'active', facilities: [facility], createdAt: 1 });
    await tx.exports.put({
      ...{ id, agent, facility, feed: 'ed-visits', part: '0', source: 's', receivedAt: 1 },
      ...{ reception: await tx.exports.nextReception(), slicesSeen: 1, manifest: null, digest: null },
      ...{ state: 'processed', extract: 1, outcome: '{}' },
    });
    for (const name of names) {
      const content = Buffer.from(options.text ?? name);
      extract += 1;
      const digest = createHash('sha256').update(content).digest('hex');
      await tx.dispatches.put(
        {
          ...{ name, destination: agency, facility, feed: 'ed-visits', from: 1 as Day, to: 2 as Day },
          ...{ records: 1, extract, digest, composedAt: lab.clock.now() },
          export: options.byDecision === true ? null : id,
          cause: options.byDecision === true ? 'decision' : 'export',
          format: 'f 1',
        },
        content,
      );
    }
  });
  return { agent, id, names };
}

const rowsOf = (name: string) => lab.store.read((tx) => tx.dispatches.byName(name));

async function stateOf(name: string): Promise<string | undefined> {
  return (await rowsOf(name))[0]?.state;
}

describe('a forwarder', () => {
  it('delivers in the order of composition and says so to the agent, under one signature', async () => {
    const { agent, id, names } = await waiting(3);
    const { step } = forwarderOn(lab.store);
    expect(await step(running)).toBe(true);
    expect(sent).toEqual(names);
    expect(await step(running)).toBe(false);
    expect(announced).toEqual([agent]);
    const receipts = await lab.store.read((tx) => tx.receipts.after(agent, 0, 10));
    expect(new Set(receipts.map(({ proof }) => proof)).size).toBe(1);
    const [proof] = await lab.store.read((tx) => tx.receipts.proofs([receipts[0]?.proof ?? 0]));
    for (const [index, { text }] of receipts.entries()) {
      const claims = deliveryReceipt.parse(await lab.verifier.verify(text, proof?.jws ?? ''));
      expect(claims).toMatchObject({
        kind: 'forwarded',
        export: id,
        dispatch: names[index],
        destination: agency,
      });
    }
    expect(receipts).toHaveLength(3);
  });

  it('never passes one that fails, and tries it again later and later', async () => {
    const { names } = await waiting(3);
    const { step } = forwarderOn(lab.store);
    fail = () => ({ delivered: 1, fault: transient('delivery-unavailable') });
    expect(await step(running)).toBe(false);
    expect(sent).toEqual(names.slice(0, 1));
    expect(await step(running)).toBe(false);
    expect(sent).toHaveLength(1);
    const [blocked] = await rowsOf(names[1] ?? '');
    expect(blocked).toMatchObject({ state: 'waiting', attempts: 1, code: 'delivery-unavailable' });
    expect(blocked?.nextAttemptAt).toBe(lab.clock.now() + 500);
    lab.clock.advance(500);
    fail = () => ({ delivered: 0, fault: transient('delivery-unavailable') });
    await step(running);
    expect((await rowsOf(names[1] ?? ''))[0]).toMatchObject({
      attempts: 2,
      nextAttemptAt: lab.clock.now() + 1000,
    });
    expect((await rowsOf(names[2] ?? ''))[0]).toMatchObject({ attempts: 0, code: null });
    lab.clock.advance(1000);
    fail = () => undefined;
    await step(running);
    expect(sent).toEqual(names);
    expect((await rowsOf(names[1] ?? ''))[0]).toMatchObject({ state: 'sent', code: null });
  });

  it('delivers again what it had delivered when the process died before writing it down', async () => {
    const { agent, names } = await waiting(2);
    let dead = false;
    const store: Store = {
      ...lab.store,
      transaction: async (work) => {
        if (dead) throw new Error('killed');
        return lab.store.transaction(work);
      },
    };
    const { step } = forwarderOn(store);
    fail = () => {
      dead = true;
      return undefined;
    };
    await expect(step(running)).rejects.toThrow('killed');
    expect(await stateOf(names[0] ?? '')).toBe('sending');

    // The next process: recovery puts them back, and they leave once more.
    fail = () => undefined;
    await lab.store.transaction((tx) => tx.dispatches.recover(lab.clock.now()));
    await forwarderOn(lab.store).step(running);
    expect(sent).toEqual([...names, ...names]);
    expect(await stateOf(names[0] ?? '')).toBe('sent');
    expect(await lab.store.read((tx) => tx.receipts.after(agent, 0, 10))).toHaveLength(2);
  });

  it('keeps a batch it could not write down, and settles it before anything new', async () => {
    const { names } = await waiting(1);
    let broken = false;
    const store: Store = {
      ...lab.store,
      transaction: async (work) => {
        if (broken) throw new Error('disk full');
        return lab.store.transaction(work);
      },
    };
    const { step } = forwarderOn(store);
    fail = () => {
      broken = true;
      return undefined;
    };
    await expect(step(running)).rejects.toThrow('disk full');
    broken = false;
    fail = () => undefined;
    const later = await waiting(1, { text: 'later' });
    await step(running);
    expect(sent).toEqual([...names, ...names]);
    await step(running);
    expect(sent.at(-1)).toBe(later.names[0]);
  });

  it('takes at most 32 files at once', async () => {
    await waiting(40);
    const { step } = forwarderOn(lab.store);
    await step(running);
    expect(sent).toHaveLength(32);
    await step(running);
    expect(sent).toHaveLength(40);
  });

  it('tells the agent of the part when a decision composed the dispatch', async () => {
    const { agent, id } = await waiting(1, { byDecision: true });
    await forwarderOn(lab.store).step(running);
    const receipts = await lab.store.read((tx) => tx.receipts.after(agent, 0, 10));
    expect(receipts.map(({ text }) => deliveryReceipt.parse(JSON.parse(text)).export)).toEqual([id]);
  });

  it('sets a file aside that can never pass, and goes on with the next', async () => {
    const { agent, names } = await waiting(3);
    const { step } = forwarderOn(lab.store);
    fail = (files) =>
      files[0]?.name === names[0]
        ? { delivered: 0, fault: permanent('delivery-name-taken'), blame: 'file' }
        : undefined;
    expect(await step(running)).toBe(true);
    expect((await rowsOf(names[0] ?? ''))[0]).toMatchObject({ state: 'dead', code: 'delivery-name-taken' });
    await step(running);
    expect(sent).toEqual(names.slice(1));
    expect(await lab.store.read((tx) => tx.receipts.after(agent, 0, 10))).toHaveLength(2);
    expect(await lab.store.read((tx) => tx.destinations.get(agency))).toBeUndefined();
  });

  it('sends nothing while a person has paused the destination', async () => {
    const { names } = await waiting(1);
    const { step } = forwarderOn(lab.store);
    const row = { ...closedBreaker, name: agency };
    await lab.store.transaction((tx) => tx.destinations.put({ ...row, pausedBy: 'Alice', pausedAt: 1 }));
    expect(await step(running)).toBe(false);
    expect([sent, await stateOf(names[0] ?? '')]).toEqual([[], 'waiting']);
    await lab.store.transaction((tx) => tx.destinations.put({ ...row, pausedBy: null, pausedAt: null }));
    await step(running);
    expect(sent).toEqual(names);
  });

  it('opens its breaker after three faults, tries with one file, and goes on when it passes', async () => {
    const { names } = await waiting(5);
    const { step } = forwarderOn(lab.store);
    const tried: number[] = [];
    fail = (files) => {
      tried.push(files.length);
      return { delivered: 0, fault: transient('delivery-unavailable') };
    };
    const breaker = async () => (await lab.store.read((tx) => tx.destinations.get(agency)))?.breaker;
    for (const waitMs of [0, 500, 1000, 2000]) {
      lab.clock.advance(waitMs);
      await step(running);
    }
    expect(tried).toEqual([5, 5, 5, 1]);
    expect(await breaker()).toBe('open');
    fail = () => undefined;
    lab.clock.advance(4000);
    expect(await step(running)).toBe(true);
    expect(await breaker()).toBe('closed');
    await step(running);
    expect(sent).toEqual(names);
  });

  it('holds the queue, untouched, when nothing could even be tried', async () => {
    const { names } = await waiting(2);
    const { step } = forwarderOn(lab.store, () => Promise.reject(permanent('agency-key-expired')));
    expect(await step(running)).toBe(false);
    expect((await rowsOf(names[0] ?? ''))[0]).toMatchObject({ state: 'waiting', attempts: 0 });
    const held = await lab.store.read((tx) => tx.destinations.get(agency));
    expect(held).toMatchObject({ breaker: 'open', code: 'agency-key-expired' });
  });

  it('writes down what the agency answered on the spot, with receipts for both', async () => {
    const { agent, names } = await waiting(2);
    const { step } = forwarderOn(lab.store);
    fail = (files) => ({
      delivered: files.length,
      fault: undefined,
      said: new Map([
        [names[0] ?? '', { reference: 'A-1', answer: { verdict: 'acknowledged', code: null } }],
        [names[1] ?? '', { answer: { verdict: 'refused', code: 'E12' } }],
      ]),
    });
    await step(running);
    expect((await rowsOf(names[0] ?? ''))[0]).toMatchObject({ state: 'acknowledged', reference: 'A-1' });
    expect((await rowsOf(names[1] ?? ''))[0]).toMatchObject({ state: 'refused', code: 'E12' });
    const receipts = await lab.store.read((tx) => tx.receipts.after(agent, 0, 10));
    const said = receipts.map(({ text }) => deliveryReceipt.parse(JSON.parse(text)));
    expect(said.map(({ kind, code }) => [kind, code])).toEqual([
      ['forwarded', null],
      ['acknowledged', null],
      ['forwarded', null],
      ['refused', 'E12'],
    ]);
  });

  it('puts back what it was stopped before trying, without holding it against the destination', async () => {
    const { names } = await waiting(2);
    const { step } = forwarderOn(lab.store);
    fail = () => ({ delivered: 0, fault: transient('delivery-stopped') });
    expect(await step(AbortSignal.abort())).toBe(false);
    expect((await rowsOf(names[0] ?? ''))[0]).toMatchObject({ state: 'waiting', attempts: 0, code: null });
    expect(await lab.store.read((tx) => tx.destinations.get(agency))).toBeUndefined();
  });

  it('sends sealed what it sealed before, byte for byte, and seals anew for another key', async () => {
    const { names } = await waiting(1);
    const carried: string[] = [];
    let made = 0;
    const parcels = (id: string) => () =>
      Promise.resolve({
        id,
        key: undefined,
        make: async (name: string) => {
          made += 1;
          return { name: `${name}.gpg`, content: Buffer.from(`${id} ${made}`), digest: `${made}` };
        },
      });
    const failing = (files: readonly OutgoingFile[]): DeliveryReport => {
      carried.push(...files.map(({ name, content }) => `${name} ${content.toString()}`));
      return { delivered: 0, fault: transient('delivery-unavailable') };
    };
    fail = failing;
    await forwarderOn(lab.store, parcels('one')).step(running);
    lab.clock.advance(500);
    await forwarderOn(lab.store, parcels('one')).step(running);
    lab.clock.advance(1000);
    await forwarderOn(lab.store, parcels('two')).step(running);
    const name = `${names[0] ?? ''}.gpg`;
    expect(carried).toEqual([`${name} one 1`, `${name} one 1`, `${name} two 2`]);
  });

  it('sends nothing that was still being sealed when a person paused the destination', async () => {
    const { names } = await waiting(2);
    const paused = { ...closedBreaker, name: agency, pausedBy: 'Ana', pausedAt: 1 };
    const { step } = forwarderOn(lab.store, () =>
      Promise.resolve({
        ...{ id: 'seal', key: undefined },
        make: async (name: string) => {
          await lab.store.transaction((tx) => tx.destinations.put(paused));
          return { name: `${name}.gpg`, content: Buffer.from(name), digest: name };
        },
      }),
    );
    expect(await step(running)).toBe(false);
    expect(sent).toEqual([]);
    expect((await rowsOf(names[0] ?? ''))[0]).toMatchObject({ state: 'waiting', attempts: 0 });
  });
});
