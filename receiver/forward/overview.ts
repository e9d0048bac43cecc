import { feedNamed } from '../../shared/feeds/registry.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { asFault } from '../../shared/runtime/errors.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import type { ReceiverConfig } from '../config.ts';
import type { DestinationConfig } from '../config-destinations.ts';
import { isSealed, keyFault } from './protection/agency-key.ts';
import { approvalsOf, approversNeeded } from './protection/approvals.ts';
import { inspectKey } from './protection/inspect-key.ts';
import { pauseOf } from './pause.ts';
import { removedDestinations, type RemovedDestination } from './removed-destinations.ts';
import { dispatchTargets } from './targets.ts';
import type { DestinationRow } from '../store/destination-tables.ts';
import type { DeliveryState, DispatchRow } from '../store/dispatch-table.ts';
import type { StoreTx } from '../store/store.ts';

/** How one destination stands, for `destination list` and `status`. Instants in ISO, for programs. */
export interface DestinationOverview {
  readonly name: string;
  readonly owner: string | null;
  readonly feed: string;
  /** Name and version dispatches are composed in now. */
  readonly format: string;
  readonly next: { readonly version: string; readonly from: string } | null;
  readonly transport: DestinationConfig['transport']['kind'];
  readonly protection: DestinationConfig['protection']['kind'];
  /** Null: at each change. */
  readonly calendar: { readonly cron: string; readonly zone: string } | null;
  /** Null: all. */
  readonly facilities: number | null;
  readonly counts: Readonly<Record<DeliveryState, number>>;
  readonly breaker: DestinationRow['breaker'];
  /** Faults in a row; 0 when all is well. */
  readonly failures: number;
  readonly since: string | null;
  readonly nextAttemptAt: string | null;
  readonly code: string | null;
  /** The dispatch at the head of the queue, when trying it failed. */
  readonly blocked: { readonly file: string; readonly attempts: number; readonly code: string } | null;
  readonly pausedBy: string | null;
  readonly pausedAt: string | null;
  readonly pausedUntil: string | null;
  readonly pauseReason: string | null;
  /** Among the latest dispatches of the region; null when there is none of this destination. */
  readonly lastSentAt: string | null;
  /** Not overtaken by a later dispatch of the same days; 100 at most are counted. */
  readonly dead: number;
  readonly refused: number;
  readonly overdue: {
    readonly count: number;
    readonly hours: number;
    readonly file: string;
    readonly sentAt: string;
  } | null;
  readonly key: KeyOverview | null;
}

export interface KeyOverview {
  readonly fingerprint: string | null;
  readonly expiresAt: string | null;
  readonly approvedBy: readonly string[];
  readonly needed: number;
  /** Why it cannot be used. */
  readonly code: string | null;
  /** Of that fault: the file, the fingerprints, the dates. */
  readonly facts: Readonly<Record<string, string | number>>;
}

export interface DestinationsOverview {
  readonly destinations: readonly DestinationOverview[];
  readonly removed: readonly RemovedDestination[];
}

const looked = 100;
const answersLooked = 1000;
const hourMs = 3_600_000;

/** What is read from files, before the store is. */
export interface FileFacts {
  readonly format: string;
  readonly key: {
    readonly fingerprint: string | null;
    readonly expiresAt: number | null;
    readonly code: string | null;
    readonly facts: Readonly<Record<string, string | number>>;
  } | null;
}

export async function fileFacts(
  { destinations }: ReceiverConfig,
  clock: Clock,
): Promise<ReadonlyMap<string, FileFacts>> {
  const facts = new Map<string, FileFacts>();
  for (const settings of destinations)
    facts.set(settings.name, {
      format: await formatOf(settings, clock.now()),
      key: await keyOf(settings, clock),
    });
  return facts;
}

async function formatOf(settings: DestinationConfig, now: number): Promise<string> {
  try {
    const [target] = await dispatchTargets([settings]);
    const format = target?.formatAt(now);
    if (format !== undefined) return `${format.name} ${format.version}`;
  } catch {
    // Its fault stops `serve`, which says it; here the settings are shown as they are.
  }
  return `${settings.format.name} ${settings.format.version ?? ''}`.trimEnd();
}

async function keyOf(settings: DestinationConfig, clock: Clock): Promise<FileFacts['key']> {
  if (!isSealed(settings)) return null;
  try {
    const key = await inspectKey(settings, clock);
    if (key === undefined) return null;
    const { fingerprint, expiresAt } = key;
    const fault = keyFault(key, settings, clock.now());
    return { fingerprint, expiresAt, code: fault?.code ?? null, facts: fault?.facts ?? {} };
  } catch (error) {
    const { code, facts } = asFault(error);
    return { fingerprint: null, expiresAt: null, code, facts };
  }
}

export async function overviewOf(
  tx: StoreTx,
  { destinations }: ReceiverConfig,
  files: ReadonlyMap<string, FileFacts>,
  now: number,
): Promise<DestinationsOverview> {
  const found: DestinationOverview[] = [];
  for (const settings of destinations) {
    const facts = files.get(settings.name);
    found.push(
      await oneOf(tx, settings, facts, (await tx.dispatches.lastSentAt(settings.name)) ?? null, now),
    );
  }
  return { destinations: found, removed: await removedDestinations(tx, destinations) };
}

function isoOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

async function oneOf(
  tx: StoreTx,
  settings: DestinationConfig,
  files: FileFacts | undefined,
  lastSentAt: number | null,
  now: number,
): Promise<DestinationOverview> {
  const { name, owner, feed, format, transport, protection, schedule, facilities } = settings;
  const row = await tx.destinations.get(name);
  const pause = pauseOf(row, now);
  const [first] = await tx.dispatches.due(name, 1);
  return {
    ...{ name, owner: owner ?? null, feed, format: files?.format ?? format.name },
    next: format.next === undefined ? null : { version: format.next.version, from: format.next.from },
    ...{ transport: transport.kind, protection: protection.kind },
    calendar: schedule.kind === 'calendar' ? { cron: schedule.cron, zone: schedule.zone } : null,
    facilities: facilities?.length ?? null,
    counts: await tx.dispatches.countsOf(name),
    ...{ breaker: row?.breaker ?? 'closed', failures: row?.failures ?? 0, code: row?.code ?? null },
    since: isoOf(row === undefined || row.since === 0 ? null : row.since),
    nextAttemptAt: isoOf(row === undefined || row.nextAttemptAt <= now ? null : row.nextAttemptAt),
    blocked:
      first === undefined || first.attempts === 0 || first.code === null
        ? null
        : { file: first.name, attempts: first.attempts, code: first.code },
    ...{ pausedBy: pause?.by ?? null, pausedAt: isoOf(pause?.at ?? null) },
    ...{ pausedUntil: isoOf(pause?.until ?? null), pauseReason: pause?.reason ?? null },
    lastSentAt: isoOf(lastSentAt),
    dead: await standing(tx, name, 'dead'),
    refused: await standing(tx, name, 'refused'),
    overdue: await overdueOf(tx, settings, now),
    key: await keyOverview(tx, name, files?.key ?? null),
  };
}

/** How many of the first ones still stand: a later dispatch that covers all of their days has taken their place. */
async function standing(tx: StoreTx, name: string, state: 'dead' | 'refused'): Promise<number> {
  let count = 0;
  for (const row of await tx.dispatches.inDelivery(name, state, 0, looked))
    if (!(await isOvertaken(tx, row))) count += 1;
  return count;
}

/** The newest dispatches looked at for one that failed. */
const laterLooked = 200;

async function isOvertaken(tx: StoreTx, row: DispatchRow): Promise<boolean> {
  const { facility, feed, destination, from, to } = row;
  // A snapshot's dispatch is the whole state, whatever its days.
  const whole = feedNamed(feed)?.replacement === 'snapshot';
  const days = whole ? { from: firstDay, to: lastDay } : { from, to };
  const touching = await tx.coverage.touching(
    { facility, feed, destination, ...days },
    Number.MAX_SAFE_INTEGER,
    whole ? 1 : laterLooked,
  );
  const later = touching.filter(({ id }) => id > row.id);
  if (whole) return later.length > 0;
  for (let day = from; day <= to; day = (day + 1) as Day)
    if (!later.some((each) => each.from <= day && day <= each.to)) return false;
  return true;
}

const firstDay = -400_000 as Day;
const lastDay = 400_000 as Day;

async function overdueOf(
  tx: StoreTx,
  { name, acknowledgement }: DestinationConfig,
  now: number,
): Promise<DestinationOverview['overdue']> {
  if (acknowledgement.kind === 'none') return null;
  const hours = acknowledgement.withinHours;
  const late = (await tx.dispatches.inDelivery(name, 'sent', 0, answersLooked)).filter(
    ({ sentAt }) => sentAt !== null && sentAt < now - hours * hourMs,
  );
  const [oldest] = late;
  if (oldest === undefined) return null;
  const sentAt = new Date(oldest.sentAt ?? 0).toISOString();
  return { count: late.length, hours, file: oldest.name, sentAt };
}

async function keyOverview(tx: StoreTx, name: string, key: FileFacts['key']): Promise<KeyOverview | null> {
  if (key === null) return null;
  const approvedBy =
    key.fingerprint === null ? [] : approvalsOf(await tx.destinations.approvals(name), key.fingerprint);
  return {
    ...{ fingerprint: key.fingerprint, expiresAt: isoOf(key.expiresAt) },
    ...{ code: key.code, facts: key.facts },
    ...{ approvedBy: approvedBy.map(({ person }) => person), needed: approversNeeded },
  };
}
