import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disableAccount, resetPassword, resetTotp } from '../../../receiver/accounts/account-changes.ts';
import { migrations } from '../../../receiver/store/migrations.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { openSqlite } from '../../../shared/runtime/sqlite.ts';
import { createTestBrowser, putAccount, signIn, testPassword } from '../../support/portal/sign-in.ts';
import { createSignInLab, type SignInLab } from '../../support/portal/sign-in-lab.ts';

let lab: SignInLab;
beforeAll(async () => {
  lab = await createSignInLab({ secondFactor: 'nobody' });
});
afterAll(() => lab.close());

let number = 0;
async function someone(change: Partial<Parameters<typeof putAccount>[1]> = {}) {
  number += 1;
  return putAccount(lab.store, { login: `session${number}`, profile: 'read-only', ...change });
}
const system = { kind: 'system', id: 'test', name: 'test' } as const;

describe('a session', () => {
  it('has a cookie that scripts, other sites and plain connections do not get', async () => {
    const { login } = await someone();
    const browser = createTestBrowser(lab.base);
    await browser.get('/connexion');
    const { setCookies } = await browser.post('/connexion', { login, password: testPassword });
    const cookie = setCookies.find((line) => line.startsWith('vm=')) ?? '';
    expect(cookie).toMatch(/^vm=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    const behindTls = await createSignInLab({ url: 'https://portail.example' });
    await putAccount(behindTls.store, { login, profile: 'read-only' });
    const other = createTestBrowser(behindTls.base);
    await other.get('/connexion');
    const origin = { origin: 'https://portail.example' };
    const answer = await other.post('/connexion', { login, password: testPassword }, origin);
    expect(answer.setCookies.find((line) => line.startsWith('__Host-vm='))).toMatch(
      /^__Host-vm=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    await behindTls.close();
  });

  it('is known to the database by its digest only', async () => {
    const { login } = await someone();
    const browser = await signIn(lab.base, { login });
    const db = openSqlite(join(lab.folder, 'receiver.db'), { migrations, readonly: true });
    const kept = JSON.stringify(db.prepare('select hex(token) as t, * from account_session').all());
    db.close();
    const cookie = browser.cookies.get('vm') ?? '';
    expect(cookie).toHaveLength(43);
    expect(kept).not.toContain(cookie);
    expect(kept).not.toContain(Buffer.from(cookie, 'base64url').toString('hex').toUpperCase());
  });

  it('is another one at every sign-in, whatever cookie was planted before', async () => {
    const { login } = await someone();
    const planted = 'A'.repeat(43);
    const browser = createTestBrowser(lab.base);
    browser.setCookie('vm', planted);
    await browser.get('/connexion');
    const entry = browser.cookies.get('vm-entree');
    await browser.post('/connexion', { login, password: testPassword });
    expect(browser.cookies.get('vm')).not.toBe(planted);
    expect(browser.cookies.get('vm')).not.toBe(entry);
    expect(browser.cookies.has('vm-entree')).toBe(false);
    const thief = createTestBrowser(lab.base);
    thief.setCookie('vm', planted);
    expect((await thief.get('/aide')).status).toBe(303);
  });

  it('ends for a stolen cookie too when its owner signs out', async () => {
    const { login } = await someone();
    const browser = await signIn(lab.base, { login });
    const thief = createTestBrowser(lab.base);
    thief.setCookie('vm', browser.cookies.get('vm') ?? '');
    expect((await thief.get('/aide')).status).toBe(200);
    await browser.get('/compte');
    expect((await browser.post('/deconnexion', { _csrf: 'forged' })).status).toBe(403);
    expect((await thief.get('/aide')).status).toBe(200);
    await browser.get('/compte');
    const out = await browser.post('/deconnexion', {});
    expect(out.location).toBe('/connexion?fin=1');
    expect(browser.cookies.has('vm')).toBe(false);
    expect((await thief.get('/aide')).status).toBe(303);
  });

  it('ends at once when its account is disabled, or given another password or factor', async () => {
    const deps = { store: lab.store, clock: lab.clock, random: systemRandom, actor: system };
    for (const change of [disableAccount, resetPassword, resetTotp]) {
      const { login } = await someone();
      const browser = await signIn(lab.base, { login });
      expect((await browser.get('/aide')).status).toBe(200);
      await change({ account: login }, deps);
      expect((await browser.get('/aide')).status).toBe(303);
    }
  });

  it('ends for who acts after half an hour without them, for who only looks after twelve hours', async () => {
    const [acts, looks] = [await someone({ profile: 'regional-operator' }), await someone()];
    const [actor, looker] = [await signIn(lab.base, acts), await signIn(lab.base, looks)];
    const seenAt = async () =>
      (await lab.store.read((tx) => tx.accounts.sessionsOf(acts.id, lab.clock.now())))[0]?.seenAt ?? 0;
    const half = 29 * 60_000;
    lab.clock.advance(half);
    const before = await seenAt();
    expect((await actor.get('/aide')).status).toBe(200);
    await expect.poll(seenAt).toBeGreaterThan(before);
    lab.clock.advance(half);
    expect((await actor.get('/aide')).status).toBe(200);
    lab.clock.advance(half + 120_000);
    expect((await actor.get('/aide')).status).toBe(303);
    expect((await looker.get('/aide')).status).toBe(200);
    lab.clock.advance(11 * 60 * 60_000);
    expect((await looker.get('/aide')).status).toBe(303);
  });

  it('shows pages while another connection writes, and says so to who wants to sign in', async () => {
    const { login } = await someone();
    const browser = await signIn(lab.base, { login });
    lab.clock.advance(120_000);
    const other = createTestBrowser(lab.base);
    await other.get('/connexion');
    const db = openSqlite(join(lab.folder, 'receiver.db'), { migrations });
    db.exec('begin immediate');
    try {
      expect((await browser.get('/aide')).status).toBe(200);
      const answer = await other.post('/connexion', { login, password: testPassword });
      expect(answer.status).toBe(503);
      expect(answer.text).toContain('Recommencez dans une minute');
    } finally {
      db.exec('rollback');
      db.close();
    }
    await other.get('/connexion');
    expect((await other.post('/connexion', { login, password: testPassword })).status).toBe(303);
  });
});
