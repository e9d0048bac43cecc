import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { createDerReader, tags } from '../../shared/envelope/der.ts';
import { requireRsa3072 } from '../../shared/envelope/keys.ts';
import { sha256WithRsaAlgorithm } from '../../shared/envelope/request.ts';
import { Fault, permanent } from '../../shared/runtime/errors.ts';

const maxRequestBytes = 8192;
const pemForm =
  /^\s*-----BEGIN CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE REQUEST-----\s*$/;

/**
 * The public key of a certificate request whose sender proves to hold the private one. Subject and extensions asked for
 * are not looked at: the receiver's database decides them. Throws `request-malformed`, `key-unsuitable`.
 */
export function readRequest(pem: string): KeyObject {
  if (pem.length > maxRequestBytes) throw malformed('size');
  const base64 = pemForm.exec(pem)?.[1];
  if (base64 === undefined) throw malformed('pem');
  const outer = createDerReader(Buffer.from(base64, 'base64'), code);
  const request = outer.enter(tags.sequence);
  outer.end();
  const body = request.whole(tags.sequence);
  request.exactly(sha256WithRsaAlgorithm);
  const signature = request.content(tags.bits);
  request.end();
  const key = readKey(body);
  requireRsa3072(key);
  // The first octet of a BIT STRING counts its unused bits.
  if (signature[0] !== 0 || !verify('sha256', body, key, signature.subarray(1))) throw malformed('signature');
  return key;
}

function readKey(body: Buffer): KeyObject {
  const fields = createDerReader(body, code).enter(tags.sequence);
  fields.content(tags.integer);
  fields.content(tags.sequence);
  const spki = fields.whole(tags.sequence);
  try {
    return createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw malformed('key');
  }
}

const code = 'request-malformed';

function malformed(where: string): Error {
  return permanent(code, { facts: { where } });
}
