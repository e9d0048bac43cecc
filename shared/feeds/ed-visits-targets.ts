import { edGroups } from './code-lists.ts';
import type { FeedRecord, QualityTarget } from './feed.ts';

/**
 * Quality targets of the observatories: 80 % wished for every item, 95 % for the diagnosis (quality allowance), all for
 * what registration alone gives. Associated diagnoses and procedures have none. A field is due where it means something:
 * a destination after a stay in hospital only, a diagnosis for those who were seen, an outcome once the patient has left.
 */
export const edVisitTargets: readonly QualityTarget[] = [
  ...['postalCode', 'commune', 'sex', 'arrivedAt'].map((field) => target(field, 100)),
  ...[
    'birthDate',
    'arrivalMode',
    'origin',
    'transport',
    'transportCare',
    'reason',
    'severity',
    'departedAt',
  ].map((field) => target(field, 80)),
  target('principalDiagnosis', 95, ({ disposition }) => !edGroups.dispositionAtHome.has(String(disposition))),
  target('departureMode', 80, ({ departedAt }) => departedAt !== undefined),
  target('destination', 80, isInHospital),
  target('disposition', 80, isInHospital),
];

function target(
  field: string,
  percent: number,
  isDue: (record: FeedRecord) => boolean = () => true,
): QualityTarget {
  return { field, percent, isDue };
}

function isInHospital({ departureMode }: FeedRecord): boolean {
  return departureMode === '6' || departureMode === '7';
}
