import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AlertRow } from '../../../receiver/store/alert-tables.ts';
import type { WatchCause, WatchState, WatchTransition } from '../../../receiver/store/watch-tables.ts';
import { feed, finessOf, openAlertRig, region, smtp, yesterday, type AlertRig } from './kit.ts';

let rig: AlertRig;
beforeEach(async () => {
  rig = await openAlertRig({ alerts: { smtp, recipients: [region] } });
  await rig.round();
});
afterEach(() => rig.close());

const [a, b] = [finessOf(1), finessOf(2)];
const change = (
  facility: string,
  state: WatchState,
  cause: WatchCause | null,
): Omit<WatchTransition, 'id'> => ({
  ...{ facility, feed, day: yesterday, fromState: null, fromCause: null, state, cause, at: rig.clock.now() },
});
const came = (facility: string) => [
  change(facility, 'silent', 'agent-dead'),
  change(facility, 'received', null),
];
const closed = (): Promise<readonly AlertRow[]> => rig.store.read((tx) => tx.alerts.closedSince(0, 10));
const journalOf = async (id: number): Promise<string[]> =>
  (await rig.store.read((tx) => tx.alerts.events(id, 20))).map(({ kind }) => kind).reverse();

it('a trouble that came and went between two rounds is kept, and told to nobody', async () => {
  await rig.looked(...came(a));
  await rig.round(1);
  const [alert, ...others] = await closed();
  expect(others).toEqual([]);
  expect(alert).toMatchObject({ facility: a, cause: 'agent-dead', ending: 'recovered', toldAt: null });
  expect(alert?.days).toEqual([yesterday]);
  expect(await journalOf(alert?.id ?? 0)).toEqual(['opened', 'recovered']);
  expect([await rig.open(), await rig.messages()]).toEqual([[], []]);
});

it('each change is read once, also by the next receiver', async () => {
  await rig.looked(...came(a));
  await rig.round(1);
  await rig.round(1);
  rig.restart();
  await rig.round(1);
  const [alert, ...others] = await closed();
  expect(others).toEqual([]);
  expect(await journalOf(alert?.id ?? 0)).toEqual(['opened', 'recovered']);
  await rig.looked(...came(a), ...came(b));
  await rig.round(1);
  expect(await journalOf(alert?.id ?? 0)).toEqual(['opened', 'recovered', 'returned', 'recovered']);
  expect((await closed()).map(({ facility }) => facility).sort()).toEqual([a, b]);
});

it('a trouble that is there now is one alert, however often it changed meanwhile', async () => {
  await rig.see(a, 'silent', 'network-cut');
  await rig.looked(...came(a), ...came(a), change(a, 'silent', 'network-cut'));
  await rig.round(1);
  expect(await closed()).toEqual([]);
  expect((await rig.open()).map(({ facility, cause }) => [facility, cause])).toEqual([[a, 'network-cut']]);
});

it('what came before alerts were first kept is not made up afterwards', async () => {
  const fresh = await openAlertRig({ alerts: { smtp, recipients: [region] } });
  await fresh.looked(...came(a));
  await fresh.round();
  expect(await fresh.store.read((tx) => tx.alerts.closedSince(0, 10))).toEqual([]);
  await fresh.close();
});

it('changes that were read go when they are old, those that were not stay', async () => {
  await rig.looked(...came(a));
  await rig.round(1);
  rig.clock.advance(401 * 24 * 3_600_000);
  await rig.looked(change(b, 'received', null));
  await rig.round(1);
  const left = await rig.store.read((tx) => tx.watch.transitions(0, 10));
  expect(left.map(({ facility }) => facility)).toEqual([b]);
  expect(await closed(), 'the alert of that time is gone as well').toEqual([]);
});
