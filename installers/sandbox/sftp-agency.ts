import { execFile } from 'node:child_process';
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { permanent } from '../../shared/runtime/errors.ts';
import {
  agencyFolder,
  keepWhole,
  refusalCode,
  removeAgencyFolder,
  watchedRetry,
  type SandboxAgency,
  type Trouble,
} from './agency.ts';
import { startRelay } from './relay.ts';
import { startSshd } from './sshd.ts';

const run = promisify(execFile);
const lookMs = 300;
const patienceSeconds = 3;
const suffix = '.gpg';

/**
 * An agency with a real SFTP server, whose OpenPGP key is made on the spot: what is put into its depot it opens by gpg into
 * `folder`, and answers by a file in its return folder. Throws `sandbox-agency-program` where sshd or gpg is missing.
 */
export async function startSftpAgency(folder: string, trouble: Trouble): Promise<SandboxAgency> {
  const sshd = await find('sshd', 'openssh-server');
  const gpg = await find('gpg', 'gnupg');
  const own = await agencyFolder();
  const closing: (() => Promise<unknown>)[] = [() => removeAgencyFolder(own)];
  const close = async (): Promise<void> => {
    trouble.close();
    for (let each = closing.pop(); each !== undefined; each = closing.pop()) await each();
  };
  try {
    const [depot, returns, home] = ['depot', 'retours', 'gnupg'].map((name) => join(own, name)) as [
      string,
      string,
      string,
    ];
    for (const each of [depot, returns, home]) await mkdir(each, { mode: 0o700 });
    closing.push(() => run('gpgconf', ['--homedir', home, '--kill', 'all']).catch(() => undefined));
    const key = await makeKey(gpg, home, join(own, 'agency.asc'));
    const server = await startSshd(sshd, own);
    closing.push(() => server.close());
    const relay = await startRelay(server.port, trouble);
    closing.push(() => relay.close());
    const open = opener({ gpg, home, depot, returns, folder, trouble });
    closing.push(() => open.close());
    return {
      address: `sftp://127.0.0.1:${relay.port}`,
      fingerprint: key.fingerprint,
      settings: {
        transport: {
          ...{ kind: 'sftp', host: '127.0.0.1', port: relay.port, user: server.user },
          ...{ hostKeys: [server.hostKey], keyFile: server.keyFile, folder: depot },
          timeoutSeconds: patienceSeconds,
        },
        protection: { kind: 'openpgp', ...key },
        retry: watchedRetry,
        acknowledgement: { kind: 'folder', folder: returns, everySeconds: 1 },
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function makeKey(
  gpg: string,
  home: string,
  keyFile: string,
): Promise<{ readonly keyFile: string; readonly fingerprint: string }> {
  const call = async (...args: readonly string[]): Promise<string> =>
    (await run(gpg, ['--homedir', home, '--batch', '--quiet', ...args])).stdout;
  const person = 'Agence d’essai <agence@example.org>';
  const protect = ['--pinentry-mode', 'loopback', '--passphrase', ''];
  await call(...protect, '--quick-generate-key', person, 'default', 'default', '1y');
  await writeFile(keyFile, await call('--armor', '--export', person));
  const listed = (await call('--with-colons', '--list-keys', person)).split('\n');
  const fingerprint = listed.find((line) => line.startsWith('fpr:'))?.split(':')[9] ?? '';
  return { keyFile, fingerprint };
}

interface OpenerDeps {
  readonly gpg: string;
  readonly home: string;
  readonly depot: string;
  readonly returns: string;
  readonly folder: string;
  readonly trouble: Trouble;
}

/** Looks at the depot again and again, one file after the other. */
function opener(deps: OpenerDeps): { close(): Promise<void> } {
  const seen = new Set<string>();
  const look = async (): Promise<void> => {
    const names = (await readdir(deps.depot)).filter(
      (name) => !name.startsWith('.') && name.endsWith(suffix),
    );
    for (const name of names.sort()) {
      if (seen.has(name)) continue;
      seen.add(name);
      await take(deps, name);
    }
  };
  let closed = false;
  let current: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    current = current.then(() => (closed ? undefined : look())).catch(() => undefined);
  }, lookMs);
  return {
    close: async () => {
      closed = true;
      clearInterval(timer);
      await current;
    },
  };
}

async function take({ gpg, home, depot, returns, folder, trouble }: OpenerDeps, name: string): Promise<void> {
  if (trouble.now() === 'refuse') {
    await keepWhole(returns, `${name}.nack`, Buffer.from(`${refusalCode}\n`));
    return;
  }
  const opened = join(home, name.slice(0, -suffix.length));
  await run(gpg, [
    '--homedir',
    home,
    '--batch',
    '--quiet',
    '--yes',
    '--output',
    opened,
    '--decrypt',
    join(depot, name),
  ]);
  await keepWhole(folder, name.slice(0, -suffix.length), await readFile(opened));
  await keepWhole(returns, `${name}.ack`, Buffer.alloc(0));
  trouble.delivered();
}

/** Servers are often not on the PATH of those who use the machine. */
async function find(program: string, packageName: string): Promise<string> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin'];
  for (const folder of folders) {
    const path = join(folder, program);
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  throw permanent('sandbox-agency-program', { facts: { program, package: packageName } });
}
