import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createAgencyDoor, type AgencyDoor, type AgencyDoorDeps } from '../../receiver/app-agencies.ts';
import { parseConfig } from '../../receiver/config.ts';
import { createParcels, type Parcels } from '../../receiver/forward/parcel.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import { startAll, type Service } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { eventually } from '../fault/live.ts';
import {
  agencyCertificate,
  agencyClient,
  type AgencyCertificate,
  type AgencyClient,
} from '../unit/agency/client.ts';
import { createRig, type Rig } from '../unit/agency/rig.ts';
import { createLab, facility, quiet, type Lab } from '../unit/receiver/lab.ts';

/** Two agencies at one region's door, over real TLS: what each may see, take and say. */
const token = 'a-token-of-the-second-agency-0123456789';
const key = 'ab'.repeat(32);
let lab: Lab;
let rig: Rig;
let folder: string;
let first: AgencyCertificate;
let expired: AgencyCertificate;
let tokens: string;
let door: AgencyDoor;
let running: Service;
let sealing: Parcels | undefined;
const announced: string[] = [];
const clients: AgencyClient[] = [];

function settings(list: readonly (readonly [string, object])[]) {
  const destinations = list.map(([name, transport]) => ({
    ...{ name, feed: 'ed-visits', format: 'oscour-xml' },
    transport: { kind: 'pull', ...transport },
  }));
  return parseConfig(JSON.stringify({ state: '.', region: 'Test', destinations }), join(folder, 'c.yaml'))
    .destinations;
}

function doorFor(
  list: readonly (readonly [string, object])[],
  change: Partial<AgencyDoorDeps> = {},
): AgencyDoor {
  const { store, clock, region, sign } = lab;
  const made = createAgencyDoor({
    ...{ store, clock, sign, random: systemRandom, logger: quiet, destinations: settings(list) },
    openParcels: async ({ name }) => (name === 'sealed' ? sealing : undefined),
    address: { host: '127.0.0.1', port: 0 },
    listening: { requestSeconds: 5, connections: 200, logger: quiet, random: systemRandom },
    tls: { key: region.serverKeyPem, certificate: region.serverChain },
    ...{ stopping: new AbortController().signal, refusalMs: 1 },
    onReceipts: (agents) => void announced.push(...agents),
    ...change,
  });
  if (made === undefined) throw new Error('no door');
  return made;
}

beforeAll(async () => {
  lab = await createLab();
  rig = await createRig(lab);
  folder = mkdtempSync(join(tmpdir(), 'agencies-'));
  tokens = join(folder, 'tokens');
  writeFileSync(tokens, `${token}\n`);
  [first, expired] = await Promise.all([
    agencyCertificate(lab.clock.now()),
    agencyCertificate(lab.clock.now(), { from: -30, until: -1 }),
  ]);
  sealing = fakeSeal(key);
  door = doorFor([
    ['one', { certificates: [first.fingerprint, expired.fingerprint] }],
    ['two', { tokenFile: 'tokens' }],
    ['both', { certificates: [first.fingerprint], tokenFile: 'tokens' }],
    ['sealed', { certificates: [first.fingerprint] }],
  ]);
  running = await startAll(door.services, quiet);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(async () => {
  await running.stop();
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As real ones do, it never gives the same bytes twice. */
function fakeSeal(fingerprint: string): Parcels | undefined {
  return createParcels(true, {
    ...{ id: `fake ${fingerprint}`, suffix: '.gpg', fingerprint, expiresAt: null },
    seal: async (_name, content) => Buffer.concat([systemRandom.bytes(16), content]),
  });
}

function client(
  who: { readonly certificate?: AgencyCertificate; readonly token?: string } = { certificate: first },
  at: AgencyDoor = door,
): AgencyClient {
  const made = agencyClient({
    port: () => at.listener.address().port,
    authorities: lab.region.authorities,
    ...who,
  });
  clients.push(made);
  return made;
}

const list = (destination: string, query = ''): string =>
  `/v1/destinations/${destination}/dispatches${query}`;
const content = (destination: string, name: string): string => `${list(destination)}/${name}/content`;
const answer = (destination: string, name: string): string => `${list(destination)}/${name}/acknowledgement`;
const stateOf = async (id: number): Promise<string> => (await rig.row(id)).state;
const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
const field = (bytes: Buffer): string => `sha-256=:${sha256(bytes).toString('base64')}:`;
const receiptsOf = async (name: string): Promise<string[]> =>
  (await rig.receipts()).filter(({ dispatch }) => dispatch === name).map(({ kind }) => kind);

async function namesSeen(at: AgencyClient): Promise<string[]> {
  const { json } = await at.get('/v1/destinations');
  return (json['destinations'] as { name: string }[]).map(({ name }) => name);
}

describe('who may enter', () => {
  it('the holder of a certificate named by a destination, whoever signed it, sees what names it', async () => {
    expect(await namesSeen(client())).toEqual(['one', 'both', 'sealed']);
  });

  it('on a resumed session as on the first', async () => {
    expect(await client().twice('/v1/destinations')).toEqual({ resumed: true, status: 200 });
  });

  it('the bearer of a token sees what its file opens', async () => {
    expect(await namesSeen(client({ token }))).toEqual(['two', 'both']);
  });

  it('nobody else: no certificate, a stranger’s, one that has expired, a wrong token, on any path', async () => {
    const stranger = await agencyCertificate(lab.clock.now());
    for (const [who, code] of [
      [{}, 'agency-credentials-refused'],
      [{ certificate: stranger }, 'agency-credentials-refused'],
      [{ certificate: expired }, 'agency-certificate-expired'],
      [{ token: `${token}x` }, 'agency-credentials-refused'],
      [{ token: 'x' }, 'agency-credentials-refused'],
    ] as const)
      for (const path of ['/v1/destinations', list('one'), '/anything']) {
        const { status, json, headers } = await client(who).get(path);
        expect([status, json]).toEqual([401, { code, class: 'permanent' }]);
        expect(headers['www-authenticate']).toBe('Bearer');
      }
  });

  it('an agent of the region is a stranger at this door', async () => {
    const { tls } = await lab.addAgent();
    const certificate = {
      ...{ cert: tls.certificate.toString(), fingerprint: '' },
      key: tls.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
    expect((await client({ certificate }).get('/v1/destinations')).status).toBe(401);
  });

  it('what is another agency’s does not exist, whatever is asked of it', async () => {
    const row = await rig.put('two');
    const at = client();
    for (const path of [
      list('two'),
      content('two', row.name),
      '/v1/destinations/two/manifests',
      list('nobody'),
    ])
      expect(await at.get(path)).toMatchObject({ status: 404, json: { code: 'agency-destination-unknown' } });
    expect((await at.post(answer('two', row.name), { verdict: 'acknowledged' })).status).toBe(404);
    // Nor by its name under one's own destination.
    expect(await at.get(content('one', row.name))).toMatchObject({
      status: 404,
      json: { code: 'dispatch-unknown' },
    });
    expect(await stateOf(row.id)).toBe('waiting');
  });

  it('a token taken out of its file opens nothing any more, on the open connection too', async () => {
    const file = join(folder, 'changing');
    const [old, next] = ['o'.repeat(32), 'n'.repeat(40)];
    writeFileSync(file, `${old}\n`);
    const other = doorFor([['two', { tokenFile: 'changing' }]]);
    const served = await startAll(other.services, quiet);
    try {
      const [before, after] = [client({ token: old }, other), client({ token: next }, other)];
      const statuses = async (): Promise<number[]> => [
        (await before.get('/v1/destinations')).status,
        (await after.get('/v1/destinations')).status,
      ];
      expect(await statuses()).toEqual([200, 401]);
      writeFileSync(file, `${old}\r\n\r\n${next}\r\n`);
      expect(await statuses()).toEqual([200, 200]);
      writeFileSync(file, `${next}\n`);
      expect(await statuses()).toEqual([401, 200]);
      writeFileSync(file, 'short\n');
      expect(await statuses()).toEqual([401, 401]);
      rmSync(file);
      expect(await statuses()).toEqual([401, 401]);
      writeFileSync(file, `${next}\n`);
      expect(await statuses()).toEqual([401, 200]);
    } finally {
      await served.stop();
    }
  });

  it.each([
    ['agency-token-short', { tokenFile: 'short' }],
    ['agency-tokens-unreadable', { tokenFile: 'nowhere' }],
    ['agency-credentials-missing', { tokenFile: 'empty' }],
  ])('a destination nobody can open (%s) is said, and keeps nobody else waiting', async (code, transport) => {
    writeFileSync(join(folder, 'short'), `${token}\n${'x'.repeat(31)}\n`);
    writeFileSync(join(folder, 'empty'), '\n\n');
    const said: unknown[] = [];
    const logger: Logger = Object.assign(Object.create(quiet) as Logger, {
      error: (facts: { err: unknown; destination: string }) => void said.push([facts.destination, facts.err]),
    });
    const list = [
      ['shut', transport],
      ['two', { tokenFile: 'tokens' }],
    ] as const;
    const other = doorFor(list, { logger });
    const served = await startAll(other.services, quiet);
    try {
      expect(said).toMatchObject([['shut', { code }]]);
      const { json } = await client({ token }, other).get('/v1/destinations');
      expect(JSON.stringify(json)).toContain('"two"');
      expect(JSON.stringify(json)).not.toContain('"shut"');
    } finally {
      await served.stop();
    }
  });

  it('a destination without any key is refused in the settings', () => {
    expect(() => doorFor([['shut', {}]])).toThrow('config-invalid');
  });

  it('wrong callers wait, so many at most; the next is sent away at once', async () => {
    const stopping = new AbortController();
    const other = doorFor([['two', { tokenFile: 'tokens' }]], {
      ...{ stopping: stopping.signal, refusalMs: 3_600_000 },
    });
    const served = await startAll(other.services, quiet);
    try {
      const asked = Array.from({ length: 65 }, () => client({}, other).get('/v1/destinations'));
      // The others have nothing to be answered for an hour.
      expect(await Promise.race(asked)).toMatchObject({ status: 503, json: { code: 'agency-door-busy' } });
      expect((await client({ token }, other).get('/v1/destinations')).status).toBe(200);
      stopping.abort();
      const statuses = (await Promise.all(asked)).map(({ status }) => status);
      expect(statuses.toSorted()).toEqual([...Array.from({ length: 64 }, () => 401), 503]);
    } finally {
      await served.stop();
    }
  });
});

describe('what is offered', () => {
  it('page by page, with days, records, size and digest as it travels', async () => {
    const rows = [
      await rig.put('both', { from: 20_000, to: 20_001 }),
      await rig.put('both'),
      await rig.put('both'),
    ];
    const at = client({ token });
    const page = await at.get(list('both', '?limit=2'));
    const text = Buffer.from(`content of ${rows[0]?.name}`);
    expect(page.status).toBe(200);
    expect(page.json['next']).toBe(rows[1]?.id);
    expect((page.json['dispatches'] as object[])[0]).toEqual({
      ...{ id: rows[0]?.id, name: rows[0]?.name, file: rows[0]?.name, facility, feed: 'ed-visits' },
      ...{ from: '2024-10-04', to: '2024-10-05', records: 1, format: 'f 1', state: 'waiting', code: null },
      ...{ size: text.length, digest: sha256(text).toString('hex') },
      ...{ composedAt: new Date(rows[0]?.composedAt ?? 0).toISOString(), sentAt: null },
    });
    const rest = await at.get(list('both', `?limit=2&after=${String(page.json['next'])}`));
    expect((rest.json['dispatches'] as { id: number }[]).map(({ id }) => id)).toEqual([rows[2]?.id]);
    expect(rest.json['next']).toBeNull();
    expect((await at.get(list('both', '?state=refused'))).json['dispatches']).toEqual([]);
  });

  it.each(['?state=dead', '?limit=101', '?limit=0', '?after=-1', '?other=1'])('not %s', async (query) => {
    expect(await client().get(list('one', query))).toMatchObject({
      status: 400,
      json: { code: 'message-malformed' },
    });
  });

  it('counts each destination’s dispatches, and says when the region has paused it', async () => {
    await rig.put('one', { state: 'refused', code: 'E1' });
    const { json } = await client().get('/v1/destinations');
    expect((json['destinations'] as object[])[0]).toMatchObject({
      ...{ name: 'one', feed: 'ed-visits', format: 'oscour-xml', paused: false, dispatches: { refused: 1 } },
    });
  });

  it('signed manifests, after a serial', async () => {
    for (const day of [20_000, 20_001])
      await lab.store.transaction((tx) =>
        tx.manifests.put({
          destination: 'one',
          day: day as Day,
          issuedAt: 1,
          digest: 'd',
          jws: `jws ${day}`,
        }),
      );
    const at = client();
    const all = (await at.get('/v1/destinations/one/manifests')).json['manifests'] as { serial: number }[];
    expect(all).toMatchObject([
      { day: '2024-10-04', jws: 'jws 20000', issuedAt: '1970-01-01T00:00:00.001Z', digest: 'd' },
      { day: '2024-10-05', jws: 'jws 20001' },
    ]);
    const after = await at.get(`/v1/destinations/one/manifests?after=${all[0]?.serial}`);
    expect(after.json['manifests']).toHaveLength(1);
  });
});

describe('taking a dispatch', () => {
  it('whole, it is noted as sent with its receipt, once; it may be taken again', async () => {
    const row = await rig.put('one');
    const at = client();
    const { status, body, headers } = await at.get(content('one', row.name));
    expect([status, body.toString()]).toEqual([200, `content of ${row.name}`]);
    expect(headers).toMatchObject({
      ...{ etag: `"${row.digest}"`, 'accept-ranges': 'bytes', 'content-type': 'application/octet-stream' },
      ...{ 'content-disposition': `attachment; filename="${row.name}"`, 'cache-control': 'no-store' },
      ...{ 'content-digest': field(body), 'repr-digest': field(body) },
    });
    expect(await stateOf(row.id)).toBe('waiting');
    await at.get('/v1/destinations');
    expect(await stateOf(row.id)).toBe('sent');
    expect(announced).toContain(rig.agent);
    expect((await at.get(content('one', row.name))).body).toEqual(body);
    await door.services[1]?.stop();
    expect(await receiptsOf(row.name)).toEqual(['forwarded']);
    expect((await at.get(list('one', '?state=sent'))).json['dispatches']).toMatchObject([{ name: row.name }]);
  });

  it('by ranges, it is sent once they reach the end', async () => {
    const row = await rig.put('one');
    const at = client();
    const path = content('one', row.name);
    const whole = Buffer.from(`content of ${row.name}`);
    const begin = await at.get(path, { range: 'bytes=0-4' });
    expect([begin.status, begin.headers['content-range']]).toEqual([206, `bytes 0-4/${whole.length}`]);
    expect(begin.headers).toMatchObject({
      'content-digest': field(whole.subarray(0, 5)),
      'repr-digest': field(whole),
    });
    const middle = await at.get(path, { range: 'bytes=5-6', 'if-range': String(begin.headers['etag']) });
    await door.services[1]?.stop();
    expect(await stateOf(row.id)).toBe('waiting');
    const end = await at.get(path, { range: 'bytes=7-' });
    expect(Buffer.concat([begin.body, middle.body, end.body])).toEqual(whole);
    await at.get('/v1/destinations');
    await eventually('noted', async () => (await stateOf(row.id)) === 'sent');
  });

  it('a range of another content gives the whole; one beyond the end, its size', async () => {
    const row = await rig.put('one');
    const at = client();
    const path = content('one', row.name);
    expect((await at.get(path, { range: 'bytes=3-', 'if-range': '"other"' })).status).toBe(200);
    const beyond = await at.get(path, { range: 'bytes=9999-' });
    expect(beyond).toMatchObject({
      ...{ status: 416, json: { code: 'agency-range-unsatisfiable' } },
      headers: { 'content-range': `bytes */${`content of ${row.name}`.length}` },
    });
    for (const range of ['bytes=0-1,3-4', 'lines=1-2', 'bytes=5-2'])
      expect((await at.get(path, { range })).status).toBe(200);
    expect((await at.get(path, { range: 'bytes=-3' })).body.toString()).toBe('xml');
  });

  it('neither a look at its headers nor a download broken off counts', async () => {
    const row = await rig.put('one', { content: systemRandom.bytes(24 * 1024 * 1024) });
    const at = client();
    const head = await at.head(content('one', row.name));
    expect([head.status, head.headers['content-length']]).toEqual([200, `${24 * 1024 * 1024}`]);
    await at.breakOff(content('one', row.name));
    // Another one, noted after, shows that nothing is on its way any more.
    const next = await rig.put('one');
    const other = client();
    await other.get(content('one', next.name));
    await other.get('/v1/destinations');
    await eventually('noted', async () => (await stateOf(next.id)) === 'sent');
    expect(await stateOf(row.id)).toBe('waiting');
    expect(await receiptsOf(row.name)).toEqual([]);
  });

  it('readers that take nothing any more are cut off, and nothing is noted: others get in', async () => {
    const row = await rig.put('two', { content: systemRandom.bytes(14 * 1024 * 1024) });
    const stalledMs = 500;
    const other = doorFor([['two', { tokenFile: 'tokens' }]], { stalledMs });
    const served = await startAll(other.services, quiet);
    try {
      const stalled = Array.from({ length: 16 }, () =>
        client({ token }, other).stall(content('two', row.name)),
      );
      await Promise.all(stalled);
      const next = client({ token }, other);
      await eventually('another gets in', async () => (await next.get('/v1/destinations')).status === 200);
      expect(await stateOf(row.id)).toBe('waiting');
    } finally {
      await served.stop();
    }
  });

  it('while the region pauses the destination: later', async () => {
    const row = await rig.put('two');
    const paused = (pausedBy: string | null) =>
      lab.store.transaction((tx) =>
        tx.destinations.put({
          ...{ name: 'two', breaker: 'closed', failures: 0, nextAttemptAt: 0, code: null, since: 0 },
          ...{ pausedBy, pausedAt: pausedBy === null ? null : 1 },
        }),
      );
    await paused('Alice');
    const at = client({ token });
    expect(await at.get(content('two', row.name))).toMatchObject({
      ...{ status: 503, json: { code: 'agency-destination-paused', class: 'transient' } },
    });
    await paused(null);
    expect((await at.get(content('two', row.name))).status).toBe(200);
  });

  it('that a person set aside: gone, whoever saw its name before', async () => {
    const row = await rig.put('two', { state: 'dead', code: 'dispatch-set-aside' });
    expect(await client({ token }).get(content('two', row.name))).toMatchObject({
      ...{ status: 410, json: { code: 'agency-content-gone' } },
    });
  });

  it('whose content is no longer kept: gone, and the list says so', async () => {
    const row = await rig.put('two', { state: 'sent' });
    await lab.store.transaction((tx) => tx.dispatches.purgeContents(lab.clock.now() + 1, 10_000));
    const at = client({ token });
    expect(await at.get(content('two', row.name))).toMatchObject({
      status: 410,
      json: { code: 'agency-content-gone' },
    });
    const { json } = await at.get(list('two', '?state=sent&limit=100'));
    expect((json['dispatches'] as { name: string }[]).find(({ name }) => name === row.name)).toMatchObject({
      ...{ file: null, size: null, digest: null },
    });
  });
});

describe('sealed dispatches', () => {
  it('are not offered before two people have approved the key: nothing is sealed until then', async () => {
    const row = await rig.put('sealed');
    const at = client();
    for (const path of [list('sealed'), content('sealed', row.name)])
      expect(await at.get(path)).toMatchObject({
        ...{ status: 503, json: { code: 'agency-key-unapproved', class: 'transient' } },
      });
    expect(await lab.store.read((tx) => tx.dispatches.sealedAs(row.id))).toBeUndefined();
    for (const person of ['Alice', 'Bob'])
      await lab.store.transaction((tx) =>
        tx.destinations.approveKey('sealed', { fingerprint: key, person, at: 1 }),
      );
    expect((await at.get(list('sealed'))).status).toBe(200);
  });

  it('are the same bytes every time, to all who ask at once', async () => {
    const row = await rig.put('sealed');
    const callers = [client(), client(), client()];
    const taken = await Promise.all(callers.map((each) => each.get(content('sealed', row.name))));
    const body = taken[0]?.body ?? Buffer.alloc(0);
    expect(body.length).toBeGreaterThan(16);
    expect(taken.every((each) => each.body.equals(body))).toBe(true);
    expect(taken[0]?.headers['content-disposition']).toBe(`attachment; filename="${row.name}.zip.gpg"`);
    const { json } = await (callers[0] ?? client()).get(list('sealed', '?state=sent&limit=100'));
    expect((json['dispatches'] as { name: string }[]).find(({ name }) => name === row.name)).toMatchObject({
      ...{ file: `${row.name}.zip.gpg`, size: body.length, digest: sha256(body).toString('hex') },
    });
    // Under the name it travels by, too.
    expect((await client().get(content('sealed', `${row.name}.zip.gpg`))).body).toEqual(body);
  });
});

describe('answering', () => {
  const say = (name: string, body: object) => client().post(answer('one', name), body);

  it('an acknowledgement and a refusal reach the hospital as signed receipts; a repeat changes nothing', async () => {
    const row = await rig.put('one', { state: 'sent' });
    for (let times = 0; times < 2; times += 1)
      expect(await say(row.name, { verdict: 'acknowledged' })).toMatchObject({
        ...{ status: 200, json: { name: row.name, state: 'acknowledged', code: null } },
      });
    const refusal = { verdict: 'refused', code: 'E-17 <é>', reason: 'MME CANARI' };
    expect((await say(row.name, refusal)).json).toEqual({ name: row.name, state: 'refused', code: 'E-17' });
    expect(await receiptsOf(row.name)).toEqual(['acknowledged', 'refused']);
  });

  it('before the dispatch was taken is none; what is being taken may be answered at once', async () => {
    const row = await rig.put('one');
    expect(await say(row.name, { verdict: 'acknowledged' })).toMatchObject({
      ...{ status: 409, json: { code: 'dispatch-not-sent', class: 'permanent' } },
    });
    expect(await rig.row(row.id)).toEqual(row);
    await client().get(content('one', row.name));
    expect((await say(row.name, { verdict: 'acknowledged' })).status).toBe(200);
    await door.services[1]?.stop();
    expect(await receiptsOf(row.name)).toEqual(['forwarded', 'acknowledged']);
  });

  it('without a code is a refusal without a code', async () => {
    const row = await rig.put('one', { state: 'sent' });
    expect((await say(row.name, { verdict: 'refused' })).json).toMatchObject({
      state: 'refused',
      code: null,
    });
  });

  it('to an unknown dispatch: 404; without a verdict, or with too much: refused, never quoted', async () => {
    const row = await rig.put('one', { state: 'sent' });
    expect((await say('nothing.xml', { verdict: 'acknowledged' })).status).toBe(404);
    for (const body of [
      {},
      { verdict: 'perhaps' },
      { verdict: 'acknowledged', code: 'x' },
      { verdict: 'refused', reason: 'r'.repeat(501) },
    ])
      expect(await say(row.name, body)).toMatchObject({
        ...{ status: 400, json: { code: 'message-malformed', class: 'permanent' } },
      });
    expect((await say(row.name, { verdict: 'refused', reason: 'r'.repeat(5000) })).status).toBe(413);
    expect(await stateOf(row.id)).toBe('sent');
  });
});
