import { expect, test } from 'vitest';
import { printHeader, readHeader, type EnvelopeHeader } from '../../../shared/envelope/header.ts';
import { parseEnvelope } from '../../../shared/envelope/open.ts';
import { faultOf, fields, frame, keys, parsedText, sealText } from './sealed.ts';

const header: EnvelopeHeader = {
  v: 1,
  suite: 1,
  ...fields,
  zip: 'br',
  recipients: ['a'.repeat(64)],
  signer: 'b'.repeat(64),
};
const text = JSON.stringify(header);

test('a header is read back as it was printed', () => {
  expect(readHeader(printHeader(header))).toEqual(header);
});

test.each([
  ['an unknown key', { ...header, note: 'x' }],
  ['another version', { ...header, v: 2 }],
  ['an unknown suite', { ...header, suite: 2 }],
  ['an id that is no UUIDv7', { ...header, id: '11111111-2222-4333-8444-555555555555' }],
  ['an id in capitals', { ...header, id: '0192B7A0-1111-7222-8333-444455556666' }],
  ['sequence zero', { ...header, seq: 0 }],
  ['a sequence that is no integer', { ...header, seq: 1.5 }],
  ['a feed with a path in it', { ...header, feed: '../x' }],
  ['a digest in capitals', { ...header, prev: 'A'.repeat(64) }],
  ['no recipient', { ...header, recipients: [] }],
  ['no object', [header]],
])('%s is refused', async (_, value) => {
  expect(await faultOf(() => readHeader(Buffer.from(JSON.stringify(value))))).toBe('envelope-malformed');
});

test.each([
  ['a repeated key', text.replace('"seq":1', '"seq":2,"seq":1')],
  ['spaces', text.replace('"seq":1', '"seq": 1')],
  ['another spelling of a number', text.replace('"seq":1', '"seq":1e0')],
  ['an escape that need not be', text.replace('"zip"', '"\\u007aip"')],
  ['something after it', `${text} `],
  ['nothing', ''],
])('%s is refused: two readers could take it differently', async (_, written) => {
  expect(await faultOf(() => readHeader(Buffer.from(written)))).toBe('envelope-malformed');
});

test('a header above 4 KiB is refused before it is read', async () => {
  const { cms } = await parsedText('x');
  const long = Buffer.from(text.replace('"ed-visits"', `"${'a'.repeat(4096)}"`));
  expect(await faultOf(() => frame(long, cms))).toBe('envelope-malformed');
});

test('the header names the certificates that can open it and the one that signed', async () => {
  const { header: sealed } = parseEnvelope(await sealText('x'));
  const raw = (name: 'receiver' | 'recovery' | 'seal'): string =>
    keys[name].certificate.fingerprint256.replaceAll(':', '').toLowerCase();
  expect(sealed.recipients).toEqual([raw('receiver'), raw('recovery')]);
  expect(sealed.signer).toBe(raw('seal'));
});
