import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DecisionTarget } from '../../../receiver/apply/carry-out.ts';
import { createDecider, type Decider } from '../../../receiver/apply/decide.ts';
import { propose, type Proposal } from '../../../receiver/apply/proposals.ts';
import { appendAudit } from '../../../receiver/audit/audit-log.ts';
import type { Actor } from '../../../receiver/accounts/actor.ts';
import { edVisits } from '../../../shared/feeds/ed-visits.ts';
import { dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { dayMs, hourMs, openRig, type Rig } from './rig.ts';

const first = { kind: 'account', id: 'a-1', name: 'Camille Essai' } as const;
const second = { kind: 'account', id: 'a-2', name: 'Dominique Essai' } as const;
const day = (n: number): Day => (20_090 + n) as Day;
const code = (name: string) => ({ code: name });

let rig: Rig & { close(): Promise<void> };
let decider: Decider;
beforeEach(async () => {
  rig = await openRig({});
  decider = createDecider(deps());
});
afterEach(() => rig.close());

function deps() {
  const sign = async (): Promise<string> => 'proof';
  const { store, clock, targets } = rig;
  return { store, clock, targets, random: systemRandom, sign, feeds: () => edVisits };
}

function visits(count: number, ofDay: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const clockText = `${String(Math.floor(index / 60)).padStart(2, '0')}:${String(index % 60).padStart(2, '0')}`;
    const at = day(ofDay) * dayMs + index * 60_000 - hourMs;
    const iso = dayToIso(day(ofDay)).split('-').reverse().join('/');
    return JSON.stringify({
      arrivedAt: { text: `${iso} ${clockText}`, at },
      facility: '990000010',
      sex: index % 2 === 0 ? 'M' : 'F',
    });
  });
}

/** A trusted window over the days, holding what is given. */
async function send(from: number, to: number, bodies: readonly string[], hour: number) {
  const extract = { text: 'x', at: (day(20) as number) * dayMs - 12 * dayMs + hour * hourMs };
  return rig.send({
    bodies,
    manifest: { window: { from: dayToIso(day(from)), to: dayToIso(day(to)) }, extract },
  });
}

/** Three days of 30 held, of which an export loses all. */
async function held(perDay = 30): Promise<string> {
  await send(
    0,
    2,
    [0, 1, 2].flatMap((n) => visits(perDay, n)),
    0,
  );
  const { id, receipt } = await send(0, 2, [], 2);
  expect(receipt).toMatchObject({ result: 'held', hold: 'removals', suspended: 3 * perDay });
  return id;
}

const proposeAs = (actor: Actor, target: DecisionTarget, more: Partial<Proposal> = {}) =>
  propose(deps(), { target, decision: 'confirm', origin: 'region', actor, reason: 'filtre oublié', ...more });
const lines = async () => {
  const found = await rig.store.read((tx) => tx.audit.walk(0, 100));
  return found.map(({ action, actorName, reason }) => [action, actorName, reason]);
};
const heldCount = async () => (await rig.held()).length;

describe('removing many visits', () => {
  it('takes two people: the first proposes, another confirms, and the log tells of both', async () => {
    const id = await held();
    await expect(decider.decide({ export: id }, 'confirm', { actor: first })).rejects.toMatchObject({
      ...code('decision-second-person'),
      facts: { count: 90, before: 0, limit: 50 },
    });
    expect(await heldCount()).toBe(90);
    const proposal = await proposeAs(first, { export: id });
    expect(proposal).toMatchObject({ count: 90, state: 'open', facility: '990000010' });
    expect(await heldCount()).toBe(90);
    await expect(decider.confirm(proposal.id, { actor: first })).rejects.toMatchObject(
      code('proposal-same-person'),
    );
    expect(await decider.confirm(proposal.id, { actor: second })).toMatchObject({ removed: 90 });
    expect(await heldCount()).toBe(0);
    expect(await lines()).toEqual([
      ['removals.propose-confirm', 'Camille Essai', 'filtre oublié'],
      ['removals.confirm', 'Dominique Essai', 'filtre oublié'],
    ]);
    await expect(decider.confirm(proposal.id, { actor: second })).rejects.toMatchObject(
      code('proposal-not-open'),
    );
  });

  it('is not got round by an account that the first person opened for it', async () => {
    const id = await held();
    const proposal = await proposeAs(first, { export: id });
    for (const action of ['account.create', 'account.reset-password']) {
      await rig.store.transaction((tx) => appendAudit(tx, rig.clock, first, { action, subject: second.id }));
      await expect(decider.confirm(proposal.id, { actor: second })).rejects.toMatchObject(
        code('proposal-own-account'),
      );
    }
    const third = { kind: 'account', id: 'a-3', name: 'Claude Essai' } as const;
    await rig.store.transaction((tx) =>
      appendAudit(tx, rig.clock, second, { action: 'account.create', subject: third.id }),
    );
    expect(await decider.confirm(proposal.id, { actor: third })).toMatchObject({ removed: 90 });
  });

  it('is not got round by taking the days one after the other', async () => {
    const id = await held();
    expect(await decider.decide({ export: id, days: [day(0)] }, 'confirm', { actor: first })).toMatchObject({
      removed: 30,
    });
    for (const target of [{ export: id, days: [day(1)] }, { ...rig.scope, day: day(1) }, { export: id }])
      for (const actor of [first, second])
        await expect(decider.decide(target, 'confirm', { actor })).rejects.toMatchObject(
          code('decision-second-person'),
        );
    expect(await heldCount()).toBe(60);
  });

  it('needs nobody else up to the limit, nor to keep whatever the number', async () => {
    const id = await held();
    expect(
      await decider.decide({ export: id, days: [day(1), day(2)] }, 'keep', { actor: first }),
    ).toMatchObject({ kept: 60 });
    expect(await decider.decide({ export: id }, 'confirm', { actor: first })).toMatchObject({ removed: 30 });
    expect((await rig.store.read((tx) => tx.exports.get(id)))?.state).toBe('processed');
  });

  it('counts what an export that changes its keys would take away', async () => {
    await send(0, 0, visits(60, 0), 0);
    const other = visits(60, 0).map((body) => body.replaceAll('"M"', '"I"').replaceAll('"F"', '"M"'));
    const { id, receipt } = await send(0, 0, other, 2);
    expect(receipt.hold).toBe('rekeying');
    await expect(decider.decide({ export: id }, 'confirm', { actor: first })).rejects.toMatchObject(
      code('decision-second-person'),
    );
    const proposal = await proposeAs(first, { export: id });
    expect(proposal.count).toBeGreaterThan(50);
    expect(await decider.confirm(proposal.id, { actor: second })).toMatchObject({ removed: proposal.count });
  });
});

describe('a proposal', () => {
  it('does nothing when a newer export has taken its place, and says the numbers', async () => {
    const id = await held();
    const proposal = await proposeAs(first, { export: id });
    await send(0, 0, visits(30, 0), 3);
    await expect(decider.confirm(proposal.id, { actor: second })).rejects.toMatchObject({
      ...code('proposal-changed'),
      facts: { count: 90, now: 60 },
    });
    expect(await heldCount()).toBe(90);
  });

  it('is over after three days', async () => {
    const proposal = await proposeAs(first, { export: await held() });
    rig.clock.set(rig.clock.now() + 72 * hourMs);
    await expect(decider.confirm(proposal.id, { actor: second })).rejects.toMatchObject(
      code('proposal-not-open'),
    );
    const again = await proposeAs(first, { export: proposal.subject });
    expect((await rig.store.read((tx) => tx.audit.proposals.get(proposal.id)))?.state).toBe('expired');
    expect(again.state).toBe('open');
  });

  it('is one at a time for each side, and ends with another decision', async () => {
    const id = await held();
    const region = await proposeAs(first, { export: id });
    await expect(proposeAs(second, { export: id })).rejects.toMatchObject(code('proposal-open'));
    const hospital = await proposeAs(second, { export: id }, { origin: 'facility', decision: 'keep' });
    await decider.decide({ export: id }, 'keep', { actor: first });
    const states = await rig.store.read(async (tx) => [
      (await tx.audit.proposals.get(region.id))?.state,
      (await tx.audit.proposals.get(hospital.id))?.state,
    ]);
    expect(states).toEqual(['withdrawn', 'withdrawn']);
  });

  it('wants a reason, and the number that its author saw', async () => {
    const id = await held();
    await expect(proposeAs(first, { export: id }, { reason: '  ' })).rejects.toMatchObject(
      code('reason-missing'),
    );
    await expect(proposeAs(first, { export: id }, { reason: 'x'.repeat(501) })).rejects.toMatchObject(
      code('reason-long'),
    );
    await expect(proposeAs(first, { export: id }, { seen: 89 })).rejects.toMatchObject(
      code('proposal-count'),
    );
    expect(await lines()).toEqual([]);
  });

  it('made on the pages is not confirmed at the command line, nor the other way by the same name', async () => {
    const id = await held();
    const shell = { kind: 'command-line', id: 'root', name: 'root' } as const;
    const onPage = await proposeAs(first, { export: id });
    await expect(decider.confirm(onPage.id, { actor: shell })).rejects.toMatchObject(
      code('proposal-page-only'),
    );
    await rig.store.transaction((tx) =>
      tx.audit.proposals.close(onPage.id, 'withdrawn', { name: 'x', at: 1 }),
    );
    const typed = await proposeAs({ ...shell, id: 'camille', name: 'camille.essai (root)' }, { export: id });
    await expect(
      decider.confirm(typed.id, { actor: { ...first, name: 'Root Camille Essai' } }),
    ).rejects.toMatchObject(code('proposal-same-person'));
    await expect(decider.confirm('none', { actor: second })).rejects.toMatchObject(code('proposal-unknown'));
    expect(await decider.confirm(typed.id, { actor: second })).toMatchObject({ removed: 90 });
  });
});
