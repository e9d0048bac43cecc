import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { GeneratedExport } from '../../installers/sandbox/exports.ts';
import { findCommand } from './commands.ts';
import { costOf } from './process-cost.ts';

/**
 * What hospitals run today, written as their scripts are: gpg encrypts each file, one sftp session puts them all and syncs
 * each, gpg decrypts each on the other side. A private sshd on a free port of loopback, keys made for it, ended by its id.
 */
export interface Incumbent {
  carry(files: readonly GeneratedExport[]): Promise<{ readonly seconds: number; readonly cpuMs: number }>;
  close(): Promise<void>;
}

export interface Tools {
  readonly gpg: string;
  readonly sshd: string;
  readonly sftp: string;
  readonly keygen: string;
}

/** Undefined when one of them is not installed. */
export async function findTools(): Promise<Tools | undefined> {
  const [gpg, sshd, sftp, keygen] = await Promise.all(
    ['gpg', 'sshd', 'sftp', 'ssh-keygen'].map((name) => findCommand(name)),
  );
  if (gpg === undefined || sshd === undefined || sftp === undefined || keygen === undefined) return undefined;
  return { gpg, sshd, sftp, keygen };
}

const run = promisify(execFile);
const recipient = 'bench@example.invalid';

export async function startIncumbent(tools: Tools): Promise<Incumbent> {
  // gpg puts a socket in its folder: the path must be short.
  const folder = await mkdtemp(join(tmpdir(), 'vgb-'));
  const home = join(folder, 'gpg');
  await mkdir(home, { mode: 0o700 });
  const env = { ...process.env, GNUPGHOME: home };
  let daemon: ChildProcess | undefined;
  const close = async (): Promise<void> => {
    if (daemon !== undefined) await endChild(daemon);
    await run('gpgconf', ['--kill', 'gpg-agent'], { env }).catch(() => undefined);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const batch = ['--batch', '--quiet', '--passphrase', '', '--quick-gen-key', recipient];
    await run(tools.gpg, [...batch, 'rsa3072', 'default', 'never'], { env });
    await addEncryptionKey(tools.gpg, env);
    const port = await freePort();
    daemon = await startDaemon(tools, folder, port);
    const agentPid = await gpgAgentPid(env);
    const sshd = daemon;
    let rounds = 0;
    return {
      close,
      carry: async (files) => {
        rounds += 1;
        const round = join(folder, `round-${rounds}`);
        const script = await prepareRound(tools, { folder, round, port }, files);
        const before = await cpuOf(sshd, agentPid);
        const start = performance.now();
        await run('/bin/sh', ['-e', script], { env });
        const seconds = (performance.now() - start) / 1000;
        await sessionsEnded(sshd);
        const cpuMs = (await cpuOf(sshd, agentPid)) - before;
        await rm(round, { recursive: true });
        return { seconds, cpuMs };
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** `--quick-gen-key` with an algorithm makes a key for signing only. */
async function addEncryptionKey(gpg: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { stdout } = await run(gpg, ['--batch', '--with-colons', '--list-keys', recipient], { env });
  const print = /^fpr:+([0-9A-F]+):/m.exec(stdout)?.[1] ?? '';
  const batch = ['--batch', '--quiet', '--passphrase', ''];
  await run(gpg, [...batch, '--quick-add-key', print, 'rsa3072', 'encr', 'never'], { env });
}

async function startDaemon(tools: Tools, folder: string, port: number): Promise<ChildProcess> {
  await run(tools.keygen, ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'host')]);
  await run(tools.keygen, ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'client')]);
  await run('/bin/cp', [join(folder, 'client.pub'), join(folder, 'authorized')]);
  await chmod(folder, 0o700);
  const config = join(folder, 'sshd_config');
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(folder, 'host')}`,
    `AuthorizedKeysFile ${join(folder, 'authorized')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'PermitRootLogin prohibit-password',
    'Subsystem sftp internal-sftp',
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  // Run by root, sshd wants its empty folder.
  if (userInfo().uid === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const command = [tools.sshd, '-D', '-e', '-f', config];
  // Where it can, the kernel ends the daemon with us, even when we are killed.
  const tied = await findCommand('setpriv');
  const [program = tools.sshd, ...words] =
    tied === undefined ? command : [tied, '--pdeathsig', 'TERM', ...command];
  const daemon = spawn(program, words, { stdio: 'ignore' });
  await reachable(port, daemon);
  return daemon;
}

async function prepareRound(
  tools: Tools,
  { folder, round, port }: { readonly folder: string; readonly round: string; readonly port: number },
  files: readonly GeneratedExport[],
): Promise<string> {
  const [source, sealed, arrived, opened] = ['source', 'sealed', 'arrived', 'opened'].map((name) =>
    join(round, name),
  ) as [string, string, string, string];
  for (const path of [source, sealed, arrived, opened]) await mkdir(path, { recursive: true });
  for (const { name, content } of files) await writeFile(join(source, name), content);
  const batch = join(round, 'batch');
  const puts = files.map(({ name }) => `put -f ${join(sealed, name)}.gpg ${join(arrived, name)}.gpg`);
  await writeFile(batch, `${puts.join('\n')}\n`);
  const gpg = `${tools.gpg} --batch --quiet --yes --trust-model always`;
  const options = [
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'IdentitiesOnly=yes',
    'LogLevel=ERROR',
  ];
  const ssh = options.map((option) => `-o ${option}`).join(' ');
  const script = join(round, 'script');
  await writeFile(
    script,
    [
      `for f in ${source}/*; do ${gpg} -r ${recipient} -o ${sealed}/\${f##*/}.gpg -e $f; done`,
      `${tools.sftp} -q ${ssh} -P ${port} -i ${join(folder, 'client')} -b ${batch} ${userInfo().username}@127.0.0.1 >/dev/null`,
      `for f in ${arrived}/*; do g=\${f##*/}; ${gpg} -o ${opened}/\${g%.gpg} -d $f; done`,
      '',
    ].join('\n'),
  );
  return script;
}

/** Children of this process that have ended, sshd with its sessions, and gpg's agent. */
async function cpuOf(sshd: ChildProcess, agentPid: number): Promise<number> {
  const own = await costOf(process.pid);
  const daemon = await costOf(sshd.pid ?? 0);
  const agent = await costOf(agentPid);
  return own.childrenCpuMs + daemon.cpuMs + daemon.childrenCpuMs + agent.cpuMs;
}

/** A session counts with its parent once it has been waited for. */
async function sessionsEnded(sshd: ChildProcess): Promise<void> {
  let last = -1;
  for (let left = 100; left > 0; left -= 1) {
    const { childrenCpuMs } = await costOf(sshd.pid ?? 0);
    if (childrenCpuMs === last) return;
    last = childrenCpuMs;
    await wait(50);
  }
}

async function gpgAgentPid(env: NodeJS.ProcessEnv): Promise<number> {
  const { stdout } = await run('gpg-connect-agent', ['--no-autostart', 'getinfo pid', '/bye'], { env });
  return Number(/^D (\d+)/m.exec(stdout)?.[1]);
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function reachable(port: number, daemon: ChildProcess): Promise<void> {
  for (let left = 200; left > 0; left -= 1) {
    if (daemon.exitCode !== null) break;
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    await wait(50);
  }
  await endChild(daemon);
  throw new Error('sshd does not start');
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
