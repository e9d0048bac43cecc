import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { eventually } from '../../fault/live.ts';
import { baseMachine, environment, machinesFolder } from './base-machine.ts';
import { controlGroupTops, removeControlGroups } from './control-groups.ts';
import {
  childrenOf,
  failure,
  isAlive,
  runProgram,
  textOf,
  tryProgram,
  type Running,
  type Said,
} from './processes.ts';

/** A Debian that was booted, with its own processes, files and network, of which nothing stays when it is stopped. */
export interface Machine {
  readonly name: string;
  /** Its files, as this machine sees them. */
  at(path: string): string;
  /** A shell script run in it as root: its whole say, or only what it wrote when it must succeed. */
  try(script: string, running?: Running): Promise<Said>;
  run(script: string, running?: Running): Promise<string>;
  /** Copies a file or a folder of this machine there. */
  put(path: string, to: string): Promise<void>;
  write(path: string, content: string | Uint8Array, mode?: number): Promise<void>;
  read(path: string): Promise<string>;
  /** What a unit has said since it was made. */
  journal(unit: string): Promise<string>;
  /** A program started in it that goes on; end it by what is answered. */
  start(script: string): ChildProcess;
  stop(): Promise<void>;
}

export interface MachineOptions {
  /** On the network of that one, loopback and all: neither reaches anything else. */
  readonly beside?: Machine;
}

/** First process of each running machine, as this machine counts them. */
const leaders = new WeakMap<Machine, number>();

export async function bootMachine(name: string, { beside }: MachineOptions = {}): Promise<Machine> {
  const base = await baseMachine();
  const work = await mkdtemp(join(machinesFolder, `machine-${process.pid}-`));
  const root = join(work, 'root');
  await runProgram('cp', ['-a', '--reflink=auto', base, root]);
  await writeFile(join(root, 'etc/hostname'), `${name}\n`);
  await writeFile(join(root, 'etc/hosts'), `127.0.0.1 localhost ${name}\n`);
  const network = beside === undefined ? '' : `/proc/${leaders.get(beside) ?? 0}/ns/net`;
  const group = basename(work);
  const booted = boot({ group, root, network }, join(work, 'console'));
  const stop = async (): Promise<void> => {
    booted.kill('SIGKILL');
    await eventually('the machine is off', () => booted.exitCode !== null || booted.signalCode !== null);
    await removeControlGroups(group);
    await rm(work, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const leader = await eventually(
      'the machine starts',
      () => leaderUnder(booted, join(work, 'console')),
      60,
    );
    const machine = machineOf({ name, root, leader, stop });
    leaders.set(machine, leader);
    await eventually(
      'the machine is up',
      async () => /running|degraded/.test((await machine.try('systemctl is-system-running')).out),
      120,
    );
    return machine;
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * In a process space of its own, which ends with this process whatever ends it; in control groups of its own, because two
 * machines that shared theirs would wait for each other's services to end.
 */
const bootScript = `
group=$1 root=$2 network=--private-network
if [ -n "$3" ]; then exec 9<"$3"; network=--network-namespace-path=/proc/self/fd/9; fi
for top in ${controlGroupTops.join(' ')}; do
  if [ -e "$top/cgroup.procs" ]; then mkdir -p "$top/$group" && echo $$ > "$top/$group/cgroup.procs"; fi
done
exec unshare --pid --fork --kill-child=KILL --mount-proc \\
  systemd-nspawn --quiet --boot --register=no --keep-unit --console=pipe --resolv-conf=off --timezone=off \\
  "$network" --directory="$root"
`;

function boot(
  { group, root, network }: { readonly group: string; readonly root: string; readonly network: string },
  log: string,
): ChildProcess {
  const words = ['--pdeathsig', 'KILL', 'sh', '-c', bootScript, 'boot', group, root, network];
  const child = spawn('setpriv', words, { stdio: ['ignore', 'pipe', 'pipe'], env: environment() });
  const console = createWriteStream(log);
  child.stdout.pipe(console);
  child.stderr.pipe(console);
  return child;
}

/** unshare, then nspawn, then the machine's own first process. */
function leaderUnder(booted: ChildProcess, console: string): number | undefined {
  if (booted.exitCode !== null) throw new Error(`the machine did not boot:\n${textOf(console) ?? ''}`);
  const [nspawn] = childrenOf(booted.pid ?? 0);
  const [leader] = nspawn === undefined ? [] : childrenOf(nspawn);
  const isInit = leader !== undefined && /systemd$/.test(textOf(`/proc/${leader}/comm`)?.trim() ?? '');
  return isInit ? leader : undefined;
}

function machineOf({
  name,
  root,
  leader,
  stop,
}: {
  readonly name: string;
  readonly root: string;
  readonly leader: number;
  readonly stop: () => Promise<void>;
}): Machine {
  const at = (path: string): string => join(root, path);
  const inside = (script: string): string[] => ['--target', String(leader), '--all', 'sh', '-c', script];
  const attempt: Machine['try'] = (script, running = {}) => {
    if (!isAlive(leader)) throw new Error(`${name} is off`);
    return tryProgram('nsenter', inside(script), { env: environment(), cwd: '/', ...running });
  };
  const run: Machine['run'] = async (script, running) => {
    const said = await attempt(script, running);
    if (said.code !== 0) throw failure(`on ${name}: ${script}`, said);
    return said.out;
  };
  return {
    name,
    at,
    try: attempt,
    run,
    put: async (path, to) => {
      await mkdir(dirname(at(to)), { recursive: true });
      await runProgram('cp', ['-r', '--reflink=auto', path, at(to)]);
    },
    write: async (path, content, mode = 0o644) => {
      await mkdir(dirname(at(path)), { recursive: true });
      await writeFile(at(path), content);
      await chmod(at(path), mode);
    },
    read: (path) => readFile(at(path), 'utf8'),
    journal: (unit) => run(`journalctl --sync; journalctl --no-pager --output cat --unit ${unit}`),
    start: (script) => spawn('nsenter', inside(script), { env: environment(), cwd: '/', stdio: 'ignore' }),
    stop,
  };
}
