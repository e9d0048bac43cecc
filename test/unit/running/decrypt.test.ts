import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as openpgp from 'openpgp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDecryption, type Decrypt } from '../../../agent/source/decrypt.ts';
import { errorTexts } from '../../../shared/i18n/errors.ts';
import { asFault, transient } from '../../../shared/runtime/errors.ts';
import { peer } from '../../support/peer.ts';

const passphrase = 'une phrase, en français';
let folder: string;
let decrypt: Decrypt;
let ours: openpgp.Key;
let modern: openpgp.Key;
let strangers: openpgp.Key;
const plain = Buffer.from(
  `<?xml version="1.0"?>\n${Array.from({ length: 20_000 }, (_none, n) => `<PATIENT n="${n}"/>`).join('\n')}\n`,
);

async function newKey(file: string, options: object): Promise<openpgp.Key> {
  const made = await openpgp.generateKey({
    ...{ type: 'ecc', userIDs: [{ name: 'agent' }], passphrase, format: 'armored', ...options },
  });
  writeFileSync(join(folder, file), made.privateKey, { mode: 0o600 });
  return openpgp.readKey({ armoredKey: made.publicKey });
}

const opened = (file: string, more: object = {}): Promise<Decrypt> =>
  loadDecryption({
    privateKeyFile: join(folder, file),
    passphraseFile: join(folder, 'passphrase'),
    plaintextBytes: 100_000_000,
    ...more,
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vgm-decrypt-'));
  writeFileSync(join(folder, 'passphrase'), `${passphrase}\n`, { mode: 0o600 });
  ours = await newKey('ours.asc', {});
  modern = await newKey('modern.asc', { config: { aeadProtect: true } });
  strangers = await newKey('strangers.asc', {});
  decrypt = await opened('ours.asc');
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Wrapped {
  readonly key?: openpgp.Key;
  readonly armored?: boolean;
  readonly zip?: boolean;
  readonly hidden?: boolean;
  readonly content?: Uint8Array;
}

async function message({ key = ours, armored, zip, hidden, content = plain }: Wrapped = {}): Promise<Buffer> {
  const options = {
    message: await openpgp.createMessage({ binary: new Uint8Array(content) }),
    encryptionKeys: key,
    wildcard: hidden ?? false,
    config: zip === true ? { preferredCompressionAlgorithm: openpgp.enums.compression.zip } : {},
  };
  return armored === true
    ? Buffer.from(await openpgp.encrypt({ ...options, format: 'armored' }))
    : Buffer.from(await openpgp.encrypt({ ...options, format: 'binary' }));
}

/** As a claim gives it: one buffer, written over for every chunk. */
async function* chunks(bytes: Buffer, failAt = Infinity): AsyncGenerator<Buffer> {
  const chunk = Buffer.alloc(16_384);
  for (let at = 0; at < bytes.length; at += chunk.length) {
    if (at >= failAt) throw transient('file-changed', { facts: { file: 'a', reason: '' } });
    yield chunk.subarray(0, bytes.copy(chunk, 0, at, at + chunk.length));
  }
}

async function read(bytes: Buffer, by = decrypt, failAt?: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of by(chunks(bytes, failAt))) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
/** Bytes in buffers that somebody still holds. */
function held(): number {
  collect();
  return process.memoryUsage().arrayBuffers;
}

const codeOf = async (bytes: Buffer, by = decrypt, failAt?: number): Promise<string> => {
  try {
    await read(bytes, by, failAt);
    return 'read';
  } catch (error) {
    return asFault(error).code;
  }
};

const forms: readonly (readonly [string, Wrapped])[] = [
  ['binary', {}],
  ['armored', { armored: true }],
  ['compressed', { zip: true }],
  ['for a hidden recipient', { hidden: true }],
];

describe('an OpenPGP message', () => {
  it.each(forms)('%s is read as what was encrypted', async (_name, form) => {
    expect((await read(await message(form))).equals(plain)).toBe(true);
  });

  it('of the newer form, authenticated chunk by chunk, is read too', async () => {
    const bytes = await message({ key: modern });
    expect((await read(bytes, await opened('modern.asc'))).equals(plain)).toBe(true);
    const cut = bytes.subarray(0, -1000);
    expect(await codeOf(cut, await opened('modern.asc'))).toBe('decrypt-damaged');
  });

  it.each(forms)('%s, cut anywhere, never reads as whole', async (_name, form) => {
    const bytes = await message(form);
    for (const part of [0.2, 0.5, 0.9, 1 - 3 / bytes.length])
      expect(await codeOf(bytes.subarray(0, Math.floor(bytes.length * part)))).toMatch(/^decrypt-/);
  });

  it.each(forms)('%s, altered anywhere, never reads as whole', async (_name, form) => {
    const bytes = await message(form);
    for (const part of [0.3, 0.6, 0.97]) {
      const altered = Buffer.from(bytes);
      const at = Math.floor(bytes.length * part);
      altered[at] = altered[at] === 0x41 ? 0x42 : 0x41;
      if (altered.equals(bytes)) throw new Error('not altered');
      expect(await codeOf(altered)).toBe('decrypt-damaged');
    }
  });

  it('for somebody else, in clear, or something else altogether, is told apart', async () => {
    expect(await codeOf(await message({ key: strangers }))).toBe('decrypt-other-key');
    expect(await codeOf(await message({ key: strangers, hidden: true }))).toBe('decrypt-other-key');
    expect(await codeOf(plain)).toBe('decrypt-not-openpgp');
    expect(await codeOf(Buffer.alloc(0))).toBe('decrypt-not-openpgp');
    const literal = await openpgp.createMessage({ binary: new Uint8Array(plain) });
    const packed = literal as unknown as { write: (this: unknown) => Uint8Array };
    expect(await codeOf(Buffer.from(packed.write()))).toBe('decrypt-not-encrypted');
  });

  it('gives back the fault of its file, not one of its own', async () => {
    const bytes = await message();
    expect(await codeOf(bytes, decrypt, 100_000)).toBe('file-changed');
    expect(await codeOf(bytes, decrypt, 0)).toBe('file-changed');
  });

  it('takes no more memory for being long', async () => {
    const long = new Uint8Array(96 * 1024 * 1024).fill(0x20);
    const bytes = await message({ content: long });
    const before = held();
    let [read, most] = [0, 0];
    for await (const part of decrypt(chunks(bytes))) {
      read += part.length;
      if (read === long.length) most = held() - before;
    }
    expect(read).toBe(long.length);
    expect(most).toBeLessThan(long.length / 4);
  }, 60_000);

  it('may be left before its end, again and again', async () => {
    const bytes = await message();
    for (let n = 0; n < 20; n += 1) {
      const pass = decrypt(chunks(bytes))[Symbol.asyncIterator]();
      expect((await pass.next()).done).toBe(false);
      await pass.return?.();
    }
    expect((await read(bytes)).equals(plain)).toBe(true);
  });
});

describe('the key of a source', () => {
  it('is refused with what to do when it is missing, is no key, or stays locked', async () => {
    const refused = async (file: string, more: object = {}): Promise<string> =>
      opened(file, more).then(
        () => 'opened',
        (error: unknown) => asFault(error).code,
      );
    expect(await refused('none.asc')).toBe('decrypt-key-unreadable');
    expect(await refused('passphrase')).toBe('decrypt-key-unreadable');
    expect(await refused('ours.asc', { passphraseFile: join(folder, 'none') })).toBe(
      'decrypt-key-unreadable',
    );
    writeFileSync(join(folder, 'wrong'), 'wrong');
    expect(await refused('ours.asc', { passphraseFile: join(folder, 'wrong') })).toBe('decrypt-key-locked');
    expect(await refused('ours.asc', { passphraseFile: undefined })).toBe('decrypt-key-locked');
    expect(errorTexts['decrypt-key-locked']?.hint.fr).toContain('decrypt.passphraseFile');
  });
});

const gpg = peer('gpg', 'messages made by it are not decrypted') !== undefined;

describe.skipIf(!gpg)('messages made by gpg', () => {
  const run = (...options: string[]): Buffer =>
    execFileSync(
      'gpg',
      [
        ...['--homedir', join(folder, 'gnupg'), '--batch', '--yes', '--quiet', '--no-tty'],
        ...['--pinentry-mode', 'loopback', '--passphrase', passphrase, '--trust-model', 'always'],
        ...options,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 64 * 1024 * 1024 },
    );

  let byGpg: Decrypt;
  beforeAll(async () => {
    mkdirSync(join(folder, 'gnupg'), { mode: 0o700 });
    run('--quick-generate-key', 'agent@hopital.example', 'default', 'default', 'never');
    writeFileSync(join(folder, 'gpg.asc'), run('--armor', '--export-secret-keys'), { mode: 0o600 });
    byGpg = await opened('gpg.asc');
    writeFileSync(join(folder, 'export.xml'), plain);
  }, 60_000);
  afterAll(() => {
    spawnSync('gpgconf', ['--homedir', join(folder, 'gnupg'), '--kill', 'all']);
  });

  it.each([
    ['as it stands', []],
    ['armored', ['--armor']],
    ['uncompressed', ['--compress-algo', 'none']],
    ['by bzip2', ['--compress-algo', 'bzip2']],
    ['signed as well', ['--sign']],
    ['hiding whom it is for', ['--throw-keyids']],
  ])('%s, are read', async (_name, options) => {
    const made = join(folder, 'made.gpg');
    run(
      ...options,
      '--recipient',
      'agent@hopital.example',
      '--output',
      made,
      '--encrypt',
      join(folder, 'export.xml'),
    );
    const bytes = readFileSync(made);
    expect((await read(bytes, byGpg)).equals(plain)).toBe(true);
    expect(await codeOf(bytes.subarray(0, bytes.length - 100), byGpg)).toMatch(/^decrypt-/);
    expect(readdirSync(folder)).toContain('made.gpg');
  });
});
