import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Provider from 'oidc-provider';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInAtProvider } from '../../support/portal/provider.ts';
import {
  createTestBrowser,
  putAccount,
  testPassword,
  type TestBrowser,
} from '../../support/portal/sign-in.ts';
import { createSignInLab, type SignInLab } from '../../support/portal/sign-in-lab.ts';

/** People as the provider knows them; login = subject. */
const people: Record<string, Record<string, unknown>> = {
  'lea-1': { name: 'Léa Lien', email: 'lea@oru.example', email_verified: true, roles: [] },
  imposteur: { name: 'Léa Faux', email: 'lea@oru.example', email_verified: true, roles: [] },
  'non-verifie': { name: 'Paul', email: 'paul@oru.example', email_verified: false, roles: [] },
  'omar-2': { name: 'Omar Rôle', email: 'omar@chu.example', email_verified: true, roles: ['hopital-042'] },
  'nora-3': { name: 'Nora Deux', email: 'nora@oru.example', email_verified: true, roles: [] },
  'sans-role': { name: 'Sans Rôle', email: 'sans@chu.example', email_verified: true, roles: ['autre'] },
};

const folders: string[] = [];
let server: Server;
let issuer: string;
let lab: SignInLab;

beforeAll(async () => {
  const port = await freePort();
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        ...{ client_id: 'vaguemestre', client_secret: 'a secret of the test' },
        redirect_uris: [`http://127.0.0.1:${port}/connexion/oidc/retour`],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'roles'] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    cookies: { keys: ['of the test'] },
    // Only its notices of being a development set-up.
    ttl: { Interaction: 600, Session: 600, Grant: 600, IdToken: 600, AccessToken: 600 },
  });
  const handle = provider.callback();
  server.on('request', (incoming, outgoing) => void handle(incoming, outgoing));
  lab = await labFor(issuer, port);
});
afterAll(async () => {
  await lab.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function labFor(at: string, port: number): Promise<SignInLab> {
  const folder = await mkdtemp(join(tmpdir(), 'vaguemestre-oidc-'));
  folders.push(folder);
  const clientSecretFile = join(folder, 'secret');
  await writeFile(clientSecretFile, 'a secret of the test\n', { mode: 0o600 });
  return createSignInLab(
    {
      secondFactor: 'nobody',
      oidc: {
        ...{ issuer: at, clientId: 'vaguemestre', clientSecretFile, allowInsecure: true },
        roles: {
          claim: 'roles',
          map: [{ role: 'hopital-042', profile: 'hospital-admin', facilities: ['750100042'] }],
        },
      },
    },
    { port },
  );
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}

async function walk(
  login: string,
  path = '/connexion/oidc',
): Promise<{ browser: TestBrowser; back: string }> {
  const browser = createTestBrowser(lab.base);
  const { location } = await browser.get(path);
  return { browser, back: pathOf(await signInAtProvider(issuer, location ?? '', login)) };
}

describe('signing in at one’s organisation', () => {
  it('opens the account with one’s checked address, and the same one from then on', async () => {
    const account = await putAccount(lab.store, { login: 'lea@oru.example', profile: 'read-only' });
    const page = await createTestBrowser(lab.base).get('/connexion?vers=/aide');
    expect(page.text).toContain('href="/connexion/oidc?vers=%2Faide"');
    const { browser, back } = await walk('lea-1', '/connexion/oidc?vers=%2Faide');
    expect((await browser.get(back)).location).toBe('/aide');
    expect((await browser.get('/compte')).text).toContain('lea@oru.example');
    const linked = await lab.store.read((tx) => tx.accounts.get(account.id));
    expect(linked?.identity).toEqual({ issuer, subject: 'lea-1' });
    const other = await walk('imposteur');
    const refused = await other.browser.get(other.back);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('aucun compte d’ici');
  });

  it('opens nothing for an address nobody checked, or a role that stands for nothing here', async () => {
    await putAccount(lab.store, { login: 'paul@oru.example', profile: 'read-only' });
    for (const login of ['non-verifie', 'sans-role']) {
      const { browser, back } = await walk(login);
      expect((await browser.get(back)).status).toBe(422);
      expect((await browser.get('/aide')).status).toBe(303);
    }
  });

  it('makes an account for a mapped role, which follows the role and ends with it', async () => {
    const { browser, back } = await walk('omar-2', '/en/connexion/oidc');
    expect((await browser.get(back)).location).toBe('/en/mon-etablissement');
    const made = await lab.store.read((tx) => tx.accounts.byLogin('omar@chu.example'));
    expect(made).toMatchObject({
      ...{ profile: 'hospital-admin', facilities: ['750100042'], fromRoles: true, passwordHash: null },
    });
    const door = createTestBrowser(lab.base);
    await door.get('/connexion');
    expect(
      (await door.post('/connexion', { login: 'omar@chu.example', password: testPassword })).status,
    ).toBe(422);
    (people['omar-2'] ?? {})['roles'] = [];
    const later = await walk('omar-2');
    expect((await later.browser.get(later.back)).status).toBe(422);
  });

  it('takes an answer only in the browser that asked, once, and with the state it was given', async () => {
    const { browser, back } = await walk('lea-1');
    const thief = createTestBrowser(lab.base);
    expect((await thief.get(back)).status).toBe(422);
    const altered = back.replace(/state=[^&]+/, 'state=another');
    expect((await browser.get(altered)).text).toContain('n’est pas acceptée');
    // The first answer ended the way, wrong as it was.
    expect((await browser.get(back)).status).toBe(422);
    const again = await walk('lea-1');
    expect((await again.browser.get(again.back)).location).toBe('/');
    const replayed = createTestBrowser(lab.base);
    for (const [name, value] of again.browser.cookies) if (name !== 'vm') replayed.setCookie(name, value);
    expect((await replayed.get(again.back)).status).toBe(422);
  });

  it('is no way round a second factor that the provider did not ask for', async () => {
    const totpSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    await putAccount(lab.store, { login: 'nora@oru.example', profile: 'read-only', totpSecret });
    const { browser, back } = await walk('nora-3');
    expect((await browser.get(back)).location).toBe('/connexion/code');
    expect((await browser.get('/aide')).status).toBe(303);
    await browser.get('/connexion/code');
    expect((await browser.post('/connexion/code', { code: '000000' })).status).toBe(422);
    const code = new TOTP({ secret: Secret.fromBase32(totpSecret) }).generate();
    expect((await browser.post('/connexion/code', { code })).location).toBe('/');
    expect((await browser.get('/aide')).status).toBe(200);
  });

  it('says when the provider does not answer, and passwords still open the pages', async () => {
    const port = await freePort();
    const alone = await labFor(`http://127.0.0.1:${await freePort()}`, port);
    await putAccount(alone.store, { login: 'secours', profile: 'read-only' });
    const browser = createTestBrowser(alone.base);
    const down = await browser.get('/connexion/oidc');
    expect(down.status).toBe(503);
    expect(down.text).toContain('ne répond pas');
    expect((await browser.post('/connexion', { login: 'secours', password: testPassword })).location).toBe(
      '/',
    );
    await alone.close();
  });
});
