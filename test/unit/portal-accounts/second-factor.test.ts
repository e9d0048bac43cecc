import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestBrowser, putAccount, testPassword } from '../../support/portal/sign-in.ts';
import { createSignInLab, type SignInLab } from '../../support/portal/sign-in-lab.ts';

let lab: SignInLab;
beforeAll(async () => {
  lab = await createSignInLab();
});
afterAll(() => lab.close());

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const codeAt = (ahead = 0, key = secret): string =>
  new TOTP({ secret: Secret.fromBase32(key) }).generate({ timestamp: lab.clock.now() + ahead });

async function half(login: string) {
  const browser = createTestBrowser(lab.base);
  await browser.get('/connexion');
  const { location } = await browser.post('/connexion', { login, password: testPassword });
  await browser.get(location ?? '');
  return { browser, location, give: (code: string) => browser.post(location ?? '', { code }) };
}

describe('a second factor', () => {
  it('stands between the right password and the pages', async () => {
    await putAccount(lab.store, { login: 'deux', profile: 'read-only', totpSecret: secret });
    const { browser, location, give } = await half('deux');
    expect(location).toBe('/connexion/code');
    expect((await browser.get('/aide')).status).toBe(303);
    await browser.get('/connexion/code');
    expect((await give('000000')).status).toBe(422);
    const right = codeAt();
    expect((await give(`${right.slice(0, 3)} ${right.slice(3)}`)).location).toBe('/');
    expect((await browser.get('/aide')).status).toBe(200);
  });

  it('takes each code once, and none older than one already taken', async () => {
    await putAccount(lab.store, { login: 'une-fois', profile: 'read-only', totpSecret: secret });
    const code = codeAt();
    const before = codeAt(-30_000);
    expect((await (await half('une-fois')).give(code)).status).toBe(303);
    expect((await (await half('une-fois')).give(code)).status).toBe(422);
    expect((await (await half('une-fois')).give(before)).status).toBe(422);
    const both = [await half('une-fois'), await half('une-fois')];
    lab.clock.advance(60_000);
    const next = codeAt();
    const answers = await Promise.all(both.map(({ give }) => give(next)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
  });

  it('takes the code of a clock that is one step off, and of no more', async () => {
    await putAccount(lab.store, { login: 'decale', profile: 'read-only', totpSecret: secret });
    expect((await (await half('decale')).give(codeAt(-90_000))).status).toBe(422);
    expect((await (await half('decale')).give(codeAt(90_000))).status).toBe(422);
    expect((await (await half('decale')).give(codeAt(-30_000))).status).toBe(303);
    expect((await (await half('decale')).give(codeAt(30_000))).status).toBe(303);
  });

  it('is not guessed: wrong codes lock the account, and a right password does not clear them', async () => {
    await putAccount(lab.store, { login: 'devine', profile: 'read-only', totpSecret: secret });
    for (let count = 0; count < 5; count += 1) await (await half('devine')).give('000000');
    const browser = createTestBrowser(lab.base);
    await browser.get('/connexion');
    expect((await browser.post('/connexion', { login: 'devine', password: testPassword })).status).toBe(422);
  });

  it('is asked of administrators and auditors, who link an application before anything opens', async () => {
    await putAccount(lab.store, { login: 'audit', profile: 'auditor' });
    await putAccount(lab.store, { login: 'region', profile: 'regional-operator', administrator: true });
    await putAccount(lab.store, { login: 'veille', profile: 'regional-operator' });
    expect((await half('veille')).location).toBe('/');
    for (const login of ['audit', 'region']) {
      const { browser, location, give } = await half(login);
      expect(location).toBe('/connexion/application');
      expect((await browser.get('/aide')).status).toBe(303);
      const { text } = await browser.get('/connexion/application');
      const key = /Clé\s: ([A-Z2-7 ]+)/.exec(text)?.[1]?.replaceAll(' ', '') ?? '';
      expect((await give('000000')).status).toBe(422);
      expect((await give(codeAt(0, key))).status).toBe(303);
      expect((await browser.get('/aide')).status).toBe(200);
      expect((await half(login)).location).toBe('/connexion/code');
    }
  });

  it('is not given on the way of somebody else, nor after ten minutes', async () => {
    await putAccount(lab.store, { login: 'lent', profile: 'read-only', totpSecret: secret });
    const stranger = createTestBrowser(lab.base);
    await stranger.get('/connexion');
    expect((await stranger.post('/connexion/code', { code: codeAt() })).location).toBe('/connexion');
    const { give } = await half('lent');
    lab.clock.advance(11 * 60_000);
    expect((await give(codeAt())).location).toBe('/connexion');
  });
});

describe('many attempts from one address', () => {
  it('are sent away for a minute', async () => {
    const strict = await createSignInLab({}, { attemptsPerMinute: 3 });
    const browser = createTestBrowser(strict.base);
    await browser.get('/connexion');
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1)
      statuses.push((await browser.post('/connexion', { login: 'x', password: 'y' })).status);
    expect(statuses).toEqual([422, 422, 422, 429]);
    expect((await browser.get('/connexion')).status).toBe(200);
    await strict.close();
  });
});
