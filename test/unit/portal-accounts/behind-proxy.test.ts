import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestAuthority } from '../../support/peers/certificates.ts';
import { signInAtProvider } from '../../support/portal/provider.ts';
import { createTestBrowser, putAccount, testPassword } from '../../support/portal/sign-in.ts';
import { createSignInLab, type SignInLab } from '../../support/portal/sign-in-lab.ts';

/** The pages on loopback in clear, a server before them that speaks https to people, and a provider over https. */
const person = '203.0.113.9';
const authority = createTestAuthority();
const { key, certificate: cert } = authority.server({ hosts: ['localhost'] });
const trusted = getCACertificates('default');
const servers: Server[] = [];
let folder: string;
let issuer: string;
let url: string;
/** Where the proxy leads, and what it was told of the person by the person. */
let behind: SignInLab;
let lab: SignInLab;

beforeAll(async () => {
  setDefaultCACertificates([...trusted, authority.pem]);
  folder = await mkdtemp(join(tmpdir(), 'vaguemestre-proxy-'));
  const clientSecretFile = join(folder, 'secret');
  await writeFile(clientSecretFile, 'a secret of the test\n', { mode: 0o600 });
  url = await listen(forward());
  const providing = createServer({ key, cert });
  issuer = await listen(providing);
  const provider = new Provider(issuer, {
    clients: [
      {
        ...{ client_id: 'vaguemestre', client_secret: 'a secret of the test' },
        redirect_uris: [`${url}/connexion/oidc/retour`],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: 'Léa', email: 'lea@oru.example', email_verified: true }),
    }),
    cookies: { keys: ['of the test'] },
    ttl: { Interaction: 600, Session: 600, Grant: 600, IdToken: 600, AccessToken: 600 },
  });
  const handle = provider.callback();
  providing.on('request', (incoming, outgoing) => void handle(incoming, outgoing));
  lab = await createSignInLab({
    ...{ url, trustedProxies: ['127.0.0.1'], secondFactor: 'nobody' },
    oidc: { issuer, clientId: 'vaguemestre', clientSecretFile },
  });
  behind = lab;
  await putAccount(lab.store, { login: 'lea@oru.example', profile: 'read-only' });
});

afterAll(async () => {
  setDefaultCACertificates(trusted);
  await lab.close();
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await rm(folder, { recursive: true, force: true });
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

/** As an ordinary reverse proxy: its own name for the host, the person's address added to whatever came. */
function forward(): Server {
  return createServer({ key, cert }, (incoming, outgoing) => {
    const before = incoming.headers['x-forwarded-for'];
    const headers = {
      ...incoming.headers,
      host: new URL(behind.base).host,
      'x-forwarded-proto': 'https',
      'x-forwarded-for': [before, person].flat().filter(Boolean).join(', '),
    };
    const { method, url: path = '/' } = incoming;
    const on = httpRequest(new URL(path, behind.base), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    on.on('error', () => outgoing.destroy());
    incoming.pipe(on);
  });
}

const addresses = ({ store }: SignInLab): Promise<readonly unknown[]> =>
  store.read(async (tx) =>
    (await tx.audit.walk(0, 100)).map(
      ({ facts }) => (JSON.parse(facts) as Record<string, unknown>)['address'],
    ),
  );

it('signing in at one’s organisation comes back to the address people know, with cookies of that host only', async () => {
  const browser = createTestBrowser(url);
  const away = await browser.get('/connexion/oidc?vers=/aide');
  expect(new URL(away.location ?? '').searchParams.get('redirect_uri')).toBe(`${url}/connexion/oidc/retour`);
  expect(away.setCookies.join()).toMatch(/^__Host-vm-entree=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  const back = await signInAtProvider(issuer, away.location ?? '', 'lea-1');
  expect(back.startsWith(`${url}/connexion/oidc/retour?`)).toBe(true);
  const arrived = await browser.get(back.slice(url.length));
  expect(arrived.location).toBe('/aide');
  expect([...browser.cookies.keys()]).toEqual(['__Host-vm']);
  expect((await browser.get('/aide')).status).toBe(200);
});

it('the journal has the person’s address, whatever the person says it is', async () => {
  const browser = createTestBrowser(url);
  await browser.get('/connexion');
  const liar = { 'x-forwarded-for': '198.51.100.66' };
  expect((await browser.post('/connexion', { login: 'lea@oru.example', password: 'no' }, liar)).status).toBe(
    422,
  );
  const found = await addresses(lab);
  expect(found.at(-1)).toBe(person);
  expect(found).not.toContain('198.51.100.66');
});

it('a form is taken from the address people know, not from the one behind it nor from elsewhere', async () => {
  const browser = createTestBrowser(url);
  const form = { login: 'lea@oru.example', password: testPassword };
  for (const origin of [lab.base, 'https://ailleurs.example', url.replace('https:', 'http:')]) {
    await browser.get('/connexion');
    expect((await browser.post('/connexion', form, { origin })).status).not.toBe(303);
  }
  await browser.get('/connexion');
  expect((await browser.post('/connexion', form)).location).toBe('/');
  const { text } = await browser.get('/compte');
  expect(text).toContain('lea@oru.example');
  const out = await browser.post('/deconnexion', {}, { origin: 'https://ailleurs.example' });
  expect(out.status).not.toBe(303);
  expect((await browser.get('/compte')).status).toBe(200);
});

it('a server before the pages that nobody named is not believed', async () => {
  const other = await createSignInLab({ url, secondFactor: 'nobody' });
  behind = other;
  const browser = createTestBrowser(url);
  await browser.get('/connexion');
  await browser.post('/connexion', { login: 'personne', password: 'no' });
  expect((await addresses(other)).at(-1)).toBe('127.0.0.1');
  behind = lab;
  await other.close();
});
