import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Child } from '../../installers/sandbox/children.ts';
import { createRegion } from '../../installers/sandbox/region.ts';
import { pause } from '../../shared/runtime/lifecycle.ts';
import { finess } from '../support/rpu-text.ts';
import { planExport } from './feed-plan.ts';
import { inFlight, judge, settled } from './invariant.ts';

/**
 * `npm run -s test:fault -- --kills N [--seed S]`: a receiver and an agent carry exports while one or the other is killed
 * (SIGKILL), at random moments and at named points, always with work in flight. Afterwards everything must be at the
 * receiver once or in a reported reject, each dispatch delivered once and whole, and both ledgers must verify.
 */
const facilities = 3;
const waitingFiles = 6;
const drainMs = 180_000;
/** Longest wait for an instance to reach its point before it is killed wherever it is. */
const armedMs = 4000;
/** Where the product may be told to die; every soak passes each of them once before it goes on at random. */
export const agentPoints = [
  ...['after-read', 'after-seal', 'before-commit', 'after-commit', 'before-send', 'after-send'],
  ...['before-accept-commit', 'after-accept-commit', 'before-archive', 'after-archive'],
];
export const receiverPoints = [
  ...['before-inbox-commit', 'after-inbox-commit', 'before-answer'],
  ...['before-apply-commit', 'after-apply-commit'],
  ...['before-delivery-rename', 'after-delivery-rename', 'before-sent-commit', 'after-sent-commit'],
];

export interface SoakResult {
  readonly line: string;
  readonly ok: boolean;
  readonly kills: number;
  readonly reached: ReadonlySet<string>;
}

export async function soak(options: {
  kills: number;
  seed: number;
  say: (line: string) => void;
}): Promise<SoakResult> {
  const random = mulberry(options.seed);
  const never = new AbortController().signal;
  const base = mkdtempSync(join(tmpdir(), 'vaguemestre-soak-'));
  const [out, drop] = [join(base, 'out'), join(base, 'drop')];
  mkdirSync(drop);
  const region = await createRegion({ outFolder: out, keep: false, ports: await freePorts(3) });
  const counts = Array.from({ length: facilities }, () => 0);
  const killed = { agent: 0, receiver: 0 };
  const reached = new Set<string>();
  const due = { agent: [...agentPoints], receiver: [...receiverPoints] };
  /** Where the next instance of a side is to die: its points in turn, then half the time one at random, else nowhere. */
  const nextPoint = (side: 'agent' | 'receiver'): string | undefined => {
    const first = due[side].shift();
    if (first !== undefined) return first;
    const points = side === 'agent' ? agentPoints : receiverPoints;
    const any = points[Math.floor(random() * points.length)] ?? '';
    return random() < 0.5 ? `${any}:${1 + Math.floor(random() * 4)}` : undefined;
  };
  try {
    await region.addFacilities(
      Array.from({ length: facilities }, (_none, n) => ({ finess: finess(700 + n), name: `SOAK ${n}` })),
    );
    let receiver: Child = await region.serve(nextPoint('receiver'));
    const agent = await region.enroll({
      name: 'soak',
      facilities: Array.from({ length: facilities }, (_none, n) => finess(700 + n)),
      sourceFolder: drop,
      ready: 'now',
      after: 'archive',
    });
    let sender: Child = agent.start(nextPoint('agent'));

    const feed = (): void => {
      for (let missing = waitingFiles - exportsIn(drop).length; missing > 0; missing -= 1) {
        const facility = Math.floor(random() * facilities);
        const planned = planExport(facility, counts[facility] ?? 0);
        counts[facility] = (counts[facility] ?? 0) + 1;
        writeFileSync(join(drop, `${planned.name}.tmp`), planned.content);
        renameSync(join(drop, `${planned.name}.tmp`), join(drop, planned.name));
      }
    };

    /** A point that a running child has been given, and that it has still to come to. */
    const isUnder = ({ crashAt }: Child): boolean => crashAt?.includes(':') === false;
    const isDone = (): boolean =>
      killed.agent + killed.receiver >= options.kills &&
      due.agent.length + due.receiver.length === 0 &&
      ![sender, receiver].some(isUnder);
    for (let attempts = 0; !isDone() && attempts < options.kills * 6; attempts += 1) {
      feed();
      const chosen = random() < 0.5 ? 'agent' : 'receiver';
      const isArmed = (chosen === 'agent' ? sender : receiver).crashAt !== undefined;
      const feeding = setInterval(feed, 100);
      const waitMs = isArmed ? armedMs : 50 + random() * 900;
      await Promise.race([pause(waitMs, never), sender.ended, receiver.ended]);
      clearInterval(feeding);
      const busy = inFlight({ agentState: agent.stateFolder, drop });
      const side = sender.hasExited() ? 'agent' : receiver.hasExited() ? 'receiver' : chosen;
      const victim = side === 'agent' ? sender : receiver;
      if (victim.crashAt !== undefined) {
        if (victim.hasExited()) reached.add(victim.crashAt.replace(/:.*/, ''));
        else if (!victim.crashAt.includes(':')) due[side].push(victim.crashAt);
      }
      victim.kill();
      await victim.ended;
      if (busy) killed[side] += 1;
      if (side === 'agent') sender = agent.start(nextPoint(side));
      else receiver = await region.serve(nextPoint(side));
      if (attempts % 20 === 19)
        options.say(
          `${killed.agent + killed.receiver} kills, ${counts.reduce((a, b) => a + b)} exports dropped`,
        );
    }

    // The last instances may still be armed: give them clean successors, then let everything through.
    for (const child of [sender, receiver]) {
      child.kill();
      await child.ended;
    }
    receiver = await region.serve();
    sender = agent.start();
    const deadline = performance.now() + drainMs;
    while (
      !settled({ agentState: agent.stateFolder, drop, receiverState: region.receiverState }) &&
      performance.now() < deadline
    )
      await pause(200, never);
    await sender.stop();
    const verified = [await agent.verify(), await region.verify()];
    await receiver.stop();

    const verdict = judge({
      facilities,
      counts,
      out,
      agentState: agent.stateFolder,
      receiverState: region.receiverState,
    });
    const kills = killed.agent + killed.receiver;
    const faults = [
      ...verdict.faults,
      ...verified.flatMap((each) => (each.code === 0 ? [] : [`verify: ${each.stdout}`])),
    ];
    faults.forEach(options.say);
    return {
      line: `kills ${kills}, lost ${verdict.lost}, duplicated ${verdict.duplicated}, half-written ${verdict.halfWritten}, records ${verdict.records}, agent-kills ${killed.agent}, receiver-kills ${killed.receiver}, seed ${options.seed}`,
      ok:
        kills >= options.kills &&
        faults.length === 0 &&
        verdict.lost + verdict.duplicated + verdict.halfWritten === 0,
      kills,
      reached,
    };
  } finally {
    await region.close();
    rmSync(base, { recursive: true, force: true });
  }
}

function exportsIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.xml'))
    .map((entry) => entry.name);
}

async function freePorts(n: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: n },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** mulberry32: a seed gives the same soak again. */
function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { kills: { type: 'string', default: '200' }, seed: { type: 'string' } },
  });
  const seed = values.seed === undefined ? Date.now() & 0x7fffffff : Number(values.seed);
  const result = await soak({
    kills: Number(values.kills),
    seed,
    say: (line) => process.stderr.write(`${line}\n`),
  });
  process.stderr.write(`named points reached: ${[...result.reached].sort().join(', ')}\n`);
  process.stdout.write(`${result.line}\n`);
  process.exitCode = result.ok ? 0 : 1;
}
