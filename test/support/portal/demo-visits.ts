import { visitsOf } from '../../../installers/sandbox/visits.ts';
import { shapes, type ShapeName } from '../../../installers/sandbox/shapes.ts';
import { instantOf, dayToFrench, type Day } from '../../../shared/runtime/paris-time.ts';

/** Records of the common schema for an invented hospital's day, as its agent would send them the morning after. */
export interface DemoHospital {
  readonly finess: string;
  readonly name: string;
  readonly visitsPerDay: number;
  readonly shape: ShapeName;
}

const seed = 1789;
const dayMinutes = 1440;

export interface DemoRecord {
  readonly hour: number;
  readonly body: string;
}

/** In order of arrival. */
export function recordsOf(hospital: DemoHospital, day: Day): readonly DemoRecord[] {
  const habits = shapes[hospital.shape].habits;
  const population = { seed, finess: hospital.finess, visitsPerDay: hospital.visitsPerDay, habits };
  return visitsOf(population, day).map((visit) => {
    const coded = visit.codedMinute < (day + 1) * dayMinutes + 120;
    const left = visit.leftMinute < (day + 1) * dayMinutes + 120;
    const record = {
      facility: hospital.finess,
      postalCode: visit.postalCode,
      commune: visit.commune,
      birthDate: visit.birthDate,
      sex: visit.sex,
      arrivedAt: timeOf(visit.arrivedMinute),
      arrivalMode: visit.arrivalMode,
      origin: visit.origin,
      transport: visit.transport,
      transportCare: visit.transportCare,
      reason: visit.case.thesaurus,
      severity: visit.severity,
      ...(coded ? { principalDiagnosis: visit.case.icd } : {}),
      ...(visit.associated.length > 0 ? { associatedDiagnoses: visit.associated } : {}),
      ...(visit.procedures.length > 0 ? { procedures: visit.procedures } : {}),
      ...(left
        ? {
            departedAt: timeOf(visit.leftMinute),
            departureMode: visit.departureMode,
            destination: visit.destination,
            disposition: visit.disposition,
          }
        : {}),
    };
    const filled = Object.fromEntries(Object.entries(record).filter(([, value]) => value !== ''));
    return { hour: Math.floor((visit.arrivedMinute - day * dayMinutes) / 60), body: JSON.stringify(filled) };
  });
}

function timeOf(minute: number): { readonly text: string; readonly at: number } {
  const day = Math.floor(minute / dayMinutes) as Day;
  const inDay = minute - day * dayMinutes;
  const two = (value: number): string => String(value).padStart(2, '0');
  const { at } = instantOf(day, inDay * 60_000);
  return { text: `${dayToFrench(day)} ${two(Math.floor(inDay / 60))}:${two(inDay % 60)}`, at };
}
