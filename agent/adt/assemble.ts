import { instantToFrench } from '../../shared/runtime/paris-time.ts';
import type { Row } from '../mapping/compiled-mapping.ts';
import { factNames, type EmergencyVisit, type MovementEvent } from './event.ts';
import type { ChangedVisit, MovementStore, SettledVisit } from './movement-store.ts';
import { visitState } from './visits.ts';

/** What is to be told of a visit: its row, or that it never was. */
export interface Told {
  readonly settled: SettledVisit;
  /** PV1-19. */
  readonly visit: string;
  readonly row: Row | null;
  readonly withdrawn: boolean;
}

/** Puts a visit together from everything that has been said of it. Throws `vault-damaged`. */
export function assembleVisit(
  store: Pick<MovementStore, 'movements' | 'patients'>,
  source: string,
  { n, version, sent }: ChangedVisit,
  now: number,
): Told {
  const movements = store.movements(n);
  const patients = [...new Set(movements.map(({ patient }) => patient))].flatMap((patient) =>
    store.patients(source, patient),
  );
  const { emergency, occupancy } = visitState(movements, now, patients);
  const withdrawn = emergency === null && sent === 'record';
  const told = emergency !== null ? 'record' : withdrawn ? 'withdrawn' : null;
  return {
    settled: {
      ...{ n, version, sent: told },
      ward: occupancy?.ward ?? null,
      present: occupancy !== null || (emergency !== null && emergency.departedAt === null),
      dueAt: nextAt(movements, now),
    },
    visit: movements[0]?.visit ?? '',
    row: emergency === null ? null : rowOf(emergency),
    withdrawn,
  };
}

function nextAt(movements: readonly MovementEvent[], now: number): number | null {
  const later = movements.map(({ at }) => at).filter((at) => at > now);
  return later.length === 0 ? null : Math.min(...later);
}

/** In the order of `visitColumns`. */
function rowOf({ visit, arrivedAt, departedAt, ending, ward, facts }: EmergencyVisit): Row {
  const times = [minuteOf(arrivedAt), departedAt === null ? '' : minuteOf(departedAt)];
  return [visit, ...times, ending ?? '', ward, ...factNames.map((name) => facts[name] ?? '')];
}

/** "dd/MM/yyyy HH:mm" */
function minuteOf(at: number): string {
  return instantToFrench(at).slice(0, 16);
}
