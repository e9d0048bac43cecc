import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CurrentFile } from '../../shared/release/choose-version.ts';
import { versionsOf, type Installation } from './installation.ts';
import { readStaged } from './decision.ts';

/** Takes away what nothing runs from any more: all but the version that runs, the one before it, and one that is staged. */
export async function tidyReleases(here: Installation, current: CurrentFile | undefined): Promise<void> {
  const { releases, running } = here;
  const kept = new Set([
    ...[running.version, here.proven.version, here.current?.version, here.current?.previous],
    ...[current?.version, current?.previous, readStaged(releases)?.version],
  ]);
  const folder = versionsOf(here);
  for (const name of await readdir(folder).catch(() => []))
    if (!kept.has(name)) await rm(join(folder, name), { recursive: true, force: true });
}
