import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import { accountSql } from '../../../receiver/store/sqlite-account.ts';
import { sessionSql } from '../../../receiver/store/sqlite-session.ts';
import { migrations } from '../../../receiver/store/migrations.ts';
import type { Session } from '../../../receiver/store/session-tables.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { openSqlite } from '../../../shared/runtime/sqlite.ts';
import { putAccount } from '../../support/portal/sign-in.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-accounts-'));
  store = openSqliteStore(join(folder, 'receiver.db'));
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const session = (account: string, fill: number, change: Partial<Session> = {}): Session => ({
  ...{ token: Buffer.alloc(32, fill), account, csrf: `csrf${fill}`, place: '?', strong: false },
  ...{ createdAt: fill, seenAt: fill, expiresAt: 1000 },
  ...change,
});

describe('the tables of accounts', () => {
  it('give back what was put, by id, login and identity, and in the order of logins', async () => {
    const b = await putAccount(store, { login: 'bea', profile: 'agency', destinations: ['z', 'a', 'z'] });
    const a = await putAccount(store, { login: 'ali', profile: 'read-only' });
    const identity = { issuer: 'https://i', subject: 's' };
    await store.transaction((tx) => tx.accounts.link(a.id, identity));
    await store.read(async (tx) => {
      expect(await tx.accounts.get(b.id)).toEqual({ ...b, destinations: ['a', 'z'] });
      expect((await tx.accounts.byLogin('bea'))?.id).toBe(b.id);
      expect(await tx.accounts.byIdentity(identity)).toEqual({ ...a, identity });
      expect((await tx.accounts.list()).map(({ login }) => login)).toEqual(['ali', 'bea']);
    });
  });

  it('take one account per login and per identity, and no administrator of another profile', async () => {
    const [a, b] = [
      await putAccount(store, { login: 'ali', profile: 'read-only' }),
      await putAccount(store, { login: 'bea', profile: 'read-only' }),
    ];
    const refused = (work: Parameters<Store['transaction']>[0]) =>
      expect(store.transaction(work)).rejects.toThrow(/constraint failed/i);
    await refused((tx) => tx.accounts.add({ ...b, id: 'another' }));
    await refused((tx) => tx.accounts.add({ ...b, id: 'x', login: 'CAPITAL' }));
    await refused((tx) => tx.accounts.add({ ...b, id: 'x', login: 'x', passwordHash: 'plain' }));
    await refused((tx) => tx.accounts.setAccess(a.id, { ...a, administrator: true }));
    const identity = { issuer: 'https://i', subject: 's' };
    await store.transaction((tx) => tx.accounts.link(a.id, identity));
    await refused((tx) => tx.accounts.link(b.id, identity));
  });

  it('take a code’s step once, and rehash only what was not changed meanwhile', async () => {
    const { id, passwordHash } = await putAccount(store, { login: 'ali', profile: 'read-only' });
    await store.transaction(async (tx) => {
      expect(await tx.accounts.takeTotpStep(id, 5)).toBe(true);
      expect([await tx.accounts.takeTotpStep(id, 5), await tx.accounts.takeTotpStep(id, 4)]).toEqual([
        false,
        false,
      ]);
      expect(await tx.accounts.takeTotpStep(id, 6)).toBe(true);
      expect(await tx.accounts.confirmTotp(id, 7)).toBe(false);
      await tx.accounts.rehash(id, 'of before', '$argon2id$other');
      expect((await tx.accounts.get(id))?.passwordHash).toBe(passwordHash);
    });
  });

  it('close sessions one by one, all but one, and those that are over', async () => {
    const { id } = await putAccount(store, { login: 'ali', profile: 'read-only' });
    await store.transaction(async (tx) => {
      for (const fill of [1, 2, 3]) await tx.accounts.openSession(session(id, fill));
      await tx.accounts.openSession(session(id, 4, { expiresAt: 10 }));
      await tx.accounts.seen(Buffer.alloc(32, 2), 50);
      await tx.accounts.seen(Buffer.alloc(32, 2), 40);
      expect((await tx.accounts.session(Buffer.alloc(32, 2)))?.seenAt).toBe(50);
      expect((await tx.accounts.sessionsOf(id, 20)).map(({ csrf }) => csrf)).toEqual([
        'csrf3',
        'csrf2',
        'csrf1',
      ]);
      expect([...(await tx.accounts.countSessions(20))]).toEqual([[id, 3]]);
      expect(await tx.accounts.purgeSessions(20)).toBe(1);
      expect(await tx.accounts.closeSession(Buffer.alloc(32, 1))).toBe(true);
      expect(await tx.accounts.closeSession(Buffer.alloc(32, 1))).toBe(false);
      expect(await tx.accounts.closeSessions(id, 'csrf3')).toBe(1);
      expect((await tx.accounts.sessionsOf(id, 20)).map(({ csrf }) => csrf)).toEqual(['csrf3']);
    });
  });

  it('keep whoever is on the way in until it is over, dropped or its account changes', async () => {
    const { id } = await putAccount(store, { login: 'ali', profile: 'read-only' });
    const common = { towards: '/aide', language: 'en', expiresAt: 100 } as const;
    const code = { ...common, token: Buffer.alloc(32, 1), step: 'code', account: id, strong: false } as const;
    const away = {
      ...{ ...common, token: Buffer.alloc(32, 2), step: 'provider' as const },
      ...{ state: 's', nonce: 'n', verifier: 'v' },
    };
    await store.transaction(async (tx) => {
      await tx.accounts.putSignIn(code);
      await tx.accounts.putSignIn(away);
      expect(await tx.accounts.signIn(code.token, 99)).toEqual(code);
      expect(await tx.accounts.signIn(away.token, 99)).toEqual(away);
      expect(await tx.accounts.signIn(code.token, 100)).toBeUndefined();
      await tx.accounts.dropSignInsOf(id);
      expect(await tx.accounts.signIn(code.token, 99)).toBeUndefined();
      await tx.accounts.dropSignIn(away.token);
      expect(await tx.accounts.signIn(away.token, 99)).toBeUndefined();
    });
  });

  it('are looked up by an index, however many there are', () => {
    const db = openSqlite(join(folder, 'receiver.db'), { migrations });
    const plan = (text: string): string => {
      const nulls = text
        .split('?')
        .slice(1)
        .map(() => null);
      return (
        db.prepare<unknown[], { detail: string }>(`explain query plan ${text}`).all(...nulls)[0]?.detail ?? ''
      );
    };
    expect(plan(accountSql.byLogin.text)).toMatch(/SEARCH account USING INDEX/);
    expect(plan(accountSql.byIdentity.text)).toMatch(/INDEX account_identity/);
    expect(plan(sessionSql.get.text)).toMatch(/SEARCH account_session USING PRIMARY KEY/);
    expect(plan(sessionSql.ofAccount.text)).toMatch(/INDEX account_session_account/);
    expect(plan(sessionSql.purge.text)).toMatch(/INDEX account_session_end/);
    expect(plan(sessionSql.purgeSignIns.text)).toMatch(/INDEX sign_in_end/);
    expect(plan(sessionSql.dropSignInsOf.text)).toMatch(/INDEX sign_in_account/);
    db.close();
  });
});
