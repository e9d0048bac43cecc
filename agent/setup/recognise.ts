import { createReadStream } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { feedNamed } from '../../shared/feeds/registry.ts';
import { asFault } from '../../shared/runtime/errors.ts';
import { builtInMappings } from '../mapping/built-in.ts';
import { readExport } from '../reader/read-export.ts';
import { isPassedOver } from '../source/file-name.ts';

/** What the files of a folder are, by their content. Never a value: mappings, FINESS of the header, counts. */
export interface Recognised {
  /** Files looked at: the newest ones. */
  readonly files: number;
  /** Built-in mappings that read them. */
  readonly mappings: readonly string[];
  /** FINESS found in them. */
  readonly facilities: readonly string[];
  readonly hl7: number;
  readonly openPgp: number;
  /** Readable text that no built-in mapping knows: a mapping has to be made. */
  readonly unknown: number;
  /** Path of one of those. */
  readonly unknownSample: string | undefined;
  /** Cut, empty or broken. */
  readonly broken: number;
}

const looked = 5;
const headBytes = 4096;

/** Looks at the newest files of a folder. Throws what the system says when it cannot be listed. */
export async function recogniseFolder(folder: string): Promise<Recognised> {
  const newest = await newestFiles(folder);
  const kinds = await Promise.all(newest.map(kindOf));
  const paths = newest.filter((_path, index) => kinds[index]?.kind === 'unknown');
  const read = kinds.filter((each) => each.kind === 'read');
  const count = (kind: Kind['kind']): number => kinds.filter((each) => each.kind === kind).length;
  return {
    files: newest.length,
    mappings: [...new Set(read.map(({ mapping }) => mapping))],
    facilities: [...new Set(read.map(({ facility }) => facility))],
    hl7: count('hl7'),
    openPgp: count('openpgp'),
    unknown: paths.length,
    unknownSample: paths[0],
    broken: count('broken'),
  };
}

async function newestFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const named = entries.filter(
    (entry) => entry.isFile() && !entry.name.startsWith('.') && !isPassedOver(Buffer.from(entry.name)),
  );
  const dated = await Promise.all(
    named.slice(0, 1000).map(async ({ name }) => {
      const path = join(folder, name);
      return { path, at: (await lstat(path)).mtimeMs };
    }),
  );
  return dated
    .sort((a, b) => b.at - a.at)
    .slice(0, looked)
    .map(({ path }) => path);
}

type Kind =
  | { readonly kind: 'read'; readonly mapping: string; readonly facility: string }
  | { readonly kind: 'hl7' | 'openpgp' | 'unknown' | 'broken' };

async function kindOf(path: string): Promise<Kind> {
  const head = await headOf(path);
  if (isOpenPgp(head)) return { kind: 'openpgp' };
  // A message, a batch of them, or a message as MLLP frames it.
  if (/^[\s\v\uFEFF\xEF\xBB\xBF]*(MSH|FHS|BHS)[^\w\s]/.test(head.toString('latin1'))) return { kind: 'hl7' };
  let found: Kind | undefined;
  try {
    await readExport(
      {
        open: () => createReadStream(path) as AsyncIterable<Buffer>,
        mappings: builtInMappings(feedNamed),
        feeds: feedNamed,
        hashVisitId: () => '',
        limits: { fileBytes: 64 * 1024 ** 2 },
        signal: AbortSignal.timeout(60_000),
      },
      {
        header: ({ mapping, facility }) => {
          found = { kind: 'read', mapping, facility };
        },
        record: () => undefined,
        rejected: () => undefined,
        finding: () => undefined,
        settle: () => Promise.resolve(),
      },
    );
  } catch (error) {
    found ??= { kind: asFault(error).code === 'export-empty' ? 'broken' : 'unknown' };
  }
  return found ?? { kind: 'broken' };
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Armoured, or a first packet that holds a session key (RFC 9580, section 4.2): tag 1 or 3. */
function isOpenPgp(head: Buffer): boolean {
  if (head.toString('latin1', 0, 64).trimStart().startsWith('-----BEGIN PGP MESSAGE')) return true;
  return [0x84, 0x85, 0x8c, 0xc1].includes(head[0] ?? 0) && head.includes(0);
}
