import { readdir, readFile } from 'node:fs/promises';

/** What a process has cost, as the kernel counts it. Linux only. */
export interface ProcessCost {
  /** Of the process itself. */
  readonly cpuMs: number;
  /** Of its children that have ended and been waited for. */
  readonly childrenCpuMs: number;
}

/** Linux reports process times in hundredths of a second to every program, whatever its own tick. */
const tickMs = 10;

export async function costOf(pid: number): Promise<ProcessCost> {
  const fields = await statOf(pid);
  const ticks = (index: number): number => Number(fields[index] ?? 0);
  return {
    cpuMs: (ticks(11) + ticks(12)) * tickMs,
    childrenCpuMs: (ticks(13) + ticks(14)) * tickMs,
  };
}

/** CPU milliseconds of this very process while `work` runs: every thread, the collector included. */
export async function ownCpuMs(work: () => void | Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

export interface ProcessMemory {
  readonly residentMb: number;
  readonly highestMb: number;
}

export async function memoryOf(pid: number): Promise<ProcessMemory> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? NaN);
  return { residentMb: kilobytes('VmRSS') / 1024, highestMb: kilobytes('VmHWM') / 1024 };
}

/** The child of this process whose command line holds every one of `words`. */
export async function childNamed(...words: readonly string[]): Promise<number> {
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const parent = (await statOf(pid).catch(() => []))[1];
    if (Number(parent) !== process.pid) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (words.every((word) => command.split('\0').some((part) => part.includes(word)))) return pid;
  }
  throw new Error(`no child process runs ${words.join(' ')}`);
}

/** The fields of /proc/<pid>/stat after the name, which may hold spaces and brackets: the first is the state. */
async function statOf(pid: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
