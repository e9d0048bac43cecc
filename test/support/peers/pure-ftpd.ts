import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { peer } from '../peer.ts';
import { systemTool } from '../system-tool.ts';
import { createTestAuthority, type TestAuthority } from './certificates.ts';
import { startCutProxy, type CutPlan, type CutProxy } from './cut-proxy.ts';
import { listening, startProgram } from './program.ts';

/** Said aloud where it is not installed (apt: pure-ftpd), or may not be started. */
export function pureFtpdInstalled(): boolean {
  const missed = 'deliveries over FTPS are not tried';
  if (peer('pure-ftpd', missed) === undefined) return false;
  if (process.getuid?.() === 0) return true;
  // It changes to a virtual user's uid.
  if (process.env['REQUIRE_PEERS'] === '1') throw new Error('REQUIRE_PEERS=1, and pure-ftpd needs root');
  process.stderr.write(`NOT TRIED: pure-ftpd needs root, ${missed}\n`);
  return false;
}

export interface PureFtpdOptions {
  /** The folder a session starts in; given to the virtual user's uid. */
  readonly root: string;
  /** Signed by its own authority for `localhost`, 127.0.0.1 and 127.0.0.2, good for two days unless said. */
  readonly certificate?: CertificateKind;
  /** Names may not be changed. */
  readonly refuseRename?: boolean;
  /** A former server's port and login: the same one, started again; its certificate stays unless `certificate` is said. */
  readonly again?: PureFtpd;
  /** Nothing above: TLS 1.3 as well unless said. Only with 1.2 does pure-ftpd give sessions that can be resumed. */
  readonly highestTls?: '1.2';
  /** More of its command line. */
  readonly args?: readonly string[];
}

export interface PureFtpd {
  readonly host: string;
  readonly port: number;
  readonly passivePorts: readonly number[];
  readonly user: string;
  readonly passwordFile: string;
  /** Who signed its certificate (PEM). */
  readonly authorityFile: string;
  readonly authority: TestAuthority;
  /** Where its certificate and settings are. */
  readonly folder: string;
  /** Its log, then a line for each file it took or gave: `... U|D size ... path`. */
  log(): string;
  /** Ends it and its sessions; `release` removes its settings. */
  stop(): Promise<void>;
  release(): Promise<void>;
}

export type CertificateKind = 'good' | 'expired' | 'other-name';

export const ftpUid = 65_534;
const passiveCount = 10;

/** A real FTP server on loopback that refuses anything but TLS, on both of its connections. */
export async function startPureFtpd(options: PureFtpdOptions): Promise<PureFtpd> {
  const { root, again } = options;
  const folder = again?.folder ?? mkdtempSync(join(tmpdir(), 'vaguemestre-ftpd-'));
  const host = '127.0.0.1';
  const [free = 0, ...others] = again === undefined ? await freeRange(1 + passiveCount) : [];
  const port = again?.port ?? free;
  const passivePorts = again?.passivePorts ?? others;
  const passwordFile = join(folder, 'password');
  const authority = again?.authority ?? createTestAuthority();
  const database = join(folder, 'users.pdb');
  const transfers = join(folder, 'transfers.log');
  reachable(root);
  chownSync(root, ftpUid, ftpUid);
  if (again === undefined) {
    writeFileSync(passwordFile, 'Passe-partout 42\n', { mode: 0o600 });
    addUser(folder, root, database);
  }
  if (again === undefined || options.certificate !== undefined)
    makeCertificate(folder, options.certificate ?? 'good', authority);
  const program = startProgram(
    systemTool('pure-ftpd'),
    [
      ...['-4', '-H', '-E', '-S', `${host},${port}`, '-u', '1', '-c', '50', '-C', '50', '-I', '15'],
      ...['-l', `puredb:${database}`, '-Y', '3', '-2', join(folder, 'server.pem')],
      ...['-p', `${passivePorts[0] ?? 0}:${passivePorts.at(-1) ?? 0}`],
      ...['-d', '-f', 'none', '-O', `stats:${transfers}`, '-g', join(folder, 'pid')],
      ...(options.refuseRename === true ? ['-G'] : []),
      ...(options.args ?? []),
    ],
    options.highestTls === undefined ? {} : { OPENSSL_CONF: highestTls12(folder) },
  );
  await listening(host, port, program);
  return {
    ...{ host, port, passivePorts, user: 'region', passwordFile, folder },
    authority,
    authorityFile: join(folder, 'authority.pem'),
    log: () => `${program.log()}${textOf(transfers)}`,
    stop: () => program.stop(),
    release: async () => {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A proxy before every port of the server, at another address of loopback: data connections pass through it too. */
export interface FtpProxy {
  readonly host: string;
  readonly port: number;
  readonly control: CutProxy;
  readonly data: readonly CutProxy[];
  /** Bytes of files sent to the server so far, sealed. */
  sent(): number;
  planControl(plan: CutPlan): void;
  planData(plan: CutPlan): void;
  cut(): void;
  close(): Promise<void>;
}

export async function startFtpProxy(server: PureFtpd, host = '127.0.0.2'): Promise<FtpProxy> {
  const before = (port: number): Promise<CutProxy> =>
    startCutProxy({ host: server.host, port }, { host, port });
  const control = await before(server.port);
  const data = await Promise.all(server.passivePorts.map(before));
  const all = [control, ...data];
  return {
    ...{ host, port: control.port, control, data },
    sent: () => data.reduce((sum, { seen }) => sum + seen.toServer, 0),
    planControl: (plan) => control.plan(plan),
    planData: (plan) => data.forEach((proxy) => proxy.plan(plan)),
    cut: () => all.forEach((proxy) => proxy.cut()),
    close: async () => {
      await Promise.all(all.map((proxy) => proxy.close()));
    },
  };
}

/** The virtual user must be able to walk to its folder; a temporary folder is its maker's only. */
function reachable(root: string): void {
  const base = tmpdir();
  for (let folder = root; folder.startsWith(`${base}/`); folder = dirname(folder))
    chmodSync(folder, (statSync(folder).mode & 0o777) | 0o711);
}

/**
 * The password's SHA-512 crypt, made once (openssl passwd -6): what pure-pw makes itself takes seconds of a busy machine at
 * each login.
 */
const passwordHash =
  '$6$vaguemestre$igQ53P/cgtlkCrEeHUZuJkbnAtw7iX78o0uzeb0tKMlKMn4SkEB3Wocx4LZKzNi9qkvu3cqG48vK6L94Ggu2N1';

function addUser(folder: string, root: string, database: string): void {
  const users = join(folder, 'users');
  writeFileSync(users, `region:${passwordHash}:${ftpUid}:${ftpUid}::${root}/./::::::::::::\n`, {
    mode: 0o600,
  });
  execFileSync(systemTool('pure-pw'), ['mkdb', database, '-f', users], { stdio: 'ignore' });
}

function makeCertificate(folder: string, kind: CertificateKind, authority: TestAuthority): void {
  const hosts = kind === 'other-name' ? ['elsewhere.example'] : ['localhost', '127.0.0.1', '127.0.0.2'];
  const { key, certificate } = authority.server({ hosts, expired: kind === 'expired' });
  writeFileSync(join(folder, 'authority.pem'), authority.pem);
  writeFileSync(join(folder, 'server.pem'), `${key}${certificate}`, { mode: 0o600 });
}

function highestTls12(folder: string): string {
  const path = join(folder, 'openssl.cnf');
  const sections = [
    'openssl_conf = own\n[own]\nssl_conf = ssl\n[ssl]\nsystem_default = highest',
    '[highest]\nMaxProtocol = TLSv1.2\n',
  ];
  writeFileSync(path, sections.join('\n'));
  return path;
}

/**
 * Consecutive ports, free at the server's address and at that of the proxy before it. Under 32768: those above are lent to
 * connections at any moment.
 */
async function freeRange(count: number): Promise<readonly number[]> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const first = randomInt(20_000, 32_000);
    const ports = Array.from({ length: count }, (_, index) => first + index);
    const taken = await Promise.all(
      ports.flatMap((port) => ['127.0.0.1', '127.0.0.2'].map((host) => isTaken(port, host))),
    );
    if (!taken.includes(true)) return ports;
  }
  throw new Error(`no ${count} free ports in a row`);
}

async function isTaken(port: number, host: string): Promise<boolean> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
  } catch {
    return true;
  }
  server.close();
  await once(server, 'close');
  return false;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
