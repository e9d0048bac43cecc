import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite } from '../../../shared/runtime/sqlite.ts';
import { migrations } from '../../../receiver/store/migrations.ts';
import { createTestBrowser, putAccount, signIn, testPassword } from '../../support/portal/sign-in.ts';
import { createSignInLab, type SignInLab } from '../../support/portal/sign-in-lab.ts';
import { join } from 'node:path';

const refused = 'Identifiant, mot de passe ou code non reconnu';
let lab: SignInLab;
beforeAll(async () => {
  lab = await createSignInLab();
});
afterAll(() => lab.close());

let number = 0;
async function someone(change: Partial<Parameters<typeof putAccount>[1]> = {}) {
  number += 1;
  return putAccount(lab.store, { login: `personne${number}`, profile: 'read-only', ...change });
}

async function attempt(login: string, password: string) {
  const browser = createTestBrowser(lab.base);
  await browser.get('/connexion');
  return browser.post('/connexion', { login, password });
}

describe('signing in with a password', () => {
  it('opens the pages, starting where the profile starts', async () => {
    const starts = [
      ['read-only', {}, '/'],
      ['health-professional', {}, '/analyser'],
      ['hospital-admin', { facilities: ['750100042'] }, '/mon-etablissement'],
      ['agency', { destinations: ['spf'] }, '/agence'],
    ] as const;
    for (const [profile, scope, path] of starts) {
      const { login } = await someone({ profile, ...scope });
      const { status, location } = await attempt(login.toUpperCase(), testPassword);
      expect([status, location]).toEqual([303, path]);
    }
    const { login } = await someone();
    const browser = await signIn(lab.base, { login });
    expect((await browser.get('/aide')).status).toBe(200);
  });

  it('says the same of a login that does not exist, a wrong password and a disabled account', async () => {
    const [known, gone] = [await someone(), await someone()];
    await lab.store.transaction((tx) => tx.accounts.disable(gone.id, 1));
    const answers = [
      await attempt('personne-du-tout', testPassword),
      await attempt(known.login, 'autre chose encore'),
      await attempt(gone.login, testPassword),
    ];
    for (const { status, text } of answers) {
      expect(status).toBe(422);
      expect(text).toContain(refused);
    }
    const plain = answers.map(({ text }) => text.replace(/value="[^"]*"/g, ''));
    expect(new Set(plain).size).toBe(1);
  });

  it('refuses the right password too after five wrong ones, in the same words, for longer each time', async () => {
    const { login, id } = await someone();
    for (let count = 0; count < 5; count += 1) await attempt(login, 'mauvais mot de passe');
    const { status, text } = await attempt(login, testPassword);
    expect(status).toBe(422);
    expect(text).toContain(refused);
    const waited = async () => {
      const account = await lab.store.read((tx) => tx.accounts.get(id));
      return Math.round(((account?.lockedUntil ?? 0) - lab.clock.now()) / 60_000);
    };
    expect(await waited()).toBe(15);
    lab.clock.advance(16 * 60_000);
    for (let count = 0; count < 5; count += 1) await attempt(login, 'mauvais mot de passe');
    expect(await waited()).toBe(30);
    lab.clock.advance(31 * 60_000);
    expect((await attempt(login, testPassword)).status).toBe(303);
    expect((await lab.store.read((tx) => tx.accounts.get(id)))?.failures).toBe(0);
  });

  it('counts attempts made at the same time like attempts one after the other', async () => {
    const { login, id } = await someone();
    await Promise.all(Array.from({ length: 12 }, () => attempt(login, 'mauvais mot de passe')));
    const account = await lab.store.read((tx) => tx.accounts.get(id));
    expect(account?.failures).toBe(5);
    expect((await attempt(login, testPassword)).status).toBe(422);
  });

  it('goes afterwards to where one wanted to go, and to nowhere else than these pages', async () => {
    const { login } = await someone();
    const goingTo = async (towards: string) => {
      const browser = createTestBrowser(lab.base);
      const page = await browser.get(`/connexion?vers=${encodeURIComponent(towards)}`);
      const asked = /name="vers" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
      const byForm = await browser.post('/connexion', { login, password: testPassword, vers: towards });
      return [asked, byForm.location];
    };
    expect(await goingTo('/aide?x=1')).toEqual(['/aide?x=1', '/aide?x=1']);
    const hostile = [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example/',
      'https:evil.example',
      'javascript:alert(1)',
      '/\t/evil.example',
      '/\n/evil.example',
      '\\\\evil.example',
      ' //evil.example',
      '/./ /evil.example',
      '/..//evil.example',
      '/.//evil.example',
      '/deconnexion',
      '/en/connexion',
    ];
    for (const towards of hostile) expect(await goingTo(towards)).toEqual(['', '/']);
  });

  it('takes no form that did not come from its own page', async () => {
    const { login } = await someone();
    const form = { login, password: testPassword };
    const fresh = createTestBrowser(lab.base);
    expect((await fresh.post('/connexion', form)).status).toBe(403);
    const browser = createTestBrowser(lab.base);
    await browser.get('/connexion');
    const other = createTestBrowser(lab.base);
    await other.get('/connexion');
    const theirs = other.cookies.get('vm-entree') ?? '';
    // Somebody else's cookie with this page's token.
    browser.setCookie('vm-entree', theirs);
    expect((await browser.post('/connexion', form)).status).toBe(403);
    await browser.get('/connexion');
    const elsewhere = [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }];
    for (const headers of elsewhere) {
      await browser.get('/connexion');
      expect((await browser.post('/connexion', form, headers)).status).toBe(403);
    }
    expect([...browser.cookies.keys()]).toEqual(['vm-entree']);
  });

  it('asks whoever was given a one-time password for one of their own before anything opens', async () => {
    const { login, id } = await someone({ mustChange: true });
    const browser = createTestBrowser(lab.base);
    await browser.get('/connexion?vers=/aide');
    const first = await browser.post('/connexion', { login, password: testPassword, vers: '/aide' });
    expect(first.location).toBe('/connexion/mot-de-passe');
    expect((await browser.get('/aide')).status).toBe(303);
    await browser.get('/connexion/mot-de-passe');
    const choose = (password: string, again = password) =>
      browser.post('/connexion/mot-de-passe', { password, again });
    expect((await choose('court')).text).toContain('trop court');
    expect((await choose(testPassword)).text).toContain('mot de passe actuel');
    expect((await choose(`${login}2026!`)).text).toContain('se devine');
    expect((await choose('une girafe bleue', 'une girafe verte')).text).toContain('diffèrent');
    expect((await choose('une girafe bleue')).location).toBe('/aide');
    expect((await browser.get('/aide')).status).toBe(200);
    const account = await lab.store.read((tx) => tx.accounts.get(id));
    expect(account?.mustChange).toBe(false);
    expect(account?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await attempt(login, testPassword)).status).toBe(422);
  });

  it('notes who came in and who was refused, and never what was typed', async () => {
    const { login, id } = await someone();
    await attempt(login, 'secret-tape-par-erreur');
    await attempt('secret-tape-par-erreur', 'x');
    await attempt(login, testPassword);
    const db = openSqlite(join(lab.folder, 'receiver.db'), { migrations, readonly: true });
    const lines = db
      .prepare<[], { action: string; subject: string; facts: string }>(
        'select action, subject, facts from audit order by seq desc limit 3',
      )
      .all();
    db.close();
    expect(lines.map(({ action, subject }) => [action, subject])).toEqual([
      ['account.sign-in', id],
      ['account.sign-in-refused', 'unknown'],
      ['account.sign-in-refused', id],
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret-tape');
  });
});
