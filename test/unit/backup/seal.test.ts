import { createHash, createPrivateKey, randomBytes, type KeyObject } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  checkSeal,
  frameBytes,
  magic,
  peekHeader,
  signatureLabel,
  type BackupHeader,
} from '../../../receiver/backup/backup-file.ts';
import { openBackup, sealBackup } from '../../../receiver/backup/seal-backup.ts';
import { trustBundleOf } from '../../../receiver/pki/region-bundle.ts';
import { createRegion, type Region } from '../../../receiver/pki/region-keys.ts';
import { signatureBytes, signDigest } from '../../../shared/envelope/keys.ts';
import { signTrustBundle } from '../../../shared/protocol/trust-bundle.ts';
import { systemClock } from '../../../shared/runtime/clock.ts';
import { asFault } from '../../../shared/runtime/errors.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';

let folder: string;
let region: Region;
let recoveryKey: KeyObject;
let bundle: string;
let sealed: Buffer;
const content = randomBytes(2 * frameBytes + 1000);
const seeded = 'DUPONT-CAMILLE-1971';
content.write(seeded, 5000);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-seal-'));
  const deps = { clock: systemClock, random: systemRandom };
  region = await createRegion(join(folder, 'keys'), { name: 'Essai', hosts: [], ...deps });
  recoveryKey = createPrivateKey(await readFile(join(folder, 'keys/recovery/recovery.key')));
  bundle = await signTrustBundle(trustBundleOf(region, 1, systemClock.now()), region.root.privateKey);
  sealed = await seal([content]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function seal(pieces: readonly Buffer[], change: Partial<{ bundle: string }> = {}): Promise<Buffer> {
  const facts = {
    ...{ region: 'Essai', createdAt: 1, product: '0.1.0', schema: { version: 1, floor: 1 } },
    ...{ root: region.rootDigest, bundle, ...change },
  };
  const keys = { recovery: region.recovery.publicKey, signer: region.receipts };
  const parts: Buffer[] = [];
  for await (const part of sealBackup(stream(pieces), facts, { keys, random: systemRandom }))
    parts.push(part);
  return Buffer.concat(parts);
}

async function* stream(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}

async function opened(bytes: Buffer, key = recoveryKey): Promise<Buffer> {
  const path = join(folder, 'try.vgm-backup');
  await writeFile(path, bytes);
  const { header } = await checkSeal(path);
  const parts: Buffer[] = [];
  for await (const part of openBackup(path, header, key)) parts.push(part);
  return Buffer.concat(parts);
}

const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'opened',
    (error: unknown) => asFault(error).code,
  );

/** A file's parts, so that whoever holds the signing key may put them together otherwise. */
function partsOf(bytes: Buffer): { readonly header: BackupHeader; readonly frames: readonly Buffer[] } {
  const headerEnd = magic.length + 4 + bytes.readUInt32BE(magic.length);
  const header = JSON.parse(bytes.toString('utf8', magic.length + 4, headerEnd)) as BackupHeader;
  const frames: Buffer[] = [];
  for (let at = headerEnd; at < bytes.length - signatureBytes;) {
    const end = at + 5 + bytes.readUInt32BE(at + 1) + 16;
    frames.push(bytes.subarray(at, end));
    at = end;
  }
  return { header, frames };
}

async function signedAnew(header: BackupHeader, frames: readonly Buffer[]): Promise<Buffer> {
  const text = Buffer.from(JSON.stringify(header), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const signed = Buffer.concat([magic, length, text, ...frames]);
  const digest = createHash('sha256').update(signed).digest();
  return Buffer.concat([signed, await signDigest(signatureLabel, digest, region.receipts.privateKey)]);
}

describe('a sealed backup', () => {
  it('gives back what was put in, whatever its size', async () => {
    expect((await opened(sealed)).equals(content)).toBe(true);
    for (const pieces of [
      [],
      [Buffer.from('x')],
      [randomBytes(frameBytes)],
      [randomBytes(3), randomBytes(frameBytes)],
    ])
      expect(await opened(await seal(pieces))).toEqual(Buffer.concat(pieces));
  });

  it('shows nothing of it', () => {
    expect(content.includes(seeded)).toBe(true);
    expect(sealed.includes(seeded)).toBe(false);
  });

  it('says whose it is before anybody has a key', async () => {
    const path = join(folder, 'peek.vgm-backup');
    await writeFile(path, sealed);
    expect(await peekHeader(path)).toMatchObject({ region: 'Essai', root: region.rootDigest, createdAt: 1 });
  });

  it('is refused wherever it was cut', async () => {
    const { frames } = partsOf(sealed);
    const lastFrame = frames.at(-1)?.length ?? 0;
    const places = [
      9,
      40,
      5000,
      frameBytes,
      sealed.length - signatureBytes - lastFrame,
      sealed.length - signatureBytes,
    ];
    for (const length of [...places, sealed.length - 1])
      expect(await codeOf(opened(sealed.subarray(0, length)))).toBe('backup-truncated');
  });

  it('is refused whichever bit was flipped', async () => {
    const tried = new Set<string>();
    const step = Math.floor(sealed.length / 97);
    const headerBits = Array.from({ length: 40 }, (_, index) => index * 5);
    for (const at of [
      ...headerBits,
      ...Array.from({ length: 97 }, (_, index) => index * step),
      sealed.length - 1,
    ]) {
      const bytes = Buffer.from(sealed);
      bytes.writeUInt8((bytes[at] ?? 0) ^ (1 << (at % 8)), at);
      const code = await codeOf(opened(bytes));
      expect(code).toMatch(/^backup-(foreign|format-newer|altered|truncated)$/);
      tried.add(code);
    }
    expect(tried.has('backup-altered')).toBe(true);
  });

  it('is refused with a byte too many, and when it is something else', async () => {
    expect(await codeOf(opened(Buffer.concat([sealed, Buffer.from('x')])))).toBe('backup-altered');
    expect(await codeOf(opened(Buffer.from('%PDF-1.7 and so on')))).toBe('backup-foreign');
    expect(await codeOf(opened(Buffer.alloc(0)))).toBe('backup-foreign');
    expect(await codeOf(checkSeal(join(folder, 'absent')))).toBe('backup-unreadable');
  });

  it('is refused when its frames were put together otherwise, even signed by the region', async () => {
    const { header, frames } = partsOf(sealed);
    const [one, two, three] = frames;
    if (one === undefined || two === undefined || three === undefined) throw new Error('three frames');
    const asLast = Buffer.from(two);
    asLast[0] = 1;
    const foreign = partsOf(await seal([content])).frames[1] ?? two;
    expect(await codeOf(signedAnew(header, frames).then((bytes) => opened(bytes)))).toBe('opened');
    for (const other of [
      [two, one, three],
      [one, three],
      [one, one, three],
      [one, asLast],
      [one, foreign, three],
    ])
      expect(await codeOf(signedAnew(header, other).then((bytes) => opened(bytes)))).toBe(
        'backup-frame-altered',
      );
    const renamed = await signedAnew({ ...header, region: 'Autre' }, frames);
    expect(await codeOf(opened(renamed))).toBe('backup-frame-altered');
  });

  it('opens for no other key', async () => {
    expect(await codeOf(opened(sealed, region.encryption.privateKey))).toBe('backup-wrong-key');
    const { header, frames } = partsOf(sealed);
    const other = { ...header, contentKey: Buffer.alloc(384, 1).toString('base64') };
    expect(await codeOf(signedAnew(other, frames).then((bytes) => opened(bytes)))).toBe('backup-wrong-key');
  });

  it('is of the region whose root signed its trust bundle, and of none that it merely names', async () => {
    const { header, frames } = partsOf(sealed);
    const named = await signedAnew({ ...header, root: '0'.repeat(64) }, frames);
    expect(await codeOf(opened(named))).toBe('backup-altered');
    const unknown = await signedAnew({ ...header, signer: 'nobody' }, frames);
    expect(await codeOf(opened(unknown))).toBe('backup-altered');
  });

  it('of a later form is left to a later program', async () => {
    const { header, frames } = partsOf(sealed);
    const later = { ...header, v: 2 } as unknown as BackupHeader;
    expect(await codeOf(signedAnew(later, frames).then((bytes) => opened(bytes)))).toBe(
      'backup-format-newer',
    );
  });
});
