import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReleaseFile } from '../../shared/release/layout.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { readStaged, writeStaged } from './decision.ts';
import { versionsOf, type Installation } from './installation.ts';
import { contentOf, layRelease } from './lay-release.ts';
import { proveInTurn, type Proof, type Trying } from './prove-release.ts';
import { checkContent, checkRelease } from './release-rules.ts';
import { signedRelease } from './signed-release.ts';
import { readUpdateFile, type UpdateFile } from './update-file.ts';

export interface Preparing {
  readonly here: Installation;
  readonly trying: Trying;
  readonly now: number;
  readonly platform: string;
  /** A trial failed: why, before the fault says what it means. */
  readonly onFailed: (proof: Extract<Proof, { kind: 'failed' }>) => void;
}

/** A release that is laid, verified and proven, and waits to be switched to. */
export interface Prepared {
  readonly release: ReleaseFile;
  /** Schema of the state once it has been brought up to date. */
  readonly schema: number;
}

/** A file whose signature is good: nothing else of it has been looked at. */
export interface OpenedUpdate {
  readonly release: ReleaseFile;
  readonly file: UpdateFile;
}

/** Faults: those of the file and of its signature. */
export async function openUpdate({ home }: Installation, path: string): Promise<OpenedUpdate> {
  const file = await readUpdateFile(path);
  return { release: signedRelease(home, file.release, file.signature), file };
}

/** Verified, laid, proven and staged, in this order. Faults: those of each step. */
export async function prepareUpdate(
  { release, file }: OpenedUpdate,
  preparing: Preparing,
): Promise<Prepared> {
  const { here, now } = preparing;
  checkRelease(release, here, preparing);
  const contents = file.unpack();
  checkContent(release, contents);
  const parts = { release, text: file.release, signature: file.signature };
  const folder = await layRelease(here, parts, contents);
  const schema = await prove(preparing, release, folder);
  await writeStaged(here.releases, { version: release.version, sequence: release.sequence, at: now });
  return { release, schema };
}

/** What was staged is believed no more than a file: all is verified and proven again. Faults: also `update-nothing-staged`. */
export async function reopenStaged(preparing: Preparing): Promise<Prepared> {
  const { here } = preparing;
  const staged = readStaged(here.releases);
  if (staged === undefined) throw permanent('update-nothing-staged');
  const folder = join(versionsOf(here), staged.version);
  const [text, signature] = await Promise.all([
    readFile(join(folder, 'release.json')),
    readFile(join(folder, 'release.sig')),
  ]).catch((cause: unknown) => {
    throw permanent('update-nothing-staged', { cause });
  });
  const release = signedRelease(here.home, text, signature);
  checkRelease(release, here, preparing);
  checkContent(release, await contentOf(folder));
  return { release, schema: await prove(preparing, release, folder) };
}

/** Faults: `update-selftest-failed`, `update-no-way-back`, `update-no-space`. */
async function prove(preparing: Preparing, { version }: ReleaseFile, folder: string): Promise<number> {
  const { here, trying, onFailed } = preparing;
  const [forward, back] = await proveInTurn(here, [folder, here.proven.folder], trying);
  if (forward?.kind === 'well' && back?.kind === 'well') return forward.schema;
  const failed = [forward, back].find((proof) => proof?.kind === 'failed');
  if (failed !== undefined) onFailed(failed);
  const facts = { version, check: failed?.check ?? '', reason: failed?.code ?? '' };
  if (failed === forward) throw permanent('update-selftest-failed', { facts });
  throw permanent('update-no-way-back', { facts: { ...facts, previous: here.proven.version } });
}
