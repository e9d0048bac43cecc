import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Maker } from '../common/maker.ts';
import { runTool } from '../common/tools.ts';
import { linuxX64 } from '../common/platforms.ts';
import { productFacts, type ProductFacts } from '../common/products.ts';
import { filesUnder, type Staged } from '../common/stage.ts';
import { buildRoot, maintainer, setDates } from './root-tree.ts';
import { scriptsOf } from './scripts.ts';

/** The .deb, byte for byte the same from the same sources. */
export const deb: Maker = {
  name: 'deb',
  products: productFacts,
  platform: linuxX64,
  needs: ['dpkg-deb'],
  make: async (staged, { out, fast }) => {
    const { facts, release, platform } = staged;
    const root = join(out, '.stage', `${facts.product}-${release.version}-deb`);
    await buildRoot(staged, 'deb', root);
    const control = join(root, 'DEBIAN');
    const put = async (name: string, text: string, mode = 0o644): Promise<void> => {
      await writeFile(join(control, name), text);
      await chmod(join(control, name), mode);
    };
    const files = await filesUnder(root);
    await mkdir(control);
    await chmod(control, 0o755);
    const kib = Math.ceil(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1024);
    await put('control', controlText(facts, { release, platform, kib }));
    await put('md5sums', await md5sums(root, files));
    for (const [name, text] of Object.entries(await scriptsOf(facts, release.version, 'deb')))
      await put(name, text, 0o755);
    await setDates(root, release.epoch);
    const path = join(out, `${facts.product}_${release.version}_${platform.deb}.deb`);
    // One thread: how the work is shared out shows in the bytes.
    const packed = fast ? ['-Zzstd', '-z1'] : ['-Zxz', '-z6'];
    const words = ['--root-owner-group', '--threads-max=1', ...packed, '--build', root, path];
    await runTool('dpkg-deb', words, { env: { SOURCE_DATE_EPOCH: String(release.epoch) } });
    return [path];
  },
};

function controlText(
  { product, description }: ProductFacts,
  { release, platform, kib }: Pick<Staged, 'release' | 'platform'> & { readonly kib: number },
): string {
  return `Package: ${product}
Version: ${release.version}
Architecture: ${platform.deb}
Maintainer: ${maintainer}
Installed-Size: ${kib}
Depends: libc6 (>= 2.34), libgcc-s1, libstdc++6, passwd
Section: net
Priority: optional
Description: ${description.short}
${folded(description.long)}
`;
}

/** Lines of at most 78 characters, each after a space, as a control file wants its long texts. */
function folded(text: string): string {
  return text.replace(/(.{1,76})(?:\s+|$)/g, ' $1\n').trimEnd();
}

async function md5sums(root: string, files: Awaited<ReturnType<typeof filesUnder>>): Promise<string> {
  const lines = await Promise.all(
    files.map(async ({ path }) => {
      const digest = createHash('md5')
        .update(await readFile(join(root, path)))
        .digest('hex');
      return `${digest}  ${path}\n`;
    }),
  );
  return lines.join('');
}
