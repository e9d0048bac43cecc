import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { transport } from '../../../receiver/config-transports.ts';
import type { Destination } from '../../../receiver/forward/destination.ts';
import { createHttpsDestination } from '../../../receiver/forward/transports/https.ts';
import { peer } from '../../support/peer.ts';
import {
  startFakeAgency,
  type AgencyFault,
  type FakeAgency,
  type FakeAgencyOptions,
} from '../../support/peers/fake-agency.ts';
import { startNginx, type Nginx } from '../../support/peers/nginx.ts';
import { makeUploadIdentities, type UploadIdentities } from '../../support/peers/upload-identities.ts';
import { describeDestination, outgoing } from './destination-contract.ts';

const never = new AbortController().signal;
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function destinationTo(settings: Readonly<Record<string, unknown>>): Destination {
  const parsed = transport.parse({ kind: 'https', timeoutSeconds: 5, ...settings });
  if (parsed.kind !== 'https') throw new Error('not https');
  const destination = createHttpsDestination('agency', parsed);
  closing.push(() => destination.close());
  return destination;
}

function mutual({ authorityFile, clientCertificateFile, clientKeyFile }: UploadIdentities) {
  return { authorityFile, clientCertificateFile, clientKeyFile };
}

function texts(found: ReadonlyMap<string, Buffer>): ReadonlyMap<string, string> {
  return new Map([...found].map(([name, content]) => [name, content.toString('utf8')]));
}

async function agencyWith(options: FakeAgencyOptions = {}): Promise<FakeAgency> {
  const agency = await startFakeAgency(options);
  closing.push(() => agency.close());
  return agency;
}

const nginx = peer('nginx', 'PUT to a real WebDAV server with mutual TLS is not tried');

if (nginx !== undefined)
  describeDestination('nginx, PUT raw, mutual TLS', async () => {
    const server = await startNginx(nginx);
    closing.push(() => server.close());
    const destination = destinationTo({ method: 'PUT', url: server.url, ...mutual(server.identities) });
    await destination.open();
    return {
      destination,
      received: async () => texts(await server.received()),
      plant: server.plant,
      cut: server.cut,
      restore: () => server.restore(),
    };
  });

for (const [form, settings] of [
  ['multipart POST', { form: 'multipart', path: '/upload' }],
  ['raw POST', { path: '/files/{name}' }],
  ['raw PUT, nothing to look at', { method: 'PUT', path: '/files/{name}', readBack: false }],
] as const)
  describeDestination(`an agency that takes ${form}`, async () => {
    const agency = await agencyWith({ mutual: true });
    const { path, ...rest } = settings;
    const destination = destinationTo({
      ...{ url: `${agency.url}${path}`, answer: { digestPath: 'sha256' } },
      ...{ ...rest, ...mutual(agency.identities) },
    });
    await destination.open();
    return {
      destination,
      received: async () => texts(await agency.received()),
      plant: agency.plant,
      cut: agency.cut,
      restore: () => agency.restore(),
    };
  });

const one = outgoing('a.xml', 'one');
const two = outgoing('b.xml', 'two');

/** Multipart to a fake agency whose answers are read. */
async function uploading(
  changed: Readonly<Record<string, unknown>> = {},
  options: FakeAgencyOptions = {},
): Promise<{ readonly agency: FakeAgency; readonly destination: Destination }> {
  const agency = await agencyWith(options);
  const answer = { digestPath: 'sha256', referencePath: 'id', statePath: 'state', codePath: 'code' };
  const destination = destinationTo({
    ...{ url: `${agency.url}/upload`, form: 'multipart', answer },
    ...{ authorityFile: agency.identities.authorityFile, ...changed },
  });
  return { agency, destination };
}

/** PUT raw to a fake agency, which is looked at before and after. */
async function putting(
  changed: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly agency: FakeAgency; readonly destination: Destination }> {
  const agency = await agencyWith();
  const destination = destinationTo({
    ...{ url: `${agency.url}/files/{name}`, method: 'PUT' },
    ...{ authorityFile: agency.identities.authorityFile, ...changed },
  });
  return { agency, destination };
}

describe('what an upload carries', () => {
  it('is its digest (RFC 9530), one key for all repeats, its length and its name', async () => {
    const { agency, destination } = await putting({ headers: { 'X-Region': 'exemple' } });
    agency.fault = { kind: 'status', status: 503 };
    await destination.deliver([one], never);
    agency.fault = undefined;
    await destination.deliver([one], never);
    const puts = agency.requests.filter(({ method }) => method === 'PUT').map(({ headers }) => headers);
    expect(puts).toHaveLength(2);
    expect(puts[0]?.['idempotency-key']).toMatch(/^[0-9a-f]{64}$/);
    expect(puts[1]?.['idempotency-key']).toBe(puts[0]?.['idempotency-key']);
    expect(puts[1]).toMatchObject({
      'content-digest': `sha-256=:${Buffer.from(one.digest, 'hex').toString('base64')}:`,
      'content-length': '3',
      'content-disposition': 'attachment; filename="a.xml"',
      'if-none-match': '*',
      'x-region': 'exemple',
    });
  });

  it('is a login read from a file, read again once it was refused', async () => {
    const { agency, destination } = await uploading({}, { authorization: 'Bearer good-token' });
    const bearerFile = join(agency.identities.authorityFile, '..', 'token');
    await writeFile(bearerFile, 'old-token\n');
    const withToken = destinationTo({
      ...{ url: `${agency.url}/upload`, form: 'multipart', bearerFile },
      authorityFile: agency.identities.authorityFile,
    });
    expect(await destination.deliver([one], never)).toMatchObject({ fault: { code: 'peer-login-refused' } });
    const refused = await withToken.deliver([one], never);
    expect(refused).toMatchObject({ fault: { code: 'peer-login-refused', class: 'permanent' } });
    expect(JSON.stringify(refused.fault)).not.toContain('old-token');
    await writeFile(bearerFile, 'good-token\n');
    expect(await withToken.deliver([one], never)).toMatchObject({ delivered: 1 });
  });

  it('is a user and a password from a file', async () => {
    const credentials = Buffer.from('region:secret word').toString('base64');
    const { agency } = await uploading({}, { authorization: `Basic ${credentials}` });
    const basicFile = join(agency.identities.authorityFile, '..', 'basic');
    await writeFile(basicFile, 'region:secret word\n');
    const destination = destinationTo({
      ...{ url: `${agency.url}/upload`, form: 'multipart', basicFile },
      authorityFile: agency.identities.authorityFile,
    });
    expect(await destination.deliver([one], never)).toMatchObject({ delivered: 1 });
  });

  it('is not begun with a file of the settings that is missing or not of its form', async () => {
    const { agency } = await uploading();
    const { authorityFile, clientCertificateFile, strangerKeyFile } = agency.identities;
    const bad = join(authorityFile, '..', 'bad');
    await writeFile(bad, 'two words\nand lines');
    for (const [settings, code] of [
      [{ bearerFile: bad }, 'upload-file-unusable'],
      [{ basicFile: bad }, 'upload-file-unusable'],
      [{ authorityFile: bad }, 'upload-file-unusable'],
      [{ clientCertificateFile, clientKeyFile: strangerKeyFile }, 'upload-file-unusable'],
      [{ bearerFile: `${bad}-missing` }, 'upload-file-unreadable'],
    ] as const) {
      const destination = destinationTo({ url: `${agency.url}/upload`, authorityFile, ...settings });
      await expect(destination.open()).rejects.toMatchObject({ code, class: 'permanent' });
    }
  });
});

describe('what an agency answers to an upload', () => {
  it('gives its own id and its verdict', async () => {
    const { agency, destination } = await uploading();
    const { said } = await destination.deliver([one], never);
    expect(said?.get('a.xml')).toEqual({
      reference: `agency-${one.digest.slice(0, 12)}`,
      answer: { verdict: 'acknowledged', code: null },
    });
    agency.fault = { kind: 'refuse', code: 'OSC-104' };
    expect((await destination.deliver([two], never)).said?.get('b.xml')?.answer).toEqual({
      verdict: 'refused',
      code: 'OSC-104',
    });
  });

  it.each([
    [413, undefined, 'http-413'],
    [415, { code: '' }, 'http-415'],
    [422, { code: 'FINESS inconnu !' }, 'FINESSinconnu'],
    [400, { code: 'XSD-7' }, 'XSD-7'],
  ])('%d: the agency refuses this file, and the next ones pass', async (status, body, code) => {
    const { agency, destination } = await uploading();
    agency.fault = { kind: 'status', status, body };
    const report = await destination.deliver([one, two], never);
    expect(report).toMatchObject({ delivered: 2, fault: undefined });
    expect(report.said?.get('a.xml')).toEqual({ answer: { verdict: 'refused', code } });
  });

  it.each([
    [400, 'upload-not-understood', 'permanent'],
    [401, 'peer-login-refused', 'permanent'],
    [403, 'peer-login-refused', 'permanent'],
    [404, 'upload-address-wrong', 'permanent'],
    [405, 'upload-address-wrong', 'permanent'],
    [418, 'upload-not-understood', 'permanent'],
    [301, 'upload-redirected', 'permanent'],
    [307, 'upload-redirected', 'permanent'],
    [408, 'delivery-unavailable', 'transient'],
    [425, 'delivery-unavailable', 'transient'],
    [500, 'delivery-unavailable', 'transient'],
    [502, 'delivery-unavailable', 'transient'],
    [507, 'delivery-disk-full', 'transient'],
  ] as const)('%d: the queue waits (%s)', async (status, code, errorClass) => {
    const { agency, destination } = await uploading();
    agency.fault = { kind: 'status', status, body: 'no', headers: { location: `${agency.url}/files/z` } };
    const report = await destination.deliver([one, two], never);
    expect(report).toMatchObject({ delivered: 0, fault: { code, class: errorClass } });
    expect(report.blame).toBeUndefined();
    expect(agency.requests).toHaveLength(1);
  });

  it.each([
    ['120', 120_000],
    ['Sun, 22 Nov 2026 10:05:00 GMT', 300_000],
    ['Sun, 22 Nov 2026 09:00:00 GMT', undefined],
    ['9999999', 86_400_000],
    ['soon', undefined],
  ])('Retry-After %s is heeded, a day at most, by the server’s own clock', async (said, expected) => {
    const { agency, destination } = await uploading();
    const headers = { 'retry-after': said, date: 'Sun, 22 Nov 2026 10:00:00 GMT' };
    agency.fault = { kind: 'status', status: 503, headers };
    expect((await destination.deliver([one], never)).retryAfterMs).toBe(expected);
  });

  it('is no delivery when it gives another digest', async () => {
    const { agency, destination } = await uploading();
    agency.fault = { kind: 'wrong-digest' };
    expect(await destination.deliver([one], never)).toMatchObject({
      delivered: 0,
      fault: { code: 'delivery-digest-differs', class: 'ambiguous' },
      blame: 'file',
    });
    agency.fault = undefined;
    expect(await destination.deliver([one], never)).toMatchObject({ delivered: 1 });
  });

  it.each([
    ['content-digest', two.digest, 0],
    ['repr-digest', two.digest, 0],
    ['repr-digest', one.digest, 1],
    // Of the answer's own bytes, as RFC 9530 has it: no word on the file.
    ['content-digest', outgoing('', 'taken').digest, 1],
  ] as const)('in a header %s counts as well', async (name, digest, delivered) => {
    const { agency, destination } = await uploading({ answer: {} });
    const header = `md5=:AAAA:, sha-256=:${Buffer.from(digest, 'hex').toString('base64')}:`;
    agency.fault = { kind: 'status', status: 201, body: 'taken', headers: { [name]: header } };
    expect(await destination.deliver([one], never)).toMatchObject({ delivered });
  });

  it.each([
    ['a page of maintenance', '<html>back soon</html>'],
    ['the digest alone missing', { state: 'accepted', id: 'x' }],
    ['far too long', { sha256: one.digest, filler: 'x'.repeat(70_000) }],
  ])('is no delivery when what it must say is not there: %s', async (_, body) => {
    const { agency, destination } = await uploading();
    agency.fault = { kind: 'status', status: 200, body };
    expect(await destination.deliver([one], never)).toMatchObject({
      delivered: 0,
      fault: { code: 'upload-answer-incomplete', class: 'ambiguous' },
    });
  });

  it('that a name is taken, without a digest, is for a person to settle', async () => {
    const { agency, destination } = await uploading();
    agency.fault = { kind: 'status', status: 409 };
    expect(await destination.deliver([one], never)).toMatchObject({
      delivered: 0,
      fault: { code: 'delivery-already-there', class: 'permanent' },
      blame: 'file',
    });
  });
});

describe('an upload whose connection is lost', () => {
  const big = outgoing('big.xml', 'x'.repeat(3_000_000));

  it.each([
    ['before a byte has left', undefined, 'transient'],
    ['in the body', { kind: 'cut-body', atBytes: 300_000 }, undefined],
    ['after the body', { kind: 'cut-answer' }, 'ambiguous'],
    ['by a peer that says nothing more', { kind: 'stall' }, 'ambiguous'],
    ['by a peer that reads no more', { kind: 'stall-body' }, undefined],
  ] as const)('%s is repeated, once and whole', async (_, fault: AgencyFault | undefined, errorClass) => {
    for (const open of [uploading, putting]) {
      const { agency, destination } = await open({ timeoutSeconds: 1 });
      if (fault === undefined) await agency.cut();
      else agency.fault = fault;
      const report = await destination.deliver([big], never);
      expect(report).toMatchObject({ delivered: 0, fault: { code: 'delivery-unavailable' } });
      expect(['transient', 'ambiguous']).toContain(report.fault?.class);
      if (errorClass !== undefined) expect(report.fault?.class).toBe(errorClass);
      agency.fault = undefined;
      if (fault === undefined) await agency.restore();
      expect(await destination.deliver([big], never)).toMatchObject({ delivered: 1, fault: undefined });
      const received = await agency.received();
      expect([...received.keys()]).toEqual(['big.xml']);
      expect(received.get('big.xml')?.equals(big.content)).toBe(true);
    }
  });

  it('by the receiver stopping is no fault of the agency', async () => {
    const { agency, destination } = await uploading();
    agency.fault = { kind: 'stall' };
    const stopping = new AbortController();
    const delivering = destination.deliver([one], stopping.signal);
    await expect.poll(() => agency.requests.length).toBe(1);
    stopping.abort();
    expect(await delivering).toMatchObject({ delivered: 0, fault: { code: 'delivery-stopped' } });
  });
});

describe('a file that is PUT', () => {
  it('is not delivered when the server says 2xx and keeps nothing', async () => {
    const { agency, destination } = await putting();
    agency.fault = { kind: 'drop' };
    expect(await destination.deliver([one], never)).toMatchObject({
      delivered: 0,
      fault: { code: 'delivery-vanished', class: 'ambiguous' },
      blame: 'file',
    });
    agency.fault = undefined;
    expect(await destination.deliver([one], never)).toMatchObject({ delivered: 1 });
  });

  it('is not delivered when less than the whole of it is there after a 2xx', async () => {
    const { agency, destination } = await putting();
    agency.fault = { kind: 'keep-half' };
    expect(await destination.deliver([one], never)).toMatchObject({
      delivered: 0,
      fault: { code: 'delivery-digest-differs', class: 'ambiguous' },
      blame: 'file',
    });
  });

  it('waits when its folder is not there (409, RFC 4918), rather than being taken for known', async () => {
    const { agency, destination } = await putting();
    agency.fault = { kind: 'status', status: 409 };
    const report = await destination.deliver([one], never);
    expect(report).toMatchObject({
      delivered: 0,
      fault: { code: 'peer-folder-refused', class: 'permanent' },
    });
    expect(report.blame).toBeUndefined();
  });

  it('is delivered where it is taken away at once, when the settings say so', async () => {
    const { agency, destination } = await putting({ readBack: false });
    agency.fault = { kind: 'drop' };
    expect(await destination.deliver([one], never)).toMatchObject({ delivered: 1 });
    expect(agency.requests.map(({ method }) => method)).toEqual(['PUT']);
  });
});

if (nginx !== undefined)
  describe('nginx', () => {
    async function serving(options: Parameters<typeof startNginx>[1] = {}): Promise<Nginx> {
      const server = await startNginx(nginx ?? '', options);
      closing.push(() => server.close());
      return server;
    }
    function putTo(server: Nginx, changed: Readonly<Record<string, unknown>> = {}): Destination {
      return destinationTo({ method: 'PUT', url: server.url, ...mutual(server.identities), ...changed });
    }

    it('gets the rest of a file that a server left begun, and no other is written over', async () => {
      const server = await serving();
      const whole = outgoing('a.xml', 'the whole of it');
      await server.plant('a.xml', 'the whole');
      expect(await putTo(server).deliver([whole], never)).toEqual({ delivered: 1, fault: undefined });
      expect(texts(await server.received()).get('a.xml')).toBe('the whole of it');
      await server.plant('a.xml', 'the hole');
      expect(await putTo(server).deliver([whole], never)).toMatchObject({
        fault: { code: 'delivery-name-taken' },
      });
    });

    it('shows the certificate of somebody else: nothing leaves', async () => {
      for (const shown of ['expired', 'other-name', 'unknown-authority'] as const) {
        const server = await serving({ shown });
        expect(await putTo(server).deliver([one], never)).toMatchObject({
          delivered: 0,
          fault: { code: 'peer-identity-refused', class: 'permanent' },
        });
        expect((await server.received()).size).toBe(0);
        const steps = await putTo(server).probe(never);
        expect(steps.map(({ step, fault }) => [step, fault?.code])).toEqual([
          ['resolve', undefined],
          ['connect', undefined],
          ['identity', 'peer-identity-refused'],
        ]);
      }
    });

    it('without the client certificate it asks for, holds the queue and refuses no file', async () => {
      const server = await serving();
      const { strangerCertificateFile, strangerKeyFile } = server.identities;
      for (const login of [
        { clientCertificateFile: undefined, clientKeyFile: undefined },
        { clientCertificateFile: strangerCertificateFile, clientKeyFile: strangerKeyFile },
      ]) {
        const report = await putTo(server, login).deliver([one], never);
        expect(report).toMatchObject({ delivered: 0, fault: { class: 'permanent' } });
        expect(report.blame).toBeUndefined();
        expect((await putTo(server, login).probe(never)).at(-1)).toMatchObject({
          step: 'login',
          fault: { code: report.fault?.code },
        });
      }
    });

    it('refuses a file that is too large for it, before it has read it', async () => {
      const server = await serving({ location: 'client_max_body_size 100k;' });
      const big = outgoing('big.xml', 'x'.repeat(5_000_000));
      const report = await putTo(server).deliver([big, one], never);
      expect(report).toMatchObject({ delivered: 2, fault: undefined });
      expect(report.said?.get('big.xml')?.answer).toEqual({ verdict: 'refused', code: 'http-413' });
      expect([...(await server.received()).keys()]).toEqual(['a.xml']);
    });

    it('is walked to with a file that is removed again', async () => {
      const server = await serving();
      const steps = await putTo(server).probe(never);
      expect(steps.map(({ step, fault }) => [step, fault?.code])).toEqual(
        ['resolve', 'connect', 'identity', 'login', 'write', 'remove'].map((step) => [step, undefined]),
      );
      expect(steps[2]?.found).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect((await server.received()).size).toBe(0);
    });

    it('that forbids DELETE is walked to without a file', async () => {
      const server = await serving({ location: 'limit_except GET PUT { deny all; }' });
      const steps = await putTo(server).probe(never);
      expect(steps.at(-1)).toEqual({ step: 'write', fault: undefined, found: 'skipped: DELETE' });
      expect((await server.received()).size).toBe(0);
    });

    it('cannot be reached: the walk ends there', async () => {
      const server = await serving();
      await server.cut();
      const steps = await putTo(server).probe(never);
      expect(steps.map(({ step, fault }) => [step, fault?.code])).toEqual([
        ['resolve', undefined],
        ['connect', 'delivery-unavailable'],
      ]);
    });
  });

const openssl = peer('openssl', 'a server that refuses our certificate by an alert is not tried');

if (openssl !== undefined)
  it.each(['-tls1_3', '-tls1_2'])(
    'a server that takes no other certificate says so in an alert (%s)',
    async (version) => {
      const folder = await mkdtemp(join(tmpdir(), 'vaguemestre-alert-'));
      closing.push(() => rm(folder, { recursive: true, force: true }));
      const identities = await makeUploadIdentities(folder);
      const { authorityFile, strangerCertificateFile, strangerKeyFile } = identities;
      const { certificate, key } = identities.server('good');
      await writeFile(join(folder, 'server.pem'), `${certificate}${key}`);
      const server = spawn(
        openssl,
        [
          ...['s_server', version, '-accept', '127.0.0.1:0', '-cert', join(folder, 'server.pem')],
          ...['-CAfile', authorityFile, '-Verify', '1', '-verify_return_error', '-www'],
        ],
        { stdio: ['ignore', 'pipe', 'ignore'] },
      );
      closing.push(async () => {
        const ended = once(server, 'exit');
        server.kill();
        await ended;
      });
      const port = await new Promise<string>((found, fail) => {
        let said = '';
        server.on('exit', () => fail(new Error(said)));
        server.stdout.setEncoding('utf8').on('data', (text: string) => {
          said += text;
          const accepting = /^ACCEPT \S*:(\d+)/m.exec(said)?.[1];
          if (accepting !== undefined) found(accepting);
        });
      });
      const destination = destinationTo({
        ...{ url: `https://localhost:${port}/in`, authorityFile },
        ...{ clientCertificateFile: strangerCertificateFile, clientKeyFile: strangerKeyFile },
      });
      expect(await destination.deliver([one], never)).toMatchObject({
        delivered: 0,
        fault: { code: 'peer-login-refused', class: 'permanent' },
      });
    },
  );

describe('settings of an upload', () => {
  const base = { kind: 'https', url: 'https://agency.example/in' };
  const submission = {
    kind: 'submission',
    prepare: { url: 'https://agency.example/p', referencePath: 'id' },
    submit: { url: 'https://agency.example/s/{reference}' },
    poll: { url: 'https://agency.example/s/{reference}', statePath: 'state' },
    states: { pending: ['p'], accepted: ['a'], refused: ['r'] },
  };

  it('are taken as they stand when they are whole', () => {
    expect(transport.safeParse(base).success).toBe(true);
    expect(transport.safeParse(submission).success).toBe(true);
  });

  it.each([
    [{ url: 'http://agency.example/in' }, 'url'],
    [{ url: 'https://{name}.example/in' }, 'url'],
    [{ url: 'https://user:word@agency.example/in' }, 'url'],
    [{ url: 'https://agency.example/{facility}' }, 'url'],
    [{ url: 'https://agency.example/in#x' }, 'url'],
    [{ method: 'PUT' }, 'url'],
    [{ clientCertificateFile: 'a' }, 'clientKeyFile'],
    [{ clientKeyFile: 'a' }, 'clientCertificateFile'],
    [{ bearerFile: 'a', basicFile: 'b' }, 'basicFile'],
    [{ headers: { Authorization: 'Bearer x' } }, 'headers.Authorization'],
    [{ headers: { 'X-A': 'a\r\nb' } }, 'headers.X-A'],
    [{ headers: { 'X-A': '1', 'x-a': '2' } }, 'headers.x-a'],
    [{ form: 'multipart', headers: { 'content-type': 'a/b' } }, 'headers'],
    [{ answer: { accepted: ['ok'], refused: ['no', 'ok'] } }, 'answer.refused'],
    [{ answer: { digestPath: 'a..b' } }, 'answer.digestPath'],
    [{ timeoutSeconds: 0 }, 'timeoutSeconds'],
  ])('of one request: %j is a fault at %s', (changed, at) => {
    const { error } = transport.safeParse({ ...base, ...changed });
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([at]);
  });

  it.each([
    [{ prepare: { ...submission.prepare, url: 'https://agency.example/{reference}' } }, 'prepare.url'],
    [{ submit: { url: 'https://agency.example/s' } }, 'submit.url'],
    [{ poll: { ...submission.poll, url: 'https://agency.example/s' } }, 'poll.url'],
    [{ result: { url: 'https://agency.example/r', codePath: 'code' } }, 'result.url'],
    [{ states: { pending: ['p'], accepted: ['p'], refused: ['r'] } }, 'states.accepted.0'],
    [{ states: { pending: [], accepted: ['a'], refused: ['r'] } }, 'states.pending'],
    [{ headers: { 'Content-Type': 'a/b' } }, 'headers'],
    [{ clientKeyFile: 'a' }, 'clientCertificateFile'],
  ])('of a service: %j is a fault at %s', (changed, at) => {
    const { error } = transport.safeParse({ ...submission, ...changed });
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([at]);
  });

  it('say what they expect in both languages', () => {
    const { error } = transport.safeParse({ ...base, bearerFile: 'a', basicFile: 'b' });
    expect(error?.issues[0]?.message.split(' ‖ ')).toHaveLength(2);
  });
});
