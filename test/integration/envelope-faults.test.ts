import { constants, brotliCompressSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { trustBundlePath } from '../../receiver/auth/trust-bundle-file.ts';
import { parseConfig } from '../../receiver/config.ts';
import { startReceiver } from '../../receiver/receiver.ts';
import { genesis } from '../../shared/envelope/header.ts';
import { createSealer } from '../../shared/envelope/seal.ts';
import { pushAnswer } from '../../shared/protocol/push.ts';
import { receiptPage } from '../../shared/protocol/receipts.ts';
import { printSlice, type Manifest, type Slice } from '../../shared/protocol/slice.ts';
import type { Service } from '../../shared/runtime/lifecycle.ts';
import { parseFrenchDateTime } from '../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { eventually } from '../fault/live.ts';
import { finess } from '../support/rpu-text.ts';
import {
  connect,
  createLab,
  facility,
  quiet,
  type Answer,
  type Client,
  type Lab,
  type LabAgent,
} from '../unit/receiver/lab.ts';

/**
 * Envelopes that are not what they should be, pushed over TLS to a whole running receiver: each refused with its code, at the
 * door or by a receipt, and nothing of any of them in the store.
 */
let lab: Lab;
let stranger: Lab;
let agent: LabAgent;
let intruder: LabAgent;
let receiver: Service;
let client: Client;

beforeAll(async () => {
  [lab, stranger] = await Promise.all([createLab(), createLab()]);
  [agent, intruder] = await Promise.all([lab.addAgent(), lab.addAgent()]);
  await writeFile(trustBundlePath(lab.folder), lab.bundle.jws);
  const file = join(lab.folder, 'receiver.yaml');
  const config = parseConfig(
    `state: .
region: Test region
listeners:
  ingest: { host: 127.0.0.1, port: 0 }
  enrolment: { host: 127.0.0.1, port: 0 }
  health: { host: 127.0.0.1, port: 0 }
destinations:
  - { name: agency, feed: ed-visits, format: oscour-xml, transport: { kind: directory, folder: out } }
`,
    file,
  );
  receiver = await startReceiver({ config, clock: lab.clock, random: systemRandom, logger: quiet });
  const { ingest } = JSON.parse(readFileSync(join(lab.folder, 'listeners.json'), 'utf8')) as {
    ingest: { port: number };
  };
  client = connect(ingest.port, lab, agent.tls);
});

afterAll(async () => {
  client.close();
  await receiver.stop();
  await lab.close();
  await stranger.close();
});

/** The place of the next envelope in the agent's ledger: a refused content takes its place all the same. */
let place = { seq: 1, prev: genesis };
let visits = 0;

interface Made {
  readonly id: string;
  readonly export: string;
  readonly seq: number;
  readonly digest: string;
  readonly bytes: Buffer;
}

interface Change {
  readonly head?: Partial<Slice['head']>;
  readonly recordFacility?: string;
  readonly recipient?: Lab;
  readonly signer?: LabAgent;
  readonly schema?: number;
  /** In place of the slice. */
  readonly compressed?: Buffer;
  readonly plaintext?: Buffer;
  readonly at?: { readonly seq: number; readonly prev: string };
}

/** An export of one visit in one envelope, as the agent would make it but for the change. */
async function make(change: Change = {}): Promise<Made> {
  visits += 1;
  const at = change.at ?? place;
  const exportId = systemRandom.uuid(lab.clock.now());
  const text = `05/01/2026 10:${String(visits).padStart(2, '0')}`;
  const arrivedAt = { text, at: parseFrenchDateTime(text)?.at };
  const manifest: Manifest = {
    ...{ slices: 1, records: 1, rejected: 0, header: true, window: null, extract: null, resend: false },
    digest: systemRandom.bytes(32).toString('hex'),
  };
  const slice: Slice = {
    head: { export: exportId, slice: 1, facility, part: '0', source: 'exports', ...change.head },
    records: [
      {
        record: 1,
        line: 2,
        body: JSON.stringify({ facility: change.recordFacility ?? facility, sex: 'F', arrivedAt }),
      },
    ],
    manifest,
  };
  const { region } = change.recipient ?? lab;
  const sealer = createSealer({
    recipients: [region.encryption.certificate, region.recovery],
    signer: (change.signer ?? agent).seal,
    random: systemRandom,
  });
  const id = systemRandom.uuid(lab.clock.now());
  const fields = { id, agent: agent.id, feed: 'ed-visits', epoch: 1, seq: at.seq, prev: at.prev };
  const content = change.compressed ?? (await sealer.compress(change.plaintext ?? printSlice(slice)));
  const sealed = sealer.seal({ ...fields, created: lab.clock.now(), schema: change.schema ?? 1 }, content);
  return { id, export: exportId, seq: at.seq, digest: sealed.digest, bytes: await sealed.bytes };
}

const push = (bytes: Buffer): Promise<Answer> => client.send('POST', '/v1/envelopes', bytes);

async function pushNext(made: Made): Promise<void> {
  expect((await push(made.bytes)).status).toBe(200);
  place = { seq: made.seq + 1, prev: made.digest };
}

interface Claims {
  readonly kind: string;
  readonly envelope?: string;
  readonly export?: string | null;
  readonly code?: string;
  readonly result?: string;
}

/** The receipt that settles an export or an envelope. */
function settled(made: Made): Promise<Claims> {
  return eventually('a receipt that settles', async () => {
    const { receipts } = receiptPage.parse((await client.send('GET', '/v1/receipts?after=0')).json);
    return receipts
      .map(({ text }) => JSON.parse(text) as Claims)
      .find(
        ({ kind, envelope, export: of }) => kind !== 'stored' && (envelope === made.id || of === made.export),
      );
  });
}

const records = (): Promise<number> => lab.store.read((tx) => tx.records.total());
const head = async (): Promise<number | undefined> =>
  (await lab.store.read((tx) => tx.inbox.head(agent.id, 'ed-visits')))?.seq;

it('a good one is applied, and once only however often it is replayed', async () => {
  const made = await make();
  const first = await push(made.bytes);
  expect(first.status).toBe(200);
  place = { seq: 2, prev: made.digest };
  expect(await settled(made)).toMatchObject({ kind: 'processed', result: 'applied' });
  for (let repeat = 0; repeat < 5; repeat += 1) expect((await push(made.bytes)).json).toEqual(first.json);
  expect(await records()).toBe(1);
});

const bomb = brotliCompressSync(Buffer.alloc(64 * 1024 * 1024), {
  params: { [constants.BROTLI_PARAM_QUALITY]: 5 },
});
it.each<[string, () => Change, string]>([
  ['made for another region', () => ({ recipient: stranger }), 'envelope-wrong-recipient'],
  [
    'of a facility the agent may not speak for',
    () => ({ head: { facility: finess(841) } }),
    'facility-not-allowed',
  ],
  [
    'with a record of another facility in it',
    () => ({ recordFacility: finess(841) }),
    'record-facility-differs',
  ],
  ['that grows without end when decompressed', () => ({ compressed: bomb }), 'envelope-bomb'],
  [
    'whose content is not compressed text',
    () => ({ compressed: Buffer.alloc(3000, 7) }),
    'envelope-malformed',
  ],
  ['whose content is no slice', () => ({ plaintext: Buffer.from('{"export":1}\n') }), 'slice-malformed'],
  ['of a schema the region does not know', () => ({ schema: 99 }), 'schema-unknown'],
])('one %s is stored, refused by a receipt, and never applied', async (_what, change, code) => {
  const before = await records();
  const made = await make(change());
  await pushNext(made);
  expect(await settled(made)).toMatchObject({ kind: 'rejected', code, envelope: made.id });
  expect(await records()).toBe(before);
  expect(await head()).toBe(made.seq);
});

it('one with any bit flipped, signed by another, forked or too large is refused at the door and leaves no trace', async () => {
  const before = { records: await records(), head: await head() };
  const made = await make();
  for (let flip = 0; flip < 60; flip += 1) {
    const bytes = Buffer.from(made.bytes);
    const at = Math.floor((flip / 60) * bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (flip % 8));
    const { status, json } = await push(bytes);
    expect([400, 403, 413, 422]).toContain(status);
    expect(json['code']).toMatch(/^envelope-/);
  }
  const other = await make({ signer: intruder });
  expect(await push(other.bytes)).toMatchObject({ status: 403, json: { code: 'envelope-signer-unknown' } });
  const fork = await make({ at: { seq: 1, prev: genesis } });
  expect(await push(fork.bytes)).toMatchObject({
    status: 409,
    json: { code: 'ledger-fork', head: { seq: before.head } },
  });
  const elsewhere = await make({ at: { seq: place.seq, prev: 'f'.repeat(64) } });
  expect(await push(elsewhere.bytes)).toMatchObject({ status: 409, json: { code: 'ledger-chain-broken' } });
  expect((await push(Buffer.alloc(4 * 1024 * 1024 + 1))).status).toBe(413);
  for (const { id } of [made, other, fork, elsewhere])
    expect(await lab.store.read((tx) => tx.inbox.byId(id))).toBeUndefined();
  expect({ records: await records(), head: await head() }).toEqual(before);
});

it('what comes ahead of the head is stored and applied; the head moves over it when the gap is filled', async () => {
  const from = place.seq - 1;
  const before = await records();
  const first = await make();
  const second = await make({ at: { seq: first.seq + 1, prev: first.digest } });
  const third = await make({ at: { seq: second.seq + 1, prev: second.digest } });
  const headOf = (answer: Answer): unknown =>
    (JSON.parse(pushAnswer.parse(answer.json).receipt) as { head: unknown }).head;
  for (const ahead of [third, second]) {
    expect(headOf(await push(ahead.bytes))).toMatchObject({ seq: from });
    expect(await head()).toBe(from);
  }
  expect(await settled(third)).toMatchObject({ kind: 'processed', result: 'applied' });
  expect(headOf(await push(first.bytes))).toEqual({ seq: third.seq, digest: third.digest });
  expect(await head()).toBe(third.seq);
  expect(await settled(first)).toMatchObject({ kind: 'processed' });
  expect(await settled(second)).toMatchObject({ kind: 'processed' });
  expect(await records()).toBe(before + 3);
});
