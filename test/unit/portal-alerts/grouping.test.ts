import { afterEach, expect, it } from 'vitest';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import {
  finessOf,
  hourMs,
  minuteMs,
  morning,
  openAlertRig,
  region,
  smtp,
  yesterday,
  type AlertRig,
} from './kit.ts';

let rig: AlertRig;
afterEach(() => rig.close());

const [a, b] = [finessOf(1), finessOf(2)];
const told = { smtp, recipients: [region] };
const kinds = async (): Promise<string[]> => (await rig.messages()).map(({ kind }) => kind);

/** As if the mail had left. */
async function sendAll(): Promise<void> {
  await rig.store.transaction(async (tx) => {
    for (const { id } of await tx.alerts.claim('email', rig.clock.now() + 99 * hourMs, 1000))
      await tx.alerts.settle(id, {
        ...{ state: 'sent', attempts: 1, doubt: false, dueAt: 0, sentAt: rig.clock.now(), code: null },
      });
  });
}

it('a facility silent for five days is one alert and one first message', async () => {
  rig = await openAlertRig({ alerts: { ...told, repeatHours: 720 } });
  for (let day = 0; day < 5; day += 1) {
    await rig.see(a, 'silent', 'source-silent', (yesterday + day) as Day);
    await rig.round();
    await rig.round(11);
    rig.clock.advance(24 * hourMs - 11 * minuteMs);
  }
  const [alert, ...others] = await rig.open();
  expect(others).toEqual([]);
  expect(alert?.days).toHaveLength(5);
  expect(await kinds()).toEqual(['first']);
});

it('an agent that is gone over two feeds is one alert', async () => {
  rig = await openAlertRig({ alerts: told });
  await rig.see(a, 'silent', 'agent-dead');
  await rig.see(a, 'silent', 'agent-dead', yesterday, 'bed-availability');
  await rig.round();
  expect((await rig.open()).map(({ feed, cause }) => [feed, cause])).toEqual([[null, 'agent-dead']]);
});

it('a silence whose cause becomes another stays one alert, and says so in its journal', async () => {
  rig = await openAlertRig({ alerts: told });
  await rig.see(a, 'silent', 'source-silent');
  await rig.round();
  await rig.round(11);
  await rig.see(a, 'silent', 'agent-dead', (yesterday + 1) as Day);
  await rig.round(60);
  const open = await rig.open();
  expect(open.map(({ cause, feed }) => [cause, feed])).toEqual([['agent-dead', null]]);
  const events = await rig.store.read((tx) => tx.alerts.events(open[0]?.id ?? 0, 20));
  expect(events.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['cause', 'worse', 'told', 'opened']),
  );
  expect(await kinds()).toEqual(['first']);
});

it('a destination that is down and keeps twenty facilities waiting is one alert, of the destination', async () => {
  const destination = {
    ...{ name: 'oscour', feed: 'ed-visits', format: 'oscour-xml' },
    transport: { kind: 'directory', folder: 'out' },
  };
  rig = await openAlertRig({ alerts: told, facilities: 20, more: { destinations: [destination] } });
  for (let index = 1; index <= 20; index += 1) await rig.see(finessOf(index), 'received', 'forward-blocked');
  await rig.store.transaction((tx) =>
    tx.destinations.put({
      ...{ name: 'oscour', breaker: 'open', failures: 5, nextAttemptAt: 0, code: 'delivery-unavailable' },
      ...{ since: morning, pausedBy: null, pausedAt: null },
    }),
  );
  await rig.round();
  await rig.round(11);
  expect((await rig.open()).map(({ kind, cause }) => [kind, cause])).toEqual([
    ['destination', 'destination-down'],
  ]);
  expect(await kinds()).toEqual(['first']);
});

it('a hundred facilities that fall silent together are one message a recipient', async () => {
  const hospital = {
    ...{ name: 'hôpital 1', role: 'facility', facilities: [a], emails: ['dsi@example.org'] },
  };
  rig = await openAlertRig({ alerts: { smtp, recipients: [region, hospital] }, facilities: 100 });
  for (let index = 1; index <= 100; index += 1) await rig.see(finessOf(index), 'silent', 'agent-dead');
  await rig.round();
  await rig.round(11);
  await rig.round(60);
  const [alert] = await rig.open();
  expect([alert?.kind, alert?.members.length]).toEqual(['region', 100]);
  expect((await rig.messages()).map(({ address }) => address)).toEqual([
    'region@example.org',
    'dsi@example.org',
  ]);
});

it('agents last heard at one moment are one trouble even when most of the region is well', async () => {
  rig = await openAlertRig({ alerts: told, facilities: 100 });
  for (let index = 1; index <= 100; index += 1) {
    await rig.see(finessOf(index), index <= 6 ? 'silent' : 'received', index <= 6 ? 'agent-dead' : null);
    if (index <= 6) await rig.hear(finessOf(index), morning - 6 * hourMs + index * 1000);
  }
  await rig.round();
  expect((await rig.open()).map(({ kind }) => kind)).toEqual(['region']);
});

it('as many silences without anything in common are told one by one', async () => {
  rig = await openAlertRig({ alerts: told, facilities: 100 });
  for (let index = 1; index <= 100; index += 1)
    await rig.see(finessOf(index), index <= 6 ? 'silent' : 'received', index <= 6 ? 'source-silent' : null);
  await rig.round();
  expect((await rig.open()).map(({ kind }) => kind)).toEqual(Array(6).fill('facility'));
});

it('once most are back, those still silent get an alert of their own', async () => {
  rig = await openAlertRig({ alerts: told, facilities: 10 });
  for (let index = 1; index <= 10; index += 1) await rig.see(finessOf(index), 'silent', 'network-cut');
  await rig.round();
  await rig.round(11);
  await sendAll();
  for (let index = 2; index <= 10; index += 1) await rig.see(finessOf(index), 'received', null);
  await rig.round(30);
  await rig.round(11);
  expect((await rig.open()).map(({ kind, facility }) => [kind, facility])).toEqual([['facility', a]]);
  expect(await kinds()).toEqual(['first', 'recovery', 'first']);
});

it('a trouble that passes before it has lasted is told to nobody', async () => {
  rig = await openAlertRig({ alerts: told });
  await rig.see(a, 'silent', 'agent-dead');
  await rig.round();
  await rig.see(a, 'received', null);
  await rig.round(5);
  expect([await rig.open(), await kinds()]).toEqual([[], []]);
});

it('a trouble that comes and goes every twenty minutes gives few messages in a day', async () => {
  rig = await openAlertRig({ alerts: told });
  for (let minute = 0; minute < 24 * 60; minute += 5) {
    const isDown = Math.floor(minute / 20) % 2 === 0;
    await rig.see(a, isDown ? 'silent' : 'received', isDown ? 'agent-dead' : null);
    await rig.round(5);
    await sendAll();
  }
  expect((await kinds()).length).toBeLessThanOrEqual(4);
  expect((await rig.store.read((tx) => tx.alerts.get(1)))?.returns).toBeGreaterThan(0);
});

it('tells of a recovery those who were told, and withdraws what had not left', async () => {
  const late = {
    name: 'nuit',
    role: 'region',
    emails: ['nuit@example.org'],
    quietHours: { from: '05:00', to: '12:00' },
  };
  rig = await openAlertRig({ alerts: { smtp, recipients: [region, late] } });
  await rig.see(a, 'silent', 'source-silent');
  await rig.round();
  await rig.round(11);
  await rig.store.transaction(async (tx) => {
    for (const { id } of await tx.alerts.claim('email', rig.clock.now(), 10))
      await tx.alerts.settle(id, {
        ...{ state: 'sent', attempts: 1, doubt: false, dueAt: 0, sentAt: 1, code: null },
      });
  });
  await rig.see(a, 'received', null);
  await rig.round(30);
  expect(await kinds()).toEqual(['first', 'first']);
  await rig.round(11);
  expect((await rig.messages()).map(({ address, kind, state }) => [address, kind, state])).toEqual([
    ['region@example.org', 'first', 'sent'],
    ['nuit@example.org', 'first', 'withdrawn'],
    ['region@example.org', 'recovery', 'pending'],
  ]);
});

it('tells again each day while it lasts, and calls for others when nobody takes it', async () => {
  const chief = { name: 'astreinte', role: 'on-call', states: ['low'], emails: ['astreinte@example.org'] };
  rig = await openAlertRig({
    alerts: { smtp, recipients: [region, chief], escalation: { afterHours: 4, recipients: ['astreinte'] } },
  });
  await rig.see(a, 'silent', 'source-silent');
  await rig.round();
  await rig.round(11);
  await rig.round(3 * 60);
  expect(await kinds()).toEqual(['first']);
  await rig.round(2 * 60);
  await rig.round(60);
  expect(await kinds()).toEqual(['first', 'escalation']);
  await rig.round(24 * 60);
  expect(await kinds()).toEqual(['first', 'escalation', 'reminder']);
});

it('what a person closed comes back only with a later day', async () => {
  rig = await openAlertRig({ alerts: told });
  await rig.see(a, 'silent', 'source-silent');
  await rig.round();
  const [alert] = await rig.open();
  if (alert === undefined) throw new Error('no alert');
  await rig.store.transaction((tx) =>
    tx.alerts.save({
      ...alert,
      closedAt: rig.clock.now(),
      ending: 'person',
      closedName: 'x',
      reason: 'travaux',
    }),
  );
  await rig.round(60);
  expect(await rig.open()).toEqual([]);
  await rig.see(a, 'silent', 'source-silent', (yesterday + 1) as Day);
  await rig.round(24 * 60);
  expect(await rig.open()).toHaveLength(1);
});

it('an export that stays incomplete for a day, and a facility that nobody registered, are told', async () => {
  rig = await openAlertRig({ alerts: told });
  await rig.hear(a, morning);
  const row = {
    ...{ agent: `01980000-0000-7000-8000-000${a}`, feed: 'ed-visits', part: '0', source: 's', slicesSeen: 1 },
    ...{ manifest: null, digest: null, extract: null, outcome: null, receivedAt: morning - 25 * hourMs },
  };
  await rig.store.transaction(async (tx) => {
    await tx.exports.put({ ...row, id: 'e1', facility: a, reception: 1, state: 'receiving' });
    await tx.exports.put({ ...row, id: 'e2', facility: finessOf(50), reception: 2, state: 'waiting' });
  });
  await rig.round();
  expect((await rig.open()).map(({ cause, facility }) => [cause, facility]).sort()).toEqual([
    ['export-incomplete', a],
    ['facility-unknown', finessOf(50)],
  ]);
});

it('a watching that no longer looks is told', async () => {
  rig = await openAlertRig({ alerts: told });
  await rig.store.transaction((tx) => tx.watch.putRun(morning - hourMs));
  await rig.round();
  expect(await rig.open(), 'a receiver that has just started').toEqual([]);
  await rig.round(6);
  expect((await rig.open()).map(({ kind, cause }) => [kind, cause])).toEqual([['receiver', 'watch-stale']]);
});

it('without settings, alerts are kept and nobody is told', async () => {
  rig = await openAlertRig();
  await rig.see(b, 'held', 'held-by-guard');
  await rig.round();
  const [alert] = await rig.open();
  const events = await rig.store.read((tx) => tx.alerts.events(alert?.id ?? 0, 9));
  expect(events.map(({ kind }) => kind)).toEqual(['nobody', 'opened']);
  expect(await rig.messages()).toEqual([]);
});
