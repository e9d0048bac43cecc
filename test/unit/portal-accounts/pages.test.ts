import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createTestBrowser,
  putAccount,
  signIn,
  testPassword,
  type TestBrowser,
} from '../../support/portal/sign-in.ts';
import { createSignInLab, type SignInLab } from '../../support/portal/sign-in-lab.ts';

let lab: SignInLab;
beforeAll(async () => {
  lab = await createSignInLab({ secondFactor: 'nobody' });
});
afterAll(() => lab.close());

let number = 0;
async function someone(change: Partial<Parameters<typeof putAccount>[1]> = {}) {
  number += 1;
  return putAccount(lab.store, { login: `page${number}`, profile: 'read-only', ...change });
}

async function attempt(login: string, password: string) {
  const browser = createTestBrowser(lab.base);
  await browser.get('/connexion');
  return browser.post('/connexion', { login, password });
}

const keyIn = (text: string): string => /Clé\s: ([A-Z2-7 ]+)/.exec(text)?.[1]?.replaceAll(' ', '') ?? '';
const codeOf = (key: string): string =>
  new TOTP({ secret: Secret.fromBase32(key) }).generate({ timestamp: lab.clock.now() });

describe('one’s own account', () => {
  it('changes its password with the present one, and closes the other sessions', async () => {
    const { login } = await someone();
    const [here, there] = [await signIn(lab.base, { login }), await signIn(lab.base, { login })];
    await here.get('/compte/mot-de-passe');
    const change = (present: string, next: string) =>
      here.post('/compte/mot-de-passe', { present, next, again: next });
    expect((await change('autre mot de passe', 'deux girafes vertes')).text).toContain('pas reconnu');
    expect((await change(testPassword, 'court')).status).toBe(422);
    expect((await there.get('/aide')).status).toBe(200);
    expect((await change(testPassword, 'deux girafes vertes')).location).toBe('/compte?fait=1');
    expect((await here.get('/compte?fait=1')).text).toContain('C’est fait');
    expect((await there.get('/aide')).status).toBe(303);
    expect((await attempt(login, testPassword)).status).toBe(422);
    expect((await attempt(login, 'deux girafes vertes')).status).toBe(303);
  });

  it('counts wrong passwords there like wrong passwords at the door', async () => {
    const { login } = await someone();
    const browser = await signIn(lab.base, { login });
    await browser.get('/compte/mot-de-passe');
    const next = 'deux girafes vertes';
    for (let count = 0; count < 5; count += 1)
      await browser.post('/compte/mot-de-passe', { present: 'essai', next, again: next });
    const right = await browser.post('/compte/mot-de-passe', { present: testPassword, next, again: next });
    expect(right.status).toBe(422);
    expect((await attempt(login, testPassword)).status).toBe(422);
  });

  it('links an application once a code of it was given, and asks for codes from then on', async () => {
    const { login, id } = await someone();
    const browser = await signIn(lab.base, { login });
    await browser.get('/compte/application');
    expect((await browser.post('/compte/application', { present: 'essai' })).status).toBe(422);
    const prepared = await browser.post('/compte/application', { present: testPassword });
    expect(prepared.location).toBe('/compte/application?cle=1');
    const { text } = await browser.get('/compte/application?cle=1');
    expect(text).toContain('<svg class="qr"');
    const key = keyIn(text);
    expect((await attempt(login, testPassword)).location).toBe('/');
    const wrong = await browser.post('/compte/application?cle=1', { do: 'confirm', code: '000000' });
    expect(wrong.text).toContain('pas le bon');
    const right = await browser.post('/compte/application?cle=1', { do: 'confirm', code: codeOf(key) });
    expect(right.location).toBe('/compte?fait=1');
    expect((await attempt(login, testPassword)).location).toBe('/connexion/code');
    expect((await browser.get('/compte/application?cle=1')).text).not.toContain(key.slice(0, 4));
    expect((await lab.store.read((tx) => tx.accounts.get(id)))?.totpSecret).toBe(key);
  });

  it('closes the other sessions, keeps a language and colours', async () => {
    const { login } = await someone();
    const [here, there] = [await signIn(lab.base, { login }), await signIn(lab.base, { login })];
    expect((await here.get('/compte')).text).toContain('celle-ci');
    expect((await here.post('/compte/sessions', {})).location).toBe('/compte?fait=1');
    expect([(await here.get('/compte')).status, (await there.get('/compte')).status]).toEqual([200, 303]);
    await here.post('/compte/langue', { language: 'en' });
    expect((await attempt(login, testPassword)).location).toBe('/en');
    await here.get('/compte');
    await here.post('/compte/theme', { theme: 'dark' });
    expect((await here.get('/compte')).text).toContain('data-theme="dark"');
    await here.post('/compte/theme', { theme: '"><script>' });
    expect((await here.get('/compte')).text).not.toContain('data-theme');
  });
});

describe('the accounts of the region', () => {
  const administrator = async (): Promise<TestBrowser> => {
    const { login } = await someone({ profile: 'regional-operator', administrator: true });
    return signIn(lab.base, { login });
  };

  it('are shown to administrators only', async () => {
    const operator = await signIn(lab.base, await someone({ profile: 'regional-operator' }));
    const target = await someone();
    for (const path of ['', '/nouveau', `/${target.id}`, `/${target.id}/desactiver`]) {
      expect((await operator.get(`/administration/comptes${path}`)).status).toBe(404);
      expect((await (await administrator()).get(`/administration/comptes${path}`)).status).toBe(200);
    }
    await operator.get('/compte');
    const forged = await operator.post(`/administration/comptes/${target.id}/desactiver`, { reason: 'x' });
    expect(forged.status).toBe(404);
    expect((await (await administrator()).get('/administration/comptes/nobody')).status).toBe(404);
  });

  it('are created with a password that is shown once and opens once', async () => {
    const browser = await administrator();
    await browser.get('/administration/comptes/nouveau');
    const form = { login: 'Nouvelle@Hopital.Example', name: 'Nora Nouvelle', profile: 'hospital-admin' };
    const incomplete = await browser.post('/administration/comptes/nouveau', { ...form, reason: 'arrivée' });
    expect(incomplete.status).toBe(422);
    expect(incomplete.text).toContain('au moins un établissement');
    expect(incomplete.text).toContain('value="Nora Nouvelle"');
    const whole = { ...form, facilities: '750100042', reason: 'arrivée' };
    expect((await browser.post('/administration/comptes/nouveau', { ...whole, reason: '' })).status).toBe(
      422,
    );
    const { text } = await browser.post('/administration/comptes/nouveau', whole);
    const password = /class="code once mono">([^<]+)</.exec(text)?.[1] ?? '';
    expect(password).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
    const list = await browser.get('/administration/comptes');
    expect(list.text).toContain('nouvelle@hopital.example');
    expect(list.text).not.toContain(password);
    expect((await attempt('nouvelle@hopital.example', password)).location).toBe('/connexion/mot-de-passe');
  });

  it('are changed by somebody else than their owner, with a reason, and at once', async () => {
    const browser = await administrator();
    const target = await someone();
    const theirs = await signIn(lab.base, target);
    const path = `/administration/comptes/${target.id}`;
    await browser.get(path);
    const access = { profile: 'health-professional', facilities: '750100042' };
    expect((await browser.post(path, access)).status).toBe(422);
    expect((await browser.post(path, { ...access, reason: 'changement de service' })).status).toBe(303);
    expect((await theirs.get('/aide')).status).toBe(303);
    const changed = await lab.store.read((tx) => tx.accounts.get(target.id));
    expect(changed).toMatchObject({ profile: 'health-professional', facilities: ['750100042'] });
    await browser.get(`${path}/desactiver`);
    expect((await browser.post(`${path}/desactiver`, { reason: 'départ' })).status).toBe(303);
    expect((await attempt(target.login, testPassword)).status).toBe(422);
    await browser.get(`${path}/reactiver`);
    await browser.post(`${path}/reactiver`, { reason: 'retour' });
    expect((await attempt(target.login, testPassword)).status).toBe(303);
    const own = (await lab.store.read((tx) => tx.accounts.byLogin(`page${number - 1}`)))?.id ?? '';
    await browser.get('/compte');
    const refused = await browser.post(`/administration/comptes/${own}/desactiver`, { reason: 'moi' });
    expect(refused.text).toContain('le vôtre');
  });
});
