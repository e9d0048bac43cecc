import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { request } from 'undici';
import { checkedAccess } from '../../../receiver/accounts/access.ts';
import { addAccount, blankAccount } from '../../../receiver/accounts/account-changes.ts';
import { hashPassword } from '../../../receiver/accounts/passwords.ts';
import type { Profile } from '../../../receiver/accounts/profile.ts';
import type { Account } from '../../../receiver/store/account-tables.ts';
import type { Store } from '../../../receiver/store/store.ts';

export interface TestAccount {
  readonly login: string;
  readonly profile: Profile;
  readonly name?: string;
  readonly administrator?: boolean;
  readonly facilities?: readonly string[];
  readonly destinations?: readonly string[];
  readonly password?: string;
  readonly mustChange?: boolean;
  /** Base32 of an application already linked. */
  readonly totpSecret?: string;
}

export const testPassword = 'quatre chevaux sans fer';

/** An account as it is after its first sign-in: with a password of its own. */
export async function putAccount(store: Store, asked: TestAccount, now = Date.now()): Promise<Account> {
  const { facilities = [], destinations = [], administrator = false, profile } = asked;
  const access = checkedAccess({ profile, administrator, facilities, destinations }, destinations);
  const account: Account = {
    ...blankAccount({
      ...{ id: randomBytes(8).toString('hex'), login: asked.login, name: asked.name ?? 'Camille Essai' },
      ...{ language: 'fr', access, createdAt: now, identity: null, fromRoles: false },
    }),
    ...{
      passwordHash: await hashPassword(asked.password ?? testPassword),
      mustChange: asked.mustChange ?? false,
    },
    totpSecret: asked.totpSecret ?? null,
  };
  await store.transaction((tx) => addAccount(tx, account));
  return account;
}

/** What a browser would do, over real HTTP: keeps cookies, follows nothing by itself. */
export interface TestBrowser {
  readonly cookies: ReadonlyMap<string, string>;
  setCookie(name: string, value: string): void;
  get(path: string): Promise<Shown>;
  /** With the tokens of the page last got, unless the form brings its own. */
  post(
    path: string,
    form: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Shown>;
}

export interface Shown {
  readonly status: number;
  readonly text: string;
  readonly location: string | undefined;
  readonly setCookies: readonly string[];
}

/** `base`: where the pages listen, such as http://127.0.0.1:8447. */
export function createTestBrowser(base: string): TestBrowser {
  const cookies = new Map<string, string>();
  let tokens: Record<string, string> = {};
  const ask = async (
    path: string,
    body?: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Shown> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const sent = { 'sec-fetch-mode': 'navigate', ...(cookie === '' ? {} : { cookie }), ...more };
    const answer = await request(new URL(path, base), {
      ...{ method: body === undefined ? 'GET' : 'POST', headers: sent },
      ...(body === undefined ? {} : { body }),
    });
    const { headers, statusCode: status } = answer;
    const setCookies = [headers['set-cookie'] ?? []].flat();
    for (const line of setCookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /max-age=0|expires=thu, 01 jan 1970/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    const text = await answer.body.text();
    if (status !== 303) tokens = tokensIn(text);
    const location = [headers['location'] ?? []].flat()[0];
    return { status, text, setCookies, location };
  };
  return {
    cookies,
    setCookie: (name, value) => {
      cookies.set(name, value);
    },
    get: (path) => ask(path),
    post: (path, form, headers = {}) =>
      ask(path, new URLSearchParams({ ...tokens, ...form }).toString(), {
        ...{ 'content-type': 'application/x-www-form-urlencoded', origin: base },
        ...headers,
      }),
  };
}

function tokensIn(page: string): Record<string, string> {
  const found = [...page.matchAll(/name="(_pre|_csrf)" value="([^"]*)"/g)];
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, value]));
}

/** Signs in with a password, and answers the browser that is in. */
export async function signIn(
  base: string,
  { login, password = testPassword }: { readonly login: string; readonly password?: string },
): Promise<TestBrowser> {
  const browser = createTestBrowser(base);
  await browser.get('/connexion');
  const { status, location, text } = await browser.post('/connexion', { login, password });
  if (status !== 303 || location?.includes('/connexion') === true)
    throw new Error(`not signed in: ${status} ${location ?? text.slice(0, 500)}`);
  return browser;
}

/**
 * The whole way in for a new account, as its owner would go it: the one-time password, one of their own, an application
 * where one is asked for. Answers the cookie header of the session.
 */
export async function signInOverHttp(base: string, login: string, password: string): Promise<string> {
  const browser = createTestBrowser(base);
  await browser.get('/connexion');
  let shown = await browser.post('/connexion', { login, password });
  for (let steps = 0; shown.location?.startsWith('/connexion/') === true && steps < 3; steps += 1) {
    const { location } = shown;
    const { text } = await browser.get(location);
    const own = `${password} et trois girafes`;
    const key = /(?:Clé|Key)\s*: ([A-Z2-7 ]+)/.exec(text)?.[1]?.replaceAll(' ', '') ?? '';
    const form = location.endsWith('/mot-de-passe')
      ? { password: own, again: own }
      : { code: new TOTP({ secret: Secret.fromBase32(key) }).generate() };
    shown = await browser.post(location, form);
  }
  const session = [...browser.cookies].find(([name]) => name.endsWith('vm'));
  if (session === undefined) throw new Error(`not signed in: ${shown.status} ${shown.text.slice(0, 500)}`);
  return session.join('=');
}
