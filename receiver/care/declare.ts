import { feedNamed } from '../../shared/feeds/registry.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayOfInstant, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import { appendAudit } from '../audit/audit-log.ts';
import { dailyFeeds } from '../monitor/rhythm.ts';
import type { Actor } from '../accounts/actor.ts';
import { declaredDuring, declaredOn } from './declared.ts';
import type { CareDeps } from './contacts.ts';
import { dayField, longest, mustExist, neededField, spanFields } from './fields.ts';

/** Closures, degraded running and what is counted by hand meanwhile. */
export const longestClosureDays = 366;
/** How far back a day can still be counted by hand or called degraded. */
export const degradedBackDays = 60;
const mostByHand = 100_000;

export interface ClosureFields {
  /** Empty: all that the facility sends. */
  readonly feed: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** Answers its number. */
export async function declareClosure(
  { store, clock }: CareDeps,
  actor: Actor,
  facility: string,
  fields: ClosureFields,
): Promise<number> {
  const span = spanFields(fields.from, fields.to, longestClosureDays);
  const reason = neededField('reason', fields.reason, longest.reason);
  const feed = fields.feed === '' ? null : fields.feed;
  if (feed !== null && feedNamed(feed) === undefined)
    throw permanent('care-feed-unknown', { facts: { feed } });
  return store.transaction(async (tx) => {
    await mustExist(tx, facility);
    const id = await tx.care.closures.add({
      ...{ facility, feed, ...span, reason, by: actor.name },
      at: clock.now(),
    });
    await appendAudit(tx, clock, actor, {
      ...{ action: 'closure.declare', subject: `${id}`, facility, reason },
      facts: { from: dayToIso(span.from), to: dayToIso(span.to), ...(feed === null ? {} : { feed }) },
    });
    return id;
  });
}

/** Throws `care-closure-unknown`. */
export async function withdrawClosure(
  { store, clock }: CareDeps,
  actor: Actor,
  { facility, id }: { readonly facility: string; readonly id: number },
): Promise<void> {
  await store.transaction(async (tx) => {
    if (!(await tx.care.closures.withdraw(facility, id, clock.now())))
      throw permanent('care-closure-unknown', { facts: { closure: id } });
    await appendAudit(tx, clock, actor, { action: 'closure.withdraw', subject: `${id}`, facility });
  });
}

/** From a day on, today or at most 60 days ago. Throws `care-degraded-already`. */
export async function startDegraded(
  { store, clock }: CareDeps,
  actor: Actor,
  facility: string,
  fields: { readonly from: string; readonly reason: string },
): Promise<void> {
  const from = recentDay('from', fields.from, dayOfInstant(clock.now()));
  const reason = neededField('reason', fields.reason, longest.reason);
  await store.transaction(async (tx) => {
    await mustExist(tx, facility);
    if ((await tx.care.degraded.open(facility)) !== undefined)
      throw permanent('care-degraded-already', { facts: { facility } });
    const id = await tx.care.degraded.start({ facility, from, reason, by: actor.name, at: clock.now() });
    await appendAudit(tx, clock, actor, {
      ...{ action: 'degraded.start', subject: `${id}`, facility, reason },
      facts: { from: dayToIso(from) },
    });
  });
}

/** `to`: the last day on paper. Throws `care-degraded-not`; answers the period, for what is to be asked again. */
export async function stopDegraded(
  { store, clock }: CareDeps,
  actor: Actor,
  facility: string,
  fields: { readonly to: string; readonly reason: string },
): Promise<{ readonly from: Day; readonly to: Day }> {
  const to = recentDay('to', fields.to, dayOfInstant(clock.now()));
  const reason = neededField('reason', fields.reason, longest.reason);
  return store.transaction(async (tx) => {
    const period = await tx.care.degraded.open(facility);
    if (period === undefined) throw permanent('care-degraded-not', { facts: { facility } });
    if (to < period.from)
      throw permanent('care-days-reversed', { facts: { from: dayToIso(period.from), to: dayToIso(to) } });
    await tx.care.degraded.stop(facility, to);
    await appendAudit(tx, clock, actor, {
      ...{ action: 'degraded.stop', subject: `${period.id}`, facility, reason },
      facts: { from: dayToIso(period.from), to: dayToIso(to) },
    });
    return { from: period.from, to };
  });
}

export interface HandCountFields {
  readonly feed: string;
  readonly day: string;
  /** Empty: what was counted is taken back. */
  readonly count: string;
}

/** Only of days that are declared degraded: elsewhere visits themselves are awaited. Throws `care-day-not-degraded`. */
export async function countByHand(
  { store, clock }: CareDeps,
  actor: Actor,
  facility: string,
  { feed, day: text, count: typed }: HandCountFields,
): Promise<void> {
  const day = recentDay('day', text, dayOfInstant(clock.now()));
  if (!dailyFeeds.some(({ name }) => name === feed))
    throw permanent('care-feed-unknown', { facts: { feed } });
  const count = typed.trim() === '' ? undefined : Number(typed.replace(/[\s\u202f\u00a0]/g, ''));
  if (count !== undefined && (!Number.isInteger(count) || count < 0 || count > mostByHand))
    throw permanent('care-count-invalid', { facts: { field: 'count', most: mostByHand } });
  await store.transaction(async (tx) => {
    await mustExist(tx, facility);
    if (declaredOn(await declaredDuring(tx, day, day), { facility, feed }, day) !== 'degraded')
      throw permanent('care-day-not-degraded', { facts: { day: dayToIso(day) } });
    if (count === undefined) {
      if (!(await tx.care.handCounts.remove(facility, feed, day))) return;
    } else await tx.care.handCounts.put({ facility, feed, day, count, by: actor.name, at: clock.now() });
    await appendAudit(tx, clock, actor, {
      ...{
        action: count === undefined ? 'hand-count.remove' : 'hand-count.put',
        subject: facility,
        facility,
      },
      facts: { feed, day: dayToIso(day), ...(count === undefined ? {} : { count }) },
    });
  });
}

function recentDay(field: string, text: string, today: Day): Day {
  const day = dayField(field, text);
  if (day > today || day < today - degradedBackDays)
    throw permanent('care-day-outside', { facts: { field, days: degradedBackDays } });
  return day;
}
