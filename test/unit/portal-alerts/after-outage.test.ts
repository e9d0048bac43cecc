import { afterEach, beforeEach, expect, it } from 'vitest';
import { finessOf, hourMs, openAlertRig, region, smtp, type AlertRig } from './kit.ts';

let rig: AlertRig;
beforeEach(async () => {
  rig = await openAlertRig({ alerts: { smtp, recipients: [region] }, facilities: 20 });
});
afterEach(() => rig.close());

const all = Array.from({ length: 20 }, (_none, index) => finessOf(index + 1));
const causes = async (): Promise<string[]> => (await rig.open()).map(({ cause }) => cause);

/** Looks and rounds went on every minute until now, then an hour of nothing. */
async function outage(): Promise<void> {
  await rig.looked();
  await rig.round();
  rig.clock.advance(hourMs);
  rig.restart();
}

it('a receiver that was out for an hour does not call its own watching stopped', async () => {
  await outage();
  await rig.round();
  expect(await causes()).toEqual([]);
  await rig.looked();
  await rig.round(1);
  expect([await causes(), await rig.messages()]).toEqual([[], []]);
});

it('but it does when nobody looks after all', async () => {
  await outage();
  await rig.round();
  await rig.round(6);
  expect(await causes()).toEqual(['watch-stale']);
});

it('what was seen before the outage is told only when it is seen again, and has lasted', async () => {
  await rig.see(all[0] ?? '', 'silent', 'agent-dead');
  await outage();
  await rig.round();
  expect(await rig.messages(), 'the watching has not looked yet').toEqual([]);
  await rig.looked();
  await rig.round(1);
  expect(await rig.messages(), 'agents have had a minute').toEqual([]);
  await rig.see(all[0] ?? '', 'received', null);
  await rig.round(3);
  expect([await causes(), await rig.messages()]).toEqual([[], []]);
});

it('what fell silent meanwhile and stays so is told once, together', async () => {
  await outage();
  await rig.round();
  for (const facility of all) await rig.see(facility, 'silent', 'agent-dead');
  await rig.looked();
  for (let minute = 1; minute <= 30; minute += 1) {
    await rig.looked();
    await rig.round(1);
  }
  expect((await rig.open()).map(({ kind }) => kind)).toEqual(['region']);
  expect((await rig.messages()).map(({ kind }) => kind)).toEqual(['first']);
});

it('a restart of a minute keeps nobody waiting', async () => {
  await rig.see(all[0] ?? '', 'silent', 'agent-dead');
  await rig.looked();
  await rig.round();
  await rig.round(4);
  await rig.round(4);
  rig.clock.advance(60_000);
  rig.restart();
  await rig.round(2);
  expect((await rig.messages()).map(({ kind }) => kind)).toEqual(['first']);
});
