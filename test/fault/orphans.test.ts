import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { eventually } from './live.ts';

/**
 * SIGKILL leaves no time to stop children: they must notice by themselves. A process of this sandbox is one whose
 * command or working files lie in the temporary folder given to it.
 */
const main = resolve(import.meta.dirname, '../../installers/sandbox/main.ts');

interface Seen {
  readonly pid: number;
  readonly command: string;
}

function processesNaming(folder: string): Seen[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const state = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.[0];
        return command.includes(folder) && state !== 'Z' ? [{ pid: Number(name), command }] : [];
      } catch {
        return [];
      }
    });
}

interface Started {
  readonly child: ChildProcess;
  readonly folder: string;
}

/** The show, under a parent like npm's, until its receiver and an agent run. */
async function start(command: string, options: readonly string[]): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'vaguemestre-orphans-'));
  const child = spawn(command, options, {
    stdio: 'ignore',
    // A group of its own, so that nothing but the process itself is killed.
    detached: true,
    env: {
      ...process.env,
      TMPDIR: folder,
      npm_lifecycle_event: 'sandbox',
      MAIN: main,
      NODE: process.execPath,
    },
  });
  onTestFinished(() => {
    for (const { pid } of processesNaming(folder)) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  await eventually('receiver and agent run', () => {
    const commands = processesNaming(folder).map((seen) => seen.command);
    return (
      commands.some((each) => each.includes(' serve ')) &&
      commands.some((each) => each.includes('agent/main.ts run'))
    );
  });
  return { child, folder };
}

async function allGone(folder: string): Promise<void> {
  await eventually('no process left', () => processesNaming(folder).length === 0, 45);
  expect(processesNaming(folder)).toEqual([]);
}

it.runIf(process.platform === 'linux').each([
  ['the sandbox itself', process.execPath, [main]],
  ['npm, behind the shell', 'sh', ['-c', 'sh -c \'"$NODE" "$MAIN"; true\'; true']],
] as const)('when %s is killed, receiver and agents stop within seconds', async (_name, command, options) => {
  const { child, folder } = await start(command, options);
  process.kill(child.pid ?? 0, 'SIGKILL');
  await allGone(folder);
});
