import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Maker } from '../common/maker.ts';
import { runTool } from '../common/tools.ts';
import { linuxX64 } from '../common/platforms.ts';
import { productFacts } from '../common/products.ts';
import { buildRoot, setDates } from './root-tree.ts';
import { installScriptOf } from './scripts.ts';

/** For systems whose packages are neither: the same tree, and a script that does what a package manager would. */
export const tarball: Maker = {
  name: 'tar',
  products: productFacts,
  platform: linuxX64,
  needs: ['tar', 'gzip'],
  make: async (staged, { out, fast }) => {
    const { facts, release, platform } = staged;
    const name = `${facts.product}-${release.version}-${platform.name}`;
    const work = join(out, '.stage', `${name}-tar`);
    await rm(work, { recursive: true, force: true });
    const folder = join(work, name);
    await mkdir(folder, { recursive: true });
    await buildRoot(staged, 'tar', join(folder, 'root'));
    const script = join(folder, 'install.sh');
    await writeFile(script, await installScriptOf(facts, release.version));
    await chmod(script, 0o755);
    await chmod(folder, 0o755);
    await setDates(folder, release.epoch);
    const path = join(out, `${name}.tar.gz`);
    await runTool('tar', [
      ...['--create', '--file', path, '--directory', work, '--format=gnu', '--sort=name'],
      ...[
        '--owner=0',
        '--group=0',
        '--numeric-owner',
        `--use-compress-program=gzip -n -${fast ? 1 : 9}`,
        name,
      ],
    ]);
    return [path];
  },
};
