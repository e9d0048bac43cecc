import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { repository } from '../common/bundle.ts';
import type { Maker, Making } from '../common/maker.ts';
import { runTool } from '../common/tools.ts';
import { linuxX64 } from '../common/platforms.ts';
import { receiverFacts } from '../common/products.ts';
import type { Staged } from '../common/stage.ts';
import { deb } from '../linux/deb.ts';
import { setDates } from '../linux/root-tree.ts';

/** What an image is built from: the Containerfile, the compose file and the one package, in a folder and as an archive. */
export const container: Maker = {
  name: 'container',
  products: [receiverFacts],
  platform: linuxX64,
  needs: [...deb.needs, 'tar', 'gzip'],
  make: async (staged, making) => {
    const { facts, release } = staged;
    const name = `${facts.product}-${release.version}-container`;
    const folder = join(making.out, 'container', name);
    await rm(join(making.out, 'container'), { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const packed = await packageOf(staged, making);
    await cp(packed, join(folder, basename(packed)));
    for (const file of ['Containerfile', 'compose.yaml', 'README.md']) {
      const text = await readFile(join(repository, 'installers/container', file), 'utf8');
      await writeFile(join(folder, file), text.replaceAll('{VERSION}', release.version), { mode: 0o644 });
    }
    await cp(join(repository, 'installers/linux/files/receiver.yaml'), join(folder, 'receiver.yaml'));
    await setDates(folder, release.epoch);
    const path = join(making.out, `${name}.tar.gz`);
    await runTool('tar', [
      ...['--create', '--file', path, '--directory', join(making.out, 'container')],
      ...['--format=gnu', '--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mode=u=rwX,go=rX'],
      // The package inside is compressed already.
      ...['--use-compress-program=gzip -n -1', name],
    ]);
    return [path];
  },
};

/** Made a moment ago from this very tree, or made now. */
async function packageOf(staged: Staged, making: Making): Promise<string> {
  const { facts, release, platform } = staged;
  const path = join(making.out, `${facts.product}_${release.version}_${platform.deb}.deb`);
  const [made, tree] = await Promise.all([path, staged.home].map(changedAt));
  if (made !== undefined && tree !== undefined && made > tree) return path;
  const [fresh] = await deb.make(staged, making);
  if (fresh === undefined) throw new Error('no package was made');
  return fresh;
}

function changedAt(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}
