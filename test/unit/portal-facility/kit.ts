import {
  dayToFrench,
  dayToIso,
  instantOf,
  parseFrenchDateTime,
  type Day,
} from '../../../shared/runtime/paris-time.ts';
import { createWatcher } from '../../../receiver/monitor/watcher.ts';
import { createWatchRules } from '../../../receiver/monitor/settings.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { agent, hourMs, openRig, type Rig } from '../apply/rig.ts';
import { dayAt, running } from '../calendar/kit.ts';
import { quiet } from '../receiver/lab.ts';
import { createPortalLab, type PortalLab, type PortalLabOptions } from '../../support/portal/portal-lab.ts';

export const [own, foreign] = ['990000010', '990000028'] as const;
export const feed = 'ed-visits';
/** A Friday, 07:30 in Paris: Thursday was due at 05:00. */
export const today = dayAt('2026-11-20');
export const yesterday = (today - 1) as Day;
export const now = instantOf(today, 7.5 * hourMs).at;

export interface FacilityLab extends PortalLab {
  readonly rig: Rig;
  /** An export of whole days, received so many hours after the last one ended. */
  send(from: Day, counts: readonly number[], hours?: number): Promise<string>;
  heartbeat(at?: number, change?: Readonly<Record<string, unknown>>): Promise<void>;
  /** What the watching loop would have noted. */
  watch(): Promise<void>;
  /** Counts of past days, told by a person. */
  remember(from: Day, to: Day, countOf: (day: Day) => number, facility?: string): Promise<void>;
}

export async function openFacilityLab(
  options: PortalLabOptions & { readonly name?: string; readonly withoutAgent?: boolean } = {},
): Promise<FacilityLab> {
  const lab = await createPortalLab({ startAt: now, ...options });
  const rig = await openRig({ store: lab.store, facility: own });
  const name = options.name ?? 'CH de Montrevel';
  await lab.store.transaction(async (tx) => {
    await tx.facilities.put({ finess: own, name, key: Buffer.alloc(32, 3), addedAt: 1 });
    await tx.facilities.put({
      finess: foreign,
      name: 'Clinique voisine',
      key: Buffer.alloc(32, 4),
      addedAt: 1,
    });
    if (options.withoutAgent === true)
      await tx.agents.put({ id: agent, name: 'A', status: 'active', facilities: [foreign], createdAt: 1 });
  });
  return {
    ...lab,
    rig,
    send: async (from, counts, hours = 2) => {
      const to = (from + counts.length - 1) as Day;
      const at = instantOf((to + 1) as Day, 0).at + hours * hourMs;
      rig.clock.set(at - hourMs);
      const bodies = counts.flatMap((count, index) => visitsOf((from + index) as Day, count));
      const window = { from: dayToIso(from), to: dayToIso(to) };
      return (await rig.send({ bodies, manifest: { window, extract: { text: 'x', at } } })).id;
    },
    heartbeat: (at = now - 40_000, change = {}) =>
      lab.store.transaction((tx) =>
        tx.agents.putHeartbeat(agent, at, JSON.stringify({ ...beat, at, ...change })),
      ),
    watch: async () => {
      const { watching, destinations } = lab.config;
      const clock = { now: () => lab.clock.now(), monotonic: () => 0 };
      const rules = createWatchRules(watching);
      const watcher = createWatcher({ store: lab.store, clock, logger: quiet, rules, destinations });
      while (await watcher.step(running));
    },
    remember: (from, to, countOf, facility = own) => remember(lab.store, facility, { from, to }, countOf),
  };
}

const beat = {
  ...{ version: '1.4.2', clockOffsetMs: 200, certificateUntil: now + 212 * 24 * hourMs + hourMs },
  feeds: [{ feed, epoch: 1, seq: 12, pending: 0, oldestPendingAt: null }],
  ...{ freeDiskBytes: 61e9, paused: null, rejectedExports: [], bundleVersion: 1 },
};

async function remember(
  store: Store,
  facility: string,
  { from, to }: { readonly from: Day; readonly to: Day },
  countOf: (day: Day) => number,
): Promise<void> {
  const days = Array.from({ length: to - from + 1 }, (_none, index) => {
    const day = (from + index) as Day;
    return { day, count: countOf(day), counts: spread(countOf(day)), extract: 1 };
  });
  await store.transaction((tx) => tx.watch.putImported(facility, feed, days));
}

/** Visits of a day, evenly over its 24 hours; the first ones are the same whatever their number. */
function visitsOf(day: Day, count: number): readonly string[] {
  return Array.from({ length: count }, (_none, n) => {
    const minute = Math.floor(((n * 0.618034) % 1) * 1440);
    const text = `${dayToFrench(day)} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
    const at = parseFrenchDateTime(text)?.at;
    const birthDate = `0${(n % 9) + 1}/01/${1930 + (n % 80)}`;
    return JSON.stringify({ facility: own, birthDate, sex: 'F', arrivedAt: { text, at } });
  });
}

function spread(count: number): readonly number[] {
  return Array.from(
    { length: 24 },
    (_none, hour) => Math.floor(((hour + 1) * count) / 24) - Math.floor((hour * count) / 24),
  );
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
