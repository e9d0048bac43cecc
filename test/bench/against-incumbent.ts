import { carry } from './end-to-end.ts';
import { findTools, startIncumbent } from './incumbent.ts';
import { createLiveRegion } from './live-region.ts';
import { createSupply, filesOf } from './supply.ts';

const filesPerRound = 200;

export type Comparison =
  | { readonly kind: 'compared'; readonly files: readonly number[]; readonly cpu: readonly number[] }
  | { readonly kind: 'skipped'; readonly reason: string };

/** The same files, round by round, through the incumbent and then through the product: files/s and CPU per file. */
export async function compareWithIncumbent(rounds: number, say: (line: string) => void): Promise<Comparison> {
  const tools = await findTools();
  if (tools === undefined) return { kind: 'skipped', reason: 'gpg, sshd and sftp must be installed' };
  const supply = createSupply({ first: 600, facilities: 5, ...filesOf[100] });
  const live = await createLiveRegion([supply.facilities]);
  try {
    const incumbent = await startIncumbent(tools);
    try {
      const agent = await live.agents[0]?.start();
      if (agent === undefined) throw new Error('no agent');
      await carry(agent, live.receiverPid, supply.next(filesPerRound), 0);
      const [ratios, cpu]: [number[], number[]] = [[], []];
      for (let round = 1; round <= rounds; round += 1) {
        const files = supply.next(filesPerRound);
        const theirs = await incumbent.carry(files);
        const ours = await carry(agent, live.receiverPid, files, round * filesPerRound);
        const oursCpuMs = ours.agentCpuMs + ours.receiverCpuMs;
        ratios.push(theirs.seconds / ours.seconds);
        cpu.push(oursCpuMs / theirs.cpuMs);
        const rate = (seconds: number): string => (filesPerRound / seconds).toFixed(1);
        const each = (ms: number): string => (ms / filesPerRound).toFixed(1);
        say(
          `gpg + sftp, round ${round}: ${rate(theirs.seconds)} files/s, ${each(theirs.cpuMs)} ms CPU a file;` +
            ` here ${rate(ours.seconds)} files/s, ${each(oursCpuMs)} ms`,
        );
      }
      return { kind: 'compared', files: ratios, cpu };
    } finally {
      await incumbent.close();
    }
  } finally {
    await live.close();
  }
}
