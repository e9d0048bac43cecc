import { readFile, stat } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import { Fault, permanent, systemCode } from '../../shared/runtime/errors.ts';

/**
 * An update as it is carried: a zip of `release.json`, `release.sig` and the files that the release lists. Nothing of it is
 * believed before its signature has been checked, so the files are unpacked by a second call. Entries are bytes under a
 * name: whatever the zip says of links, rights and dates is passed over.
 */
export interface UpdateFile {
  readonly release: Uint8Array;
  readonly signature: Uint8Array;
  /** By path. Faults: `update-truncated`. */
  unpack(): ReadonlyMap<string, Uint8Array>;
}

const limits = { bytes: 64 * 1024 * 1024, entries: 2000, pathLength: 200 } as const;
const own = ['release.json', 'release.sig'] as const;

/** Faults: `update-unreadable`, `update-not-a-bundle`, `update-truncated`, `update-too-large`, `update-path`. */
export async function readUpdateFile(file: string): Promise<UpdateFile> {
  const zip = await readBounded(file);
  const names = new Set<string>();
  let bytes = 0;
  const head = open(file, zip, ({ name, originalSize }) => {
    bytes += originalSize;
    if (bytes > limits.bytes || names.size >= limits.entries) throw tooLarge(file);
    if (!isPlainPath(name) || names.has(name)) throw permanent('update-path', { facts: { path: name } });
    names.add(name);
    return own.some((one) => one === name);
  });
  const [release, signature] = own.map((name) => head[name]);
  if (release === undefined || signature === undefined)
    throw permanent('update-not-a-bundle', { facts: { file } });
  return {
    release,
    signature,
    unpack: () => new Map(Object.entries(open(file, zip, ({ name }) => !own.some((one) => one === name)))),
  };
}

/** Relative, "/" between folders, nothing that leads elsewhere on any system. */
export function isPlainPath(path: string): boolean {
  return (
    path.length <= limits.pathLength &&
    /^[\w@.+-]+(\/[\w@.+-]+)*$/.test(path) &&
    !path.split('/').some((part) => /^\.+$/.test(part))
  );
}

async function readBounded(file: string): Promise<Uint8Array> {
  const told = <T>(reading: Promise<T>): Promise<T> =>
    reading.catch((cause: unknown) => {
      throw permanent('update-unreadable', { facts: { file, reason: systemCode(cause) ?? '' }, cause });
    });
  if ((await told(stat(file))).size > limits.bytes) throw tooLarge(file);
  return told(readFile(file));
}

type Wanted = (entry: { readonly name: string; readonly originalSize: number }) => boolean;

function open(file: string, zip: Uint8Array, filter: Wanted): Readonly<Record<string, Uint8Array>> {
  try {
    // Each entry fills a buffer of the size it announces, and no more.
    return unzipSync(zip, { filter });
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    const isZip = Buffer.from(zip.subarray(0, 2)).toString('latin1') === 'PK';
    throw permanent(isZip ? 'update-truncated' : 'update-not-a-bundle', { facts: { file }, cause });
  }
}

function tooLarge(file: string): Error {
  const facts = { file, megabytes: limits.bytes / 1024 / 1024, entries: limits.entries };
  return permanent('update-too-large', { facts });
}
