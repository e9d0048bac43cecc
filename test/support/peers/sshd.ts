import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { peer } from '../peer.ts';
import { systemTool } from '../system-tool.ts';
import { freePort, listening, startProgram } from './program.ts';

/** Said aloud where OpenSSH's server is not installed (apt: openssh-server). */
export function sshdInstalled(): boolean {
  return peer('sshd', 'deliveries over SFTP are not tried') !== undefined;
}

/**
 * Said aloud where the server cannot be given a user of its own with a password: that takes root, and the right to mount,
 * so that no file of the machine changes.
 */
export function sshdWithPassword(): boolean {
  if (!sshdInstalled()) return false;
  if (process.getuid?.() === 0) {
    const tried = spawnSync(systemTool('unshare'), ['-m', 'true'], { stdio: 'ignore' });
    if (tried.status === 0) return true;
  }
  process.stderr.write('NOT TRIED: without the right to mount, logins over SFTP by password are not tried\n');
  return false;
}

export interface SshdOptions {
  /** The folder a session starts in. */
  readonly root: string;
  /** ed25519 unless said; a server may have several. */
  readonly hostKeyTypes?: readonly ('ed25519' | 'ecdsa' | 'rsa')[];
  /** SFTP requests it refuses with "permission denied", such as `rename`. */
  readonly refused?: readonly string[];
  /** A former server's port and keys: the same one, started again. */
  readonly again?: Sshd;
  /** Logins by a password only, asked for by the `password` method or by keyboard, as a user of its own. */
  readonly password?: 'password' | 'keyboard';
  /** Lines for sshd_config, first. */
  readonly config?: readonly string[];
}

export interface Sshd {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The client's key, which it lets in; OpenSSH format. */
  readonly keyFile: string;
  /** Good only where `password` was asked for. */
  readonly passwordFile: string;
  /** `SHA256:...` of each of its keys, in the order of `hostKeyTypes`. */
  readonly hostKeys: readonly string[];
  /** Where its keys and settings are. */
  readonly folder: string;
  log(): string;
  /** Ends it and its sessions; `release` removes its keys. */
  stop(): Promise<void>;
  release(): Promise<void>;
}

/** A real OpenSSH server on loopback: SFTP only, logins by key only, as the user who runs the tests. */
export async function startSshd(options: SshdOptions): Promise<Sshd> {
  const { root, again } = options;
  const folder = again?.folder ?? mkdtempSync(join(tmpdir(), 'vaguemestre-sshd-'));
  const host = '127.0.0.1';
  const port = again?.port ?? (await freePort());
  const types = options.hostKeyTypes ?? ['ed25519'];
  const keys = types.map((type) => makeKey(join(folder, `host-${type}`), type));
  const keyFile = makeKey(join(folder, 'client'), 'ed25519');
  const authorized = join(folder, 'authorized');
  writeFileSync(authorized, readFileSync(`${keyFile}.pub`));
  chmodSync(authorized, 0o600);
  // It will not start as root without it.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const refused = options.refused ?? [];
  const settings = join(folder, 'sshd_config');
  const lines = [
    ...(options.config ?? []),
    `ListenAddress ${host}:${port}`,
    ...keys.map((key) => `HostKey ${key}`),
    `AuthorizedKeysFile ${authorized}`,
    `PidFile ${join(folder, 'pid')}`,
    'StrictModes no',
    `UsePAM ${options.password === 'keyboard' ? 'yes' : 'no'}`,
    `PubkeyAuthentication ${options.password === undefined ? 'yes' : 'no'}`,
    `PasswordAuthentication ${options.password === 'password' ? 'yes' : 'no'}`,
    `KbdInteractiveAuthentication ${options.password === 'keyboard' ? 'yes' : 'no'}`,
    `PermitRootLogin ${options.password === undefined ? 'prohibit-password' : 'yes'}`,
    'PermitUserRC no',
    'PrintMotd no',
    'UseDNS no',
    'MaxStartups 100:30:200',
    'LogLevel VERBOSE',
    'Subsystem sftp internal-sftp',
    `ForceCommand internal-sftp -l VERBOSE -d ${root}${refused.length === 0 ? '' : ` -P ${refused.join(',')}`}`,
  ];
  writeFileSync(settings, `${lines.join('\n')}\n`);
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, 'Passe-partout 42\n', { mode: 0o600 });
  const command = [systemTool('sshd'), '-D', '-e', '-f', settings];
  const program =
    options.password === undefined
      ? startProgram(command[0] ?? '', command.slice(1))
      : startProgram(systemTool('unshare'), [
          '-m',
          'sh',
          '-c',
          `${ownUser(folder, root)} && exec "$@"`,
          'sh',
          ...command,
        ]);
  await listening(host, port, program);
  return {
    ...{ host, port, keyFile, passwordFile, folder, hostKeys: keys.map(fingerprintOf) },
    user: options.password === undefined ? userInfo().username : 'region',
    log: () => program.log(),
    stop: () => program.stop(),
    release: async () => {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** `Passe-partout 42`, by openssl passwd -6. */
const passwordHash =
  '$6$vaguemestre$igQ53P/cgtlkCrEeHUZuJkbnAtw7iX78o0uzeb0tKMlKMn4SkEB3Wocx4LZKzNi9qkvu3cqG48vK6L94Ggu2N1';

/** What gives the server, and nobody else, a user `region` with a password: files mounted over those of the machine. */
function ownUser(folder: string, root: string): string {
  const files = {
    '/etc/passwd': `root:x:0:0::/root:/bin/sh\nsshd:x:100:65534::/run/sshd:/usr/sbin/nologin\nregion:x:0:0::${root}:/bin/sh\n`,
    '/etc/shadow': `region:${passwordHash}:19000:0:99999:7:::\n`,
    '/etc/pam.d/sshd':
      'auth required pam_unix.so\naccount required pam_permit.so\nsession required pam_permit.so\n',
  };
  return Object.entries(files)
    .map(([path, content]) => {
      const own = join(folder, path.replaceAll('/', '-'));
      writeFileSync(own, content, { mode: path === '/etc/shadow' ? 0o600 : 0o644 });
      return `mount --bind '${own}' ${path}`;
    })
    .join(' && ');
}

function makeKey(path: string, type: string): string {
  if (!existsSync(path))
    execFileSync(systemTool('ssh-keygen'), ['-q', '-t', type, '-N', '', '-C', 'test', '-f', path]);
  return path;
}

/** As `ssh-keygen -lf` prints it. */
export function fingerprintOf(keyFile: string): string {
  const said = execFileSync(systemTool('ssh-keygen'), ['-l', '-E', 'sha256', '-f', `${keyFile}.pub`], {
    encoding: 'utf8',
  });
  return said.split(' ')[1] ?? '';
}
