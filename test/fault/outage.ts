import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { destination as settingsOf } from '../../receiver/config-destinations.ts';
import type { Destination } from '../../receiver/forward/destination.ts';
import { openDestination, openParcels } from '../../receiver/forward/open-destination.ts';
import type { Store } from '../../receiver/store/store.ts';
import { transient } from '../../shared/runtime/errors.ts';
import { createRig, noise, type Rig } from '../peers/rig.ts';

/**
 * Thirty days of a region with three destinations, in a process of its own so that its memory can be bounded and
 * measured. One line of JSON on stdout. `down`: one destination fails all that time, refusing to open for the first half
 * of it, failing every file in the second; then it is back.
 */
export interface OutageRun {
  readonly destinations: Readonly<Record<string, DestinationRun>>;
  /** Bytes that waited when the destination came back. */
  readonly queuedBytes: number;
  /** Resident bytes above what the process took before anything was queued. */
  readonly grownBytes: number;
}

export interface DestinationRun {
  /** Names in the order they were delivered. */
  readonly delivered: readonly string[];
  /** Deliveries tried, and whether each was let through. */
  readonly tries: number;
  readonly commits: number;
  readonly forwardedOnce: boolean;
  /** Final names at the agency whose content is what was composed, and names that are not. */
  readonly whole: number;
  readonly wrong: readonly string[];
  /** The breaker, each time it was found changed. */
  readonly breaker: readonly string[];
  /** The most that the first waiting file was tried. */
  readonly attempts: number;
}

export const plan = {
  days: 30,
  facilities: 12,
  /** A file for the one that goes down, and for the two others. */
  bytes: { late: 600_000, oscour: 8000, beds: 2000 },
  /** Seconds between tries, at most. */
  maxWaitSeconds: 3600,
} as const;
type Name = keyof typeof plan.bytes;
const names = ['oscour', 'late', 'beds'] as const satisfies readonly Name[];
const stepMs = 10 * 60_000;
const dayMs = 86_400_000;

if (import.meta.main) process.stdout.write(`${JSON.stringify(await run(process.argv[2] === 'down'))}\n`);

async function run(down: boolean): Promise<OutageRun> {
  const rig = await createRig();
  try {
    const start = rig.clock.now();
    const failing = (): 'open' | 'deliver' | undefined => {
      const day = (rig.clock.now() - start) / dayMs;
      if (!down || day >= plan.days) return undefined;
      return day < plan.days / 2 ? 'open' : 'deliver';
    };
    const lines = names.map((name) => lineOf(rig, name, name === 'late' ? failing : () => undefined));
    const passes = async (): Promise<void> => {
      for (const line of lines) await line.drain();
    };
    const rss = (): number => process.memoryUsage().rss;
    let most = 0;
    let before = 0;
    let queuedBytes = 0;
    for (let day = 0; day < plan.days; day += 1) {
      for (const line of lines) await line.compose(day);
      for (let at = 0; at < dayMs; at += stepMs) {
        await passes();
        rig.clock.advance(stepMs);
      }
      if (day === 0) before = rss();
      most = Math.max(most, rss());
    }
    queuedBytes = (await lines[1]?.waitingBytes()) ?? 0;
    for (let round = 0; round < 200; round += 1) {
      await passes();
      rig.clock.advance(stepMs);
      most = Math.max(most, rss());
    }
    const seen = await Promise.all(lines.map((line) => line.seen()));
    return {
      destinations: Object.fromEntries(
        names.map((name, index) => [name, seen[index]]),
      ) as OutageRun['destinations'],
      queuedBytes,
      grownBytes: most - before,
    };
  } finally {
    await rig.close();
  }
}

function lineOf(rig: Rig, name: Name, failing: () => 'open' | 'deliver' | undefined) {
  const folder = join(rig.folder, name);
  const settings = settingsOf.parse({
    ...{ name, feed: 'ed-visits', format: 'oscour-xml', transport: { kind: 'directory', folder } },
    retry: { firstSeconds: 60, maxSeconds: plan.maxWaitSeconds },
  });
  const real = openDestination(settings);
  if (real === undefined) throw new Error('a directory is delivered to');
  const delivered: string[] = [];
  const breaker: string[] = ['closed'];
  let tries = 0;
  let commits = 0;
  let attempts = 0;
  const look = async (): Promise<void> => {
    const found = (await rig.state(name))?.breaker ?? 'closed';
    if (found !== breaker.at(-1)) breaker.push(found);
  };
  const store: Store = {
    ...rig.store,
    transaction: (work) => {
      commits += 1;
      return rig.store.transaction(work);
    },
  };
  const destination: Destination = {
    ...real,
    open: async () => {
      if (failing() !== 'open') return real.open();
      tries += 1;
      throw transient('delivery-unavailable', { facts: { destination: name, reason: 'ECONNREFUSED' } });
    },
    deliver: async (files, signal) => {
      tries += 1;
      await look();
      if (failing() === 'deliver')
        return {
          delivered: 0,
          fault: transient('delivery-unavailable', { facts: { destination: name, reason: 'ECONNRESET' } }),
        };
      const report = await real.deliver(files, signal);
      delivered.push(...files.slice(0, report.delivered).map((file) => file.name));
      return report;
    },
  };
  const { firstSeconds, maxSeconds } = settings.retry;
  const retry = { firstMs: firstSeconds * 1000, maxMs: maxSeconds * 1000, attempts: undefined };
  const forwarder = rig.forwarder(destination, () => openParcels(settings), { store, retry });
  const fileOf = (day: number, facility: number): { name: string; content: Buffer } => {
    const file = `R_${String(facility).padStart(2, '0')}_${String(day).padStart(2, '0')}.xml`;
    return { name: file, content: noise(`${name}/${file}`, plan.bytes[name]) };
  };
  mkdirSync(folder, { recursive: true });

  return {
    compose: async (day: number): Promise<void> => {
      for (let facility = 0; facility < plan.facilities; facility += 1)
        await rig.compose(name, [fileOf(day, facility)]);
    },
    drain: async (): Promise<void> => {
      const never = new AbortController().signal;
      for (let more = true; more;) {
        more = await forwarder.step(never);
        await look();
      }
      const [first] = await rig.store.read((tx) => tx.dispatches.inDelivery(name, 'waiting', 0, 1));
      attempts = Math.max(attempts, first?.attempts ?? 0);
    },
    waitingBytes: async (): Promise<number> => {
      const { waiting } = await rig.store.read((tx) => tx.dispatches.countsOf(name));
      return waiting * plan.bytes[name];
    },
    seen: async (): Promise<DestinationRun> => {
      const found = readdirSync(folder);
      const expected = new Map(
        Array.from({ length: plan.days * plan.facilities }, (_none, index) =>
          fileOf(Math.floor(index / plan.facilities), index % plan.facilities),
        ).map((file) => [file.name, hash('sha256', file.content, 'hex')]),
      );
      const wrong = found.filter(
        (file) => hash('sha256', readFileSync(join(folder, file)), 'hex') !== expected.get(file),
      );
      const receipts = await rig.forwarded(name);
      return {
        ...{ delivered, tries, commits, breaker, attempts, wrong, whole: found.length - wrong.length },
        forwardedOnce:
          receipts.size === expected.size && [...receipts.values()].every((count) => count === 1),
      };
    },
  };
}
