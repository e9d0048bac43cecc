import type { Visit } from '../../../installers/sandbox/visits.ts';
import type { FeedRecord } from '../../../shared/feeds/feed.ts';
import { clock, diagnosisOf, outcomeOf } from './population.ts';

type Texts = Readonly<Record<string, string | readonly string[]>>;

/** What the region should get of a visit: the fields that are not blank, as texts. */
export function truthOf(visit: Visit, differently: Texts, seconds = ''): Texts {
  const outcome = outcomeOf(visit);
  const all: Texts = {
    postalCode: visit.postalCode,
    commune: visit.commune,
    birthDate: visit.birthDate,
    sex: visit.sex,
    arrivedAt: french(visit.arrivedMinute, seconds),
    arrivalMode: visit.arrivalMode,
    origin: visit.origin,
    transport: visit.transport,
    transportCare: visit.transportCare,
    severity: visit.severity,
    principalDiagnosis: diagnosisOf(visit),
    associatedDiagnoses: visit.associated,
    procedures: visit.procedures,
    departedAt: french(visit.leftMinute, seconds),
    departureMode: outcome.departureMode,
    destination: outcome.destination,
    disposition: outcome.disposition,
    ...differently,
  };
  return Object.fromEntries(Object.entries(all).filter(([, texts]) => texts.length > 0));
}

/** The same of a record that was read; what is not compared left out. */
export function textsOfRecord(record: FeedRecord): Texts {
  const compared = Object.entries(record).filter(([name]) => name !== 'facility' && name !== 'visitId');
  return Object.fromEntries(
    compared.map(([name, value]) => [name, isTime(value) ? value.text : (value as string)]),
  );
}

function isTime(value: unknown): value is { readonly text: string } {
  return typeof value === 'object' && value !== null && 'text' in value;
}

function french(minute: number, seconds: string): string {
  const { yyyy, MM, dd, HH, mm } = clock(minute);
  return yyyy === '' ? '' : `${dd}/${MM}/${yyyy} ${HH}:${mm}${seconds}`;
}
