import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';

/** A server program under test: ended by its own process id, with the processes it started. */
export interface Program {
  readonly pid: number;
  /** Everything it said so far. */
  log(): string;
  stop(): Promise<void>;
}

export function startProgram(
  path: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Program {
  const child: ChildProcess = spawn(path, [...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...variables },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const { pid } = child;
  if (pid === undefined) throw new Error(`${path} does not start`);
  // A test that ends early leaves nothing behind.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  return {
    pid,
    log: () => said,
    stop: async () => {
      process.removeListener('exit', kill);
      // Servers that start a process for each connection leave those behind.
      for (const one of [...descendants(pid), pid]) end(one);
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

function descendants(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')
      .filter((text) => text.trim() !== '')
      .map(Number);
    return children.flatMap((child) => [...descendants(child), child]);
  } catch {
    return [];
  }
}

/** Waits until something listens there; fails with what the program said. */
export async function listening(host: string, port: number, program: Program): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if (await answers(host, port)) return;
    await after(25);
  }
  throw new Error(`nothing listens on ${host}:${port}:\n${program.log()}`);
}

async function answers(host: string, port: number): Promise<boolean> {
  const socket = connect(port, host);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** A port nobody listens on just now. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
