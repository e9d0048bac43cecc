import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runtimeFile, windowsX64 } from '../../../installers/common/platforms.ts';
import { agentFacts } from '../../../installers/common/products.ts';
import { stage, type Staged } from '../../../installers/common/stage.ts';
import { windowsSetup } from '../../../installers/windows/nsis.ts';
import { epochOf } from './build.ts';

/** The newest Node that wine can run; what is released carries another. */
const wineNode = '22.23.3';

/**
 * Builds one version's setup into `folder` and answers its path. `spoil` changes the tree before it is packed: a release
 * that went wrong.
 */
export async function buildSetup(
  folder: string,
  version: string,
  spoil: (staged: Staged) => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const epoch = epochOf(version);
  const staged = await stage(agentFacts, {
    platform: windowsX64,
    release: {
      ...{ version, epoch, sequence: epoch, minimum: '0.1.0', downgrade: false },
      expiresAt: (epoch + 400 * 86_400) * 1000,
    },
    home: join(folder, `home-${version}`),
    releaseKeys: {},
    runtime: await runtimeFile(windowsX64, wineNode),
  });
  await spoil(staged);
  const [setup] = await windowsSetup.make(staged, { out: folder, fast: true, signingKey: undefined });
  if (setup === undefined) throw new Error('no setup was made');
  return setup;
}

/** A version that says of itself that it does not work. */
export async function failItsSelfTest({ versionFolder }: Staged): Promise<void> {
  await rename(join(versionFolder, 'main.mjs'), join(versionFolder, 'real.mjs'));
  await writeFile(
    join(versionFolder, 'main.mjs'),
    `if (process.argv[2] === 'selftest' && process.argv[3] !== '--may-return-to') process.exit(1);\nawait import('./real.mjs');\n`,
  );
}

/** Nothing wrong with the version, but what the service starts ends at once. */
export async function neverStart({ home }: Staged): Promise<void> {
  const launcher = await readFile(join(home, 'launch.mjs'), 'utf8');
  await writeFile(join(home, 'launch.mjs'), `if (process.argv[2] === 'run') process.exit(0);\n${launcher}`);
}
