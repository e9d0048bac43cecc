import { existsSync } from 'node:fs';
import { chmod, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { ReleaseFile } from '../../shared/release/layout.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import { syncFolder } from '../../shared/runtime/durable-file.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { versionsOf, type Installation } from './installation.ts';
import { checkContent } from './release-rules.ts';
import { mustHaveRoom } from './room.ts';

/** A release with its proof, and what it lists. */
export interface ReleaseParts {
  readonly release: ReleaseFile;
  readonly text: Uint8Array;
  readonly signature: Uint8Array;
}

/** Room left over, so that the disk is not full when an update is done. */
const spareBytes = 32 * 1024 * 1024;

/**
 * Lays a version's folder under `<releases>/versions`, whole or not at all: what a stop leaves half done is named `.part`,
 * which nothing ever runs. One that is there already stays when it is the same. Answers the folder. Faults:
 * `update-version-taken`, `update-no-space`.
 */
export async function layRelease(
  here: Installation,
  { release, text, signature }: ReleaseParts,
  contents: ReadonlyMap<string, Uint8Array>,
): Promise<string> {
  const folder = join(versionsOf(here), release.version);
  if (existsSync(folder) && (await isLaid(folder, release, text))) return folder;
  // Something may be running from it, and one number means one content.
  if ([here.running.version, here.proven.version].includes(release.version))
    throw permanent('update-version-taken', { facts: { version: release.version } });
  await rm(folder, { recursive: true, force: true });
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  await makeReadable(dirname(part));
  await mustHaveRoom(
    here.releases,
    release.files.reduce((sum, { bytes }) => sum + bytes, spareBytes),
  );
  const files = [...contents, ['release.json', text], ['release.sig', signature]] as const;
  for (const [path, content] of files) await write(join(part, path), content);
  for (const below of new Set(files.flatMap(([path]) => foldersOf(part, path)))) await syncFolder(below);
  crashPoint('update-part-written');
  await rename(part, folder);
  await syncFolder(dirname(folder));
  crashPoint('update-laid');
  return folder;
}

/** What lies in a version's folder, without the release that lists it. */
export async function contentOf(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => path !== 'release.json' && path !== 'release.sig');
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path))] as const)),
  );
}

async function isLaid(folder: string, release: ReleaseFile, text: Uint8Array): Promise<boolean> {
  try {
    if (!(await readFile(join(folder, 'release.json'))).equals(text)) return false;
    checkContent(release, await contentOf(folder));
    return true;
  } catch {
    return false;
  }
}

/** The service's account reads what only root may write, whatever root's umask is. */
async function makeReadable(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o755 });
  if (first === undefined || process.platform === 'win32') return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await chmod(made, 0o755);
}

async function write(path: string, content: Uint8Array): Promise<void> {
  await makeReadable(dirname(path));
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(content);
    if (process.platform !== 'win32') await file.chmod(0o644);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Deepest first. */
function foldersOf(root: string, path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return [...parts.map((_part, index) => join(root, ...parts.slice(0, parts.length - index))), root];
}
