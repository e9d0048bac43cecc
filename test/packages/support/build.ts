import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../../../installers/common/bundle.ts';
import { runProgram } from './processes.ts';

/** A place to build in, with a release key of its own. */
export interface Workshop {
  readonly folder: string;
  /** Signs the updates of everything built here. */
  readonly keyFile: string;
  /** `npm run package`: answers the folder with what was made. */
  build(version: string, only: readonly string[], options?: BuildOptions): Promise<Built>;
  close(): Promise<void>;
}

export interface BuildOptions {
  /** Quick and large. Default true. */
  readonly fast?: boolean;
  /** Where to, when not by version. */
  readonly out?: string;
  /** Of whoever builds: neither may show in what is made. */
  readonly umask?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Built {
  readonly folder: string;
  /** The one file whose name starts and ends so. */
  file(start: string, end: string): string;
}

/** Later than anything built before this was written: releases are ordered by it. */
const firstEpoch = 1_900_000_000;

export async function openWorkshop(): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'vaguemestre-workshop-'));
  const keyFile = join(folder, 'release.key');
  const { privateKey } = generateKeyPairSync('ed25519');
  await writeFile(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return {
    folder,
    keyFile,
    build: async (version, only, options = {}) => {
      const { fast = true, out = join(folder, version), umask = '022', env = {} } = options;
      const words = ['--out', out, '--version', version, '--sign-key', keyFile, '--only', only.join(',')];
      await runProgram(
        'sh',
        ['-c', 'umask "$0" && exec npm run -s package -- "$@"', umask, ...words, ...(fast ? ['--fast'] : [])],
        {
          cwd: repository,
          env: { ...ownEnvironment(), ...env, SOURCE_DATE_EPOCH: String(epochOf(version)) },
          seconds: 1200,
        },
      );
      const names = await readdir(out);
      return {
        folder: out,
        file: (start, end) => {
          const found = names.filter((name) => name.startsWith(start) && name.endsWith(end));
          if (found.length !== 1 || found[0] === undefined)
            throw new Error(`${found.length} files ${start}...${end} among ${names.join(' ')}`);
          return join(out, found[0]);
        },
      };
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A second for each version: 0.2.0 is a newer release than 0.1.0, whenever and wherever both are built. */
export function epochOf(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return firstEpoch + (major * 100 + minor) * 100 + patch;
}

function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
