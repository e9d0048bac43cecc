import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiLab, type ApiLab } from '../../support/api-lab.ts';
import { finess } from '../../support/rpu-text.ts';

const now = Date.UTC(2026, 0, 21, 7, 40);
let lab: ApiLab;
let token: string;
beforeAll(async () => {
  lab = await createApiLab({ now, hospitals: 3, days: 4 });
  token = await lab.token('regional-operator');
}, 120_000);
afterAll(() => lab.close());

const codeOf = (json: unknown): unknown => Reflect.get(Object(json) as object, 'code') as unknown;

describe('what nobody should send', () => {
  it('is refused by its name, and never said again', async () => {
    const giant = 'A'.repeat(5000);
    const asked: readonly (readonly [string, number, string])[] = [
      ['/facilities?limit=0', 400, 'api-query-invalid'],
      ['/facilities?limit=501', 400, 'api-query-invalid'],
      ['/facilities?limit=1e2', 400, 'api-query-invalid'],
      ['/facilities?limit=-1', 400, 'api-query-invalid'],
      ['/facilities?limit=99999999999999999999', 400, 'api-query-invalid'],
      ['/facilities?limit=1&limit=1', 400, 'api-query-twice'],
      ['/facilities?secretWord=1', 400, 'api-query-invalid'],
      ['/facilities?__proto__=1', 400, 'api-query-invalid'],
      [`/facilities?cursor=${giant}`, 400, 'api-query-invalid'],
      ['/facilities?cursor=%00', 400, 'api-cursor-invalid'],
      ['/facilities?cursor=e30', 400, 'api-cursor-invalid'],
      [`/facilities?cursor=${cursor({ key: 7 })}`, 400, 'api-cursor-invalid'],
      [`/facilities?cursor=${cursor({ key: 'a', more: 1 })}`, 400, 'api-cursor-invalid'],
      [`/files?cursor=${cursor({ receivedAt: '1', reception: 1 })}`, 400, 'api-cursor-invalid'],
      [`/files?cursor=${cursor({ receivedAt: 1e300, reception: 1 })}`, 400, 'api-cursor-invalid'],
      [`/reports?cursor=${cursor({ before: -1 })}`, 400, 'api-cursor-invalid'],
      [`/alerts?cursor=${cursor({ key: "1' or 1=1" })}`, 400, 'api-cursor-invalid'],
      ['/files?from=2026-02-30', 400, 'api-query-invalid'],
      ['/files?from=2026-1-1', 400, 'api-query-invalid'],
      ['/files?from=20260101', 400, 'api-query-invalid'],
      ['/files?state=applied', 400, 'api-query-invalid'],
      [`/files?facility=${finess(1)}'--`, 400, 'api-query-invalid'],
      ['/quality/scorecards?week=2026-W54', 400, 'api-query-invalid'],
      ['/quality/scorecards?week=2025-W53', 400, 'api-query-invalid'],
      ['/reports?kind=yearly', 400, 'api-query-invalid'],
      ['/reports?facility=everything', 400, 'api-query-invalid'],
      ['/alerts?state=any', 400, 'api-query-invalid'],
      [`/facilities/${finess(1)}/days?from=2024-01-01&to=2026-01-01`, 400, 'api-span-too-long'],
      ['/facilities/abc', 404, 'api-not-found'],
      ['/facilities/..%2F..%2Fetc%2Fpasswd', 404, 'api-not-found'],
      [`/facilities/${'9'.repeat(299)}`, 404, 'api-not-found'],
      ['/files/not-an-id', 404, 'api-not-found'],
      ['/reports/0', 404, 'api-not-found'],
      ['/reports/1e3', 404, 'api-not-found'],
      ['/reports/99999999999999999999', 404, 'api-not-found'],
      ['/reports/1/files/exe', 404, 'api-not-found'],
      ['/nowhere', 404, 'api-not-found'],
      ['/', 404, 'api-not-found'],
      ['/facilities/%ZZ', 404, 'api-not-found'],
    ];
    for (const [path, status, code] of asked) {
      const got = await lab.ask(path, token);
      expect([path.slice(0, 80), got.status, codeOf(got.json)]).toEqual([path.slice(0, 80), status, code]);
      expect(got.text).not.toMatch(/AAAA|passwd|1=1|2026-02-30|node_modules|\.ts:/);
    }
  });

  it('is a way of asking that an address does not have: 405, with those that it has', async () => {
    for (const [method, path, allow] of [
      ['POST', '/facilities', 'GET, HEAD'],
      ['PUT', `/facilities/${finess(1)}`, 'GET, HEAD'],
      ['PATCH', '/extractions', 'GET, HEAD, POST'],
      ['DELETE', '/extractions', 'GET, HEAD, POST'],
      ['POST', '/openapi.json', 'GET, HEAD'],
      ['OPTIONS', '/alerts', 'GET, HEAD'],
      ['HEAD', '/extractions/01980000-0000-7000-8000-000000000000/file', 'GET'],
    ] as const) {
      const got = await lab.ask(path, token, { method });
      expect([method, path, got.status, got.headers['allow']]).toEqual([method, path, 405, allow]);
    }
    expect((await lab.ask('/facilities', token, { method: 'HEAD' })).status).toBe(200);
  });

  it('is a token or a header of another kind', async () => {
    for (const authorization of [
      `Bearer vgm_${'A'.repeat(100_000)}`,
      `Bearer vgm_${'é'.repeat(43)}`,
      `Bearer ${token}\u0000`,
      `Bearer ${token}, Bearer ${token}`,
      'Bearer',
      '',
    ]) {
      const got = await lab.ask('/facilities', undefined, { headers: { authorization } });
      expect(got.status).toBe(401);
      expect(got.headers['www-authenticate']).toBe('Bearer realm="vaguemestre", error="invalid_token"');
    }
    const headers = {
      'accept-language': `${'x'.repeat(10_000)},en`,
      'x-http-method-override': 'DELETE',
      'x-forwarded-for': '1.2.3.4',
      range: 'bytes=0-',
    };
    expect((await lab.ask('/facilities', token, { headers })).status).toBe(200);
  });

  it('is a body that is too long, of another type, or no request of ours', async () => {
    const json = { 'content-type': 'application/json' };
    const post = (body: unknown, headers: Readonly<Record<string, string>> = json) =>
      lab.ask('/extractions', token, { method: 'POST', body, headers });
    const long = await post(`{"purpose":"${'x'.repeat(70_000)}"}`);
    expect([long.status, codeOf(long.json)]).toEqual([413, 'api-body-too-large']);
    const broken = await post('{"purpose":');
    expect([broken.status, codeOf(broken.json)]).toEqual([400, 'api-body-unreadable']);
    const poisoned = await post('{"__proto__":{"administrator":true}}');
    expect([poisoned.status, codeOf(poisoned.json)]).toEqual([400, 'api-body-unreadable']);
    const form = await post('a=b', { 'content-type': 'application/x-www-form-urlencoded' });
    expect([form.status, codeOf(form.json)]).toEqual([415, 'api-body-unreadable']);
    for (const body of [[], {}, null, { from: 'CANARI' }, { feed: 'ed-visits', secretWord: 1 }]) {
      const got = await post(JSON.stringify(body));
      expect([got.status, codeOf(got.json)]).toEqual([400, 'api-body-invalid']);
      expect(got.text).not.toContain('CANARI');
    }
  });
});

describe('answers', () => {
  it('speak the language that is asked for', async () => {
    const titles = async (language: string | undefined): Promise<unknown> => {
      const headers = language === undefined ? {} : { 'accept-language': language };
      const { json, headers: answered } = await lab.ask('/nowhere', token, { headers });
      return [Reflect.get(json as object, 'title'), answered['content-language']];
    };
    const [french, english] = [
      ['Introuvable', 'fr'],
      ['Not found', 'en'],
    ];
    expect(await titles(undefined)).toEqual(french);
    expect(await titles('en')).toEqual(english);
    expect(await titles('en-GB, fr;q=0.5')).toEqual(english);
    expect(await titles('en;q=0.2, fr-FR;q=0.9')).toEqual(french);
    expect(await titles('de, *')).toEqual(french);
    expect(await titles('en;q=0')).toEqual(french);
  });

  it('come in pages that together are the whole list, each row once', async () => {
    for (const [path, key, limit] of [
      ['/facilities', 'finess', 1],
      ['/files', 'id', 5],
      ['/quality/scorecards', 'facility', 2],
    ] as const) {
      const whole = itemsOf((await lab.ask(`${path}?limit=25`, token)).json).map((each) => each[key]);
      const seen: unknown[] = [];
      let next: string | null = null;
      do {
        const more: string = next === null ? '' : `&cursor=${next}`;
        const { json } = await lab.ask(`${path}?limit=${limit}${more}`, token);
        expect(itemsOf(json).length).toBeLessThanOrEqual(limit);
        seen.push(...itemsOf(json).map((each) => each[key]));
        next = Reflect.get(json as object, 'next') as string | null;
      } while (next !== null && seen.length < 200);
      expect(seen.slice(0, 25)).toEqual(whole);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.length).toBeGreaterThan(limit);
    }
  });

  it('say of days what the store holds of them', async () => {
    const { json } = await lab.ask(`/facilities/${finess(1)}/days?from=2026-01-17&to=2026-01-20`, token);
    const { days } = json as { readonly days: readonly Readonly<Record<string, unknown>>[] };
    const counts = await lab.store.read((tx) =>
      tx.records.countsByDay(finess(1), 'ed-visits', (lab.region.last - 3) as never, lab.region.last),
    );
    expect(days.map(({ received }) => received)).toEqual(counts.map(({ count }) => count));
    expect(days.map(({ day }) => day)).toEqual(['2026-01-17', '2026-01-18', '2026-01-19', '2026-01-20']);
    expect(counts.every(({ count }) => count > 50)).toBe(true);
    const none = await lab.ask(`/facilities/${finess(1)}/days?from=2026-01-20&to=2026-01-17`, token);
    expect(Reflect.get(none.json as object, 'days')).toEqual([]);
  });
});

describe('a token', () => {
  it('is noted as used once a minute, and has its own number of requests', async () => {
    const few = await createApiLab({ now, hospitals: 1, days: 1, requestsPerMinute: 5 });
    try {
      const one = await few.token('read-only');
      few.clock.advance(1);
      const two = await few.token('auditor');
      const first = few.clock.now();
      const usedAt = async (): Promise<readonly (number | null)[]> => {
        // The note is written beside the answer.
        await few.store.transaction(async () => undefined);
        return (await few.store.read((tx) => tx.tokens.list())).map((each) => each.usedAt);
      };
      expect(await usedAt()).toEqual([null, null]);
      expect((await few.ask('/alerts', one)).status).toBe(200);
      expect(await usedAt()).toEqual([null, first]);
      few.clock.advance(59_000);
      expect((await few.ask('/alerts', one)).status).toBe(200);
      expect(await usedAt()).toEqual([null, first]);
      for (let asked = 2; asked < 5; asked += 1) expect((await few.ask('/alerts', one)).status).toBe(200);
      const refused = await few.ask('/alerts', one);
      expect([refused.status, codeOf(refused.json), refused.headers['retry-after']]).toEqual([
        ...[429, 'api-too-many', '1'],
      ]);
      expect((await few.ask('/alerts', two)).status).toBe(200);
      few.clock.advance(1_000);
      expect((await few.ask('/alerts', one)).status).toBe(200);
      expect((await usedAt())[1]).toBe(first + 60_000);
    } finally {
      await few.close();
    }
  });
});

function cursor(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function itemsOf(json: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Reflect.get(json as object, 'items') as readonly Readonly<Record<string, unknown>>[];
}
