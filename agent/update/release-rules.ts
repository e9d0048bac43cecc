import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReleaseFile } from '../../shared/release/layout.ts';
import { compareVersions } from '../../shared/release/version-number.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Installation } from './installation.ts';

/**
 * Whether a signed release may run here. Faults: `update-other-product`, `update-other-platform`, `update-expired`,
 * `update-too-old`, `update-needs-intermediate`.
 */
export function checkRelease(
  release: ReleaseFile,
  { install, running, highest }: Pick<Installation, 'install' | 'running' | 'highest'>,
  { now, platform }: { readonly now: number; readonly platform: string },
): void {
  const { version } = release;
  if (release.product !== install.product)
    throw permanent('update-other-product', { facts: { found: release.product, expected: install.product } });
  if (release.platform !== platform)
    throw permanent('update-other-platform', { facts: { found: release.platform, expected: platform } });
  if (now > release.expiresAt) {
    const until = new Date(release.expiresAt).toISOString().slice(0, 10);
    throw permanent('update-expired', { facts: { version, until } });
  }
  if (!release.downgrade && isOlder(release, running.version, highest))
    throw permanent('update-too-old', { facts: { version, running: running.version } });
  if (compareVersions(running.version, release.minimum) < 0)
    throw permanent('update-needs-intermediate', {
      facts: { version, running: running.version, minimum: release.minimum },
    });
}

/** Two versions made of one state of the sources have one sequence: their numbers tell. */
function isOlder({ sequence, version }: ReleaseFile, running: string, highest: number): boolean {
  return sequence < highest || (sequence === highest && compareVersions(version, running) < 0);
}

/** Nothing is to be done: this very release is what runs, whoever laid it. */
export function isRunning({ running }: Pick<Installation, 'running'>, text: Uint8Array): boolean {
  const path = join(running.folder, 'release.json');
  return existsSync(path) && readFileSync(path).equals(text);
}

/** Every file that the release lists, and no other, byte for byte. Faults: `update-file-missing`, `-altered`, `-extra`. */
export function checkContent(
  { version, files }: ReleaseFile,
  contents: ReadonlyMap<string, Uint8Array>,
): void {
  const listed = new Set(files.map(({ path }) => path));
  const extra = [...contents.keys()].find((path) => !listed.has(path));
  if (extra !== undefined) throw permanent('update-file-extra', { facts: { version, path: extra } });
  for (const { path, bytes, sha256 } of files) {
    const content = contents.get(path);
    if (content === undefined) throw permanent('update-file-missing', { facts: { version, path } });
    if (content.length !== bytes || createHash('sha256').update(content).digest('hex') !== sha256)
      throw permanent('update-file-altered', { facts: { version, path } });
  }
}
