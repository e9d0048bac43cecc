import { adtErrors } from './errors-agent-adt.ts';
import { readingErrors } from './errors-reading.ts';
import type { Bilingual } from './texts.ts';

const errors = { ...adtErrors, ...readingErrors };

/** Rules that are errors as well: a message that was not taken among others that were, data at rest that does not open. */
const rules = [
  'vault-damaged',
  'hl7-header-missing',
  'hl7-separators-unreadable',
  'hl7-message-too-long',
  'hl7-too-many-segments',
  'hl7-too-many-fields',
  'encoding-unsupported',
  'adt-type-unsupported',
  'adt-event-unsupported',
  'adt-version-unsupported',
  'adt-segment-missing',
  'adt-field-missing',
  'adt-field-unreadable',
  'adt-field-forbidden',
  'adt-action-incoherent',
  'adt-origin-incoherent',
] as const satisfies readonly (keyof typeof errors)[];

/** The error's own message; its {segment} and {field} are those of the finding's field. */
export const messageFindings: Readonly<Record<string, Bilingual>> = Object.fromEntries(
  rules.map((rule) => [rule, errors[rule].message]),
);
