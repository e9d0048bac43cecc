import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { profiles, type Profile } from '../../../receiver/accounts/profile.ts';
import { apiScopes, type ApiScope } from '../../../receiver/store/token-tables.ts';
import { createApiToken, tokenHashOf } from '../../../receiver/api/tokens.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { apiActor, createApiLab, type ApiLab } from '../../support/api-lab.ts';
import { readDocument } from '../../support/api-document.ts';
import { finess } from '../../support/rpu-text.ts';

/**
 * Who may ask what, written down a second time: a route that is added without its line here fails, and every line is asked
 * by every profile, under every scope, within a reach and beyond it.
 */
const hospitals: readonly Profile[] = ['regional-operator', 'hospital-admin', 'read-only', 'auditor'];
const all: readonly Profile[] = [...hospitals, 'health-professional'];

type Line = readonly [
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  scope: ApiScope,
  who: readonly Profile[],
];

const table: readonly Line[] = [
  ['GET', '/facilities', 'facilities', hospitals],
  ['GET', '/facilities/{finess}', 'facilities', hospitals],
  ['GET', '/facilities/{finess}/days', 'facilities', hospitals],
  ['GET', '/files', 'files', hospitals],
  ['GET', '/files/{id}', 'files', hospitals],
  ['GET', '/quality/scorecards', 'quality', hospitals],
  ['GET', '/alerts', 'alerts', hospitals],
  ['GET', '/reports', 'reports', hospitals],
  ['GET', '/reports/{id}', 'reports', hospitals],
  ['GET', '/reports/{id}/figures', 'reports', hospitals],
  ['GET', '/reports/{id}/files/{form}', 'reports', hospitals],
  ['GET', '/syndromic-groups', 'reports', hospitals],
  ['GET', '/extractions', 'extractions', all],
  ['POST', '/extractions', 'extractions', all],
  ['GET', '/extractions/{id}', 'extractions', all],
  ['DELETE', '/extractions/{id}', 'extractions', all],
  ['GET', '/extractions/{id}/file', 'extractions', all],
];

const now = Date.UTC(2026, 0, 21, 7, 40);
const [own, other] = [finess(1), finess(2)];

let lab: ApiLab;
const ids = { file: '', otherFile: '', report: 0, otherReport: 0, regionReport: 0 };

beforeAll(async () => {
  lab = await createApiLab({ now, hospitals: 4, days: 8 });
  const fileOf = async (facility: string): Promise<string> => {
    const span = { facilities: [facility], from: 0, to: now, limit: 1 };
    return (await lab.store.read((tx) => tx.listings.exports(span)))[0]?.id ?? '';
  };
  ids.file = await fileOf(own);
  ids.otherFile = await fileOf(other);
  ids.report = await keepReport(lab, own);
  ids.otherReport = await keepReport(lab, other);
  ids.regionReport = await keepReport(lab, null);
}, 120_000);
afterAll(() => lab.close());

/** An address that is there for whoever reaches `own`. */
function addressOf(path: string): string {
  return path
    .replace('{finess}', own)
    .replace('/files/{id}', `/files/${ids.file}`)
    .replace('/reports/{id}', `/reports/${ids.report}`)
    .replace('{form}', 'csv')
    .replace('{id}', '01980000-0000-7000-8000-000000000000');
}

describe('the rights of the API', () => {
  it('are what this table says, in the routes and in the document', async () => {
    const lines = table.map(([method, path, scope, who]) => [method, path, scope, [...who].sort()]);
    const found = lab.routes.map(({ method, path, scope, profiles: who }) => [
      ...[method, path, scope, [...who].sort()],
    ]);
    expect(found.sort()).toEqual([...lines].sort());
    const { paths } = readDocument(await lab.app.inject({ url: '/api/v1/openapi.json' }));
    const told = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => [
        ...[method.toUpperCase(), path, Reflect.get(operation, 'x-scope') as string],
        [...(Reflect.get(operation, 'x-profiles') as readonly string[])].sort(),
      ]),
    );
    expect(told.sort()).toEqual([...lines].sort());
  });

  it('let in the scope and the profiles that a route names, and nobody else', async () => {
    const wrong: string[] = [];
    for (const profile of profiles.filter((each) => each !== 'agency'))
      for (const held of apiScopes) {
        const may = held === 'extractions' || hospitals.includes(profile);
        // What the command line refuses is put there all the same: the door must not count on it.
        const token = may
          ? await lab.token(profile, {
              scopes: [held],
              facilities: profile === 'hospital-admin' ? [own] : [],
            })
          : await forgedToken(profile, held);
        for (const [method, path, scope, who] of table) {
          const { status, json, headers } = await lab.ask(addressOf(path), token, {
            method,
            ...(method === 'POST' ? { body: {} } : {}),
          });
          const code = Reflect.get(Object(json) as object, 'code') as unknown;
          const at = `${method} ${path} as ${profile} with ${held}: ${status} ${String(code)}`;
          if (scope !== held) {
            if (status !== 403 || code !== 'api-scope') wrong.push(at);
            if (!String(headers['www-authenticate']).includes(`scope="${scope}"`)) wrong.push(at);
          } else if (!who.includes(profile)) {
            if (status !== 403 || code !== 'api-profile') wrong.push(at);
          } else if (status === 401 || status === 403) wrong.push(at);
          else if (!path.includes('extractions') && status !== 200) wrong.push(at);
        }
      }
    expect(wrong).toEqual([]);
  });

  it('answer of what is beyond a reach what they answer of what is not there', async () => {
    for (const profile of ['hospital-admin', 'read-only'] as const) {
      const token = await lab.token(profile, { facilities: [own] });
      const beyond = [
        [`/facilities/${other}`, '/facilities/990000993'],
        [`/facilities/${other}/days`, '/facilities/990000993/days'],
        [`/files/${ids.otherFile}`, '/files/01980000-0000-7000-8000-000000000000'],
        [`/reports/${ids.otherReport}`, '/reports/999999'],
        [`/reports/${ids.regionReport}`, '/reports/999999'],
        [`/reports/${ids.otherReport}/files/csv`, '/reports/999999/files/csv'],
        [`/reports/${ids.otherReport}/figures`, '/reports/999999/figures'],
      ] as const;
      for (const [there, nowhere] of beyond) {
        const [one, none] = [await lab.ask(there, token), await lab.ask(nowhere, token)];
        expect([there, one.status]).toEqual([there, 404]);
        expect(plain(one.json)).toEqual(plain(none.json));
      }
      expect(idsOf((await lab.ask('/facilities', token)).json, 'finess')).toEqual([own]);
      expect(new Set(idsOf((await lab.ask('/files?limit=200', token)).json, 'facility'))).toEqual(
        new Set([own]),
      );
      expect(idsOf((await lab.ask(`/files?facility=${other}`, token)).json, 'id')).toEqual([]);
      expect(idsOf((await lab.ask('/quality/scorecards', token)).json, 'facility')).toEqual([own]);
      expect(idsOf((await lab.ask('/reports', token)).json, 'id')).toEqual([ids.report]);
      expect(idsOf((await lab.ask('/reports?facility=region', token)).json, 'id')).toEqual([]);
    }
    const operator = await lab.token('regional-operator');
    expect(idsOf((await lab.ask('/facilities', operator)).json, 'finess')).toHaveLength(4);
    expect(idsOf((await lab.ask('/reports', operator)).json, 'id')).toHaveLength(3);
    expect((await lab.ask(`/reports/${ids.otherReport}/files/csv`, operator)).text).toBe('a;b');
  });

  it('are for nobody without a good token, from the moment it is revoked or over', async () => {
    const token = await lab.token('read-only', { days: 2 });
    const refused = async (said: string | undefined): Promise<void> => {
      for (const [method, path] of table) {
        const { status, headers } = await lab.ask(addressOf(path), said, { method });
        expect([path, status]).toEqual([path, 401]);
        expect(headers['www-authenticate']).toMatch(/^Bearer realm=/);
      }
    };
    await refused(undefined);
    await refused('vgm_unknown');
    await refused(`vgm_${'A'.repeat(43)}`);
    await refused(token.slice(0, -1));
    expect((await lab.ask('/facilities', token)).status).toBe(200);
    lab.clock.advance(2 * 86_400_000 + 1);
    await refused(token);
    const second = await lab.token('read-only');
    expect((await lab.ask('/facilities', second)).status).toBe(200);
    const row = await lab.store.read((tx) => tx.tokens.byHash(hashOf(second)));
    await lab.store.transaction((tx) => tx.tokens.revoke(row?.id ?? '', lab.clock.now()));
    await refused(second);
  });

  it('look at no cookie, and take no token from anywhere else', async () => {
    const token = await lab.token('read-only');
    const cookies = { cookie: `__Host-vgm=${token}; session=${token}` };
    expect((await lab.ask('/facilities', undefined, { headers: cookies })).status).toBe(401);
    expect((await lab.ask(`/facilities?access_token=${token}`, undefined)).status).toBe(401);
    const basic = { authorization: `Basic ${Buffer.from(`x:${token}`).toString('base64')}` };
    expect((await lab.ask('/facilities', undefined, { headers: basic })).status).toBe(401);
    const fromElsewhere = await lab.ask('/facilities', token, {
      headers: { origin: 'https://elsewhere.example' },
    });
    expect(fromElsewhere.headers['access-control-allow-origin']).toBeUndefined();
    expect(fromElsewhere.headers['set-cookie']).toBeUndefined();
    expect(fromElsewhere.headers['cache-control']).toBe('no-store');
  });

  it('give no token that could do more than its profile sees', async () => {
    const deps = { store: lab.store, clock: lab.clock, random: systemRandom, actor: apiActor };
    const asked = { name: 'x', profile: 'read-only', scopes: ['files'], facilities: [], days: 10 };
    const codeOf = async (change: object): Promise<unknown> =>
      createApiToken({ ...asked, ...change }, deps).then(
        () => 'made',
        (error: unknown) => Reflect.get(Object(error) as object, 'code') as unknown,
      );
    expect(await codeOf({})).toBe('made');
    expect(await codeOf({ profile: 'agency' })).toBe('token-profile-refused');
    expect(await codeOf({ profile: 'health-professional' })).toBe('token-scope-refused');
    expect(await codeOf({ profile: 'hospital-admin' })).toBe('account-facilities-missing');
    expect(await codeOf({ profile: 'king' })).toBe('account-profile-unknown');
    expect(await codeOf({ scopes: [] })).toBe('token-scope-unknown');
    expect(await codeOf({ scopes: ['everything'] })).toBe('token-scope-unknown');
    expect(await codeOf({ facilities: [finess(900)] })).toBe('token-facility-unknown');
    expect(await codeOf({ days: 0 })).toBe('token-days');
    expect(await codeOf({ days: 731 })).toBe('token-days');
    expect(await codeOf({ days: Number.NaN })).toBe('token-days');
    expect(await codeOf({ name: ' \n' })).toBe('token-name-invalid');
  });
});

async function forgedToken(profile: Profile, scope: ApiScope): Promise<string> {
  const token = `vgm_${systemRandom.bytes(32).toString('base64url')}`;
  await lab.store.transaction((tx) =>
    tx.tokens.add({
      ...{ id: systemRandom.uuid(now), name: 'forged', hash: hashOf(token), profile, scopes: [scope] },
      ...{ facilities: null, createdAt: now, createdBy: 'test', expiresAt: now + 1e12 },
    }),
  );
  return token;
}

function hashOf(token: string): Buffer {
  const hash = tokenHashOf(`Bearer ${token}`);
  if (hash === undefined) throw new Error('no token');
  return hash;
}

async function keepReport({ store }: ApiLab, facility: string | null): Promise<number> {
  const id = await store.transaction((tx) =>
    tx.reports.stored.add(
      {
        ...{ kind: 'weekly', facility, from: 20_000 as never, to: 20_006 as never, language: 'fr' },
        ...{
          origin: 'schedule',
          author: 'test',
          madeAt: now,
          groupsVersion: 0,
          pdf: 'unasked',
          pdfCode: null,
        },
        coverage: { whole: 7, incomplete: 0, notAwaited: 0, received: 1 },
      },
      { csv: Buffer.from('a;b'), html: Buffer.from('<p>'), json: Buffer.from('[]') },
      [],
    ),
  );
  return id ?? 0;
}

/** Without what differs by chance. */
function plain(json: unknown): unknown {
  return { ...(json as object), reference: '' };
}

function idsOf(json: unknown, name: string): readonly unknown[] {
  const { items } = json as { readonly items: readonly Readonly<Record<string, unknown>>[] };
  return items.map((each) => each[name]);
}
