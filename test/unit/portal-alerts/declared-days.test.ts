import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { declareClosure, startDegraded } from '../../../receiver/care/declare.ts';
import { dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { feed, finessOf, openAlertRig, region, smtp, yesterday, type AlertRig } from './kit.ts';

let rig: AlertRig;
beforeEach(async () => {
  rig = await openAlertRig({ alerts: { smtp, recipients: [region] }, facilities: 4 });
  await rig.round();
});
afterEach(() => rig.close());

const person = { kind: 'account', id: 'a', name: 'Mme Roux' } as const;
const [closed, paper, plain] = [finessOf(1), finessOf(2), finessOf(3)];
const iso = dayToIso(yesterday);
const about = async (): Promise<unknown[]> =>
  (await rig.open()).map(({ facility, state }) => [facility, state]);

describe('days that a person has declared', () => {
  beforeEach(async () => {
    await declareClosure(rig, person, closed, { from: iso, to: iso, feed: '', reason: 'travaux' });
    await startDegraded(rig, person, paper, { from: iso, reason: 'coupure' });
  });

  it('open no alert on a silent agent, even when they were seen silent before the declaration', async () => {
    for (const facility of [closed, paper, plain]) await rig.see(facility, 'silent', 'agent-dead');
    await rig.round();
    await rig.round(30);
    expect(await about()).toEqual([[plain, 'silent']]);
  });

  it('open none for a file that is short', async () => {
    for (const facility of [closed, paper, plain]) await rig.see(facility, 'partial', 'export-short');
    await rig.round();
    await rig.round(30);
    expect(await about()).toEqual([[plain, 'partial']]);
  });

  it('still open one for what waits for a decision', async () => {
    await rig.see(paper, 'held', 'held-by-guard');
    await rig.round();
    await rig.round(30);
    expect(await about()).toEqual([[paper, 'held']]);
  });

  it('say nothing of the days around them', async () => {
    await rig.see(closed, 'silent', 'agent-dead', (yesterday - 1) as Day);
    await rig.see(closed, 'silent', 'agent-dead');
    await rig.round();
    await rig.round(30);
    expect((await rig.open()).map(({ facility, days }) => [facility, days])).toEqual([
      [closed, [yesterday - 1]],
    ]);
  });

  it('keep no trouble that came and went between two rounds', async () => {
    const change = { feed, day: yesterday, fromState: null, fromCause: null, at: rig.clock.now() };
    await rig.looked(
      ...[closed, plain].flatMap((facility) => [
        { ...change, facility, state: 'silent', cause: 'agent-dead' } as const,
        { ...change, facility, state: 'received', cause: null } as const,
      ]),
    );
    await rig.round(1);
    const over = await rig.store.read((tx) => tx.alerts.closedSince(0, 10));
    expect(over.map(({ facility }) => facility)).toEqual([plain]);
  });
});

it('an alert that is open ends when its day is declared closed', async () => {
  await rig.see(closed, 'silent', 'agent-dead');
  await rig.round();
  await rig.round(30);
  expect(await about()).toEqual([[closed, 'silent']]);
  await declareClosure(rig, person, closed, { from: iso, to: iso, feed: '', reason: 'travaux' });
  await rig.round();
  await rig.round(30);
  expect(await about()).toEqual([]);
});
