import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSignInLab, type SignInLab } from '../../support/portal/sign-in-lab.ts';
import { putAccount, signIn } from '../../support/portal/sign-in.ts';

/** The stream that tells open pages of changes, over real sockets. */
let lab: SignInLab;
beforeEach(async () => {
  lab = await createSignInLab({ secondFactor: 'nobody' }, { liveEveryMs: 20 });
});
afterEach(() => lab.close());

async function signedIn(profile: 'read-only' | 'regional-operator') {
  const account = await putAccount(lab.store, { login: `${profile}@oru.example`, profile });
  const { cookies } = await signIn(lab.base, { login: account.login });
  return { account, cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
}

const stream = (cookie: string) => request(`${lab.base}/flux`, { headers: { cookie } });

describe('the live stream', () => {
  it('is for whoever is signed in, with the headers that every answer has', async () => {
    expect((await stream('')).statusCode).toBe(303);
    const { cookie } = await signedIn('read-only');
    const { statusCode, headers, body } = await stream(cookie);
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toContain('text/event-stream');
    expect(headers['x-content-type-options']).toBe('nosniff');
    body.destroy();
  });

  it('ends when its session is closed', async () => {
    const { account, cookie } = await signedIn('read-only');
    const { body } = await stream(cookie);
    await lab.store.transaction((tx) => tx.accounts.closeSessions(account.id));
    // Resolves only when the server ends it.
    expect(await body.text()).toContain('retry:');
  });

  it('ends when somebody who may act has done nothing for half an hour, and keeps nobody signed in', async () => {
    const { cookie } = await signedIn('regional-operator');
    const { body } = await stream(cookie);
    lab.clock.advance(31 * 60_000);
    expect(await body.text()).toContain('retry:');
  });

  it('is given to one person so many times and no more', async () => {
    const { cookie } = await signedIn('read-only');
    const open = [];
    for (let each = 0; each < 20; each += 1) open.push(await stream(cookie));
    expect(open.every(({ statusCode }) => statusCode === 200)).toBe(true);
    expect((await stream(cookie)).statusCode).toBe(503);
    for (const { body } of open) body.destroy();
  });

  it('is not begun by who asks for its head alone', async () => {
    const { cookie } = await signedIn('read-only');
    const { statusCode } = await request(`${lab.base}/flux`, { method: 'HEAD', headers: { cookie } });
    expect(statusCode).toBe(404);
  });
});
