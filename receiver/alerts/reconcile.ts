import type { AlertsConfig } from '../config-alerts.ts';
import type { AlertEventKind, AlertRow } from '../store/alert-tables.ts';
import type { StoreTx } from '../store/store.ts';
import { gatherCommonCause } from './common-cause.ts';
import { familyOf, type Condition } from './condition.ts';
import { isCovered } from './passed.ts';
import type { Situation } from './read-conditions.ts';

/**
 * Makes the alerts agree with what is wrong now: opened, changed, coming back, about to close. What is told of it is
 * decided afterwards (telling.ts), in the same transaction.
 */
export interface Reconciled {
  readonly open: readonly AlertRow[];
  /** Told, and over: who was told is told that too. */
  readonly recovered: readonly AlertRow[];
}

const mostOpen = 5000;
const dayMs = 24 * 3_600_000;
const longestHoldMs = 6 * 3_600_000;

export async function reconcile(
  tx: StoreTx,
  situation: Situation,
  settings: Pick<AlertsConfig, 'holdMinutes' | 'together'>,
  now: number,
): Promise<Reconciled> {
  const before = await tx.alerts.open(mostOpen);
  const { conditions, gathered } = gatherCommonCause(
    situation.conditions,
    before,
    settings.together,
    situation.connected,
  );
  const open: AlertRow[] = [];
  const recovered: AlertRow[] = [];
  const matched = new Set<number>();
  for (const condition of conditions) {
    const alert = matchOf(condition, before, conditions, matched);
    if (alert !== undefined) matched.add(alert.id);
    const row =
      alert === undefined ? await appear(tx, condition, now) : await update(tx, alert, condition, now);
    if (row !== undefined) open.push(row);
  }
  for (const alert of before.filter(({ id }) => !matched.has(id))) {
    const row = await fade(tx, alert, { now, gathered, settings });
    if (row.closedAt === null) open.push(row);
    else if (row.toldAt !== null) recovered.push(row);
  }
  for (const passed of situation.passed.conditions) {
    if (isCovered([...before, ...open], passed.facility, passed.cause)) continue;
    const row = await appear(tx, passed, now);
    if (row !== undefined) await close(tx, row, 'recovered', now);
  }
  return { open, recovered };
}

/** How long a change must last before it is believed: longer each time that it did not. */
export function holdMs(
  { state, returns }: Pick<AlertRow, 'state' | 'returns'>,
  { holdMinutes }: Pick<AlertsConfig, 'holdMinutes'>,
): number {
  // A held export waits for a person: it does not pass by itself.
  const first = state === 'held' ? 0 : holdMinutes * 60_000;
  return Math.min(longestHoldMs, first * 2 ** Math.min(returns, 10));
}

/** The alert with its key; else one of the same trouble of this facility that now shows itself otherwise. */
function matchOf(
  condition: Condition,
  before: readonly AlertRow[],
  conditions: readonly Condition[],
  matched: ReadonlySet<number>,
): AlertRow | undefined {
  const same = before.find(({ key }) => key === condition.key);
  if (same !== undefined || condition.kind !== 'facility') return same;
  const family = familyOf(condition.cause);
  if (family === 'other') return undefined;
  return before.find(
    (alert) =>
      !matched.has(alert.id) &&
      alert.kind === 'facility' &&
      alert.facility === condition.facility &&
      familyOf(alert.cause) === family &&
      (alert.feed === null || condition.feed === null) &&
      !conditions.some(({ key }) => key === alert.key),
  );
}

async function appear(tx: StoreTx, condition: Condition, now: number): Promise<AlertRow | undefined> {
  const last = await tx.alerts.lastClosed(condition.key);
  if (last?.ending === 'person' && isTheSame(condition, last)) return undefined;
  if (last?.ending === 'recovered' && now - (last.closedAt ?? 0) <= dayMs) {
    const row: AlertRow = {
      ...last,
      ...partOf(condition),
      ...{ openedAt: now, toldAt: null, remindedAt: null, escalatedAt: null, recoveringAt: null },
      ...{ takenBy: null, takenName: null, takenAt: null, closedAt: null, ending: null, closedName: null },
      ...{ reason: null, returns: last.returns + 1, changedAt: now },
    };
    await tx.alerts.save(row);
    await note(tx, row, 'returned', now);
    return row;
  }
  const row: Omit<AlertRow, 'id'> = {
    ...partOf(condition),
    ...{ openedAt: now, toldAt: null, remindedAt: null, escalatedAt: null, recoveringAt: null, returns: 0 },
    ...{ takenBy: null, takenName: null, takenAt: null, closedAt: null, ending: null, closedName: null },
    ...{ reason: null, changedAt: now },
  };
  const alert = { ...row, id: await tx.alerts.add(row) };
  await note(tx, alert, 'opened', now);
  return alert;
}

/** What a person closed stays closed until there is something new: a later day, or the same again after it had ended. */
function isTheSame(condition: Condition, closed: AlertRow): boolean {
  const [latest, known] = [condition.days.at(-1), closed.days.at(-1)];
  if (latest !== undefined && known !== undefined) return latest <= known;
  return condition.since <= (closed.closedAt ?? 0);
}

async function update(tx: StoreTx, alert: AlertRow, condition: Condition, now: number): Promise<AlertRow> {
  const part = partOf(condition);
  const row: AlertRow = { ...alert, ...part, since: Math.min(alert.since, part.since), recoveringAt: null };
  const events: AlertEventKind[] = [];
  if (alert.recoveringAt !== null) events.push('again');
  if (alert.cause !== row.cause) events.push('cause');
  if ((row.days.at(-1) ?? 0) > (alert.days.at(-1) ?? 0)) events.push('worse');
  if (events.length === 0 && JSON.stringify(row) === JSON.stringify(alert)) return alert;
  const changed = { ...row, changedAt: now };
  await tx.alerts.save(changed);
  for (const kind of events) await note(tx, changed, kind, now);
  return changed;
}

/** Nothing is wrong any more: soon it is over, at once where nobody was told. */
async function fade(
  tx: StoreTx,
  alert: AlertRow,
  {
    now,
    gathered,
    settings,
  }: {
    readonly now: number;
    readonly gathered: ReadonlySet<string>;
    readonly settings: Pick<AlertsConfig, 'holdMinutes'>;
  },
): Promise<AlertRow> {
  const isGathered =
    alert.toldAt === null &&
    alert.kind === 'facility' &&
    gathered.has(alert.facility ?? '') &&
    familyOf(alert.cause) === 'absence';
  if (isGathered) return close(tx, alert, 'grouped', now);
  const since = alert.recoveringAt ?? now;
  if (alert.toldAt === null || now - since >= holdMs(alert, settings))
    return close(tx, alert, 'recovered', now);
  if (alert.recoveringAt !== null) return alert;
  const row = { ...alert, recoveringAt: now, changedAt: now };
  await tx.alerts.save(row);
  await note(tx, row, 'recovering', now);
  return row;
}

async function close(
  tx: StoreTx,
  alert: AlertRow,
  ending: 'recovered' | 'grouped',
  now: number,
): Promise<AlertRow> {
  const row = { ...alert, closedAt: now, ending, recoveringAt: null, changedAt: now };
  await tx.alerts.save(row);
  await note(tx, row, ending, now);
  return row;
}

function note(tx: StoreTx, { id, cause }: AlertRow, kind: AlertEventKind, at: number): Promise<void> {
  return tx.alerts.addEvent({ alert: id, at, kind, name: null, text: kind === 'cause' ? cause : '' });
}

function partOf(condition: Condition): Omit<Condition, 'onset'> {
  const { key, kind, facility, feed, destination, members, state, cause, days, missing, facts, since } =
    condition;
  return { key, kind, facility, feed, destination, members, state, cause, days, missing, facts, since };
}
