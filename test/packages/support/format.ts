import type { Machine } from './machine.ts';

/** How packages of one kind are laid, changed and taken away by those who have no dpkg. */
export interface Format {
  readonly name: 'rpm' | 'tar';
  /** How its files' names end. */
  readonly end: string;
  /** Where the environment of the service is set. */
  readonly environmentFile: string;
  readonly needs: readonly string[];
  /** What a system of this kind has that a Debian has not. */
  prepare(machine: Machine): Promise<void>;
  /** Shell words that install `file`, or upgrade to it. */
  install(file: string): string;
  remove(product: string, file: string): string;
}

export const rpmFormat: Format = {
  name: 'rpm',
  end: '.rpm',
  environmentFile: '/etc/sysconfig/vaguemestre-agent',
  needs: ['rpmbuild'],
  // What the packages require has to be somebody's: the Debian below has all of it, and its rpm knows nothing of that.
  prepare: async (machine) => {
    await machine.write('/opt/system.spec', systemSpec);
    await machine.run('rpmbuild -bb --quiet --define "_topdir /opt/system" /opt/system.spec');
    await machine.run('rpm --install /opt/system/RPMS/*/system-*.rpm');
  },
  install: (file) => `rpm --upgrade --oldpackage ${file}`,
  remove: (product) => `rpm --erase ${product}`,
};

const systemSpec = `Name: system
Version: 1
Release: 1
Summary: what this machine has
License: none
Provides: glibc = 2.36, libstdc++.so.6()(64bit), libgcc_s.so.1()(64bit), systemd, util-linux, /bin/sh, /usr/sbin/useradd

%description
What this machine has.

%files
`;

export const tarFormat: Format = {
  name: 'tar',
  end: '.tar.gz',
  environmentFile: '/etc/default/vaguemestre-agent',
  needs: [],
  prepare: () => Promise.resolve(),
  install: (file) => `${unpack(file)} && sh ${folderOf(file)}/install.sh`,
  remove: (_product, file) => `${unpack(file)} && sh ${folderOf(file)}/install.sh --remove`,
};

const folderOf = (file: string): string => file.replace(/\.tar\.gz$/, '');
const unpack = (file: string): string =>
  `mkdir -p ${folderOf(file)} && tar -xzf ${file} -C ${folderOf(file)} --strip-components=1`;
