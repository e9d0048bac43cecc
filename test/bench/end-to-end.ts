import { measured, type Measurement } from './document.ts';
import type { FigureId } from './figures.ts';
import { createLiveRegion, type RunningAgent } from './live-region.ts';
import { costOf } from './process-cost.ts';
import { createStageKit, describeStages, microsecondsPerRecord } from './stage-kit.ts';
import { agentStages } from './stages-agent.ts';
import { receiverStages } from './stages-receiver.ts';
import { median } from './statistics.ts';
import { createSupply, filesOf } from './supply.ts';
import type { GeneratedExport } from '../../installers/sandbox/exports.ts';

/** What a round of files cost from the folder to the last receipt. */
export interface Carried {
  readonly records: number;
  readonly seconds: number;
  readonly agentCpuMs: number;
  readonly receiverCpuMs: number;
}

/** Drops files before a running agent and waits until everything about them is settled. `before`: exports it took earlier. */
export async function carry(
  agent: RunningAgent,
  receiverPid: number,
  files: readonly GeneratedExport[],
  before: number,
): Promise<Carried> {
  const ready = await agent.prepare(files);
  const [agentBefore, receiverBefore] = [await costOf(agent.pid), await costOf(receiverPid)];
  const start = performance.now();
  await ready.drop();
  await agent.settled(before + files.length);
  const seconds = (performance.now() - start) / 1000;
  const [agentAfter, receiverAfter] = [await costOf(agent.pid), await costOf(receiverPid)];
  return {
    records: files.reduce((sum, { visits }) => sum + visits, 0),
    seconds,
    agentCpuMs: agentAfter.cpuMs - agentBefore.cpuMs,
    receiverCpuMs: receiverAfter.cpuMs - receiverBefore.cpuMs,
  };
}

export interface EndToEndOptions {
  readonly size: 100 | 1000;
  readonly rounds: number;
  readonly files: number;
  /** How many of a round's files the stages are measured over. */
  readonly sample: number;
  readonly say: (line: string) => void;
}

/** Real processes and, between their rounds, the same stages alone in this one. A first round is not counted: start-up. */
export async function measureEndToEnd(options: EndToEndOptions): Promise<ReadonlyMap<FigureId, Measurement>> {
  const { size, rounds, files, sample, say } = options;
  const supply = createSupply({ first: 100, facilities: 5, ...filesOf[size] });
  const live = await createLiveRegion([supply.facilities]);
  try {
    const agent = await live.agents[0]?.start();
    if (agent === undefined) throw new Error('no agent');
    const kit = await createStageKit(live);
    const [rates, agentRatios, receiverRatios]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round <= rounds; round += 1) {
      const exports = supply.next(files);
      const carried = await carry(agent, live.receiverPid, exports, round * files);
      const inAgent = await agentStages(kit, exports.slice(0, sample));
      const inReceiver = await receiverStages(kit, inAgent.envelopes);
      if (round === 0) continue;
      const [agentUs, receiverUs] = [carried.agentCpuMs, carried.receiverCpuMs].map(
        (ms) => (ms * 1000) / carried.records,
      ) as [number, number];
      rates.push(carried.records / carried.seconds);
      agentRatios.push(agentUs / microsecondsPerRecord(inAgent.costs));
      receiverRatios.push(receiverUs / microsecondsPerRecord(inReceiver));
      say(
        `${size} a file, round ${round}: ${Math.round(rates.at(-1) ?? 0)} records/s; CPU µs a record:` +
          ` agent ${agentUs.toFixed(1)} (alone: ${describeStages(inAgent.costs)});` +
          ` receiver ${receiverUs.toFixed(1)} (alone: ${describeStages(inReceiver)})`,
      );
    }
    await kit.close();
    say(
      `${size} a file: agent ${median(agentRatios).toFixed(2)}, receiver ${median(receiverRatios).toFixed(2)} × stages`,
    );
    return new Map<FigureId, Measurement>([
      [`e2e-records-${size}`, measured(...rates)],
      [`agent-cpu-ratio-${size}`, measured(...agentRatios)],
      [`receiver-cpu-ratio-${size}`, measured(...receiverRatios)],
    ]);
  } finally {
    await live.close();
  }
}
