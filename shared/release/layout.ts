import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * An installed program: a folder that stays as it is from one version to the next, so that what starts it never changes,
 * and a folder for each version.
 *
 *     <home>/launch.mjs          what the service and the command start
 *     <home>/install.json        how it was installed, and where the rest lies
 *     <home>/runtime/node        the Node it runs on
 *     <home>/release-keys/*.pem  whose updates it takes
 *     <home>/versions/<v>/       a version laid by the system's package: release.json, main.mjs, ...
 *     <releases>/versions/<v>/   a version laid by `update`
 *     <releases>/current.json    which of them runs
 */
export interface InstallFile {
  readonly product: Product;
  readonly kind: InstallKind;
  /** Default of `--config`. */
  readonly config: string;
  /** Folder of versions laid by `update`; null: this installation is only ever changed by its package. */
  readonly releases: string | null;
  /** Where starts of a version on trial are counted; written by the service's account. */
  readonly trial: string | null;
  /** Account of the service. */
  readonly account: string;
}

export type Product = 'vaguemestre-agent' | 'vaguemestre-receiver';
export type InstallKind = 'deb' | 'rpm' | 'windows' | 'tar' | 'container';

/** What a release says of itself; signed as its bytes stand, `release.sig` beside it. */
export interface ReleaseFile {
  readonly release: 1;
  readonly product: Product;
  readonly version: string;
  /** Grows with every release: an older one is refused unless it says `downgrade`. */
  readonly sequence: number;
  /** "linux-x64", "win32-x64" */
  readonly platform: string;
  /** Lowest version that may be updated to this one. */
  readonly minimum: string;
  /** Last instant at which it may be applied, epoch ms. */
  readonly expiresAt: number;
  readonly downgrade: boolean;
  readonly files: readonly ReleasedFile[];
}

export interface ReleasedFile {
  /** Relative, "/" between folders. */
  readonly path: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** Undefined when the program was not installed but runs from a checkout. */
export function readInstall(home: string): InstallFile | undefined {
  return readJson(join(home, 'install.json')) as InstallFile | undefined;
}

/** The release of a version's folder; undefined when there is none, or one of its files is not there whole. */
export function completeRelease(folder: string): ReleaseFile | undefined {
  const release = readJson(join(folder, 'release.json')) as ReleaseFile | undefined;
  if (release === undefined || !Array.isArray(release.files)) return undefined;
  return release.files.every(({ path, bytes }: ReleasedFile) => sizeOf(join(folder, path)) === bytes)
    ? release
    : undefined;
}

export function readJson(path: string): unknown {
  try {
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as unknown) : undefined;
  } catch {
    // Half-written or unreadable: as good as not there, and whoever asks has something else to go by.
    return undefined;
  }
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}
