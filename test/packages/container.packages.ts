import { chmod, chown, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { baseMachine } from './support/base-machine.ts';
import { openWorkshop, type Workshop } from './support/build.ts';
import { canTry } from './support/need.ts';
import { runProgram, tryProgram, type Said } from './support/processes.ts';

const tried = canTry(
  ['buildah', 'debootstrap', 'dpkg-deb', 'ip', 'tar', 'unshare'],
  'no image of the receiver is built',
);

const account = 980;
const program = '/usr/lib/vaguemestre-receiver/runtime/node /usr/lib/vaguemestre-receiver/launch.mjs';
const image = 'localhost/vaguemestre-receiver:0.1.0';

interface ImageConfig {
  readonly User: string;
  readonly StopSignal: string;
  readonly Cmd: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Healthcheck: { readonly Test: readonly string[] };
  readonly Volumes: Readonly<Record<string, unknown>>;
}

/**
 * The image is built by buildah in a chroot, on a Debian of this machine's own mirror in place of the published base, and run
 * with the machine's kernel alone: what the compose file adds (a read-only root, no capabilities) is not tried here.
 */
describe.runIf(tried)('the receiver’s image', () => {
  let workshop: Workshop;
  let folder: string;
  let unpacked: string;
  let config: ImageConfig;
  let working: string;
  const at = (...steps: readonly string[]): string => join(folder, ...steps);
  const store = (): readonly string[] => [
    ...['--root', at('store'), '--runroot', at('run'), '--storage-driver', 'vfs'],
  ];
  const buildah = (...words: readonly string[]): Promise<string> =>
    runProgram('buildah', [...store(), ...words], { cwd: unpacked });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vaguemestre-image-'));
    workshop = await openWorkshop();
    const built = await workshop.build('0.1.0', ['container']);
    await runProgram('tar', ['-xf', built.file('vaguemestre-receiver', '-container.tar.gz'), '-C', folder]);
    unpacked = at('vaguemestre-receiver-0.1.0-container');
    await runProgram('tar', ['-cf', at('base.tar'), '-C', await baseMachine(), '.']);
    const base = (await buildah('from', 'scratch')).trim();
    await buildah('add', base, at('base.tar'), '/');
    await buildah('commit', '--quiet', base, 'localhost/debian-base:12');
    await buildah('rm', base);
    await buildah(
      ...['build', '--isolation', 'chroot', '--format', 'docker', '--file', 'Containerfile'],
      ...['--build-arg', 'BASE=localhost/debian-base:12', '--tag', image, '.'],
    );
    const described = JSON.parse(await buildah('inspect', '--type', 'image', image)) as {
      readonly Docker: { readonly config: ImageConfig };
    };
    ({ config } = described.Docker);
    working = (await buildah('from', image)).trim();
    // Its own volume would come before the folders that are tried here.
    await buildah('config', '--volume', '/var/lib/vaguemestre-', working);
    for (const name of ['state', 'backups', 'config']) {
      await mkdir(at(name));
      await chown(at(name), account, account);
    }
    await chmod(folder, 0o755);
    await copyFile(join(unpacked, 'receiver.yaml'), at('config/receiver.yaml'));
  });
  afterAll(async () => {
    await workshop.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('runs the program as an account that is not root, and says how to stop and to ask after it', () => {
    expect(config).toMatchObject({
      User: `${account}:${account}`,
      StopSignal: 'SIGTERM',
      Entrypoint: program.split(' '),
      Cmd: ['serve'],
    });
    expect(config.Healthcheck.Test.at(-1)).toContain('/health/ready');
    expect(Object.keys(config.Volumes)).toEqual(['/var/lib/vaguemestre']);
  });

  it('makes a region, serves it, is found healthy, is backed up and restored, stops when asked, and writes nowhere else', async () => {
    const health = config.Healthcheck.Test.slice(1)
      .map((word) => `'${word.replaceAll("'", `'\\''`)}'`)
      .join(' ');
    const { code, out, err } = await story(`
ip link set lo up
run ${program} init > /dev/null
touch marker
run ${program} serve > serve.log 2>&1 &
for try in $(seq 90); do if run ${health}; then echo healthy; break; fi; sleep 1; done
run ${program} backup --to /backups --keep 14 --json
cp state/receiver/keys/recovery/recovery.key recovery.key
for process in /proc/[0-9]*; do
  case "$(tr '\\0' ' ' < $process/cmdline 2>/dev/null)" in
    "${program} serve ") kill -TERM "\${process#/proc/}" ;;
  esac
done
wait && echo stopped
grep -c receiver-stopped serve.log
mv state/receiver state/lost
run ${program} restore "/backups/$(basename backups/*.vgm-backup)" --to /var/lib/vaguemestre/receiver --recovery-key - < recovery.key > restored.txt
run ${program} verify > /dev/null && echo verified
find "$ROOT" -xdev -cnewer marker -type f
`);
    expect(code, err).toBe(0);
    const [healthy, saved = '', ...rest] = out.trim().split('\n');
    expect(healthy).toBe('healthy');
    expect(JSON.parse(saved)).toMatchObject({ region: 'Région Exemple', removed: [] });
    expect(rest).toEqual(['stopped', '1', 'verified']);
    expect((await readdir(at('backups'))).map((name) => name.replace(/^[^.]*/, '')).sort()).toEqual([
      '.vgm-backup',
      '.vgm-backup.sha256',
      '.withdrawals',
    ]);
  });

  it('has a compose file that opens nothing more than it must', async () => {
    const compose = parse(await readFile(join(unpacked, 'compose.yaml'), 'utf8'), { merge: true }) as {
      readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
    expect(Object.keys(compose.services)).toEqual(['receiver', 'backup']);
    for (const service of Object.values(compose.services))
      expect(service).toMatchObject({
        image: 'vaguemestre-receiver:0.1.0',
        user: `${account}:${account}`,
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    for (const port of compose.services['receiver']?.['ports'] as string[])
      expect(port).toMatch(/^127\.0\.0\.1:/);
    expect(compose.services['backup']?.['ports']).toBeUndefined();
  });

  /** In a network and among processes of its own. `run` runs a program in the image; `$ROOT` is the image's root. */
  async function story(text: string): Promise<Said> {
    const root = (await buildah('mount', working)).trim();
    const volumes = [
      `--volume ${at('state')}:/var/lib/vaguemestre`,
      `--volume ${at('config')}:/etc/vaguemestre:ro`,
      `--volume ${at('backups')}:/backups`,
    ].join(' ');
    const script = `set -eu
cd ${folder}
ROOT=${root}
run() { buildah ${store().join(' ')} run --isolation chroot ${volumes} ${working} -- "$@"; }
${text}`;
    await writeFile(at('story.sh'), script);
    return tryProgram('unshare', [
      ...['--net', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', at('story.sh')],
    ]);
  }
});
