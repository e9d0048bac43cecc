import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Maker } from '../common/maker.ts';
import { runTool } from '../common/tools.ts';
import { linuxX64 } from '../common/platforms.ts';
import { productFacts, type ProductFacts } from '../common/products.ts';
import type { Staged } from '../common/stage.ts';
import { buildRoot, environmentPath } from './root-tree.ts';
import { scriptsOf } from './scripts.ts';

export const rpm: Maker = {
  name: 'rpm',
  products: productFacts,
  platform: linuxX64,
  needs: ['rpmbuild'],
  make: async (staged, { out, fast }) => {
    const { facts, release, platform } = staged;
    const work = join(out, '.stage', `${facts.product}-${release.version}-rpm`);
    await rm(work, { recursive: true, force: true });
    await buildRoot(staged, 'rpm', join(work, 'tree'));
    await mkdir(join(work, 'made'));
    const spec = join(work, 'package.spec');
    await writeFile(spec, await specText(staged, { work, fast }));
    const words = ['-bb', '--quiet', '--target', platform.rpm, '--define', `_topdir ${work}/rpmbuild`, spec];
    await runTool('rpmbuild', words, {
      env: { SOURCE_DATE_EPOCH: String(release.epoch), LC_ALL: 'C.UTF-8' },
    });
    const [name] = await readdir(join(work, 'made'));
    if (name === undefined) throw new Error('rpmbuild made nothing');
    const path = join(out, name);
    await rename(join(work, 'made', name), path);
    return [path];
  },
};

/**
 * The runtime stays as its makers made it: nothing is stripped, no build-id is linked, and no dependency is guessed from what
 * lies inside.
 */
async function specText(
  { facts, release, platform }: Staged,
  { work, fast }: { readonly work: string; readonly fast: boolean },
): Promise<string> {
  const { product, description } = facts;
  const scripts = Object.entries(await scriptsOf(facts, release.version, 'rpm')).map(
    ([name, text]) => `%${name}\n${text.replace('#!/bin/sh\n', '').replaceAll('%', '%%')}`,
  );
  return `%global __os_install_post %{nil}
%global __strip /bin/true
%global debug_package %{nil}
%global _build_id_links none
%global _binary_payload w${fast ? 1 : 15}.zstdio
%global _buildhost reproducible
%global use_source_date_epoch_as_buildtime 1
%global clamp_mtime_to_source_date_epoch 1
%global _rpmdir ${work}/made
%global _rpmfilename ${product}-${release.version}-1.${platform.rpm}.rpm
Name: ${product}
Version: ${release.version}
Release: 1
Summary: ${description.short}
License: Apache-2.0
AutoReqProv: no
Provides: ${product} = ${release.version}-1
Requires: glibc >= 2.34, libstdc++.so.6()(64bit), libgcc_s.so.1()(64bit), systemd, util-linux, /bin/sh
Requires(pre): /usr/sbin/useradd

%description
${description.long}

%install
cp -al ${work}/tree/. %{buildroot}/

${scripts.join('\n')}
%files
%defattr(-,root,root,-)
${fileLines(facts).join('\n')}
`;
}

function fileLines(facts: ProductFacts): readonly string[] {
  const { product } = facts;
  return [
    '%dir /etc/vaguemestre',
    '%dir /var/lib/vaguemestre',
    `%config(noreplace) ${environmentPath(facts, 'rpm')}`,
    `/usr/bin/${product}`,
    `/usr/lib/${product}`,
    `/usr/lib/systemd/system/${product}*`,
    `%doc /usr/share/doc/${product}`,
    ...(facts.sources === 'agent' ? [`/usr/share/bash-completion/completions/${product}`] : []),
  ];
}
