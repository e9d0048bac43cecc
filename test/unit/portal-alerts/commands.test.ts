import { afterEach, beforeEach, expect, it } from 'vitest';
import { listAlerts } from '../../../receiver/commands/alert-list.ts';
import { testAlerts } from '../../../receiver/commands/alert-test.ts';
import type { CommandContext } from '../../../receiver/commands/command.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { startSmtp, type SmtpServer } from '../../support/smtp-server.ts';
import { finessOf, hourMs, morning, openAlertRig, type AlertRig } from './kit.ts';

let rig: AlertRig;
let mail: SmtpServer;
beforeEach(async () => {
  mail = await startSmtp();
});
afterEach(async () => {
  await rig.close();
  await mail.close();
});

const a = finessOf(1);
const agent = '01980000-0000-7000-8000-000000000001';
const logger = createLogger({ name: 'test', level: 'silent' });
const context = (language: 'fr' | 'en' = 'fr'): CommandContext => ({
  ...{ config: rig.config, clock: rig.clock, random: systemRandom, logger, language },
});
const relay = () => ({
  host: '127.0.0.1',
  port: mail.port,
  secure: 'none',
  from: 'alertes@example.org',
});
const both = { name: 'dsi', role: 'region', emails: ['one@example.org', 'gone@example.org'] };

it('alert list says what is open and who has it, and ends with 1', async () => {
  rig = await openAlertRig({ alerts: { smtp: relay(), recipients: [both] } });
  expect(await listAlerts(context())).toMatchObject({ exitCode: 0, lines: ['Aucune alerte ouverte'] });
  await rig.see(a, 'silent', 'agent-dead');
  await rig.round();
  const [alert] = await rig.open();
  if (alert === undefined) throw new Error('no alert');
  const { exitCode, lines, document } = await listAlerts(context());
  expect(exitCode).toBe(1);
  expect(lines.join('\n')).toContain('CH de l’Étape 1');
  expect(lines.join('\n')).toContain('prise par personne');
  expect(document).toMatchObject({
    open: [{ facility: a, state: 'silent', cause: 'agent-dead', days: ['2026-11-19'], takenBy: null }],
  });
  await rig.store.transaction((tx) => tx.alerts.save({ ...alert, takenBy: 'x', takenName: 'Camille' }));
  expect((await listAlerts(context('en'))).lines.join('\n')).toContain('taken by Camille');
});

it('alert list says when nobody is told of anything', async () => {
  rig = await openAlertRig();
  expect((await listAlerts(context())).lines.join('\n')).toContain('personne n’est prévenu');
});

it('alert test sends to each address, says which was not taken and why, and is written down', async () => {
  rig = await openAlertRig({ alerts: { smtp: relay(), recipients: [both] } });
  mail.refuseRecipient('gone');
  const { exitCode, lines, document } = await testAlerts(context(), { recipient: 'dsi' });
  expect(exitCode).toBe(1);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toBe('envoyé : email one@example.org');
  expect(lines[1]).toContain('! pas envoyé : email gone@example.org');
  expect(lines.join()).not.toMatch(/[{}]/);
  expect(document).toMatchObject({ messages: [{ state: 'sent' }, { code: 'alert-mail-refused' }] });
  expect(mail.mails).toHaveLength(1);
  const written = await rig.store.read((tx) => tx.audit.walk(0, 10));
  expect(written.map(({ action }) => action)).toEqual(['alert.test']);
  expect(JSON.stringify(written)).not.toContain('one@example.org');
  mail.refuseRecipient('nobody');
  expect((await testAlerts(context('en'), { recipient: 'dsi' })).exitCode).toBe(0);
});

it('alert test knows only the recipients of the settings', async () => {
  rig = await openAlertRig({ alerts: { smtp: relay(), recipients: [both] } });
  await expect(testAlerts(context(), { recipient: 'voisin' })).rejects.toThrow('alert-recipient-unknown');
  expect(mail.mails).toEqual([]);
});

it('a gap in a ledger is told after a day, and closes when it is filled', async () => {
  rig = await openAlertRig({ alerts: { smtp: relay(), recipients: [both], holdMinutes: 0 } });
  const envelope = {
    ...{ agent, feed: 'ed-visits', epoch: 1, digest: 'd', prev: 'p', bytes: 1 },
    ...{ receivedAt: morning, export: null, slice: null },
    state: 'stored',
  } as const;
  await rig.store.transaction(async (tx) => {
    await tx.agents.put({ id: agent, name: 'A', status: 'active', facilities: [a], createdAt: 1 });
    for (const seq of [1, 3]) await tx.inbox.put({ ...envelope, id: `e${seq}`, seq }, null);
    await tx.inbox.putHead({ agent, feed: 'ed-visits', epoch: 1, seq: 1, digest: 'd' });
  });
  await rig.round();
  expect(await rig.open()).toEqual([]);
  rig.clock.advance(25 * hourMs);
  await rig.round();
  expect((await rig.open()).map(({ kind, cause, facility }) => [kind, cause, facility])).toEqual([
    ['receiver', 'ledger-gap', a],
  ]);
  await rig.store.transaction((tx) =>
    tx.inbox.putHead({ agent, feed: 'ed-visits', epoch: 1, seq: 3, digest: 'd' }),
  );
  await rig.round(1);
  await rig.round(1);
  expect(await rig.open()).toEqual([]);
});

it('what is over goes with the time the settings keep it, messages and journal with it', async () => {
  rig = await openAlertRig({
    alerts: { smtp: relay(), recipients: [both], holdMinutes: 0, retentionDays: 31 },
  });
  await rig.see(a, 'silent', 'agent-dead');
  await rig.round();
  await rig.see(a, 'received', null);
  await rig.round(1);
  await rig.round(1);
  const [closed] = await rig.store.read((tx) => tx.alerts.closedSince(0, 10));
  expect(closed?.ending).toBe('recovered');
  rig.clock.advance(30 * 24 * hourMs);
  await rig.round();
  expect(await rig.store.read((tx) => tx.alerts.closedSince(0, 10))).toHaveLength(1);
  rig.clock.advance(2 * 24 * hourMs);
  await rig.round();
  expect(await rig.store.read((tx) => tx.alerts.closedSince(0, 10))).toEqual([]);
  expect(await rig.messages()).toEqual([]);
});
