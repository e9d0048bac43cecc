import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { permanent } from '../../shared/runtime/errors.ts';
import { pause } from '../../shared/runtime/lifecycle.ts';

const run = promisify(execFile);
const never = new AbortController().signal;

/** A real OpenSSH server on loopback, for one user by one key, SFTP only; everything it needs is in `folder`. */
export interface Sshd {
  readonly port: number;
  readonly user: string;
  readonly keyFile: string;
  /** `SHA256:...` */
  readonly hostKey: string;
  close(): Promise<void>;
}

export async function startSshd(program: string, folder: string): Promise<Sshd> {
  const [hostFile, keyFile, authorized, settings] = ['host', 'client', 'authorized', 'sshd_config'].map(
    (name) => join(folder, name),
  ) as [string, string, string, string];
  for (const file of [hostFile, keyFile])
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'vaguemestre', '-f', file]);
  await copyFile(`${keyFile}.pub`, authorized);
  // It will not start as root without it.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const port = await freePort();
  const lines = [
    ...[`ListenAddress 127.0.0.1:${port}`, `HostKey ${hostFile}`, `AuthorizedKeysFile ${authorized}`],
    ...[`PidFile ${join(folder, 'pid')}`, 'StrictModes no', 'UsePAM no', 'PasswordAuthentication no'],
    ...['KbdInteractiveAuthentication no', 'PermitRootLogin prohibit-password', 'UseDNS no', 'PrintMotd no'],
    ...['LogLevel ERROR', 'Subsystem sftp internal-sftp', 'ForceCommand internal-sftp'],
  ];
  await writeFile(settings, `${lines.join('\n')}\n`, { mode: 0o600 });
  const child = spawn(program, ['-D', '-e', '-f', settings], { stdio: 'ignore' });
  const ended = once(child, 'exit').catch(() => undefined);
  // A program that ends early leaves nothing behind.
  const kill = (): void => void child.kill('SIGTERM');
  process.once('exit', kill);
  for (let look = 0; !(await answers(port)); look += 1) {
    if (look > 200 || child.exitCode !== null)
      throw permanent('sandbox-agency-program', { facts: { program: 'sshd', package: 'openssh-server' } });
    await pause(25, never);
  }
  const { stdout } = await run('ssh-keygen', ['-l', '-E', 'sha256', '-f', `${hostFile}.pub`]);
  return {
    ...{ port, user: userInfo().username, keyFile, hostKey: stdout.split(' ')[1] ?? '' },
    close: async () => {
      process.off('exit', kill);
      kill();
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      settle(true);
    });
    socket.on('error', () => settle(false));
  });
}
