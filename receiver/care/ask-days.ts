import { heartbeatRequest } from '../../shared/protocol/push.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayOfInstant, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import { appendAudit } from '../audit/audit-log.ts';
import { dailyFeeds } from '../monitor/rhythm.ts';
import type { Actor } from '../accounts/actor.ts';
import type { DayRequest } from '../store/care-tables.ts';
import type { PartRow, StoreTx } from '../store/store.ts';
import type { CareDeps } from './contacts.ts';
import { longest, mustExist, neededField, spanFields } from './fields.ts';

/** As many days as one request asks for, and as far back as hospitals are expected to have their exports still. */
export const mostAskedDays = 60;

/** One part of a facility, and what asking its agent for these days would mean. */
export interface PlannedPart {
  readonly part: PartRow;
  readonly agentName: string;
  /** When its agent last spoke, epoch ms. */
  readonly heardAt: number | undefined;
  /** Revoked, or from before agents could be asked: it would not hear. */
  readonly deaf: 'revoked' | 'old' | undefined;
  readonly days: readonly PlannedDay[];
}

export interface PlannedDay {
  readonly day: Day;
  /** Records held of this part. */
  readonly held: number;
  /** A request that is open asks for it already. */
  readonly askedBy: number | undefined;
}

/** What would be asked, and of whom: shown before anything is. Feeds that come day by day only. */
export async function planOf(
  tx: StoreTx,
  facility: string,
  { from, to }: { readonly from: Day; readonly to: Day },
): Promise<readonly PlannedPart[]> {
  const plan: PlannedPart[] = [];
  const open = (await tx.care.requests.of(facility, 200)).filter(isOpen);
  for (const { name: feed } of dailyFeeds)
    for (const part of await tx.records.parts(facility, feed)) {
      const agent = await tx.agents.get(part.agent);
      const beat = await tx.agents.heartbeat(part.agent);
      const counts = new Map((await tx.records.days(part, from, to)).map(({ day, count }) => [day, count]));
      const days = Array.from({ length: to - from + 1 }, (_none, index): PlannedDay => {
        const day = (from + index) as Day;
        const asking = open.find(
          (each) => each.feed === feed && each.part === part.part && each.from <= day && day <= each.to,
        );
        return { day, held: counts.get(day) ?? 0, askedBy: asking?.id };
      });
      const deaf = agent?.status !== 'active' ? 'revoked' : understands(beat?.body) ? undefined : 'old';
      plan.push({ part, agentName: agent?.name ?? part.agent, heardAt: beat?.at, deaf, days });
    }
  return plan;
}

export interface AskFields {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** Past days only, at most sixty. Throws `care-days-reversed`, `care-days-many`, `care-day-future`. */
export function askedSpan(
  { from, to }: Pick<AskFields, 'from' | 'to'>,
  now: number,
): { readonly from: Day; readonly to: Day } {
  const span = spanFields(from, to, mostAskedDays);
  if (span.to > dayOfInstant(now)) throw permanent('care-day-future', { facts: { field: 'to' } });
  return span;
}

/**
 * One request for each part whose agent can hear it; it is told with the answer to the agent's next heartbeat. Days that an
 * open request asks for already are left to that one. Throws `care-nobody-to-ask` and `care-asked-already`.
 */
export async function askDays(
  { store, clock }: CareDeps,
  actor: Actor,
  facility: string,
  fields: AskFields,
): Promise<readonly number[]> {
  const span = askedSpan(fields, clock.now());
  const reason = neededField('reason', fields.reason, longest.reason);
  return store.transaction(async (tx) => {
    await mustExist(tx, facility);
    const plan = (await planOf(tx, facility, span)).filter(({ deaf }) => deaf !== 'revoked');
    if (plan.length === 0) throw permanent('care-nobody-to-ask', { facts: { facility } });
    const asked: number[] = [];
    for (const { part, days } of plan)
      for (const run of runsOf(days.filter(({ askedBy }) => askedBy === undefined).map(({ day }) => day))) {
        const { feed, part: name, agent } = part;
        const who = { reason, by: actor.name, at: clock.now() };
        asked.push(await tx.care.requests.ask({ facility, feed, part: name, agent, ...run, ...who }));
      }
    if (asked.length === 0) throw permanent('care-asked-already', { facts: { facility } });
    await appendAudit(tx, clock, actor, {
      ...{ action: 'days.ask', subject: asked.join(' '), facility, reason },
      facts: { from: dayToIso(span.from), to: dayToIso(span.to), requests: asked.length },
    });
    return asked;
  });
}

/** What an agent has heard it may still do; nobody waits for it any more. Throws `care-request-unknown`. */
export async function withdrawRequest(
  { store, clock }: CareDeps,
  actor: Actor,
  { facility, id }: { readonly facility: string; readonly id: number },
): Promise<void> {
  await store.transaction(async (tx) => {
    const request = await tx.care.requests.get(id);
    const isOwn = request?.facility === facility;
    if (!isOwn || !(await tx.care.requests.close(id, 'withdrawn', clock.now())))
      throw permanent('care-request-unknown', { facts: { request: id } });
    await appendAudit(tx, clock, actor, { action: 'days.withdraw', subject: `${id}`, facility });
  });
}

export function isOpen({ state }: Pick<DayRequest, 'state'>): boolean {
  return state === 'asked' || state === 'told';
}

const asking = heartbeatRequest.pick({ asked: true });

function understands(body: string | undefined): boolean {
  const read = asking.safeParse(JSON.parse(body ?? 'null'));
  // One that never spoke may be new.
  return body === undefined || (read.success && read.data.asked !== undefined);
}

/** Days in a row, in order. */
function runsOf(days: readonly Day[]): readonly { readonly from: Day; readonly to: Day }[] {
  const runs: { from: Day; to: Day }[] = [];
  for (const day of days) {
    const last = runs.at(-1);
    if (last !== undefined && last.to === day - 1) last.to = day;
    else runs.push({ from: day, to: day });
  }
  return runs;
}
