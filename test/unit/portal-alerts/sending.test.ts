import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAlertActs } from '../../../receiver/alerts/acts.ts';
import type { Resolve } from '../../../receiver/alerts/address-guard.ts';
import { carryOf } from '../../../receiver/alerts/alerting.ts';
import { createSender } from '../../../receiver/alerts/sender.ts';
import type { AlertChannel, AlertMessage } from '../../../receiver/store/alert-tables.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { startHttp, type HttpServer } from '../../support/http-server.ts';
import { startSmtp, type SmtpServer } from '../../support/smtp-server.ts';
import { hourMs, openAlertRig, running, type AlertRig } from './kit.ts';

let rig: AlertRig;
let mail: SmtpServer;
let web: HttpServer;
beforeEach(async () => {
  mail = await startSmtp();
  web = await startHttp();
});
afterEach(async () => {
  await rig.close();
  await mail.close();
  await web.close();
});

const logger = createLogger({ name: 'test', level: 'silent' });
const person = { kind: 'account', id: 'a', name: 'Camille' } as const;

/** One recipient with these addresses; a test message written to each. */
async function written(
  places: Readonly<Record<string, readonly string[]>>,
  { hook, sms, resolve }: { hook?: string; sms?: Readonly<Record<string, unknown>>; resolve?: Resolve } = {},
): Promise<void> {
  const url = hook ?? `${web.url}/hook`;
  rig = await openAlertRig({
    alerts: {
      smtp: {
        host: '127.0.0.1',
        port: mail.port,
        secure: 'none',
        from: 'alertes@example.org',
        timeoutSeconds: 1,
      },
      sms: {
        url: `${web.url}/sms`,
        body: { fields: { to: '{to}', message: '{text}', options: { sender: 'VGM' } } },
        accepted: { field: 'result.status', values: ['queued'] },
        ...{ allowPrivate: true, timeoutSeconds: 1, ...sms },
      },
      webhooks: [{ name: 'hook', url, secretFile: 'secret', timeoutSeconds: 1 }],
      allowedHosts: [new URL(url).hostname],
      allowLoopback: true,
      recipients: [{ name: 'dsi', role: 'region', ...places }],
    },
    ...(resolve === undefined ? {} : { resolve }),
  });
  const { config, store, clock } = rig;
  await createAlertActs({ config, store, clock, random: systemRandom, onChange: () => undefined }).test(
    'dsi',
    person,
  );
}

async function send(channel: AlertChannel, resolve?: Resolve): Promise<readonly AlertMessage[]> {
  const { config, store, clock } = rig;
  const resolving = resolve === undefined ? {} : { resolve };
  const carry = carryOf(channel, { config, clock, ...resolving });
  await createSender({ channel, carry, store, clock, random: systemRandom, logger }).step(running);
  return rig.messages();
}

const outcome = ({ state, code, doubt }: AlertMessage): unknown[] => [state, code, doubt];

describe('by e-mail', () => {
  it('each address gets a mail of its own, in plain text, under an id that stays', async () => {
    await written({ emails: ['one@example.org', 'two@example.org'] });
    const messages = await send('email');
    expect(messages.map(outcome)).toEqual([
      ['sent', null, false],
      ['sent', null, false],
    ]);
    expect(
      mail.mails
        .map(({ to }) => to)
        .flat()
        .sort(),
    ).toEqual(['<one@example.org>', '<two@example.org>']);
    expect(mail.mails.map(({ data }) => data).join()).toContain(
      `Message-ID: <${messages[0]?.identity ?? ''}@example.org>`,
    );
    expect(mail.mails[0]?.data).toContain('text/plain');
  });

  it('a server that keeps the mail and breaks off gets it again under the same id', async () => {
    await written({ emails: ['one@example.org'] });
    mail.atTheEnd('drop');
    expect((await send('email')).map(outcome)).toEqual([['failed', 'alert-mail-unsent', true]]);
    mail.atTheEnd('answer');
    rig.clock.advance(hourMs);
    expect((await send('email'))[0]?.state).toBe('sent');
    const ids = mail.mails.map(({ data }) => /^Message-ID: (.*)$/im.exec(data)?.[1]);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('one address that is refused holds up no other, and is not tried again', async () => {
    await written({ emails: ['gone@example.org', 'two@example.org'] });
    mail.refuseRecipient('gone');
    expect((await send('email')).map(outcome)).toEqual([
      ['dead', 'alert-mail-refused', false],
      ['sent', null, false],
    ]);
  });

  it('a server that says nothing any more is left alone after its time', async () => {
    await written({ emails: ['one@example.org'] });
    mail.atTheEnd('hang');
    expect((await send('email')).map(outcome)).toEqual([['failed', 'alert-mail-unsent', true]]);
  });

  it('a server that is not there surely took nothing', async () => {
    await written({ emails: ['one@example.org'] });
    await mail.close();
    expect((await send('email')).map(outcome)).toEqual([['failed', 'alert-mail-unsent', false]]);
    mail = await startSmtp();
  });

  it('who dies between sending and writing it down sends again under the same id', async () => {
    await written({ emails: ['one@example.org'] });
    const { store, config, clock } = rig;
    let writes = 0;
    const dying: Store = {
      ...store,
      transaction: (work) => {
        writes += 1;
        return writes === 2 ? Promise.reject(new Error('killed')) : store.transaction(work);
      },
    };
    const carry = carryOf('email', { config, clock });
    const about = { channel: 'email', carry, clock, random: systemRandom, logger } as const;
    await expect(createSender({ ...about, store: dying }).step(running)).rejects.toThrow('killed');
    expect((await rig.messages())[0]?.state).toBe('sending');
    await rig.store.transaction((tx) => tx.alerts.recoverSending());
    expect((await send('email')).map(outcome)).toEqual([['sent', null, true]]);
    expect(new Set(mail.mails.map(({ data }) => /^Message-ID: (.*)$/im.exec(data)?.[1])).size).toBe(1);
    expect(mail.mails).toHaveLength(2);
  });
});

describe('by text message', () => {
  const say = (status: number, type: string, body: string): void =>
    web.answer((_request, response) => void response.writeHead(status, { 'content-type': type }).end(body));

  it('the gateway is asked as the settings say, and accepts in its own words', async () => {
    await written({ sms: ['+33600000000'] });
    say(200, 'application/json', '{"result":{"status":"queued"}}');
    expect((await send('sms')).map(outcome)).toEqual([['sent', null, false]]);
    expect(JSON.parse(web.asked[0]?.body ?? '')).toMatchObject({
      to: '+33600000000',
      options: { sender: 'VGM' },
    });
  });

  it.each([
    ['fails', 503, 'text/plain', 'no', 'failed', 'alert-answer-later'],
    [
      'answers a page for people',
      200,
      'text/html; charset=utf-8',
      '<p>sign in</p>',
      'failed',
      'alert-sms-unclear',
    ],
    [
      'says 200 and refuses',
      200,
      'application/json',
      '{"result":{"status":"no credit"}}',
      'failed',
      'alert-sms-refused',
    ],
    ['answers something else', 200, 'application/json', '[]', 'failed', 'alert-sms-unclear'],
    ['knows no such account', 401, 'application/json', '{}', 'dead', 'alert-answer-refused'],
  ])('a gateway that %s has not taken it', async (_what, status, type, body, state, code) => {
    await written({ sms: ['+33600000000'] });
    say(status, type, body);
    expect((await send('sms')).map(outcome)).toEqual([[state, code, false]]);
  });
});

describe('to another program', () => {
  it('each message is signed over id, time and body', async () => {
    await written({ webhooks: ['hook'] });
    expect((await send('webhook')).map(outcome)).toEqual([['sent', null, false]]);
    const [asked] = web.asked;
    const headers = asked?.headers ?? {};
    const body = asked?.body ?? '';
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    const hash = createHmac('sha256', 'a secret of more than twenty-four signs')
      .update(signed)
      .digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${hash}`);
    expect(JSON.parse(body)).toMatchObject({ type: 'alert.test', id: String(headers['webhook-id']) });
  });

  it('a host that hangs is left after its time, and may have taken it', async () => {
    await written({ webhooks: ['hook'] });
    web.answer(() => undefined);
    expect((await send('webhook')).map(outcome)).toEqual([['failed', 'alert-unreachable', true]]);
  });

  it('a redirect is not followed, wherever it leads', async () => {
    await written({ webhooks: ['hook'] });
    web.answer(
      (_request, response) => void response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    );
    expect((await send('webhook')).map(outcome)).toEqual([['dead', 'alert-answer-refused', false]]);
    expect(web.asked).toHaveLength(1);
  });

  it('an answer of ten megabytes is not read to its end', async () => {
    await written({ webhooks: ['hook'] });
    let written_ = 0;
    web.answer((_request, response) => {
      const more = (): void => {
        while (written_ < 10_000_000 && !response.destroyed) {
          written_ += 64_000;
          if (!response.write(Buffer.alloc(64_000))) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    expect((await send('webhook')).map(outcome)).toEqual([['sent', null, false]]);
  });

  it.each([
    '10.0.0.7',
    '192.168.1.1',
    '169.254.169.254',
    '127.0.0.1',
    '::1',
    'fd00::1',
    '::ffff:10.0.0.7',
    '100.64.0.1',
  ])('a name that leads to %s is not asked', async (address) => {
    const resolve: Resolve = async () => [
      { address: '8.8.8.8', family: 4 },
      { address, family: address.includes(':') ? 6 : 4 },
    ];
    await written({ webhooks: ['hook'] }, { hook: 'https://hook.example.org/x' });
    expect((await send('webhook', resolve)).map(outcome)).toEqual([['dead', 'alert-host-private', false]]);
  });

  it('what was checked is what is connected to, whatever the name says a moment later', async () => {
    let asked = 0;
    const resolve: Resolve = async () => {
      asked += 1;
      return [{ address: '127.0.0.1', family: 4 }];
    };
    await written({ webhooks: ['hook'] });
    await send('webhook', resolve);
    expect([asked, web.asked.length]).toEqual([1, 1]);
  });

  it('one that the settings dropped is given up, and the others are sent', async () => {
    await written({ webhooks: ['hook'] });
    await rig.store.transaction((tx) =>
      tx.alerts.addMessage({
        ...{
          alert: null,
          recipient: 'dsi',
          role: 'region',
          channel: 'webhook',
          address: 'gone',
          kind: 'test',
        },
        ...{ identity: 'x', subject: '', text: '{}', createdAt: 0, dueAt: 0 },
      }),
    );
    expect((await send('webhook')).map(outcome)).toEqual([
      ['sent', null, false],
      ['dead', 'alert-channel-unset', false],
    ]);
  });
});
