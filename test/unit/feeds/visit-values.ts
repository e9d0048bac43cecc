import { edVisits } from '../../../shared/feeds/ed-visits.ts';
import type { EdVisit } from '../../../shared/feeds/ed-visits-record.ts';
import type { SourceFields } from '../../../shared/feeds/feed.ts';

export type Values = SourceFields['values'];

/** An invented visit that breaks no rule. */
export const cleanVisit: Values = {
  facility: '990000010',
  postalCode: '67999',
  commune: 'VILLE-TEST',
  birthDate: '14/02/1951',
  sex: 'F',
  arrivedAt: '11/01/2026 09:42',
  arrivalMode: '8',
  origin: '5',
  transport: 'AMBU',
  transportCare: 'AUCUN',
  reason: 'R06.0',
  severity: '3',
  principalDiagnosis: 'J18.9',
  associatedDiagnoses: ['I10'],
  procedures: ['DEQP003'],
  departedAt: '11/01/2026 17:05',
  departureMode: '6',
  destination: '1',
  disposition: 'MED',
};

export const atHome: Values = { departureMode: '8', destination: undefined, disposition: undefined };

export function buildVisit(change: Values = {}, extensions?: Readonly<Record<string, string>>) {
  const values = { ...cleanVisit, ...change };
  return edVisits.build(extensions === undefined ? { values } : { values, extensions });
}

export function visitOf(change: Values = {}, extensions?: Readonly<Record<string, string>>): EdVisit {
  const built = buildVisit(change, extensions);
  if (built.kind !== 'record') throw new Error(`rejected: ${built.breach.rule}`);
  return built.record;
}
