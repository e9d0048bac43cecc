import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CertifiedKey } from '../../../shared/envelope/keys.ts';
import { readCertificate } from '../../../shared/envelope/keys.ts';
import type { SealFields } from '../../../shared/envelope/header.ts';
import type { Random } from '../../../shared/runtime/random.ts';

/** The published test vector, and its keys for any other test that must not wait for new ones. */
const folder = import.meta.dirname;

export interface Vector {
  readonly fields: SealFields;
  /** Hex. */
  readonly contentKey: string;
  readonly nonce: string;
  readonly compressed: string;
  readonly header: string;
  readonly digest: string;
}

export function readVector(): Vector {
  return JSON.parse(readFileSync(join(folder, 'vector.json'), 'utf8')) as Vector;
}

export function vectorPlaintext(): Buffer {
  return readFileSync(join(folder, 'plaintext.txt'));
}

export function vectorEnvelope(): Buffer {
  return Buffer.from(readFileSync(join(folder, 'envelope.b64'), 'utf8'), 'base64');
}

export type TestKeyName = 'root' | 'issuing' | 'receiver' | 'recovery' | 'seal' | 'other';

export function testKeyPath(name: TestKeyName, extension: 'key' | 'pem'): string {
  return join(folder, 'keys', `${name}.${extension}`);
}

export function testKey(name: TestKeyName): CertifiedKey {
  return {
    privateKey: createPrivateKey(readFileSync(testKeyPath(name, 'key'))),
    certificate: readCertificate(readFileSync(testKeyPath(name, 'pem'), 'utf8')),
  };
}

/** Gives these bytes in turn, then counts up: the same every time. */
export function fixedRandom(...given: readonly Buffer[]): Random {
  const queue = [...given];
  let count = 0;
  const bytes = (length: number): Buffer => queue.shift() ?? Buffer.alloc(length, (count += 1));
  return {
    fraction: () => 0.5,
    bytes,
    uuid: () => `0192b7a0-0000-7000-8000-${String((count += 1)).padStart(12, '0')}`,
  };
}
