import { describe, expect, test } from 'vitest';
import { printBase32, readBase32 } from '../../../shared/protocol/base32.ts';
import { createEnrolmentCode, parseEnrolmentCode } from '../../../shared/protocol/enrolment-code.ts';
import {
  deriveTokenKey,
  grantMac,
  requestMac,
  verifyGrantMac,
  verifyRequestMac,
} from '../../../shared/protocol/enrolment-mac.ts';
import { Fault } from '../../../shared/runtime/errors.ts';
import { faultOf } from '../envelope/sealed.ts';

const given = {
  agent: '11111111-2222-4333-8444-555555555555',
  token: Buffer.from(Array.from({ length: 20 }, (_, index) => index * 11)),
  rootDigest: 'ab'.repeat(32),
};
const code = createEnrolmentCode(given);

describe('the enrolment code', () => {
  test('comes back, also in lower case, with the spaces of a mail and letters read for digits', () => {
    const spaced = code.match(/.{1,20}/g)?.join('\n  ') ?? '';
    const misread = code
      .replace(/^vgm1/, 'VGM1')
      .replace(/0/g, 'o')
      .replace(/^VGM1\.\w+/, (part) => part.replace(/o/g, '0'));
    for (const text of [code, code.toLowerCase(), spaced, misread])
      expect(parseEnrolmentCode(text)).toEqual(given);
  });

  test('names a mistyped character, wherever it is', () => {
    const parts = /^vgm1\./.exec(code)?.[0].length ?? 0;
    for (let at = parts; at < code.length; at += 1) {
      if (code[at] === '.') continue;
      const typed = `${code.slice(0, at)}${code[at] === '3' ? '4' : '3'}${code.slice(at + 1)}`;
      expect(whyRefused(typed), `at ${at}`).toMatch(/checksum|form/);
    }
    expect(whyRefused(code.replace('555', '556'))).toBe('checksum');
  });

  test('names a code that is cut or is something else', () => {
    for (const text of [
      '',
      'vgm1',
      code.slice(0, -5),
      `${code}.x`,
      code.replace('vgm1', 'vgm2'),
      code.replace('1111', ''),
    ])
      expect(whyRefused(text)).toBe('form');
  });

  test('does not show its token when it is refused', async () => {
    expect(await faultOf(() => parseEnrolmentCode(code.slice(0, -1)))).toBe('enrolment-code-invalid');
    const token = code.split('.')[2] ?? '';
    expect(JSON.stringify(faultFor(code.slice(0, -1)))).not.toContain(token);
  });
});

describe('the MACs of an enrolment', () => {
  const key = deriveTokenKey(given.token);
  const request = { agent: given.agent, tlsRequest: 'a', sealRequest: 'b' };

  test('hold for what was sent and for nothing else', () => {
    const mac = requestMac(key, request);
    expect(verifyRequestMac(key, { v: 1, ...request, mac })).toBe(true);
    expect(verifyRequestMac(key, { v: 1, ...request, tlsRequest: 'x', mac })).toBe(false);
    expect(verifyRequestMac(key, { v: 1, ...request, tlsRequest: 'b', sealRequest: 'a', mac })).toBe(false);
    expect(verifyRequestMac(key, { v: 1, ...request, mac: '' })).toBe(false);
    expect(verifyRequestMac(deriveTokenKey(Buffer.alloc(20)), { v: 1, ...request, mac })).toBe(false);
  });

  test('of a request cannot be played back as that of a grant', () => {
    const grant = [request.agent, request.tlsRequest, request.sealRequest].join('\0');
    expect(verifyGrantMac(key, { grant, mac: grantMac(key, grant) })).toBe(true);
    expect(verifyGrantMac(key, { grant, mac: requestMac(key, request) })).toBe(false);
  });

  test('are keyed by something else than the token itself', () => {
    expect(key.equals(given.token)).toBe(false);
    expect(key).toHaveLength(32);
  });
});

test('base32 comes back for every length and refuses what is not its own', () => {
  for (let length = 0; length < 40; length += 1) {
    const bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 37 + 201) % 256));
    expect(readBase32(printBase32(bytes))).toEqual(bytes);
  }
  for (const text of ['U', '*', 'ZZ', '0!', '000']) expect(readBase32(text)).toBeUndefined();
});

function faultFor(text: string): Fault {
  try {
    parseEnrolmentCode(text);
  } catch (error) {
    if (error instanceof Fault) return error;
  }
  throw new Error('accepted');
}

function whyRefused(text: string): unknown {
  return faultFor(text).facts['why'];
}
