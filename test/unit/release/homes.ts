import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CurrentFile, TrialFile } from '../../../shared/release/choose-version.ts';
import type { InstallFile, ReleaseFile } from '../../../shared/release/layout.ts';

/** An installed agent in a folder to throw away. */
export interface Home {
  readonly root: string;
  readonly home: string;
  readonly releases: string;
  readonly state: string;
  readonly config: string;
  readonly trial: string;
  readonly install: InstallFile;
}

export const platform = `${process.platform}-${process.arch}`;

export function makeHome(change: Partial<InstallFile> = {}): Home {
  const root = mkdtempSync(join(tmpdir(), 'vgm-home-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [home, releases, state] = ['home', 'releases', 'state'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [join(home, 'runtime'), join(home, 'release-keys'), releases, state])
    mkdirSync(folder, { recursive: true });
  symlinkSync(process.execPath, join(home, 'runtime', 'node'));
  const config = join(root, 'agent.yaml');
  const trial = join(state, 'trial.json');
  const install: InstallFile = {
    ...{ product: 'vaguemestre-agent', kind: 'tar', config, releases, trial, account: 'vaguemestre' },
    ...change,
  };
  writeFileSync(join(home, 'install.json'), JSON.stringify(install));
  return { root, home, releases, state, config, trial, install };
}

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** What a release of these files says of itself. */
export function releaseOf(version: string, files: Files, change: Partial<ReleaseFile> = {}): ReleaseFile {
  return {
    ...{ release: 1, product: 'vaguemestre-agent', version, sequence: sequenceOf(version), platform },
    ...{ minimum: '0.1.0', expiresAt: Date.UTC(2100, 0, 1), downgrade: false },
    files: Object.entries(files).map(([path, content]) => {
      const bytes = Buffer.from(content);
      return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    }),
    ...change,
  };
}

/** Grows with the version. */
export function sequenceOf(version: string): number {
  return version.split('.').reduce((sum, part) => sum * 100 + Number(part), 0) + 1;
}

/** A version's folder, whole. */
export function layVersion(folder: string, version: string, files: Files = { 'main.mjs': '' }): void {
  const path = join(folder, 'versions', version);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  writeFileSync(join(path, 'release.json'), JSON.stringify(releaseOf(version, files)));
}

export function decide({ releases }: Home, version: string, change: Partial<CurrentFile> = {}): CurrentFile {
  const sequence = sequenceOf(version);
  const current: CurrentFile = {
    ...{ version, sequence, previous: '0.1.0', packaged: '0.1.0', at: 0, reached: true, highest: sequence },
    ...change,
  };
  writeFileSync(join(releases, 'current.json'), JSON.stringify(current));
  return current;
}

export function writeTrial({ trial }: Home, version: string, change: Partial<TrialFile> = {}): void {
  const file: TrialFile = { version, sequence: sequenceOf(version), starts: 0, healthy: false, ...change };
  writeFileSync(trial, JSON.stringify(file));
}
