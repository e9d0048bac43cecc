import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startChild, type Child } from '../../installers/sandbox/children.ts';
import { stateFolder } from '../../receiver/state-folder.ts';
import type { AlertMessage } from '../../receiver/store/alert-tables.ts';
import { openSqliteStore } from '../../receiver/store/sqlite-store.ts';
import type { Store } from '../../receiver/store/store.ts';
import { startHttp, type HttpServer } from '../support/http-server.ts';
import { bringLast, createDemoRegion, type DemoRegion } from '../support/portal/demo-region.ts';
import { startSmtp, type SmtpServer } from '../support/smtp-server.ts';

/** A hospital silent for two days, a real receiver that is killed while it tells of it, and then the file comes. */
const silent = 6;
let folder: string;
let region: DemoRegion;
let mail: SmtpServer;
let gateway: HttpServer;
let hook: HttpServer;
let store: Store;
let child: Child | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-told-'));
  [mail, gateway, hook] = await Promise.all([startSmtp(), startHttp(), startHttp()]);
  await writeFile(join(folder, 'hook.secret'), 'a secret of more than twenty-four signs\n', { mode: 0o600 });
  const alerts = {
    smtp: { host: '127.0.0.1', port: mail.port, secure: 'none', from: 'alertes@region.example' },
    sms: { url: `${gateway.url}/sms`, body: { fields: { to: '{to}', text: '{text}' } }, allowPrivate: true },
    webhooks: [{ name: 'supervision', url: `${hook.url}/x`, secretFile: 'hook.secret' }],
    ...{ allowedHosts: ['localhost'], allowLoopback: true, holdMinutes: 0 },
    recipients: [
      { name: 'Région', role: 'region', states: ['silent'], emails: ['operateur@region.example'] },
      { name: 'Astreinte', role: 'on-call', states: ['silent'], sms: ['+33600000000'] },
      { name: 'Supervision', role: 'region', states: ['silent'], webhooks: ['supervision'] },
    ],
  };
  region = await createDemoRegion({ folder, now: Date.now(), hospitals: 7, days: 3, settings: { alerts } });
  store = openSqliteStore(stateFolder(region.config.state).database);
}, 60_000);

afterAll(async () => {
  child?.kill();
  await child?.ended;
  await store.close();
  await Promise.all([mail.close(), gateway.close(), hook.close()]);
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

async function serve(): Promise<void> {
  await rm(join(region.config.state, 'listeners.json'), { force: true });
  const logFile = join(folder, 'receiver.log');
  child = startChild({ command: ['receiver/main.ts', 'serve', '--config', region.configFile], logFile });
  await until(() => existsSync(join(region.config.state, 'listeners.json')));
}

/** As a power cut would. */
async function kill(): Promise<void> {
  child?.kill();
  await child?.ended;
}

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await done()) return;
    if (child?.hasExited() === true) break;
    await wait(50);
  }
  throw new Error(
    `it did not happen: ${(await readFile(join(folder, 'receiver.log'), 'utf8')).slice(-2000)}`,
  );
}

const messages = (): Promise<readonly AlertMessage[]> =>
  store.read(async (tx) => {
    const all = [...(await tx.alerts.open(50)), ...(await tx.alerts.closedSince(0, 50))];
    const found = await Promise.all(all.map(({ id }) => tx.alerts.messages(id, 50)));
    return found.flat().sort((a, b) => a.id - b.id);
  });
const told = async (): Promise<string[]> =>
  (await messages()).map(({ channel, kind, state }) => `${channel} ${kind} ${state}`).sort();
const mailIds = (): (string | undefined)[] =>
  mail.mails.map(({ data }) => /^Message-ID: (.*)$/im.exec(data)?.[1]);

it('a silence is told once to each by their way, also over a kill, and its end as well', async () => {
  // The relay keeps the mail and says nothing; the others have answered.
  mail.atTheEnd('hang');
  await serve();
  await until(async () => (await told()).join() === 'email first sending,sms first sent,webhook first sent');
  await until(() => mail.mails.length === 1);
  expect(mail.mails[0]?.data).toContain('Subject: ');
  expect(gateway.asked[0]?.body).toContain('SILENCE CH de Brumeval');
  await kill();

  // The same mail again under the same id, nothing else.
  mail.atTheEnd('answer');
  await serve();
  await until(async () => (await told()).join() === 'email first sent,sms first sent,webhook first sent');
  expect(mailIds()).toHaveLength(2);
  expect(new Set(mailIds()).size).toBe(1);
  expect([gateway.asked.length, hook.asked.length]).toEqual([1, 1]);
  expect((await messages()).map(({ doubt }) => doubt)).toContain(true);
  await kill();

  // The file comes: each who was told is told of the end, once.
  await bringLast(region, silent);
  await serve();
  const ends = ['email recovery sent', 'sms recovery sent', 'webhook recovery sent'];
  await until(async () => {
    const said = await told();
    return ends.every((end) => said.includes(end));
  });
  await kill();
  const restartedAt = Date.now();
  await serve();
  await until(async () => ((await store.read((tx) => tx.alerts.round()))?.at ?? 0) > restartedAt);
  expect([mail.mails.length, gateway.asked.length, hook.asked.length]).toEqual([3, 2, 2]);
  expect(gateway.asked[1]?.body).toContain('RETABLI CH de Brumeval');
  expect(new Set(hook.asked.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
}, 120_000);
