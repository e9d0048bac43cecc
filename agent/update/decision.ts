import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CurrentFile, TrialFile } from '../../shared/release/choose-version.ts';
import { readJson, type InstallFile } from '../../shared/release/layout.ts';
import { isVersion } from '../../shared/release/version-number.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import { writeDurably } from '../../shared/runtime/durable-file.ts';

/**
 * The files in which an update is decided, each written whole or not at all:
 *
 *     <releases>/staged.json    a version that is laid and proven, and waits for a person
 *     <releases>/current.json   the version that runs: what the launcher goes by
 */
export interface StagedFile {
  readonly version: string;
  readonly sequence: number;
  /** Epoch ms. */
  readonly at: number;
}

export async function writeStaged(releases: string, staged: StagedFile): Promise<void> {
  await writeOpenly(join(releases, 'staged.json'), staged);
  crashPoint('update-staged');
}

export function readStaged(releases: string): StagedFile | undefined {
  const found = readJson(join(releases, 'staged.json')) as StagedFile | undefined;
  return found !== undefined && isVersion(found.version) ? found : undefined;
}

export async function dropStaged(releases: string): Promise<void> {
  await rm(join(releases, 'staged.json'), { force: true });
}

/** From the next start on, this version runs. */
export async function writeCurrent(releases: string, current: CurrentFile): Promise<void> {
  crashPoint('update-before-switch');
  await writeOpenly(join(releases, 'current.json'), current);
  crashPoint('update-switched');
}

/** A version whose trial was lost gets another. */
export async function forgetTrial({ trial }: InstallFile): Promise<void> {
  if (trial !== null) await rm(trial, { force: true });
}

/** A version that has proven itself before needs no trial. */
export async function writeProven(
  { trial }: InstallFile,
  { version, sequence }: Pick<TrialFile, 'version' | 'sequence'>,
): Promise<void> {
  if (trial === null) return;
  const proven: TrialFile = { version, sequence, starts: 0, healthy: true };
  await writeDurably(trial, JSON.stringify(proven));
}

/** Root's, and read by the service's account. */
async function writeOpenly(path: string, content: CurrentFile | StagedFile): Promise<void> {
  await writeDurably(path, `${JSON.stringify(content, null, 1)}\n`, 0o644);
  if (process.platform !== 'win32') await chmod(path, 0o644);
}
