import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './program.ts';
import { makeUploadIdentities, type Shown, type UploadIdentities } from './upload-identities.ts';

/** A real nginx with WebDAV's PUT and DELETE, mutual TLS unless said, on loopback, in a folder of its own. */
export interface Nginx {
  readonly port: number;
  /** Of a file, for settings: holds {name}. */
  readonly url: string;
  readonly identities: UploadIdentities;
  /** Where files end up. */
  readonly folder: string;
  readonly received: () => Promise<ReadonlyMap<string, Buffer>>;
  readonly plant: (name: string, content: string | Buffer) => Promise<void>;
  /** Stops it, and starts it again on the same port, with another certificate if said. */
  readonly cut: () => Promise<void>;
  readonly restore: (shown?: Shown) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function startNginx(
  program: string,
  options: {
    /** Where files land: a small disk, say. */
    readonly folder?: string;
    readonly mutual?: boolean;
    readonly shown?: Shown;
    /** Lines for the location: limits, refusals. */
    readonly location?: string;
  } = {},
): Promise<Nginx> {
  const base = await mkdtemp(join(tmpdir(), 'vaguemestre-nginx-'));
  const root = options.folder ?? join(base, 'files');
  const folder = join(root, 'in');
  await mkdir(folder, { recursive: true });
  const identities = await makeUploadIdentities(join(base, 'tls'));
  const port = await freePort();
  let child: ChildProcess | undefined;

  const start = async (shown: Shown): Promise<void> => {
    const { key, certificate } = identities.server(shown);
    await writeFile(join(base, 'server.pem'), certificate);
    await writeFile(join(base, 'server.key'), key, { mode: 0o600 });
    const config = join(base, 'nginx.conf');
    const location = options.location ?? '';
    await writeFile(
      config,
      configuration({ base, root, port, mutual: options.mutual ?? true, location, identities }),
    );
    child = spawn(program, ['-p', base, '-e', join(base, 'error.log'), '-c', config], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said: Buffer[] = [];
    child.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
    await untilListening(port, child, () => Buffer.concat(said).toString());
  };
  const stop = async (): Promise<void> => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGTERM');
    await ended;
  };

  await start(options.shown ?? 'good');
  return {
    port,
    url: `https://localhost:${port}/in/{name}`,
    identities,
    folder,
    received: async () => {
      const names = await readdir(folder);
      const contents = names.map(async (name) => [name, await readFile(join(folder, name))] as const);
      return new Map(await Promise.all(contents));
    },
    plant: async (name, content) => {
      await writeFile(join(base, 'planted'), content);
      await rename(join(base, 'planted'), join(folder, name)).catch(() =>
        writeFile(join(folder, name), content),
      );
    },
    cut: stop,
    restore: (shown = 'good') => start(shown),
    close: async () => {
      await stop();
      await rm(base, { recursive: true, force: true });
    },
  };
}

/** One process, in front, with nothing outside its folder: runs as root and as anybody. */
function configuration(of: {
  readonly base: string;
  readonly root: string;
  readonly port: number;
  readonly mutual: boolean;
  readonly location: string;
  readonly identities: UploadIdentities;
}): string {
  const { base, root, port, identities } = of;
  const temporary = ['proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `  ${kind}_temp_path ${base}/tmp-${kind};`,
  );
  return [
    'daemon off;',
    'master_process off;',
    `pid ${base}/nginx.pid;`,
    `error_log ${base}/error.log;`,
    'events { worker_connections 64; }',
    'http {',
    '  access_log off;',
    ...temporary,
    // On the disk where files land, as a well-kept server has it: a whole body is renamed, never copied.
    `  client_body_temp_path ${root}/tmp-body;`,
    '  client_max_body_size 64m;',
    '  server {',
    `    listen 127.0.0.1:${port} ssl;`,
    `    ssl_certificate ${base}/server.pem;`,
    `    ssl_certificate_key ${base}/server.key;`,
    ...(of.mutual
      ? [`    ssl_client_certificate ${identities.authorityFile};`, '    ssl_verify_client on;']
      : []),
    '    location /in/ {',
    `      root ${root};`,
    '      dav_methods PUT DELETE;',
    '      dav_access user:rw group:r;',
    `      ${of.location}`,
    '    }',
    '  }',
    '}',
    '',
  ].join('\n');
}

async function untilListening(port: number, child: ChildProcess, said: () => string): Promise<void> {
  for (let look = 0; look < 500; look += 1) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}: ${said()}`);
    if (await answers(port)) return;
    await wait(10);
  }
  child.kill('SIGKILL');
  throw new Error(`nginx does not listen: ${said()}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
