import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { ReleaseFile, ReleasedFile } from '../../shared/release/layout.ts';
import { bundleLauncher, bundleProduct, repository } from './bundle.ts';
import { packageFolder } from './fetched.ts';
import { thirdPartyTexts } from './licences.ts';
import { runtimeFile, type Platform } from './platforms.ts';
import type { ProductFacts } from './products.ts';
import type { Release } from './release.ts';
import { sbomOf } from './sbom.ts';

export interface Staged {
  readonly facts: ProductFacts;
  readonly platform: Platform;
  readonly release: Release;
  /** The installed program's home without `install.json`, which says how it was installed. */
  readonly home: string;
  /** The version inside it. */
  readonly versionFolder: string;
}

/**
 * The tree that every package is made of: launcher, runtime, keys, one version (shared/release/layout.ts). `runtime`: the
 * Node to lay instead of the platform's own.
 */
export async function stage(
  facts: ProductFacts,
  {
    platform,
    release,
    home,
    releaseKeys,
    runtime,
  }: {
    readonly platform: Platform;
    readonly release: Release;
    readonly home: string;
    /** Public keys whose updates it takes: file name → PEM. */
    readonly releaseKeys: Readonly<Record<string, string>>;
    readonly runtime?: string;
  },
): Promise<Staged> {
  await rm(home, { recursive: true, force: true });
  const versionFolder = join(home, 'versions', release.version);
  await mkdir(versionFolder, { recursive: true });
  await bundleLauncher(home);
  const node = runtime ?? (await runtimeFile(platform));
  await cp(node, join(home, 'runtime', platform.windows ? 'node.exe' : 'node'), { preserveTimestamps: true });
  await mkdir(join(home, 'release-keys'));
  for (const [name, pem] of Object.entries(releaseKeys))
    await writeFile(join(home, 'release-keys', name), pem);
  await stageVersion(facts, { platform, release, versionFolder, node });
  return { facts, platform, release, home, versionFolder };
}

/** One version's folder, complete with the `release.json` that lists it. */
async function stageVersion(
  facts: ProductFacts,
  {
    platform,
    release,
    versionFolder,
    node,
  }: Pick<Staged, 'platform' | 'release' | 'versionFolder'> & { readonly node: string },
): Promise<void> {
  const inside = await bundleProduct(facts, { folder: versionFolder, version: release.version });
  for (const { from, to } of facts.folders)
    await cp(join(repository, from), join(versionFolder, to), { recursive: true });
  const laid = await layPackages(facts, platform, versionFolder);
  const packages = [...new Set([...inside, ...laid])].sort();
  await writeFile(join(versionFolder, 'THIRD-PARTY.txt'), await thirdPartyTexts(packages));
  const sbom = await sbomOf(facts, { platform, release, packages, node });
  await writeFile(join(versionFolder, 'sbom.cdx.json'), sbom);
  const file: ReleaseFile = {
    release: 1,
    product: facts.product,
    ...{ version: release.version, sequence: release.sequence, platform: platform.name },
    ...{ minimum: release.minimum, expiresAt: release.expiresAt, downgrade: release.downgrade },
    files: await filesUnder(versionFolder),
  };
  await writeFile(join(versionFolder, 'release.json'), `${JSON.stringify(file, null, 1)}\n`);
}

/** Packages with an addon, or that the licence wants replaceable, as they are, without what only their makers need. */
async function layPackages(
  { packages }: ProductFacts,
  platform: Platform,
  versionFolder: string,
): Promise<readonly string[]> {
  const wanted = packages.flatMap((name) => (name === '@node-rs/argon2' ? [name, platform.argon2] : [name]));
  for (const name of wanted) {
    const from = await packageFolder(name);
    await cp(from, join(versionFolder, 'node_modules', name), {
      recursive: true,
      filter: (path) => isNeeded(relative(from, path).split(sep).join('/'), platform),
    });
  }
  return wanted.map((name) => `node_modules/${name}`);
}

function isNeeded(path: string, platform: Platform): boolean {
  if (/^(deps|src|binding\.gyp|lightweight|dist\/(?!node(\/|$)))/.test(path)) return false;
  if (/\.(map|d\.ts)$|^browser\.js$|\.min\.mjs$|^dist\/node\/.*\.cjs$/.test(path)) return false;
  return !path.startsWith('prebuilds/') || path === `prebuilds/${platform.prebuild}`;
}

export async function filesUnder(folder: string): Promise<readonly ReleasedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  return Promise.all(
    paths.map(async (path) => {
      const content = await readFile(join(folder, path));
      return { path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
    }),
  );
}
