import { execFileSync } from 'node:child_process';
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

export interface SshdOptions {
  /** The folder a session starts in. */
  readonly root: string;
  /** ed25519 unless said; a server may have several. */
  readonly hostKeyTypes?: readonly ('ed25519' | 'ecdsa' | 'rsa')[];
  /** SFTP requests it refuses with "permission denied", such as `rename`. */
  readonly refused?: readonly string[];
  /** A former server's port and keys: the same one, started again. */
  readonly again?: Sshd;
  /** Lines for sshd_config, first. */
  readonly config?: readonly string[];
}

export interface Sshd {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The client's key, which it lets in; OpenSSH format. */
  readonly keyFile: string;
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
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'PermitUserRC no',
    'PrintMotd no',
    'UseDNS no',
    'MaxStartups 100:30:200',
    'LogLevel VERBOSE',
    'Subsystem sftp internal-sftp',
    `ForceCommand internal-sftp -l VERBOSE -d ${root}${refused.length === 0 ? '' : ` -P ${refused.join(',')}`}`,
  ];
  writeFileSync(settings, `${lines.join('\n')}\n`);
  const program = startProgram(systemTool('sshd'), ['-D', '-e', '-f', settings]);
  await listening(host, port, program);
  return {
    ...{ host, port, user: userInfo().username, keyFile, folder, hostKeys: keys.map(fingerprintOf) },
    log: () => program.log(),
    stop: () => program.stop(),
    release: async () => {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
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
