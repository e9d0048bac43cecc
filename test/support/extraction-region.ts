import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../receiver/store/sqlite-store.ts';
import type { Store } from '../../receiver/store/store.ts';
import type { PlanDeps } from '../../receiver/extraction/plan.ts';
import { planExtraction } from '../../receiver/extraction/plan.ts';
import type { Cell } from '../../receiver/extraction/planned.ts';
import { extractionRequest, type Requester } from '../../receiver/extraction/request.ts';
import type { Profile, Reach } from '../../receiver/accounts/profile.ts';
import type { EdVisit } from '../../shared/feeds/ed-visits-record.ts';
import { dayFromIso, dayToFrench, type Day } from '../../shared/runtime/paris-time.ts';
import { enterFacility, putDay, visitOn } from './portal/quality-days.ts';

/** A small region as extractions meet it, in a real store. */
export const facilities = ['670000025', '670000033', '670000041'] as const;
/** A Monday. */
export const firstMonday = dayFromIso('2026-03-02') as Day;
/** The Wednesday after the last week. */
export const now = Date.parse('2026-04-08T10:00:00+02:00');

export function requester(
  profile: Profile,
  facilitiesReached: Reach = 'all',
  administrator = false,
): Requester {
  return {
    ...{ profile, administrator, facilities: facilitiesReached },
    actor: { kind: 'account', id: `a-${profile}`, name: profile },
  };
}

/** Numbers that look thrown, the same for the same seed. */
export function thrower(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function pick<T>(list: readonly T[], random: () => number): T | undefined {
  return list[Math.floor(random() * list.length)];
}

/** A visit with the things that extractions look at; some of them blank or wrong. */
export function anyVisit(facility: string, day: Day, random: () => number): EdVisit {
  const birth = (day - Math.floor(random() ** 2 * 95 * 365.25)) as Day;
  const diagnosis = pick(['J10', 'J189', 'A09', 'J210', 'S525', 'R55', 'T67', undefined], random);
  const stay = 20 + Math.floor(random() * 600);
  const hour = Math.floor(random() * 24);
  const base = visitOn(facility, day, { hour });
  const departed = new Date(base.arrivedAt.at + stay * 60_000);
  const severity = pick(['1', '2', '2', '2', '3', '4', 'P', undefined], random);
  const departureMode = pick(['8', '8', '8', '8', '6', '6', '7', '9', undefined], random);
  return visitOn(facility, day, {
    ...{ hour, postalCode: pick(['67000', '68200', '97400', '99999', 'XX'], random) ?? '67000' },
    ...{ commune: 'VILLE-TEST', sex: pick(['M', 'F', 'F', 'I'], random) ?? 'F' },
    ...(random() < 0.05 ? {} : { birthDate: dayToFrench(birth) }),
    ...{ visitId: `id-${String(random()).slice(2)}`, reason: random() < 0.5 ? 'R06.0' : 'chute de cheval' },
    ...(severity === undefined ? {} : { severity }),
    ...(departureMode === undefined ? {} : { departureMode }),
    ...(diagnosis === undefined ? {} : { principalDiagnosis: diagnosis }),
    ...(random() < 0.2 ? { associatedDiagnoses: ['J101', 'Z99'] } : {}),
    departedAt: { text: instantText(departed), at: departed.getTime() },
    extensions: { NOM: 'SECRET' },
  });
}

function instantText(at: Date): string {
  const text = at.toLocaleString('fr-FR', {
    timeZone: 'Europe/Paris',
    dateStyle: 'short',
    timeStyle: 'short',
  });
  return text.replace(',', '').replace(/ à /, ' ');
}

export interface SmallRegion {
  readonly store: Store;
  readonly deps: PlanDeps;
  readonly visits: readonly EdVisit[];
  readonly close: () => Promise<void>;
}

/** `perDay`: visits of each facility's day. */
export async function smallRegion(
  seed: number,
  weeks: number,
  perDay: (facility: number, week: number, random: () => number) => number,
): Promise<SmallRegion> {
  const folder = await mkdtemp(join(tmpdir(), 'vgm-extraction-'));
  const store = openSqliteStore(join(folder, 'receiver.db'));
  const random = thrower(seed);
  const visits: EdVisit[] = [];
  for (const [index, facility] of facilities.entries()) {
    await enterFacility(store, facility);
    for (let day = firstMonday; day < firstMonday + weeks * 7; day = (day + 1) as Day) {
      const week = Math.floor((day - firstMonday) / 7);
      const count = perDay(index, week, random);
      const ofDay = Array.from({ length: count }, () => anyVisit(facility, day, random));
      if (count > 0) await putDay(store, facility, day, ofDay);
      visits.push(...ofDay);
    }
  }
  const close = async (): Promise<void> => {
    await store.close();
    await rm(folder, { recursive: true });
  };
  return { store, visits, close, deps: { store, clock: { now: () => now } as PlanDeps['clock'] } };
}

export interface Extracted {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly notes: readonly string[];
  readonly parts: number;
}

/** Asked as a person asks: checked, planned and read to its end. */
export async function extract(deps: PlanDeps, who: Requester, asked: object): Promise<Extracted> {
  const request = extractionRequest.parse({ purpose: 'pour un essai du produit', ...asked });
  const plan = await planExtraction(deps, who, request);
  const rows: (readonly Cell[])[] = [];
  let done = 0;
  for await (const portion of plan.portions(new AbortController().signal)) {
    done = portion.done;
    rows.push(...portion.rows);
  }
  if (done !== plan.parts) throw new Error(`${done} portions of ${plan.parts}`);
  return { columns: plan.columns.map(({ name }) => name), rows, notes: plan.notes, parts: plan.parts };
}

/** A cell as text; '' for what is not there or hidden. */
export function textOf(cell: Cell | undefined): string {
  return typeof cell === 'string' || typeof cell === 'number' ? String(cell) : '';
}
