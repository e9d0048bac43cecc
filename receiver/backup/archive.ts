import { createHash } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { permanent } from '../../shared/runtime/errors.ts';

/**
 * What is sealed inside a backup: u32be length | manifest, UTF-8 JSON | the files' bytes one after the other, in the
 * manifest's order. Names are relative, "/" between folders.
 */
const maxManifestBytes = 4 * 1024 * 1024;

const manifest = z.strictObject({
  v: z.literal(1),
  files: z
    .array(
      z.strictObject({
        name: z.string().refine(isInside),
        bytes: z.int().min(0),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .min(1)
    .max(10_000)
    .refine((files) => new Set(files.map(({ name }) => name)).size === files.length),
});

export interface ArchivedFile {
  readonly name: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** One file on its way into an archive: what it holds, or where it lies and stays as it is. */
export type Archivable =
  { readonly name: string; readonly content: Buffer } | { readonly name: string; readonly path: string };

/** The archive's bytes, once the digests of all files are known: those that lie on disk are read twice. */
export async function* packArchive(files: readonly Archivable[]): AsyncGenerator<Buffer> {
  const listed: ArchivedFile[] = [];
  for (const file of files) {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of contentOf(file)) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    listed.push({ name: file.name, bytes, sha256: hash.digest('hex') });
  }
  const text = Buffer.from(JSON.stringify({ v: 1, files: listed }), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  yield Buffer.concat([length, text]);
  for (const file of files) yield* contentOf(file);
}

/**
 * Lays the files under `folder`, each synced and as the manifest has it; answers them. Throws `backup-content-wrong` with
 * what is missing, too much, or of another digest.
 */
export async function unpackArchive(
  archive: AsyncIterable<Buffer>,
  folder: string,
): Promise<readonly ArchivedFile[]> {
  const source = createSource(archive);
  try {
    return await unpack(source, folder);
  } finally {
    await source.close();
  }
}

async function unpack(source: Source, folder: string): Promise<readonly ArchivedFile[]> {
  const wrong = (name: string, cause?: unknown): Error =>
    permanent('backup-content-wrong', { facts: { name }, cause });
  const length = (await source.take(4)).readUInt32BE();
  if (length > maxManifestBytes) throw wrong('manifest');
  let files: readonly ArchivedFile[];
  try {
    ({ files } = manifest.parse(JSON.parse((await source.take(length)).toString('utf8'))));
  } catch (error) {
    throw wrong('manifest', error);
  }
  for (const file of files) if (!(await laid(file, source, folder))) throw wrong(file.name);
  if ((await source.some(1)).length > 0) throw wrong('manifest');
  return files;
}

/** Whether what came is what the manifest says. */
async function laid({ name, bytes, sha256 }: ArchivedFile, source: Source, folder: string): Promise<boolean> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let left = bytes;
    while (left > 0) {
      const chunk = await source.some(left);
      if (chunk.length === 0) return false;
      hash.update(chunk);
      await file.writeFile(chunk);
      left -= chunk.length;
    }
    await file.sync();
    return hash.digest('hex') === sha256;
  } finally {
    await file.close();
  }
}

const readBytes = 1024 * 1024;

/** Each piece is good until the next: one buffer serves for gigabytes. */
async function* contentOf(file: Archivable): AsyncGenerator<Buffer> {
  if ('content' in file) {
    yield file.content;
    return;
  }
  const handle = await open(file.path, 'r');
  try {
    const buffer = Buffer.alloc(readBytes);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, readBytes);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** No way out of the folder. */
function isInside(name: string): boolean {
  if (/[\\\0]/.test(name)) return false;
  return name.split('/').every((step) => step !== '' && step !== '.' && step !== '..');
}

interface Source {
  /** At most so many bytes; none at the end. */
  some(bytes: number): Promise<Buffer>;
  take(bytes: number): Promise<Buffer>;
  close(): Promise<void>;
}

function createSource(stream: AsyncIterable<Buffer>): Source {
  const chunks = stream[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const some = async (bytes: number): Promise<Buffer> => {
    while (held.length === 0) {
      const next = await chunks.next();
      if (next.done === true) return held;
      held = next.value;
    }
    const taken = held.subarray(0, bytes);
    held = held.subarray(taken.length);
    return taken;
  };
  return {
    some,
    close: async () => {
      await chunks.return?.();
    },
    take: async (bytes) => {
      const parts: Buffer[] = [];
      let left = bytes;
      while (left > 0) {
        const part = await some(left);
        if (part.length === 0) throw permanent('backup-content-wrong', { facts: { name: 'manifest' } });
        parts.push(part);
        left -= part.length;
      }
      return Buffer.concat(parts);
    },
  };
}
