import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { controlGroups, removeControlGroups } from './control-groups.ts';
import { isAlive, runProgram, textOf } from './processes.ts';

/** Where machines lie: the base that is kept between runs, and those that are running. */
export const machinesFolder = process.env['VAGUEMESTRE_MACHINES'] ?? join(tmpdir(), 'vaguemestre-machines');

const includes = ['systemd', 'systemd-sysv', 'openssl', 'procps', 'util-linux', 'adduser', 'xz-utils', 'rpm'];
const keptDays = 7;

/** A bare Debian of this machine's own release, from this machine's own mirror: made once, then copied for each test. */
export async function baseMachine(): Promise<string> {
  await mkdir(machinesFolder, { recursive: true, mode: 0o700 });
  await sweep();
  const { suite, mirror } = await ownMirror();
  const recipe = JSON.stringify([1, suite, mirror, includes]);
  const name = `base-${createHash('sha256').update(recipe).digest('hex').slice(0, 12)}`;
  const base = join(machinesFolder, name);
  const madeAt = await stat(base).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
  if (madeAt !== undefined && Date.now() - madeAt < keptDays * 86_400_000) return base;
  await rm(base, { recursive: true, force: true });
  const making = await mkdtemp(join(machinesFolder, `making-${process.pid}-`));
  try {
    await make(join(making, 'root'), suite, mirror);
    // Another run may have been quicker.
    if (!existsSync(base)) await rename(join(making, 'root'), base);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  return base;
}

async function make(root: string, suite: string, mirror: string): Promise<void> {
  const proxy = /'(.*)'/.exec(
    await runProgram('apt-config', ['shell', 'PROXY', 'Acquire::http::Proxy']),
  )?.[1];
  const words = ['--variant=minbase', `--include=${includes.join(',')}`, suite, root, mirror];
  await runProgram('debootstrap', words, {
    env: { ...environment(), ...(proxy === undefined ? {} : { http_proxy: proxy }) },
    seconds: 1500,
  });
  const unneeded = [
    'var/cache/apt',
    'var/lib/apt/lists',
    'usr/share/doc',
    'usr/share/man',
    'usr/share/locale',
  ];
  for (const folder of unneeded)
    for (const entry of await readdir(join(root, folder)))
      await rm(join(root, folder, entry), { recursive: true });
  // No network, nothing to fetch; and each machine is another.
  for (const timer of ['apt-daily.timer', 'apt-daily-upgrade.timer', 'e2scrub_all.timer'])
    await rm(join(root, 'etc/systemd/system/timers.target.wants', timer), { force: true });
  await writeFile(join(root, 'etc/machine-id'), '');
  const now = new Date();
  await utimes(root, now, now);
}

async function ownMirror(): Promise<{ readonly suite: string; readonly mirror: string }> {
  const suite = /^VERSION_CODENAME=(\w+)/m.exec(textOf('/etc/os-release') ?? '')?.[1] ?? '';
  const said = await runProgram('apt-get', [
    ...['indextargets', '--format', '$(REPO_URI) $(RELEASE)', 'Created-By: Packages'],
  ]);
  const line = said.split('\n').find((each) => each.endsWith(` ${suite}`));
  const mirror = line?.split(' ')[0];
  if (suite === '' || mirror === undefined) throw new Error(`apt names no mirror of ${suite || 'a Debian'}`);
  return { suite, mirror };
}

/** What tests that were killed left behind: named after the process that made it. */
async function sweep(): Promise<void> {
  const isLeftBehind = (name: string): boolean => {
    const pid = /^(?:making|machine)-(\d+)-/.exec(name)?.[1];
    return pid !== undefined && !isAlive(Number(pid));
  };
  for (const name of (await readdir(machinesFolder)).filter(isLeftBehind))
    await rm(join(machinesFolder, name), { recursive: true, force: true });
  for (const name of (await controlGroups()).filter(isLeftBehind)) await removeControlGroups(name);
}

export function environment(): Readonly<Record<string, string>> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    LANG: 'C.UTF-8',
    DEBIAN_FRONTEND: 'noninteractive',
  };
}
