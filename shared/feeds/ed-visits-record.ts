import { z } from 'zod';
import type { FieldSpec, SourceTime } from './feed.ts';
import { finessSyntax } from './facility.ts';

/** One visit to an emergency department, in the order of the national format. Absent = blank at the source. */
export type EdVisit = {
  readonly facility: string;
  /** Keyed hash of the source's own visit number. */
  readonly visitId?: string;
  readonly postalCode?: string;
  readonly commune?: string;
  /** As written; "dd/MM/yyyy" when it is a date. */
  readonly birthDate?: string;
  readonly sex?: string;
  readonly arrivedAt: { readonly text: string; readonly at: number };
  readonly arrivalMode?: string;
  readonly origin?: string;
  readonly transport?: string;
  readonly transportCare?: string;
  readonly reason?: string;
  readonly severity?: string;
  readonly principalDiagnosis?: string;
  readonly associatedDiagnoses?: readonly string[];
  readonly procedures?: readonly string[];
  readonly departedAt?: SourceTime;
  readonly departureMode?: string;
  readonly destination?: string;
  readonly disposition?: string;
  /** Tags the national format does not know, sorted. Kept, never forwarded nationally. */
  readonly extensions?: Readonly<Record<string, string>>;
};

/** The tag of a list is that of its items: `DA` inside LISTE_DA, `ACTE` inside LISTE_ACTES. */
export const edVisitFields: readonly FieldSpec[] = [
  { name: 'facility', tag: 'FINESS', list: false },
  { name: 'visitId', tag: null, list: false },
  { name: 'postalCode', tag: 'CP', list: false },
  { name: 'commune', tag: 'COMMUNE', list: false },
  { name: 'birthDate', tag: 'NAISSANCE', list: false },
  { name: 'sex', tag: 'SEXE', list: false },
  { name: 'arrivedAt', tag: 'ENTREE', list: false },
  { name: 'arrivalMode', tag: 'MODE_ENTREE', list: false },
  { name: 'origin', tag: 'PROVENANCE', list: false },
  { name: 'transport', tag: 'TRANSPORT', list: false },
  { name: 'transportCare', tag: 'TRANSPORT_PEC', list: false },
  { name: 'reason', tag: 'MOTIF', list: false, freeText: true },
  { name: 'severity', tag: 'GRAVITE', list: false },
  { name: 'principalDiagnosis', tag: 'DP', list: false },
  { name: 'associatedDiagnoses', tag: 'DA', list: true },
  { name: 'procedures', tag: 'ACTE', list: true },
  { name: 'departedAt', tag: 'SORTIE', list: false },
  { name: 'departureMode', tag: 'MODE_SORTIE', list: false },
  { name: 'destination', tag: 'DESTINATION', list: false },
  { name: 'disposition', tag: 'ORIENT', list: false },
];

const arrivalText = /^\d{2}\/\d{2}\/\d{4} \d{2}:\d{2}(?::\d{2})?$/;

const text = z.string().min(1);
const optionalText = z.exactOptional(text);
const texts = z.exactOptional(z.array(text).min(1));

export const edVisitSchema = z.strictObject({
  facility: z.string().regex(finessSyntax),
  visitId: optionalText,
  postalCode: optionalText,
  commune: optionalText,
  birthDate: optionalText,
  sex: optionalText,
  arrivedAt: z.strictObject({ text: z.string().regex(arrivalText), at: z.int() }),
  arrivalMode: optionalText,
  origin: optionalText,
  transport: optionalText,
  transportCare: optionalText,
  reason: optionalText,
  severity: optionalText,
  principalDiagnosis: optionalText,
  associatedDiagnoses: texts,
  procedures: texts,
  departedAt: z.exactOptional(z.strictObject({ text, at: z.int().nullable() })),
  departureMode: optionalText,
  destination: optionalText,
  disposition: optionalText,
  extensions: z.exactOptional(z.record(text, text)),
});
