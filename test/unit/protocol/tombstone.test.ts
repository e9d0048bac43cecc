import { expect, test } from 'vitest';
import { tombstoneRequest } from '../../../shared/protocol/push.ts';
import { signTombstone, verifyTombstone } from '../../../shared/protocol/tombstone.ts';
import { keys } from '../envelope/sealed.ts';

const fields = {
  agent: '11111111-2222-4333-8444-555555555555',
  feed: 'ed-visits',
  epoch: 1,
  seq: 7,
  envelope: '0192b7a0-1111-7222-8333-444455556666',
  digest: 'ab'.repeat(32),
  prev: 'cd'.repeat(32),
  code: 'envelope-too-large',
};
const { publicKey } = keys.seal.certificate;

test('a tombstone is verified with the seal key of its agent, whatever order its keys came in', async () => {
  const signed = await signTombstone(fields, keys.seal.privateKey);
  expect(verifyTombstone(signed, publicKey)).toBe(true);
  const reversed = tombstoneRequest.parse(Object.fromEntries(Object.entries(signed).reverse()));
  expect(verifyTombstone(reversed, publicKey)).toBe(true);
});

test('no field of a tombstone can change, and no other key signs it', async () => {
  const signed = await signTombstone(fields, keys.seal.privateKey);
  for (const change of [
    { seq: 8 },
    { epoch: 2 },
    { code: 'other' },
    { prev: 'ef'.repeat(32) },
    { feed: 'x' },
  ])
    expect(verifyTombstone({ ...signed, ...change }, publicKey)).toBe(false);
  expect(verifyTombstone(signed, keys.other.certificate.publicKey)).toBe(false);
  expect(verifyTombstone({ ...signed, signature: '' }, publicKey)).toBe(false);
});
