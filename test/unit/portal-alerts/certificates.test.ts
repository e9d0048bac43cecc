import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createAlertActs } from '../../../receiver/alerts/acts.ts';
import type { Resolve } from '../../../receiver/alerts/address-guard.ts';
import { carryOf } from '../../../receiver/alerts/alerting.ts';
import { createSender } from '../../../receiver/alerts/sender.ts';
import type { AlertChannel } from '../../../receiver/store/alert-tables.ts';
import { describeFault } from '../../../shared/i18n/errors.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { permanent } from '../../../shared/runtime/errors.ts';
import { startHttp, type HttpServer } from '../../support/http-server.ts';
import { createTestAuthority, type Identity } from '../../support/peers/certificates.ts';
import { startSmtp, type SmtpServer } from '../../support/smtp-server.ts';
import { openAlertRig, running, type AlertRig } from './kit.ts';

const authority = createTestAuthority();
const identities: Readonly<Record<string, Identity>> = {
  right: authority.server({ hosts: ['localhost'] }),
  expired: authority.server({ hosts: ['localhost'], expired: true }),
  'of another name': authority.server({ hosts: ['relais.ailleurs.example'] }),
  'of an unknown authority': createTestAuthority('Une autre').server({ hosts: ['localhost'] }),
};
const wrong = ['expired', 'of another name', 'of an unknown authority'] as const;

let rig: AlertRig;
const toClose: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
  await rig.close();
});

/** A test message over this channel; answers how it ended. */
async function send(
  channel: AlertChannel,
  alerts: Readonly<Record<string, unknown>>,
  resolve?: Resolve,
): Promise<readonly unknown[]> {
  const places = {
    email: { emails: ['a@example.org'] },
    sms: { sms: ['+33600000000'] },
    webhook: { webhooks: ['hook'] },
  };
  rig = await openAlertRig({
    alerts: { ...alerts, recipients: [{ name: 'dsi', role: 'region', ...places[channel] }] },
  });
  await writeFile(join(rig.folder, 'authority.pem'), authority.pem);
  const { config, store, clock } = rig;
  const about = { config, store, clock, random: systemRandom, onChange: () => undefined };
  await createAlertActs(about).test('dsi', { kind: 'account', id: 'a', name: 'Camille' });
  const carry = carryOf(channel, { config, clock, ...(resolve === undefined ? {} : { resolve }) });
  const logger = createLogger({ name: 'test', level: 'silent' });
  await createSender({ channel, carry, store, clock, random: systemRandom, logger }).step(running);
  const [message] = await rig.messages();
  return [message?.state, message?.code, message?.doubt];
}

const refused = ['failed', 'alert-certificate-refused', false];

describe.each(['tls', 'starttls'] as const)('mail over %s', (secure) => {
  let mail: SmtpServer;
  const relay = async (identity: Identity | undefined, more: Readonly<Record<string, unknown>> = {}) => {
    mail = await startSmtp({ secure, ...(identity === undefined ? {} : { identity }) });
    toClose.push(() => mail.close());
    return {
      smtp: {
        ...{ host: 'localhost', port: mail.port, secure, from: 'alertes@example.org', timeoutSeconds: 5 },
        ...{ authorityFile: 'authority.pem', ...more },
      },
    };
  };

  it('goes to a relay whose certificate is right', async () => {
    expect(await send('email', await relay(identities['right']))).toEqual(['sent', null, false]);
    expect(mail.mails).toHaveLength(1);
  });

  it.each(wrong)('does not go to one whose certificate is %s, and surely did not', async (which) => {
    expect(await send('email', await relay(identities[which]))).toEqual(refused);
    expect(mail.mails).toEqual([]);
  });

  it('does not go where only a private authority vouches that nobody gave', async () => {
    const alerts = await relay(identities['right'], { authorityFile: undefined });
    expect(await send('email', alerts)).toEqual(refused);
  });

  it('says which file holds no authority', async () => {
    const alerts = await relay(identities['right'], { authorityFile: 'secret' });
    expect(await send('email', alerts)).toEqual(['failed', 'alert-secret-unreadable', false]);
  });
});

it('mail that must be protected does not go to a relay that offers no protection', async () => {
  const mail = await startSmtp();
  toClose.push(() => mail.close());
  const smtp = { host: 'localhost', port: mail.port, secure: 'starttls', from: 'alertes@example.org' };
  expect(await send('email', { smtp })).toEqual(['failed', 'alert-mail-unsent', false]);
  expect(mail.mails).toEqual([]);
});

describe('to another program over https', () => {
  const host = 'hook.region.example';
  let web: HttpServer;
  /** A name whose address is given by the test: what was looked up is connected to, the name is what is checked. */
  const hook = async (identity: Identity | undefined, name = 'localhost') => {
    web = await startHttp(identity);
    toClose.push(() => web.close());
    const url = `https://${name}:${web.port}/x`;
    const webhook = {
      name: 'hook',
      url,
      secretFile: 'secret',
      authorityFile: 'authority.pem',
      timeoutSeconds: 5,
    };
    return { webhooks: [webhook], allowedHosts: [name], allowLoopback: true };
  };
  const toLoopback: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];

  it('a message goes to the pinned address under the certificate’s name', async () => {
    expect(await send('webhook', await hook(identities['right']), toLoopback)).toEqual(['sent', null, false]);
    expect(web.asked[0]?.headers['host']).toBe(`localhost:${web.port}`);
  });

  it.each(wrong)('nothing goes to a host whose certificate is %s', async (which) => {
    expect(await send('webhook', await hook(identities[which]), toLoopback)).toEqual(refused);
    expect(web.asked).toEqual([]);
  });

  it('the name of the settings is checked, not the address it leads to', async () => {
    const byAddress = authority.server({ hosts: ['127.0.0.1'] });
    expect(await send('webhook', await hook(byAddress), toLoopback)).toEqual(refused);
  });

  it('a name that leads to this machine is refused before anything is said, whatever certificate waits there', async () => {
    const identity = authority.server({ hosts: [host] });
    const ended = await send('webhook', await hook(identity, host), toLoopback);
    expect(ended).toEqual(['dead', 'alert-host-private', false]);
    expect(web.asked).toEqual([]);
  });

  it('a text message goes through a gateway of the region’s own authority', async () => {
    web = await startHttp(identities['right']);
    toClose.push(() => web.close());
    const sms = {
      ...{ url: `${web.url}/sms`, allowPrivate: true, authorityFile: 'authority.pem' },
      body: { fields: { to: '{to}', text: '{text}' } },
    };
    expect(await send('sms', { sms })).toEqual(['sent', null, false]);
  });
});

it('the refusal is told in words, with the host and the reason', () => {
  const fault = permanent('alert-certificate-refused', {
    facts: { host: 'relais', reason: 'CERT_HAS_EXPIRED' },
  });
  expect(describeFault(fault, 'fr').message).toBe(
    'Le certificat de relais n’est pas accepté (CERT_HAS_EXPIRED)',
  );
});
