import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { carry } from './end-to-end.ts';
import { createLiveRegion } from './live-region.ts';
import { hasCommand } from './commands.ts';
import { createSupply, filesOf } from './supply.ts';

const filesPerRound = 400;

export type SyncRounds =
  | { readonly kind: 'counted'; readonly agent: readonly number[]; readonly receiver: readonly number[] }
  | { readonly kind: 'skipped'; readonly reason: string };

/** Counts the syncs of either database while many small files are carried: one envelope a file. */
export async function measureSyncs(rounds: number): Promise<SyncRounds> {
  if (!(await hasCommand('strace'))) return { kind: 'skipped', reason: 'strace is not installed' };
  const supply = createSupply({ first: 400, facilities: 5, ...filesOf[10] });
  const live = await createLiveRegion([supply.facilities]);
  try {
    const agent = await live.agents[0]?.start();
    if (agent === undefined) throw new Error('no agent');
    const folder = await live.scratch('syncs');
    const counts: { agent: number[]; receiver: number[] } = { agent: [], receiver: [] };
    await carry(agent, live.receiverPid, supply.next(filesPerRound), 0);
    for (let round = 1; round <= rounds; round += 1) {
      const onAgent = await trace(agent.pid, join(folder, `agent-${round}`));
      const onReceiver = await trace(live.receiverPid, join(folder, `receiver-${round}`));
      if (onAgent === undefined || onReceiver === undefined) {
        await Promise.all([onAgent?.end(), onReceiver?.end()]);
        return { kind: 'skipped', reason: 'strace may not attach to processes here' };
      }
      await carry(agent, live.receiverPid, supply.next(filesPerRound), round * filesPerRound);
      counts.agent.push((await onAgent.end()) / filesPerRound);
      counts.receiver.push((await onReceiver.end()) / filesPerRound);
    }
    return { kind: 'counted', ...counts };
  } finally {
    await live.close();
  }
}

interface Trace {
  /** Lets the process go and answers how many syncs of a database there were. */
  end(): Promise<number>;
}

async function trace(pid: number, output: string): Promise<Trace | undefined> {
  const tracer = spawn(
    'strace',
    ['-f', '-y', '-e', 'trace=fsync,fdatasync', '-o', output, '-p', String(pid)],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = once(tracer, 'close');
  // It says "Process N attached", or why it could not.
  const [said] = (await Promise.race([once(tracer.stderr, 'data'), ended])) as [unknown];
  if (!String(said).includes('attached')) {
    tracer.kill('SIGKILL');
    await ended;
    return undefined;
  }
  return {
    end: async () => {
      tracer.kill('SIGINT');
      await ended;
      const lines = (await readFile(output, 'utf8')).split('\n');
      return lines.filter((line) => /f(?:data)?sync\(\d+<[^>]*\.db(?:-wal)?>/.test(line)).length;
    },
  };
}
