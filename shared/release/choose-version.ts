import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { completeRelease, readJson, type InstallFile, type ReleaseFile } from './layout.ts';
import { compareVersions, isVersion } from './version-number.ts';

/** `<releases>/current.json`: what `update` decided, written whole or not at all. */
export interface CurrentFile {
  readonly version: string;
  readonly sequence: number;
  /** What runs again when this one does not. */
  readonly previous: string;
  /** The package's version at the time: once the package has changed, the package rules. */
  readonly packaged: string;
  /** Epoch ms. */
  readonly at: number;
  /** The region could be reached before: the new version must reach it too. */
  readonly reached: boolean;
  /** The code of why it could not; absent: not known. */
  readonly problem?: string;
  /** Highest sequence ever applied. */
  readonly highest: number;
}

/** The trial of a version: starts are counted until the agent says that it is well. Belongs to the service's account. */
export interface TrialFile {
  readonly version: string;
  readonly sequence: number;
  readonly starts: number;
  readonly healthy: boolean;
  /** Epoch ms of the moment when the previous version took over again. */
  readonly rolledBackAt?: number;
}

export interface Chosen {
  readonly folder: string;
  readonly version: string;
  /** Said when this version still has to prove itself. */
  readonly onTrial: boolean;
  /** The version that was given up for this one. */
  readonly insteadOf?: string;
}

/** Failed starts after which the previous version runs again. */
export const trialStarts = 3;

/** What runs now; undefined when no version is whole. Reads, writes nothing. */
export function chooseVersion(home: string, install: InstallFile): Chosen | undefined {
  const current = currentOf(home, install);
  const updated = current && versionNamed(home, install, current.version);
  if (current === undefined) return newestPackaged(home);
  const trial = trialOf(install, current);
  const givenUp = !trial.healthy && trial.starts >= trialStarts;
  if (updated === undefined || givenUp) return versionBefore(home, install, current) ?? updated;
  return { ...updated, onTrial: !trial.healthy };
}

/** What runs when the current version does not. */
export function versionBefore(home: string, install: InstallFile, current: CurrentFile): Chosen | undefined {
  const previous = versionNamed(home, install, current.previous) ?? newestPackaged(home);
  return previous && { ...previous, insteadOf: current.version };
}

/** The newest version that the package has laid whole: half of one, after a power cut, is passed over. */
export function newestPackaged(home: string): Chosen | undefined {
  return versionsIn(join(home, 'versions'))
    .sort((one, other) => compareVersions(other, one))
    .map((version) => versionAt(join(home, 'versions', version)))
    .find((found) => found !== undefined);
}

/** What `update` decided; undefined when it never did, or the package has changed since: then the package rules. */
export function currentOf(home: string, { releases }: InstallFile): CurrentFile | undefined {
  if (releases === null) return undefined;
  const current = readJson(join(releases, 'current.json')) as CurrentFile | undefined;
  if (current === undefined) return undefined;
  return current.packaged === newestPackaged(home)?.version ? current : undefined;
}

export function trialOf({ trial }: InstallFile, current: CurrentFile): TrialFile {
  const found = trial === null ? undefined : (readJson(trial) as TrialFile | undefined);
  return found?.version === current.version && found.sequence === current.sequence
    ? found
    : { version: current.version, sequence: current.sequence, starts: 0, healthy: false };
}

function versionNamed(home: string, { releases }: InstallFile, version: string): Chosen | undefined {
  const laid = releases === null ? undefined : versionAt(join(releases, 'versions', version));
  return laid ?? versionAt(join(home, 'versions', version));
}

function versionAt(folder: string): Chosen | undefined {
  const release: ReleaseFile | undefined = completeRelease(folder);
  return release && { folder, version: release.version, onTrial: false };
}

function versionsIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter(isVersion);
  } catch {
    return [];
  }
}
