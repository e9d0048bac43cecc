import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAnswers } from '../../../agent/config-answers.ts';
import { linuxX64 } from '../../../installers/common/platforms.ts';
import { agentFacts, productFacts, receiverFacts } from '../../../installers/common/products.ts';
import type { Staged } from '../../../installers/common/stage.ts';
import { deb } from '../../../installers/linux/deb.ts';
import { rpm } from '../../../installers/linux/rpm.ts';
import { installScriptOf, scriptsOf } from '../../../installers/linux/scripts.ts';
import { tarball } from '../../../installers/linux/tarball.ts';
import { unitsOf } from '../../../installers/linux/units.ts';
import { loadConfig } from '../../../receiver/config.ts';
import { peer } from '../../support/peer.ts';

const analyze = peer('systemd-analyze', 'the packages’ units are not judged by systemd');
const shellcheck = peer('shellcheck', 'the packages’ scripts are not read by shellcheck');
const dpkgDeb = peer('dpkg-deb', 'no .deb is made');
const rpmbuild = peer('rpmbuild', 'no .rpm is made');
// It comes with rpmbuild.
const rpmQuery = rpmbuild === undefined ? '' : (peer('rpm', 'no .rpm is looked into') ?? '');
const linux = join(import.meta.dirname, '../../../installers/linux');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vaguemestre-linux-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** An installed program in small: a runtime that is one, a version that says nothing but its completion. */
function fakeStaged(name: string): Staged {
  const home = join(folder, name);
  const versionFolder = join(home, 'versions/1.2.3');
  for (const path of [versionFolder, join(home, 'runtime'), join(home, 'release-keys')])
    mkdirSync(path, { recursive: true });
  writeFileSync(join(home, 'launch.mjs'), '// launches\n');
  writeFileSync(join(home, 'runtime/node'), '#!/bin/sh\necho "complete -F _v vaguemestre-agent"\n');
  chmodSync(join(home, 'runtime/node'), 0o700);
  for (const file of ['main.mjs', 'release.json', 'THIRD-PARTY.txt', 'sbom.cdx.json'])
    writeFileSync(join(versionFolder, file), '{}\n');
  return {
    ...{ facts: agentFacts, platform: linuxX64, home, versionFolder },
    release: {
      ...{ version: '1.2.3', epoch: 1_800_000_000, sequence: 1, minimum: '0.1.0' },
      ...{ downgrade: false, expiresAt: 0 },
    },
  };
}

describe('the units', () => {
  const units = productFacts.flatMap((facts) => Object.entries(unitsOf(facts)));

  it.runIf(analyze !== undefined).each(units.filter(([name]) => name.endsWith('.service')))(
    '%s is exposed by 1.5 at most, with folders of others opened for it as well',
    (name, text) => {
      const { stdout } = spawnSync(
        analyze ?? '',
        [
          ...['security', '--offline=true', '--no-pager'],
          put(name, text.replace('PrivateUsers=true', 'PrivateUsers=false')),
        ],
        { encoding: 'utf8' },
      );
      const exposure = Number(/Overall exposure level.*: (\d+\.\d)/.exec(stdout)?.[1] ?? 10);
      expect(exposure).toBeLessThanOrEqual(1.5);
    },
  );

  it.runIf(analyze !== undefined).each(units)('%s holds nothing that systemd does not know', (name, text) => {
    // The timer needs its service beside it.
    for (const [other, content] of units) put(other, content);
    const { stderr } = spawnSync(
      analyze ?? '',
      ['verify', '--man=no', '--recursive-errors=no', put(name, text)],
      { encoding: 'utf8' },
    );
    expect(stderr).not.toMatch(/Unknown|Failed to parse|Invalid|not a valid|ignoring/i);
  });

  it('run the launcher, under each product’s account, in its own state', () => {
    const agent = unitsOf(agentFacts)['vaguemestre-agent.service'] ?? '';
    expect(agent).toContain(
      'ExecStart=/usr/lib/vaguemestre-agent/runtime/node --max-semi-space-size=1 /usr/lib/vaguemestre-agent/launch.mjs run --config /etc/vaguemestre/agent.yaml\n',
    );
    expect(agent).toMatch(/^StateDirectory=vaguemestre\/agent$/m);
    expect(agent).toMatch(/^User=vaguemestre$/m);
    const receiver = unitsOf(receiverFacts)['vaguemestre-receiver.service'] ?? '';
    expect(receiver).toContain(
      'ExecStart=/usr/lib/vaguemestre-receiver/runtime/node /usr/lib/vaguemestre-receiver/launch.mjs serve --config /etc/vaguemestre/receiver.yaml\n',
    );
    expect(receiver).toMatch(/^User=vaguemestre-receiver$/m);
  });
});

describe('the scripts', () => {
  it.runIf(shellcheck !== undefined)('say nothing that shellcheck has a word against', async () => {
    const texts: [string, string][] = [
      ['first-receipt', readFileSync(join(linux, 'first-receipt.sh'), 'utf8')],
    ];
    for (const facts of productFacts) {
      const scripts = [
        ...Object.values(await scriptsOf(facts, '1.2.3', 'deb')),
        ...Object.values(await scriptsOf(facts, '1.2.3', 'rpm')),
      ];
      // The functions once, then the few lines of each.
      const ends = scripts.slice(1).map((text) => text.slice(text.lastIndexOf('\n\n')));
      expect(ends.length).toBe(7);
      texts.push([facts.sources, [scripts[0], ...ends].join('\n')]);
      texts.push([`${facts.sources}-install`, await installScriptOf(facts, '1.2.3')]);
    }
    const files = texts.map(([name, text]) => put(`${name}.sh`, text));
    const { stdout, status } = spawnSync(shellcheck ?? '', ['--shell=sh', ...files], { encoding: 'utf8' });
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  });

  /** Runs `lines` after a product's functions, with its places moved under `root`. */
  async function say(
    lines: string,
    { root = mkdtempSync(join(folder, 'root-')), env = {}, facts = agentFacts } = {},
  ): Promise<{ code: number | null; out: string; err: string; root: string }> {
    const script = (await scriptsOf(facts, '1.2.3', 'rpm'))['postun'] ?? '';
    const functions = script.slice(0, script.lastIndexOf('\nif [ "$1" = 0 ]'));
    const moved = functions
      .replaceAll(/^(HOME_DIR|CONFIG|STATE|DATA|RAN)=/gm, `$1=${root}`)
      .replaceAll('/etc/', `${root}/etc/`)
      .replaceAll('/usr/bin/', `${root}/usr/bin/`);
    const { status, stdout, stderr } = spawnSync('sh', ['-c', `${moved}\n${lines}`], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', LANG: 'en_GB.UTF-8', ...env },
    });
    return { code: status, out: stdout, err: stderr, root };
  }

  it('speak French, English, or both where nobody says', async () => {
    const told = async (LANG: string): Promise<string> =>
      (await say('tell bonjour hello', { env: { LANG } })).err;
    expect(await told('fr_FR.UTF-8')).toBe('bonjour\n');
    expect(await told('en_US.UTF-8')).toBe('hello\n');
    expect(await told('C.UTF-8')).toBe('bonjour\nhello\n');
  });

  it('order versions as numbers', async () => {
    const { out } = await say(
      'for pair in "1.10.0 1.9.0" "1.9.0 1.10.0" "1.9.0 1.9.0"; do newer $pair && echo newer || echo no; done',
    );
    expect(out).toBe('newer\nno\nno\n');
  });

  it('refuse a system whose library is too old, and say which would do', async () => {
    const fake = join(folder, 'old');
    mkdirSync(fake, { recursive: true });
    for (const [version, code] of [
      ['2.31', 1],
      ['2.34', 0],
      ['2.41', 0],
    ] as const) {
      writeFileSync(join(fake, 'getconf'), `#!/bin/sh\necho glibc ${version}\n`, { mode: 0o755 });
      const said = await say('require_glibc', { env: { PATH: `${fake}:${process.env['PATH'] ?? ''}` } });
      expect(said.code).toBe(code);
      expect(said.err.startsWith('package-glibc')).toBe(code === 1);
    }
  });

  it('refuse a downgrade unless what is installed says that the data allow it', async () => {
    const root = mkdtempSync(join(folder, 'root-'));
    const home = join(root, 'usr/lib/vaguemestre-agent');
    mkdirSync(join(home, 'versions/1.10.0'), { recursive: true });
    mkdirSync(join(home, 'runtime'));
    writeFileSync(join(home, 'versions/1.10.0/release.json'), '{}');
    for (const [answer, code] of [
      ['exit 1', 1],
      ['[ "$2 $3" = "selftest --may-return-to" ] && [ "$4" -gt 0 ]', 0],
    ] as const) {
      writeFileSync(join(home, 'runtime/node'), `#!/bin/sh\n${answer}\n`, { mode: 0o755 });
      const said = await say('require_way_back "$(version_here)"', { root });
      expect(said.code).toBe(code);
      if (code === 1) expect(said.err).toContain('package-downgrade: version 1.10.0');
    }
  });

  it('know a newer version that "update" has laid', async () => {
    const root = mkdtempSync(join(folder, 'root-'));
    const releases = join(root, 'var/lib/vaguemestre/releases');
    mkdirSync(releases, { recursive: true });
    writeFileSync(join(releases, 'current.json'), JSON.stringify({ version: '1.4.0', sequence: 3 }));
    expect((await say('version_here', { root })).out).toBe('1.4.0\n');
  });

  it('leave a command alone that is not ours', async () => {
    const root = mkdtempSync(join(folder, 'root-'));
    mkdirSync(join(root, 'usr/bin'), { recursive: true });
    const command = join(root, 'usr/bin/vaguemestre-agent');
    symlinkSync('/bin/true', command);
    expect((await say('require_own_places', { root })).err).toContain('package-foreign');
    rmSync(command);
    writeFileSync(command, `exec ${root}/usr/lib/vaguemestre-agent/runtime/node\n`);
    expect((await say('require_own_places', { root })).code).toBe(0);
  });

  it('do not purge what the region has not received, unless told to lose it', async () => {
    const root = mkdtempSync(join(folder, 'root-'));
    const state = join(root, 'var/lib/vaguemestre/agent');
    const fake = join(folder, 'nobody');
    mkdirSync(fake, { recursive: true });
    // No account is touched here.
    for (const name of ['getent', 'userdel', 'groupdel', 'systemctl'])
      writeFileSync(join(fake, name), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const PATH = `${fake}:${process.env['PATH'] ?? ''}`;
    mkdirSync(join(root, 'etc/vaguemestre'), { recursive: true });
    mkdirSync(state, { recursive: true });
    writeFileSync(join(state, 'agent.db'), 'sealed');
    const removed = join(root, 'var/lib/vaguemestre/.agent-removed');
    writeFileSync(removed, 'enabled\nunsent 7\n');
    const refused = await say('purge', { root, env: { PATH } });
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('package-unsent: the region has not yet received 7 envelope(s)');
    // Nobody counted them: as good as some.
    rmSync(removed);
    expect((await say('purge', { root, env: { PATH } })).code).toBe(1);
    expect(existsSync(join(state, 'agent.db'))).toBe(true);
    const lost = await say('purge', { root, env: { PATH, VAGUEMESTRE_PURGE: 'lose-unsent' } });
    expect(lost.code).toBe(0);
    expect(existsSync(join(root, 'var/lib/vaguemestre'))).toBe(false);
  });

  it('do not purge a region without its word, and never its backups', async () => {
    const root = mkdtempSync(join(folder, 'root-'));
    const data = join(root, 'var/lib/vaguemestre');
    mkdirSync(join(data, 'receiver'), { recursive: true });
    mkdirSync(join(data, 'receiver-backups'));
    writeFileSync(join(data, 'receiver/receiver.db'), 'region');
    writeFileSync(join(data, 'receiver-backups/a.vgm-backup'), 'sealed');
    const refused = await say('purge_refused && echo refused', { root, facts: receiverFacts });
    expect(refused.out).toBe('refused\n');
    expect(refused.err).toContain('package-region');
    const env = { VAGUEMESTRE_PURGE: 'lose-region' };
    expect((await say('purge_refused || purge_files', { root, env, facts: receiverFacts })).code).toBe(0);
    expect(existsSync(join(data, 'receiver-backups/a.vgm-backup'))).toBe(true);
  });
});

describe('the examples', () => {
  it('are what the programs read', async () => {
    const answers = await readAnswers(join(linux, 'files/answers.yaml'));
    expect(answers.settings.state).toBe('/var/lib/vaguemestre/agent');
    expect((await loadConfig(join(linux, 'files/receiver.yaml'))).state).toBe(
      '/var/lib/vaguemestre/receiver',
    );
  });
});

describe('the packages', () => {
  it.runIf(dpkgDeb !== undefined)(
    '.deb: the same twice, root’s, with fixed modes and no question on upgrades',
    async () => {
      const make = async (name: string): Promise<string> => {
        const out = join(folder, name);
        mkdirSync(out);
        const [path = ''] = await deb.make(fakeStaged(`${name}-home`), {
          out,
          fast: false,
          signingKey: undefined,
        });
        return path;
      };
      const [one, other] = [await make('one'), await make('other')];
      expect(readFileSync(one).equals(readFileSync(other))).toBe(true);
      const listed = execFileSync(dpkgDeb ?? '', ['--contents', one], { encoding: 'utf8' });
      const line = (end: string): string => listed.split('\n').find((each) => each.endsWith(end)) ?? '';
      expect(line('/runtime/node')).toMatch(/^-rwxr-xr-x root\/root /);
      expect(line('./usr/bin/vaguemestre-agent')).toMatch(/^-rwxr-xr-x root\/root /);
      expect(line('/install.json')).toMatch(/^-rw-r--r-- root\/root /);
      expect(line('/completions/vaguemestre-agent')).not.toBe('');
      expect(listed).not.toContain('./etc/default');
      const control = execFileSync(dpkgDeb ?? '', ['--field', one], { encoding: 'utf8' });
      expect(control).toMatch(/^Version: 1\.2\.3$/m);
      expect(control).toMatch(/^Depends: libc6 \(>= 2\.34\)/m);
    },
  );

  it.runIf(rpmbuild !== undefined)(
    '.rpm: keeps edited settings, needs the library, guesses nothing',
    async () => {
      const out = join(folder, 'rpm');
      mkdirSync(out);
      const [path = ''] = await rpm.make(fakeStaged('rpm-home'), { out, fast: true, signingKey: undefined });
      expect(path.endsWith('/vaguemestre-agent-1.2.3-1.x86_64.rpm')).toBe(true);
      const ask = (...words: string[]): string =>
        execFileSync(rpmQuery, ['--query', '--package', path, ...words], { encoding: 'utf8' });
      expect(ask('--configfiles')).toBe('/etc/sysconfig/vaguemestre-agent\n');
      expect(ask('--requires')).toContain('glibc >= 2.34\n');
      expect(ask('--queryformat', '[%{FILEUSERNAME} %{FILEMODES:perms} %{FILENAMES}\n]')).toContain(
        'root -rwxr-xr-x /usr/lib/vaguemestre-agent/runtime/node\n',
      );
      expect(ask('--scripts')).toContain('before_install');
    },
  );

  it('archive: the tree, and a script that lays it', async () => {
    const out = join(folder, 'tar');
    mkdirSync(out);
    const [path = ''] = await tarball.make(fakeStaged('tar-home'), {
      out,
      fast: true,
      signingKey: undefined,
    });
    const listed = execFileSync('tar', ['--list', '--gzip', '--file', path], { encoding: 'utf8' }).split(
      '\n',
    );
    const top = 'vaguemestre-agent-1.2.3-linux-x64';
    expect(listed).toContain(`${top}/install.sh`);
    expect(listed).toContain(`${top}/root/usr/lib/vaguemestre-agent/launch.mjs`);
    expect(listed).toContain(`${top}/root/usr/lib/systemd/system/vaguemestre-agent.service`);
  });
});
