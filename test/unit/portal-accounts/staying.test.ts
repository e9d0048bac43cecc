import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readAssets } from '../../../receiver/pages/assets.ts';
import { request } from 'undici';
import { putAccount, signIn, type TestBrowser } from '../../support/portal/sign-in.ts';
import { createSignInLab, type SignInLab } from '../../support/portal/sign-in-lab.ts';

const minuteMs = 60_000;
let lab: SignInLab;
beforeAll(async () => {
  lab = await createSignInLab({ secondFactor: 'nobody' });
});
afterAll(() => lab.close());

/** As a script of the page asks: not as somebody who goes there. */
async function fetched(browser: TestBrowser, path: string): Promise<number> {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const headers = { cookie, 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' };
  const { statusCode, body } = await request(new URL(path, lab.base), { headers });
  await body.dump();
  return statusCode;
}

async function operator(login: string): Promise<TestBrowser> {
  const { id } = await putAccount(lab.store, { login, profile: 'regional-operator' }, lab.clock.now());
  expect(id).not.toBe('');
  return signIn(lab.base, { login });
}

const lastSeen = (login: string): Promise<number> =>
  lab.store.read(async (tx) => {
    const account = await tx.accounts.byLogin(login);
    const sessions = await tx.accounts.sessionsOf(account?.id ?? '', lab.clock.now());
    return Math.max(...sessions.map(({ seenAt }) => seenAt));
  });

it('a page says two minutes before that a session closes, to those whose session does', async () => {
  const browser = await operator('agit');
  const { text } = await browser.get('/aide');
  expect(text).toContain('role="status" data-idle="1620"');
  expect(text).toContain('Rester connecté');
  expect((await browser.get('/en/aide')).text).toContain('Stay signed in');
  await putAccount(lab.store, { login: 'regarde', profile: 'read-only' }, lab.clock.now());
  const looking = await signIn(lab.base, { login: 'regarde' });
  expect((await looking.get('/aide')).text).not.toContain('data-idle');
  expect((await browser.get('/connexion')).text).not.toContain('data-idle');
});

it('who asks to stay does, from the page as it is', async () => {
  const browser = await operator('reste');
  lab.clock.advance(28 * minuteMs);
  expect(await fetched(browser, '/session')).toBe(204);
  const now = lab.clock.now();
  while ((await lastSeen('reste')) < now - minuteMs) await new Promise(setImmediate);
  lab.clock.advance(28 * minuteMs);
  expect((await browser.get('/aide')).status).toBe(200);
});

it('a page that refreshes itself does not stay, and whose session is over is told so', async () => {
  const browser = await operator('parti');
  lab.clock.advance(28 * minuteMs);
  expect(await fetched(browser, '/aide')).toBe(200);
  lab.clock.advance(3 * minuteMs);
  expect(await fetched(browser, '/session')).toBe(303);
  expect((await browser.get('/aide')).status).toBe(303);
});

it('the script of the pages is whole, and small', () => {
  const script = readAssets().get('portal.js')?.content ?? Buffer.alloc(0);
  expect(() => new Script(script.toString())).not.toThrow();
  const textsIn = (text: string): readonly string[] =>
    text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '').match(/'[^'\n]*'/g) ?? [];
  const written = readFileSync(join(import.meta.dirname, '../../../receiver/pages/assets/portal.js'), 'utf8');
  expect(textsIn(script.toString())).toEqual(textsIn(written));
  expect(textsIn(written).length).toBeGreaterThan(50);
  expect(script.length).toBeLessThanOrEqual(6000);
});
