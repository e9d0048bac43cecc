import type { Illness, TrueVisit, Visit } from './visits.ts';

/** Local times and dates as the samples print them, and what is true of a visit whatever prints it. */
export function inShape(at: number, shape: string): string {
  const [day, time] = new Date(at).toISOString().split('T');
  const [yyyy = '', MM = '', dd = ''] = (day ?? '').split('-');
  const [HH = '', mm = '', ss = ''] = (time ?? '').slice(0, 8).split(':');
  return shape
    .replace('yyyy', yyyy)
    .replace('yy', yyyy.slice(2))
    .replace('MM', MM)
    .replace('dd', dd)
    .replace('HH', HH)
    .replace('mm', mm)
    .replace('ss', ss);
}

export function maybe(at: number | undefined, shape: string): string {
  return at === undefined ? '' : inShape(at, shape);
}

const dayMs = 86_400_000;

export function ageInYears({ person, arrivedAt }: Visit): number {
  return Math.floor((arrivedAt - person.bornAt) / (365.25 * dayMs));
}

export function trueVisit(visit: Visit, facility: string): TrueVisit {
  const { person, outcome } = visit;
  return {
    facility,
    postalCode: person.town.postalCode,
    commune: person.town.name,
    birthDate: inShape(person.bornAt, 'dd/MM/yyyy'),
    sex: person.sex,
    arrivedAt: inShape(visit.arrivedAt, 'dd/MM/yyyy HH:mm'),
    arrivalMode: visit.arrivalMode,
    origin: visit.origin,
    transport: visit.transport,
    transportCare: visit.transportCare,
    severity: visit.severity,
    principalDiagnosis: filled(undotted(visit.diagnosis)),
    associatedDiagnoses: several(visit.associated.map((illness) => undotted(illness))),
    procedures: several(visit.procedures),
    departedAt: filled(maybe(visit.departedAt, 'dd/MM/yyyy HH:mm')),
    departureMode: outcome?.mode,
    destination: outcome?.destination,
    disposition: outcome?.disposition,
  };
}

function undotted(illness: Illness | undefined): string {
  return (illness?.code ?? '').replace('.', '');
}

function filled(text: string): string | undefined {
  return text === '' ? undefined : text;
}

function several(texts: readonly string[]): readonly string[] | undefined {
  return texts.length === 0 ? undefined : texts;
}
