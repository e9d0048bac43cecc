import { join } from 'node:path';
import {
  chooseVersion,
  currentOf,
  newestPackaged,
  versionBefore,
  type Chosen,
  type CurrentFile,
} from '../../shared/release/choose-version.ts';
import { completeRelease, readInstall, readJson, type InstallFile } from '../../shared/release/layout.ts';
import { permanent } from '../../shared/runtime/errors.ts';

/** The installed program that this process is part of, as far as updates go. */
export interface Installation {
  readonly home: string;
  readonly install: InstallFile;
  /** Where updates are laid. */
  readonly releases: string;
  /** What `update` decided and still rules. */
  readonly current: CurrentFile | undefined;
  /** What runs at the next start. */
  readonly running: Chosen;
  /** What a next version falls back to: the last that has proven itself. */
  readonly proven: Chosen;
  readonly packaged: string;
  /** Highest sequence of all that has run here: nothing older is taken. */
  readonly highest: number;
}

/** Faults: `update-not-installed`, `update-by-package`. */
export function installationAt(home: string | undefined): Installation {
  const install = home === undefined ? undefined : readInstall(home);
  const packaged = home === undefined ? undefined : newestPackaged(home);
  const running = home === undefined || install === undefined ? undefined : chooseVersion(home, install);
  if (home === undefined || install === undefined || packaged === undefined || running === undefined)
    throw permanent('update-not-installed');
  const { releases } = install;
  if (releases === null) throw permanent('update-by-package', { facts: { kind: install.kind } });
  const current = currentOf(home, install);
  const sequences = [packaged.folder, running.folder].map((folder) => completeRelease(folder)?.sequence ?? 0);
  const highest = Math.max(...sequences, current?.highest ?? highestBefore(releases));
  const before = running.onTrial && current ? versionBefore(home, install, current) : undefined;
  const proven = before ?? running;
  return { home, install, releases, current, running, proven, packaged: packaged.version, highest };
}

/** An update that a package has replaced since still tells how far this machine had come. */
function highestBefore(releases: string): number {
  const found = readJson(join(releases, 'current.json'));
  if (typeof found !== 'object' || found === null || !('highest' in found)) return 0;
  return typeof found.highest === 'number' ? found.highest : 0;
}

export const versionsOf = ({ releases }: Pick<Installation, 'releases'>): string =>
  join(releases, 'versions');
