import type { AskedAnswer, AskedDays } from '../../shared/protocol/push.ts';
import { dayFromIso, dayToIso } from '../../shared/runtime/paris-time.ts';
import type { DayRequest } from '../store/care-tables.ts';
import type { AliasRow, StoreTx } from '../store/store.ts';

/** Requests in one answer to a heartbeat; the others wait for the next one. */
const most = 20;

/** What an agent is still to be told, and is told by this very answer. `at`: epoch ms. */
export async function tellAsked(tx: StoreTx, agent: string, at: number): Promise<AskedDays[]> {
  const open = (await tx.care.requests.openOfAgent(agent)).filter(({ answeredAt }) => answeredAt === null);
  if (open.length === 0) return [];
  const aliases = await tx.facilities.aliases();
  const asked: AskedDays[] = [];
  for (const request of open.slice(0, most)) {
    const days = (await tx.care.requests.daysOf(request.id)).filter(({ state }) => state === 'asked');
    if (days.length === 0) continue;
    await tx.care.requests.told(request.id, at);
    asked.push({
      ...{ request: nameOf(request), feed: request.feed, part: request.part },
      facilities: numbersOf(request.facility, aliases),
      days: days.map(({ day }) => dayToIso(day)),
    });
  }
  return asked;
}

/** What the agent found of them: days that no file holds will not come. */
export async function noteAnswers(
  tx: StoreTx,
  agent: string,
  answers: readonly AskedAnswer[],
  at: number,
): Promise<void> {
  if (answers.length === 0) return;
  const open = await tx.care.requests.openOfAgent(agent);
  for (const { request: name, absent } of answers) {
    const request = open.find((each) => nameOf(each) === name);
    if (request === undefined) continue;
    await tx.care.requests.answered(request.id, at);
    const days = absent.flatMap((text) => dayFromIso(text) ?? []);
    await tx.care.requests.settleDays(request.id, days, 'absent');
  }
}

/** A number alone could come round again in a region that was restored from a copy. */
function nameOf({ id, at }: DayRequest): string {
  return `${id}.${at}`;
}

/** Numbers under which a facility's exports may have come: its own, and those it took over. */
export function numbersOf(facility: string, aliases: readonly AliasRow[]): string[] {
  const numbers = [facility];
  for (const number of numbers)
    for (const { old, to } of aliases) if (to === number && !numbers.includes(old)) numbers.push(old);
  return numbers.slice(0, 20);
}
