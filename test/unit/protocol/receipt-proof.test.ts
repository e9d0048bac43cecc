import { createHmac, createPublicKey } from 'node:crypto';
import { CompactSign } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { publicKeyPem } from '../../../shared/envelope/keys.ts';
import {
  createReceiptSigner,
  createReceiptVerifier,
  type ReceiptKeys,
} from '../../../shared/protocol/receipt-proof.ts';
import type { StoredReceipt } from '../../../shared/protocol/receipts.ts';
import { faultOf, keys } from '../envelope/sealed.ts';

const at = 1_794_000_000_000;
const clock = { now: () => at, monotonic: () => 0 };
const { privateKey } = keys.receiver;
const publicKey = publicKeyPem(createPublicKey(privateKey));
const period = { notBefore: at - 1000, notAfter: at + 1000 };
const trusted: ReceiptKeys = [{ kid: 'k1', publicKey, ...period }];
const signer = createReceiptSigner({ privateKey, kid: 'k1', clock });
const verifier = createReceiptVerifier(trusted);

function text(seq: number): string {
  const stored: StoredReceipt = {
    v: 1,
    id: '0192b7a0-0000-7000-8000-00000000000a',
    agent: '11111111-2222-4333-8444-555555555555',
    at,
    kind: 'stored',
    envelope: '0192b7a0-1111-7222-8333-444455556666',
    digest: 'ab'.repeat(32),
    feed: 'ed-visits',
    epoch: 1,
    seq,
    head: { seq, digest: 'ab'.repeat(32) },
  };
  return JSON.stringify(stored);
}

let jws: string;
beforeAll(async () => {
  jws = await signer.sign([text(1), text(2), text(3)]);
});

const refused = (given: string, proof: string, by = verifier): Promise<string> =>
  faultOf(() => by.verify(given, proof));

test('one proof covers every receipt it was made for', async () => {
  for (const seq of [1, 2, 3])
    expect(await verifier.verify(text(seq), jws)).toMatchObject({ kind: 'stored', seq });
});

test('the proof shows nothing of the receipts it covers', () => {
  const payload = Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8');
  expect(payload).not.toContain('11111111');
});

test('a receipt the proof does not cover is refused, be it one character away', async () => {
  expect(await refused(text(4), jws)).toBe('receipt-invalid');
  expect(await refused(`${text(1)} `, jws)).toBe('receipt-invalid');
});

test('an altered proof is refused', async () => {
  const [header = '', payload = '', signature = ''] = jws.split('.');
  const other = (await signer.sign([text(9)])).split('.')[1] ?? '';
  expect(await refused(text(9), [header, other, signature].join('.'))).toBe('receipt-invalid');
  expect(await refused(text(1), [header, payload, signature.slice(0, -2)].join('.'))).toBe('receipt-invalid');
  expect(await refused(text(1), '')).toBe('receipt-invalid');
});

test('a proof without signature, or "signed" with the public key as a secret, is refused', async () => {
  const payload = jws.split('.')[1] ?? '';
  const head = (alg: string): string => Buffer.from(JSON.stringify({ alg, kid: 'k1' })).toString('base64url');
  expect(await refused(text(1), `${head('none')}.${payload}.`)).toBe('receipt-invalid');
  const signed = `${head('HS256')}.${payload}`;
  const mac = createHmac('sha256', publicKey).update(signed).digest('base64url');
  expect(await refused(text(1), `${signed}.${mac}`)).toBe('receipt-invalid');
});

test('another algorithm with the right key is refused', async () => {
  const payload = Buffer.from(jws.split('.')[1] ?? '', 'base64url');
  for (const alg of ['RS256', 'PS512']) {
    const proof = await new CompactSign(payload).setProtectedHeader({ alg, kid: 'k1' }).sign(privateKey);
    expect(await refused(text(1), proof)).toBe('receipt-invalid');
  }
});

test('a proof by a key the bundle does not name, or under its name, is refused', async () => {
  const stranger = keys.other.privateKey;
  for (const kid of ['k1', 'k2']) {
    const proof = await createReceiptSigner({ privateKey: stranger, kid, clock }).sign([text(1)]);
    expect(await refused(text(1), proof)).toBe('receipt-invalid');
  }
});

test('a proof made outside the period of its key is refused', async () => {
  const late = { now: () => at + 2000, monotonic: () => 0 };
  const proof = await createReceiptSigner({ privateKey, kid: 'k1', clock: late }).sign([text(1)]);
  expect(await refused(text(1), proof)).toBe('receipt-invalid');
});

test('a covered text that is no receipt is refused', async () => {
  const proof = await signer.sign(['{"kind":"stored"}', 'x']);
  expect(await refused('{"kind":"stored"}', proof)).toBe('receipt-invalid');
  expect(await refused('x', proof)).toBe('receipt-invalid');
});

test('a refused proof is not remembered as good, and forgetting old proofs changes no answer', async () => {
  const small = createReceiptVerifier(trusted, 2);
  const bad = `${jws.slice(0, -4)}AAAA`;
  expect(await refused(text(1), bad, small)).toBe('receipt-invalid');
  expect(await refused(text(1), bad, small)).toBe('receipt-invalid');
  const proofs = await Promise.all([1, 2, 3, 4].map((seq) => signer.sign([text(seq)])));
  for (let round = 0; round < 2; round += 1)
    for (const [index, proof] of proofs.entries())
      expect(await small.verify(text(index + 1), proof)).toMatchObject({ seq: index + 1 });
});
