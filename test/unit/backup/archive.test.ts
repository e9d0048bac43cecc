import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packArchive, unpackArchive } from '../../../receiver/backup/archive.ts';
import { asFault } from '../../../shared/runtime/errors.ts';

let folder: string;
let target: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-archive-'));
  target = join(folder, 'target');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** One byte at a time: no boundary of the sender's is the reader's. */
async function* bytewise(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 1) yield bytes.subarray(at, at + 1);
}

function written(files: readonly object[], content: string): Buffer {
  const text = Buffer.from(JSON.stringify({ v: 1, files }), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text, Buffer.from(content)]);
}

const sha256 = createHash('sha256').update('content').digest('hex');
const listed = { name: 'a/file', bytes: 7, sha256 };
async function unpacked(bytes: Buffer): Promise<string> {
  await rm(target, { recursive: true, force: true });
  return unpackArchive(bytewise(bytes), target).then(
    () => 'laid',
    (error: unknown) => asFault(error).code,
  );
}

describe('the archive inside a backup', () => {
  it('lays files where they were, with their digests', async () => {
    const path = join(folder, 'large');
    await writeFile(path, 'content');
    const parts: Buffer[] = [];
    const files = [
      { name: 'large', path },
      { name: 'keys/small.key', content: Buffer.from('key') },
      { name: 'keys/empty', content: Buffer.alloc(0) },
    ];
    for await (const part of packArchive(files)) parts.push(Buffer.from(part));
    const laid = await unpackArchive(bytewise(Buffer.concat(parts)), target);
    expect(laid.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['large', 7],
      ['keys/small.key', 3],
      ['keys/empty', 0],
    ]);
    expect(laid[0]?.sha256).toBe(sha256);
    expect(readFileSync(join(target, 'keys/small.key'), 'utf8')).toBe('key');
  });

  it('lays what its list says, and nothing else', async () => {
    expect(await unpacked(written([listed], 'content'))).toBe('laid');
    for (const [files, content] of [
      [[listed], 'contenu'],
      [[listed], 'conten'],
      [[listed], 'content and more'],
      [[], ''],
      [[listed, listed], 'contentcontent'],
    ] as const)
      expect(await unpacked(written(files, content))).toBe('backup-content-wrong');
    expect(await unpacked(Buffer.from('ab'))).toBe('backup-content-wrong');
    expect(await unpacked(Buffer.from([255, 255, 255, 255, 1]))).toBe('backup-content-wrong');
  });

  it.each(['../outside', '/etc/outside', 'a/../../outside', 'a//b', '', '.', 'a\\..\\outside', 'a\0b'])(
    'never writes outside its folder (%j)',
    async (name) => {
      expect(await unpacked(written([{ ...listed, name }], 'content'))).toBe('backup-content-wrong');
      expect(existsSync(join(folder, 'outside'))).toBe(false);
    },
  );
});
