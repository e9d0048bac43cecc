import { heartbeatRequest } from '../../shared/protocol/push.ts';
import { dayFromIso, instantOf, type Day } from '../../shared/runtime/paris-time.ts';
import { pauseOf } from '../forward/pause.ts';
import { declaredDuring, declaredOn } from '../care/declared.ts';
import type { ExportRow } from '../store/export-tables.ts';
import type { AliasRow, StoreTx } from '../store/store.ts';
import type { DeclaredVolume, FeedOfFacility, RejectSeen } from '../store/watch-tables.ts';
import type { AgentSign } from './causes.ts';
import { learntDays, takenOver } from './pair-facts.ts';
import { dailyFeeds } from './rhythm.ts';

/** What one look at the whole region gives, before any facility is looked at. */
export interface RegionFacts {
  readonly names: ReadonlyMap<string, string>;
  readonly pairs: readonly FeedOfFacility[];
  readonly aliases: readonly AliasRow[];
  signsOf(pair: FeedOfFacility): readonly AgentSign[];
  /** When an export of this pair was last rejected, at the agent or here; epoch ms. */
  rejectedAt(pair: FeedOfFacility): number | undefined;
  isHeld(pair: FeedOfFacility, day: Day): boolean;
  /** Visits of the day that a destination which is down or paused keeps waiting. */
  isBlocked(pair: FeedOfFacility, day: Day): boolean;
  /** What a person declared of it, as far back as habits are learnt from. */
  readonly noticeOf: (pair: FeedOfFacility, day: Day) => 'closed' | 'degraded' | null;
  annualOf(pair: FeedOfFacility): number | undefined;
  readonly blocked: readonly BlockedDestination[];
}

export interface BlockedDestination {
  readonly name: string;
  readonly feed: string;
  /** Who paused it; null: it is down. */
  readonly pausedBy: string | null;
  readonly since: number;
  readonly files: number;
  readonly records: number;
  readonly facilities: number;
}

export interface WatchedDestination {
  readonly name: string;
  readonly feed: string;
}

/** Rows looked at of each kind: a region in trouble must not make the look long. */
const most = 5000;

export async function readRegion(
  tx: StoreTx,
  destinations: readonly WatchedDestination[],
  { from, to, now }: { readonly from: Day; readonly to: Day; readonly now: number },
): Promise<RegionFacts> {
  const facilities = await tx.facilities.list();
  const aliases = await tx.facilities.aliases();
  const agents = await readAgents(tx);
  const parts = await tx.watch.parts();
  const rejects = rejectsByPair(await tx.watch.rejects(from * 86_400_000, most), parts, agents);
  const held = await heldDays(tx);
  const declared = await declaredDuring(tx, (from - learntDays) as Day, to);
  const volumes = await tx.watch.declared();
  const blocked = await readBlocked(tx, destinations, now);

  const known = await tx.watch.pairs();
  const pairs = new Map(known.map((pair) => [nameOf(pair), pair]));
  for (const { finess } of facilities)
    for (const { name: feed } of dailyFeeds)
      pairs.set(nameOf({ facility: finess, feed }), { facility: finess, feed });
  const registered = new Map(facilities.map(({ finess, name }) => [finess, name]));

  return {
    names: registered,
    pairs: [...pairs.values()].filter(({ facility }) => registered.has(facility)),
    aliases,
    signsOf: (pair) => {
      const feeding = new Set(
        parts.filter((each) => nameOf(each) === nameOf(pair)).map(({ agent }) => agent),
      );
      const own = agents.filter(({ id, facilities: allowed }) =>
        feeding.size > 0 ? feeding.has(id) : allowed.includes(pair.facility),
      );
      return own.map(({ sign }) => sign);
    },
    rejectedAt: (pair) => rejects.get(nameOf(pair)),
    isHeld: (pair, day) => held.has(`${nameOf(pair)} ${day}`),
    isBlocked: (pair, day) =>
      blocked.some(({ waiting }) =>
        waiting.some(
          ({ facility, from: first, to: last, feed }) =>
            facility === pair.facility && feed === pair.feed && day >= first && day <= last,
        ),
      ),
    noticeOf: (pair, day) => declaredOn(declared, pair, day),
    annualOf: (pair) => annualOf(volumes, aliases, pair),
    blocked: blocked.map(({ shown }) => shown),
  };
}

interface KnownAgent {
  readonly id: string;
  readonly facilities: readonly string[];
  readonly sign: AgentSign;
}

async function readAgents(tx: StoreTx): Promise<readonly KnownAgent[]> {
  const known: KnownAgent[] = [];
  for (const { id, facilities, status } of await tx.agents.list()) {
    const beat = status === 'active' ? await tx.agents.heartbeat(id) : undefined;
    known.push({ id, facilities, sign: signOf(id, beat) });
  }
  return known;
}

const spoken = heartbeatRequest.pick({ feeds: true, paused: true });

function signOf(agent: string, beat: { readonly at: number; readonly body: string } | undefined): AgentSign {
  const silent = { agent, at: beat?.at, pending: 0, oldestPendingAt: null, paused: null };
  if (beat === undefined) return silent;
  const read = spoken.safeParse(JSON.parse(beat.body));
  if (!read.success) return silent;
  const { feeds, paused } = read.data;
  const waiting = feeds.map(({ oldestPendingAt }) => oldestPendingAt).filter((at) => at !== null);
  return {
    ...silent,
    paused,
    pending: feeds.reduce((sum, { pending }) => sum + pending, 0),
    oldestPendingAt: waiting.length === 0 ? null : Math.min(...waiting),
  };
}

/** A reject at an agent names its source: the part it feeds, or the agent's only facility. */
function rejectsByPair(
  rejects: readonly RejectSeen[],
  parts: readonly (FeedOfFacility & { readonly agent: string; readonly source: string })[],
  agents: readonly KnownAgent[],
): ReadonlyMap<string, number> {
  const latest = new Map<string, number>();
  const note = (pair: FeedOfFacility, at: number): void => {
    latest.set(nameOf(pair), Math.max(at, latest.get(nameOf(pair)) ?? 0));
  };
  for (const { agent, source, facility, feed, at } of rejects) {
    if (facility !== null && feed !== null) {
      note({ facility, feed }, at);
      continue;
    }
    const fed = parts.filter((part) => part.agent === agent && part.source === source);
    for (const part of fed) note(part, at);
    const only = agents.find(({ id }) => id === agent)?.facilities ?? [];
    if (fed.length === 0 && only[0] !== undefined && only.length === 1)
      for (const each of dailyFeeds) note({ facility: only[0], feed: each.name }, at);
  }
  return latest;
}

/** Days with an open decision, and days of exports of which nothing was applied. */
async function heldDays(tx: StoreTx): Promise<ReadonlySet<string>> {
  const held = new Set<string>();
  for (const { facility, feed, day } of await tx.removals.open()) held.add(`${facility} ${feed} ${day}`);
  for (const row of await tx.exports.inState('held', most))
    if ((await tx.removals.ofExport(row.id)).length === 0)
      for (const day of await daysOf(tx, row)) held.add(`${row.facility} ${row.feed} ${day}`);
  return held;
}

async function daysOf(tx: StoreTx, row: ExportRow): Promise<readonly Day[]> {
  const staged = await tx.exports.stagedDays(row.id);
  const window = (JSON.parse(row.manifest ?? '{}') as { window?: { from: string; to: string } | null })
    .window;
  const [from, to] = [dayFromIso(window?.from ?? ''), dayFromIso(window?.to ?? '')];
  if (from === undefined || to === undefined || to - from > 400) return staged;
  const covered = Array.from({ length: to - from + 1 }, (_none, index) => (from + index) as Day);
  return [...new Set([...staged, ...covered])];
}

async function readBlocked(tx: StoreTx, destinations: readonly WatchedDestination[], now: number) {
  const blocked = [];
  for (const { name, feed } of destinations) {
    const row = await tx.destinations.get(name);
    const pause = pauseOf(row, now);
    if (row === undefined || (pause === undefined && row.breaker === 'closed')) continue;
    const waiting = (await tx.watch.waiting(name, most)).map((each) => ({ ...each, feed }));
    const shown: BlockedDestination = {
      ...{ name, feed, pausedBy: pause?.by ?? null, since: pause?.at ?? Math.min(row.since, now) },
      files: waiting.length,
      records: waiting.reduce((sum, { records }) => sum + records, 0),
      facilities: new Set(waiting.map(({ facility }) => facility)).size,
    };
    blocked.push({ shown, waiting });
  }
  return blocked;
}

/** What it declared since it took others over says it all; before that, each declared for itself. */
function annualOf(
  volumes: readonly DeclaredVolume[],
  aliases: readonly AliasRow[],
  { facility, feed }: FeedOfFacility,
): number | undefined {
  const of = (finess: string): DeclaredVolume | undefined =>
    volumes.find((each) => each.facility === finess && each.feed === feed);
  const own = of(facility);
  const olds = takenOver(facility, aliases)
    .filter(({ until }) => own === undefined || own.at < instantOf(until, 0).at)
    .flatMap(({ finess }) => of(finess) ?? []);
  const all = own === undefined ? olds : [own, ...olds];
  return all.length === 0 ? undefined : all.reduce((sum, { annual }) => sum + annual, 0);
}

export function nameOf({ facility, feed }: FeedOfFacility): string {
  return `${facility} ${feed}`;
}
