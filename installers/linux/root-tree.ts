import { cp, mkdir, readFile, readdir, rm, symlink, writeFile, chmod, lutimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { repository } from '../common/bundle.ts';
import { runTool } from '../common/tools.ts';
import { installFile, linuxPlaces, type ProductFacts } from '../common/products.ts';
import type { Staged } from '../common/stage.ts';
import { unitsOf } from './units.ts';

export type LinuxKind = 'deb' | 'rpm' | 'tar';

/**
 * The files of a package as they will lie under /, the same for every format but for what says which format it is. Modes and
 * dates are fixed: the same sources make the same bytes.
 */
export async function buildRoot(staged: Staged, kind: LinuxKind, root: string): Promise<void> {
  const { facts, release, home } = staged;
  await rm(root, { recursive: true, force: true });
  const laidHome = join(root, linuxPlaces.home(facts));
  await mkdir(dirname(laidHome), { recursive: true });
  await cp(home, laidHome, { recursive: true });
  const put = async (path: string, content: string | Uint8Array): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  };
  await put(
    join(linuxPlaces.home(facts), 'install.json'),
    `${JSON.stringify(installFile(facts, kind), null, 1)}\n`,
  );
  await put(commandPath(facts), commandText(facts));
  for (const [name, text] of Object.entries(unitsOf(facts)))
    await put(`/usr/lib/systemd/system/${name}`, text);
  await put(environmentPath(facts, kind), (await file('environment')).replaceAll('@PRODUCT@', facts.product));
  for (const [path, content] of await documents(staged, kind)) await put(path, content);
  if (facts.sources === 'agent')
    await put(`/usr/share/bash-completion/completions/${facts.product}`, await completion(staged));
  // Where the program's own papers lie, whichever version is there.
  for (const paper of kind === 'tar' ? [] : ['THIRD-PARTY.txt', 'sbom.cdx.json']) {
    const target = join('../../../lib', facts.product, 'versions', release.version, paper);
    await symlink(target, join(root, documentFolder(facts), paper));
  }
  for (const folder of ['/etc/vaguemestre', '/var/lib/vaguemestre'])
    await mkdir(join(root, folder), { recursive: true });
  await settle(root, release.epoch, new Set([commandPath(facts), `${linuxPlaces.home(facts)}/runtime/node`]));
}

/** RPM keeps an edited one by itself; elsewhere the scripts lay it under /etc/default where there is none (common.sh). */
export function environmentPath(facts: ProductFacts, kind: LinuxKind): string {
  return kind === 'rpm' ? `/etc/sysconfig/${facts.product}` : `${linuxPlaces.home(facts)}/environment`;
}

export function file(name: string): Promise<string> {
  return readFile(join(import.meta.dirname, 'files', name), 'utf8');
}

const commandPath = ({ product }: ProductFacts): string => `/usr/bin/${product}`;
const documentFolder = ({ product }: ProductFacts): string => `/usr/share/doc/${product}`;

/**
 * The command people type. The receiver's gives up root's rights: a file that root leaves in its state is one that the
 * service cannot read. Whoever stands behind root stays known to the audit log.
 */
function commandText(facts: ProductFacts): string {
  const home = linuxPlaces.home(facts);
  if (facts.sources === 'agent')
    return `#!/bin/sh\nexec ${home}/runtime/node --max-semi-space-size=1 ${home}/launch.mjs "$@"\n`;
  return `#!/bin/sh
# As root it works as the service's account: what root would leave in its state, the service could not read.
if [ "$(id -u)" = 0 ]; then
  SUDO_USER="\${SUDO_USER:-root}"
  export SUDO_USER
  exec setpriv --reuid ${facts.account} --regid ${facts.account} --init-groups -- \\
    ${home}/runtime/node ${home}/launch.mjs "$@"
fi
exec ${home}/runtime/node ${home}/launch.mjs "$@"
`;
}

async function documents(
  { facts, release }: Staged,
  kind: LinuxKind,
): Promise<readonly (readonly [string, string | Uint8Array])[]> {
  const folder = documentFolder(facts);
  const example = facts.sources === 'agent' ? 'answers.yaml' : 'receiver.yaml';
  const licence = await readFile(join(repository, 'LICENSE'));
  return [
    [`${folder}/examples/${example}`, await file(example)],
    ...(kind === 'deb'
      ? ([
          [`${folder}/copyright`, await file('copyright')],
          [`${folder}/changelog.gz`, gzipSync(changelog(facts, release), { level: 9 })],
          [`/usr/share/lintian/overrides/${facts.product}`, await overrides(facts)],
        ] as const)
      : ([[`${folder}/LICENSE`, licence]] as const)),
  ];
}

export const maintainer = 'Vaguemestre <vaguemestre@users.noreply.github.com>';

function changelog({ product }: ProductFacts, { version, epoch }: Staged['release']): string {
  const date = new Date(epoch * 1000).toUTCString().replace('GMT', '+0000');
  return `${product} (${version}) stable; urgency=medium

  * What is new stands in the project's own CHANGELOG.md.

 -- ${maintainer}  ${date}
`;
}

async function overrides({ product }: ProductFacts): Promise<string> {
  return (await file('lintian-overrides')).replaceAll('@PRODUCT@', product);
}

/** By the program itself, from the table that its command line is made of. */
function completion({ home, versionFolder, facts }: Staged): Promise<string> {
  return runTool(
    join(home, 'runtime/node'),
    [join(versionFolder, 'main.mjs'), 'completion', 'bash', '--program', facts.product],
    { env: { LANG: 'fr_FR.UTF-8' } },
  );
}

async function settle(folder: string, epoch: number, executables: ReadonlySet<string>): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isProgram = executables.has(path.slice(folder.length));
    if (!entry.isSymbolicLink()) await chmod(path, entry.isDirectory() || isProgram ? 0o755 : 0o644);
  }
  await chmod(folder, 0o755);
  await setDates(folder, epoch);
}

/** Of the folder and all in it. Tools that pack cut dates off at the release's; one before it they would leave. */
export async function setDates(folder: string, epoch: number): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const { parentPath, name } of entries) await lutimes(join(parentPath, name), epoch, epoch);
  await lutimes(folder, epoch, epoch);
}
