import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIntake, type Intake, type VerifiedArrival } from '../../../receiver/inbox/intake.ts';
import { openEpoch } from '../../../receiver/inbox/epochs.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { genesis } from '../../../shared/envelope/header.ts';
import { storedReceipt } from '../../../shared/protocol/receipts.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { createLab, quiet, type Lab } from './lab.ts';

let lab: Lab;
let signatures = 0;
let announced: string[] = [];

beforeAll(async () => {
  lab = await createLab();
});
afterAll(() => lab.close());

function intakeOn(store: Store): Intake {
  signatures = 0;
  announced = [];
  return createIntake({
    ...{ store, clock: lab.clock, random: systemRandom, logger: quiet },
    sign: (texts) => {
      signatures += 1;
      return lab.sign(texts);
    },
    onStored: (agents) => announced.push(...agents),
  });
}

/** `count` arrivals of a new agent that chain one to the next. */
async function chained(count: number, from: Partial<VerifiedArrival> = {}): Promise<VerifiedArrival[]> {
  const agent = from.agent ?? systemRandom.uuid(lab.clock.now());
  const row = { id: agent, name: 'Agent', status: 'active', facilities: [], createdAt: 1 } as const;
  if (from.agent === undefined) await lab.store.transaction((tx) => tx.agents.put(row));
  let prev = from.prev ?? genesis;
  return Array.from({ length: count }, (_, index) => {
    const arrival = {
      id: systemRandom.uuid(lab.clock.now()),
      agent,
      feed: 'ed-visits',
      epoch: 1,
      ...from,
      seq: (from.seq ?? 1) + index,
      digest: systemRandom.bytes(32).toString('hex'),
      prev,
      content: Buffer.from(`envelope ${index}`),
    };
    prev = arrival.digest;
    return arrival;
  });
}

async function put(intake: Intake, arrival: VerifiedArrival | undefined) {
  if (arrival === undefined) throw new Error('no arrival');
  const result = await intake.put(arrival);
  if (result.kind === 'conflict') return { ...result, head: result.head, receipt: undefined };
  const receipt = storedReceipt.parse(await lab.verifier.verify(result.answer.receipt, result.answer.proof));
  return { ...result, receipt };
}

describe('the intake', () => {
  it('answers with a receipt the region signed, for an envelope that is in the store', async () => {
    const intake = intakeOn(lab.store);
    const [first] = await chained(1);
    const answer = await put(intake, first);
    expect(answer.receipt).toMatchObject({ envelope: first?.id, digest: first?.digest, seq: 1 });
    expect(answer.receipt?.head).toEqual({ seq: 1, digest: first?.digest });
    expect(await lab.store.read((tx) => tx.inbox.content(first?.id ?? ''))).toEqual(first?.content);
  });

  it('commits and signs once for all that arrive together, and moves the head through them in order', async () => {
    const intake = intakeOn(lab.store);
    const arrivals = await chained(20);
    const answers = await Promise.all(arrivals.map((arrival) => put(intake, arrival)));
    expect(signatures).toBe(1);
    expect(answers.map(({ receipt }) => receipt?.head.seq)).toEqual(arrivals.map(({ seq }) => seq));
    expect(new Set(announced).size).toBe(1);
  });

  it('answers a repeat with the original receipt, in a later group and in the same one', async () => {
    const intake = intakeOn(lab.store);
    const [one] = await chained(1);
    const [first, twin] = await Promise.all([put(intake, one), put(intake, one)]);
    const later = await put(intake, one);
    expect(twin.receipt).toEqual(first.receipt);
    expect(later.receipt).toEqual(first.receipt);
    expect(signatures).toBe(1);
  });

  it('stores what comes ahead of a gap, and moves the head over all of it when the gap is filled', async () => {
    const intake = intakeOn(lab.store);
    const [one, two, three, four] = await chained(4);
    await put(intake, one);
    expect((await put(intake, four)).receipt?.head.seq).toBe(1);
    expect((await put(intake, three)).receipt?.head.seq).toBe(1);
    expect((await put(intake, two)).receipt?.head).toEqual({ seq: 4, digest: four?.digest });
  });

  it('refuses a fork, says where the head is, and stores the rest of the group', async () => {
    const intake = intakeOn(lab.store);
    const [one, two] = await chained(2);
    await put(intake, one);
    const [fork] = await chained(1, { agent: one?.agent ?? '' });
    const [refused, good] = await Promise.all([put(intake, fork), put(intake, two)]);
    expect(refused).toMatchObject({ kind: 'conflict', code: 'ledger-fork', head: { seq: 1 } });
    expect(good.receipt?.head.seq).toBe(2);
  });

  it('lets a tombstone fill the place of an envelope that will never come', async () => {
    const intake = intakeOn(lab.store);
    const [one, two, three] = await chained(3);
    await put(intake, one);
    await put(intake, three);
    if (two === undefined) throw new Error('no arrival');
    expect((await put(intake, { ...two, content: null })).receipt?.head.seq).toBe(3);
    expect((await lab.store.read((tx) => tx.inbox.byId(two.id)))?.state).toBe('tombstone');
  });

  it('chains a new epoch to the head of the one before, and closes that one', async () => {
    const intake = intakeOn(lab.store);
    const [one, two] = await chained(2);
    await put(intake, one);
    const agent = one?.agent ?? '';
    const asked = { feed: 'ed-visits', epoch: 2 };
    const opened = await lab.store.transaction((tx) => openEpoch(tx, agent, asked));
    expect(opened.prev).toBe(one?.digest);
    expect(await lab.store.transaction((tx) => openEpoch(tx, agent, asked))).toEqual(opened);
    expect(await put(intake, two)).toMatchObject({ code: 'ledger-old-epoch' });
    const [fresh] = await chained(1, { agent, epoch: 2, prev: opened.prev });
    expect((await put(intake, fresh)).receipt).toMatchObject({ epoch: 2, seq: 1 });
    await expect(lab.store.transaction((tx) => openEpoch(tx, agent, asked))).rejects.toMatchObject({
      code: 'ledger-epoch-refused',
    });
  });

  it('gives no receipt and says "try again" when the disk is full, and takes the same envelope afterwards', async () => {
    const [one] = await chained(1);
    let full = true;
    const store: Store = {
      ...lab.store,
      transaction: async (work) => {
        if (full) throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
        return lab.store.transaction(work);
      },
    };
    const intake = intakeOn(store);
    await expect(put(intake, one)).rejects.toMatchObject({
      code: 'receiver-storage-full',
      class: 'transient',
    });
    expect(await lab.store.read((tx) => tx.inbox.byId(one?.id ?? ''))).toBeUndefined();
    full = false;
    expect((await put(intake, one)).receipt?.seq).toBe(1);
  });

  it('keeps out only the one arrival of a group that the store cannot hold', async () => {
    const intake = intakeOn(lab.store);
    const [good] = await chained(1);
    const [stranger] = await chained(1, { agent: systemRandom.uuid(1) });
    const [refused, answered] = await Promise.allSettled([put(intake, stranger), put(intake, good)]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { class: 'transient' } });
    expect(answered).toMatchObject({ status: 'fulfilled', value: { receipt: { seq: 1 } } });
  });

  it('stores nothing when the group cannot be signed', async () => {
    const [one] = await chained(1);
    const intake = createIntake({
      ...{ store: lab.store, clock: lab.clock, random: systemRandom, logger: quiet },
      sign: () => Promise.reject(new Error('no key')),
      onStored: (agents) => announced.push(...agents),
    });
    await expect(put(intake, one)).rejects.toMatchObject({ class: 'transient' });
    expect(await lab.store.read((tx) => tx.inbox.byId(one?.id ?? ''))).toBeUndefined();
  });
});
