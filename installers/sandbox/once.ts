import { lstat, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeFault } from '../../shared/i18n/errors.ts';
import { languageOf } from '../../shared/i18n/texts.ts';
import { asFault, permanent } from '../../shared/runtime/errors.ts';
import { fictitiousFiness } from './exports.ts';
import { facilitiesSeen } from './facilities-seen.ts';
import { createRegion, destinations, type Region } from './region.ts';

/**
 * The contract, version 1: a folder of exports goes the whole way, one after the other in byte order of names, through a
 * region made for them; what came of each, and the files delivered, is one JSON document. See the README.
 */
export interface ContractDocument {
  readonly contract: 1;
  /** The agent's own documents, one per export, in the order they were taken. */
  readonly exports: readonly ExportDocument[];
  /** Paths under the output folder, in the order delivered. */
  readonly forwarded: readonly string[];
  readonly error?: { readonly code: string; readonly hint: string };
}

export interface ExportDocument {
  readonly file: string;
  readonly state: string;
  readonly dispatches: readonly string[];
}

export interface OnceOptions {
  /** Absolute paths; both are needed. */
  readonly source: string | undefined;
  readonly out: string | undefined;
  readonly keep: boolean;
  /** Told what is happening, for people. */
  readonly say: (line: string) => void;
  /** Called as soon as there is something to close. */
  readonly onRegion: (region: Region) => void;
}

export async function runOnce(options: OnceOptions): Promise<{ document: ContractDocument; code: number }> {
  try {
    const { source, out } = options;
    if (source === undefined || out === undefined) {
      throw permanent('sandbox-options', { facts: { found: process.argv.slice(2).join(' ') } });
    }
    return await carry({ ...options, source, out });
  } catch (error) {
    const fault = asFault(error);
    const { code, message, hint } = describeFault(fault, languageOf(process.env));
    options.say(`${message}\n${hint}`);
    if (code === 'unexpected') options.say(String(fault.cause));
    return { document: { contract: 1, exports: [], forwarded: [], error: { code, hint } }, code: 1 };
  }
}

async function carry({
  source,
  out,
  keep,
  say,
  onRegion,
}: OnceOptions & { source: string; out: string }): Promise<{
  document: ContractDocument;
  code: number;
}> {
  await requireFolder(source);
  await mkdir(out, { recursive: true }).catch((cause: unknown) => {
    throw permanent('sandbox-out-unwritable', { facts: { folder: out }, cause });
  });
  const before = new Set((await delivered(out)).map(({ path }) => path));
  const seen = await facilitiesSeen(source);
  // An agent speaks for at least one facility, even when no file names any.
  const facilities = seen.length > 0 ? seen : [fictitiousFiness(0)];
  const region = await createRegion({ outFolder: out, keep });
  onRegion(region);
  try {
    if (keep) say(region.folder);
    await region.addFacilities(facilities.map((finess) => ({ finess, name: finess })));
    await region.serve();
    const agent = await region.enroll({
      name: 'sandbox',
      facilities,
      sourceFolder: source,
      ready: 'now',
      after: 'keep',
    });
    const { document, code } = await agent.once();
    const { exports } = JSON.parse(document) as { exports: readonly ExportDocument[] };
    const files = (await delivered(out)).filter(({ path }) => !before.has(path));
    return { document: { contract: 1, exports, forwarded: inOrder(exports, files) }, code };
  } finally {
    await region.close();
  }
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) throw permanent('sandbox-source-missing', { facts: { folder } });
}

interface Delivered {
  readonly path: string;
  readonly name: string;
  readonly changedNs: bigint;
}

async function delivered(out: string): Promise<Delivered[]> {
  const found: Delivered[] = [];
  for (const folder of destinations) {
    const names = await readdir(join(out, folder)).catch(() => []);
    for (const name of names.filter((each) => !each.endsWith('.tmp'))) {
      const { ctimeNs } = await lstat(join(out, folder, name), { bigint: true });
      found.push({ path: `${folder}/${name}`, name, changedNs: ctimeNs });
    }
  }
  return found.sort((one, other) =>
    one.changedNs === other.changedNs
      ? one.name < other.name
        ? -1
        : 1
      : one.changedNs < other.changedNs
        ? -1
        : 1,
  );
}

/** Exports go one by one, so their documents give the order; what no document lists comes after, by time of delivery. */
function inOrder(exports: readonly ExportDocument[], files: readonly Delivered[]): string[] {
  const listed = exports.flatMap(({ dispatches }) => dispatches);
  const paths = listed.flatMap((name) => files.filter((file) => file.name === name).map(({ path }) => path));
  return [...new Set([...paths, ...files.map(({ path }) => path)])];
}
