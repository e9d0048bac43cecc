import { hash } from 'node:crypto';
import type { Store } from '../../../receiver/store/store.ts';
import { createCounting } from '../../../receiver/quality/counting.ts';
import { edVisits } from '../../../shared/feeds/ed-visits.ts';
import type { EdVisit } from '../../../shared/feeds/ed-visits-record.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { dayToFrench, instantOf, type Day } from '../../../shared/runtime/paris-time.ts';

/** Records of days put into the store as an export leaves them, without an export. */
export type VisitPart = Partial<Omit<EdVisit, 'facility' | 'arrivedAt'>> & { readonly hour?: number };

export function visitOn(facility: string, day: Day, { hour = 9, ...part }: VisitPart = {}): EdVisit {
  const text = `${dayToFrench(day)} ${String(hour).padStart(2, '0')}:05`;
  const arrivedAt = { text, at: instantOf(day, (hour * 60 + 5) * 60_000).at };
  const whole: Record<string, unknown> = { facility, arrivedAt, ...part };
  const names = edVisits.fields.map(({ name }) => name).filter((name) => whole[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, whole[name]])) as EdVisit;
}

/** What registration and care usually give. */
export const fullVisit = {
  ...{ postalCode: '67999', commune: 'VILLE-TEST', birthDate: '14/02/1951', sex: 'F', arrivalMode: '8' },
  ...{ origin: '5', transport: 'PERSO', transportCare: 'AUCUN', reason: 'R06.0', severity: '2' },
  ...{ principalDiagnosis: 'J189', departureMode: '8' },
} as const satisfies VisitPart;

/** The usual visit, some items blank. */
export function fullVisitBut(...blank: readonly (keyof typeof fullVisit)[]): VisitPart {
  return Object.fromEntries(
    Object.entries(fullVisit).filter(([name]) => !(blank as readonly string[]).includes(name)),
  );
}

export async function enterFacility(store: Store, facility: string, name = `CH ${facility}`): Promise<void> {
  await store.transaction(async (tx) => {
    await tx.facilities.put({ finess: facility, name, key: Buffer.alloc(32, 7), addedAt: 0 });
    const agent = { id: `agent-${facility}`, name, facilities: [facility], createdAt: 0 };
    await tx.agents.put({ ...agent, status: 'active' });
    const scope = { facility, feed: 'ed-visits', part: '0' };
    await tx.records.putPart({ ...scope, agent: agent.id, source: 'urgences' });
  });
}

/** Replaces the day by these visits. */
export async function putDay(
  store: Store,
  facility: string,
  day: Day,
  visits: readonly EdVisit[],
): Promise<void> {
  const scope = { facility, feed: 'ed-visits', part: '0' };
  await store.transaction(async (tx) => {
    const held = await tx.records.ofDay(scope, day);
    await tx.records.remove(scope, held, 'removed', 0, 'test');
    const ranks = new Map<string, number>();
    const records = visits.map((visit, index) => {
      const body = JSON.stringify(visit);
      const key = hash('sha256', edVisits.naturalKey(visit), 'buffer').subarray(0, 16);
      const rank = ranks.get(key.toString('hex')) ?? 0;
      ranks.set(key.toString('hex'), rank + 1);
      return {
        ...{ day, key, rank, visit: null, hash: hash('sha256', body, 'buffer').subarray(0, 16) },
        ...{ at: visit.arrivedAt.at, extract: 1, reception: 1, export: `export-${facility}`, body },
        ...{ line: 10 + index * 20, record: index + 1 },
      };
    });
    await tx.records.insert(scope, records);
    const sum = [0, 4, 8, 12].map((place) =>
      records.reduce((all, record) => (all + record.hash.readUInt32LE(place)) % 2 ** 32, 0),
    );
    const [one = 0, two = 0, three = 0, four = 0] = sum;
    const mark = { extract: 1, reception: 1 };
    await tx.records.putDay(scope, { day, count: records.length, mark, sum: [one, two, three, four] });
  });
}

export async function countAll(store: Store): Promise<void> {
  const { step } = createCounting({ store, logger: createLogger({ name: 'test', level: 'silent' }) });
  const { signal } = new AbortController();
  while (await step(signal));
}
