import { deleted, type Hl7Message } from '../reader/hl7v2/parse.ts';
import { hl7DateToFrench } from '../reader/hl7v2/time.ts';
import type { FactName, VisitFacts } from './event.ts';

/** What belongs to the person; everything else belongs to one visit. */
export const patientFacts: readonly FactName[] = ['birthDate', 'sex', 'postalCode', 'commune'];

const visitPlaces: Readonly<Partial<Record<FactName, string>>> = {
  admissionType: 'PV1-4',
  admitSource: 'PV1-14',
  arrivalMode: 'PV2-38',
  pmsiEntryMode: 'ZFM-1',
  pmsiExitMode: 'ZFM-2',
  provenance: 'ZFM-3',
  destination: 'ZFM-4',
  exitTransport: 'ZFV-2',
  dischargeDisposition: 'PV1-36',
};

/** All that a movement message says of patient and visit; a field left empty says nothing, `""` becomes ''. */
export function factsOf(message: Hl7Message): VisitFacts {
  const facts: Partial<Record<FactName, string>> = { ...patientFactsOf(message) };
  for (const [name, path] of Object.entries(visitPlaces)) put(facts, name as FactName, said(message, path));
  // PV2-3 is a code with its text; the text alone is common.
  put(facts, 'reason', said(message, 'PV2-3') ?? said(message, 'PV2-3.2'));
  return facts;
}

/** What an identity message says. */
export function patientFactsOf(message: Hl7Message): VisitFacts {
  const facts: Partial<Record<FactName, string>> = {};
  const birth = said(message, 'PID-7');
  put(facts, 'birthDate', birth === undefined ? undefined : (hl7DateToFrench(birth) ?? birth));
  put(facts, 'sex', said(message, 'PID-8'));
  if (said(message, 'PID-11') === '') return { ...facts, postalCode: '', commune: '' };
  const home = homeAddress(message);
  if (home === undefined) return facts;
  put(facts, 'postalCode', said(message, 'PID-11.5', home));
  put(facts, 'commune', said(message, 'PID-11.3', home));
  return facts;
}

/** The repetition of PID-11 where the patient lives: the one marked H, else the first that is no place of birth. */
function homeAddress(message: Hl7Message): number | undefined {
  const all = Array.from({ length: message.repetitions('PID-11') }, (_, index) => index + 1);
  const kind = (repetition: number): string => message.get('PID-11.7', repetition);
  return (
    all.find((repetition) => kind(repetition) === 'H') ??
    all.find((repetition) => !['BDL', 'BR', 'N'].includes(kind(repetition)))
  );
}

function said(message: Hl7Message, path: string, repetition = 1): string | undefined {
  const text = message.get(path, repetition).trim();
  if (text === '') return undefined;
  return text === deleted ? '' : text;
}

function put(facts: Partial<Record<FactName, string>>, name: FactName, text: string | undefined): void {
  if (text !== undefined) facts[name] = text;
}
