import { get, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRight } from '../../../receiver/accounts/profile.ts';
import { createSigningIn } from '../../../receiver/accounts/signing-in.ts';
import { appendAudit } from '../../../receiver/audit/audit-log.ts';
import { networkOf } from '../../../receiver/auth/network-of.ts';
import { html } from '../../../receiver/pages/html.ts';
import { toldFault } from '../../../receiver/pages/told-fault.ts';
import type { Page } from '../../../receiver/pages/page.ts';
import { permanent } from '../../../shared/runtime/errors.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { createPortalLab, viewerAs, type PortalLab } from '../../support/portal/portal-lab.ts';
import { putAccount, testPassword } from '../../support/portal/sign-in.ts';

/** What no browser asks, asked of every page there is. */
let lab: PortalLab;
let pages: readonly Page[] = [];
beforeAll(async () => {
  lab = await createPortalLab({
    replace: (all) => {
      pages = all;
      return all;
    },
  });
});
afterAll(() => lab.close());

const operator = viewerAs('regional-operator', { administrator: true });
const hospital = viewerAs('hospital-admin', { facilities: new Set(['990000011']) });
const agency = viewerAs('agency', { destinations: new Set(['spf']) });
const people = [operator, hospital, agency];
const odd = [
  '0',
  '-1',
  'NaN',
  '1e9',
  '9'.repeat(15),
  '9'.repeat(40),
  "1'--",
  '%00',
  '%2e%2e%2f',
  '__proto__',
];
const inside = /\bat [\w.]+ \(|node_modules|\/work\/|\.ts:\d|SQLITE|statusCode/;

describe('what no browser asks', () => {
  it('ends in a page of ours, whatever stands in the place of an id', async () => {
    const wrong: string[] = [];
    for (const { path, see, get, act } of pages)
      for (const id of path.includes(':') ? odd : [])
        for (const viewer of people) {
          const url = path.replaceAll(/:\w+/g, id);
          if (get !== undefined && (!Array.isArray(see) || hasRight(viewer, see))) {
            const { status, text } = await lab.get(url, viewer);
            if (status >= 500 || inside.test(text)) wrong.push(`GET ${url} ${status}`);
          }
          if (act === undefined || act.uploadBytes !== undefined) continue;
          const { status, text } = await lab.post(url, viewer, {
            id,
            jour: id,
            nombre: id,
            geste: 'annuler',
          });
          if (status >= 500 || inside.test(text)) wrong.push(`POST ${url} ${status}`);
        }
    expect(wrong).toEqual([]);
  });

  it('ends in a page of ours, whatever the address asks for', async () => {
    const wrong: string[] = [];
    const fields = [
      'q',
      'du',
      'au',
      'jour',
      'jours',
      'etat',
      'territoire',
      'avant',
      'apres',
      'vue',
      'canal',
      'tri',
    ];
    const values = [
      'constructor',
      '%E0%A4',
      '2026-02-30',
      '99999-01-01',
      '1e400',
      '-1',
      '((a+)+)+$',
      'x'.repeat(9000),
    ];
    for (const { path, see, get } of pages)
      for (const viewer of people) {
        if (get === undefined || path.includes(':') || (Array.isArray(see) && !hasRight(viewer, see)))
          continue;
        for (const value of values) {
          const query = fields.map((name) => `${name}=${value.slice(0, 14_000 / fields.length)}`).join('&');
          const { status, text } = await lab.get(`${path}?${query}`, viewer);
          if (status >= 500 || inside.test(text)) wrong.push(`${path}?…${value.slice(0, 20)} ${status}`);
        }
      }
    expect(wrong).toEqual([]);
  }, 60_000);

  it('ends in a page of ours when the address itself is broken', async () => {
    for (const url of [
      '/lots/%zz',
      '/lots/%',
      `/lots/${'x'.repeat(2000)}`,
      '/%c0%ae%c0%ae/',
      '/assets/..%2fpage.ts',
    ]) {
      const { status, text, headers, location } = await lab.get(url, operator);
      if (status === 303) expect([url, location]).toEqual([url, '/introuvable']);
      else {
        expect([url, status]).toEqual([url, 404]);
        expect(headers['content-security-policy']).toBeDefined();
      }
      expect(text).not.toMatch(inside);
    }
  });

  it('does nothing by a method that no form has', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'] as const)
      for (const url of ['/alertes/1/clore', '/compte/langue', '/']) {
        const { statusCode } = await lab.app.inject({ method: method as 'PUT', url });
        expect([method, url, statusCode >= 400]).toEqual([method, url, true]);
      }
    const headers = { 'content-type': 'application/json', origin: 'http://portal.test' };
    await lab.get('/', operator);
    for (const payload of [
      '{"_csrf":["token-of-the-test"]}',
      '{"__proto__":{"_csrf":"token-of-the-test"}}',
      '[',
      'null',
    ]) {
      const { statusCode } = await lab.app.inject({
        method: 'POST',
        url: '/compte/langue',
        headers,
        payload,
      });
      expect([payload, statusCode >= 400 && statusCode < 500]).toEqual([payload, true]);
    }
  });

  it('brings no file in without the token of the session, and ends well when the form breaks off', async () => {
    const url = '/etablissements/990000011/transport';
    const part = (name: string, value: string, file = ''): string =>
      `--b\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`;
    const headers = { 'content-type': 'multipart/form-data; boundary=b', origin: 'http://portal.test' };
    const send = async (payload: string, type = headers['content-type']) => {
      await lab.get('/', operator);
      return lab.app.inject({ method: 'POST', url, headers: { ...headers, 'content-type': type }, payload });
    };
    const file = part('fichier', 'x', '; filename="../../x"');
    expect((await send(`${file}--b--\r\n`)).statusCode).toBe(403);
    expect(
      (await send(`${file}${part('_csrf', 'token-of-the-test', '; filename="token-of-the-test"')}--b--\r\n`))
        .statusCode,
    ).toBeLessThan(500);
    for (const [payload, type] of [
      [file, undefined],
      ['', undefined],
      ['--b', undefined],
      [`${file}${file}--b--\r\n`, undefined],
      [`${part('x', 'y').repeat(50)}--b--\r\n`, undefined],
      [file, 'multipart/form-data'],
    ] as const) {
      const { statusCode, payload: text } = await send(payload, type);
      expect([payload.slice(0, 30), statusCode >= 400 && statusCode < 500]).toEqual([
        payload.slice(0, 30),
        true,
      ]);
      expect(text).not.toMatch(inside);
    }
  });
});

describe('a database that cannot be read', () => {
  it('is said on a page, whose words are ours', async () => {
    const read = lab.store.read.bind(lab.store);
    const broken = Object.assign(new Error('disk I/O error: /var/lib/x.db'), { code: 'SQLITE_IOERR' });
    Object.assign(lab.store, { read: () => Promise.reject(broken) });
    try {
      const { status, text } = await lab.get('/lots', operator);
      expect(status).toBe(503);
      expect(text).toContain('<html lang="fr"');
      expect(text).not.toMatch(/\/var\/lib|I\/O|IOERR/);
    } finally {
      Object.assign(lab.store, { read });
    }
  });
});

describe('files brought in', () => {
  it('are taken a few at a time: who comes then is told to come back, and nothing of theirs is kept', async () => {
    await lab.get('/', operator);
    const { port } = new URL(await lab.app.listen({ host: '127.0.0.1', port: 0 }));
    const open = Array.from({ length: 3 }, () => {
      const sending = request({
        ...{ host: '127.0.0.1', port, method: 'POST', path: '/etablissements/990000011/transport' },
        headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': 1000 },
      });
      sending.on('error', () => undefined);
      sending.flushHeaders();
      return sending;
    });
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const url = '/etablissements/990000011/transport';
    const ask = async (): Promise<number> =>
      (await lab.app.inject({ method: 'POST', url, headers, payload: '--b--\r\n' })).statusCode;
    await expect.poll(ask).toBe(503);
    for (const sending of open) sending.destroy();
    await expect.poll(ask).toBe(403);
  });
});

describe('a file fetched', () => {
  it('has left when its last byte has, and not when the reader went away', async () => {
    let left = 0;
    let content = Buffer.alloc(64 * 1024 * 1024);
    const onLeft = (): void => {
      left += 1;
    };
    const file = async () => ({ kind: 'file', name: 'f', type: 'application/zip', content, onLeft }) as const;
    const other = await createPortalLab({ replace: () => [{ path: '/f', see: ['agency'], get: file }] });
    try {
      await other.get('/rien', agency);
      const url = `${await other.app.listen({ host: '127.0.0.1', port: 0 })}/f`;
      await new Promise<void>((resolve) => {
        get(url, (answer) => answer.once('data', () => answer.destroy()).once('close', resolve));
      });
      await expect
        .poll(() => new Promise((resolve) => other.app.server.getConnections((_error, n) => resolve(n))))
        .toBe(0);
      expect(left).toBe(0);
      content = Buffer.from('short');
      expect((await other.get('/f', agency)).text).toBe('short');
      expect(left).toBe(1);
    } finally {
      await other.close();
    }
  });
});

describe('what pages say', () => {
  it('of a file is its name, never where it lies', () => {
    const fault = permanent('agency-key-unreadable', {
      facts: { file: '/etc/vaguemestre/cles/spf.asc', destination: 'spf', reason: 'ENOENT' },
    });
    const { message } = toldFault(fault, 'fr');
    expect(message).toContain('spf.asc');
    expect(message).not.toContain('/etc');
  });

  it('reads in one direction', () => {
    expect(html`${'CH \u202egnp.exe\u2066 de <b>'}`.toString()).toBe('CH gnp.exe de &lt;b&gt;');
  });
});

describe('the audit log', () => {
  it('keeps no mark that would make a line read backwards', async () => {
    const actor = { kind: 'account', id: 'a', name: 'Camille\u202e\u0000 tresseS' } as const;
    const entry = { action: 'alert.note', subject: '1', reason: 'vu \u2066puis\u2069 clos' };
    await lab.store.transaction((tx) => appendAudit(tx, lab.clock, actor, entry));
    const [line] = await lab.store.read((tx) => tx.audit.find({}, Number.MAX_SAFE_INTEGER, 1));
    expect([line?.actorName, line?.reason]).toEqual(['Camille  tresseS', 'vu  puis  clos']);
  });
});

describe('attempts', () => {
  it('are counted together from the network of one subscriber', () => {
    expect(networkOf('192.0.2.7')).toBe('192.0.2.7');
    expect(networkOf('::ffff:192.0.2.7')).toBe('192.0.2.7');
    expect(networkOf('2001:db8:0:1::1')).toBe(networkOf('2001:0DB8:0000:0001:ffff:1:2:3'));
    expect(networkOf('2001:db8:0:1::1')).not.toBe(networkOf('2001:db8:0:2::1'));
    expect(networkOf('::1')).toBe('0:0:0:0::/64');
    expect(networkOf('1::2:3:4:5:6:7')).toBe('1:0:2:3::/64');
  });

  it('beyond what the machine can judge at once are turned away, and cost the account nothing', async () => {
    const { store, clock } = lab;
    const { id, login } = await putAccount(store, { login: 'assailli', profile: 'read-only' });
    const door = createSigningIn({ store, clock, random: systemRandom, secondFactor: 'nobody' });
    const way = { towards: '', language: 'fr', address: '192.0.2.7', place: '?' } as const;
    const many = Array.from({ length: 60 }, () => door.password('personne', 'mauvais mot', way));
    // In the midst of them.
    const own = door.password(login, testPassword, way);
    await expect(own).rejects.toMatchObject({ code: 'portal-too-many' });
    const kinds = (await Promise.allSettled(many)).map(({ status }) => status);
    expect(kinds.filter((kind) => kind === 'rejected').length).toBe(36);
    expect((await store.read((tx) => tx.accounts.get(id)))?.failures).toBe(0);
    expect((await door.password(login, testPassword, way)).kind).toBe('signed-in');
  }, 30_000);
});
