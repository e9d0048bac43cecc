import type { FactName, IdentityEvent, PatientState, Word } from './event.ts';

/** A patient of whom nothing has been said. */
export function patientOf(patient: string): PatientState {
  return { patient, words: {}, formerPatients: [] };
}

/**
 * What is known of a patient after one more identity message; the same in whatever order messages come, and however often. A merge or a
 * change of identifier (A40, A47) adds the identifier that ended: visits under it take this patient's words too.
 */
export function applyIdentity(known: PatientState, event: IdentityEvent): PatientState {
  const words: Partial<Record<FactName, Word>> = { ...known.words };
  for (const [name, text] of Object.entries(event.facts) as [FactName, string][]) {
    const word: Word = { text, spokenAt: event.spokenAt, controlId: event.controlId };
    words[name] = laterOf(words[name], word);
  }
  const former = new Set(known.formerPatients);
  if (event.formerPatient !== null && event.formerPatient !== event.patient) former.add(event.formerPatient);
  return { patient: event.patient, words, formerPatients: [...former].sort() };
}

/** The later of two words; equal words are alike. */
export function laterOf(one: Word | undefined, other: Word): Word {
  return one === undefined || compareSpoken(one, other) < 0 ? other : one;
}

/**
 * Earlier first. Of the same second, the shorter control id and then the lower one: senders count them up.
 */
export function compareSpoken(
  one: Pick<Word, 'spokenAt' | 'controlId'>,
  other: Pick<Word, 'spokenAt' | 'controlId'>,
): number {
  if (one.spokenAt !== other.spokenAt) return one.spokenAt - other.spokenAt;
  if (one.controlId.length !== other.controlId.length) return one.controlId.length - other.controlId.length;
  if (one.controlId === other.controlId) return 0;
  return one.controlId < other.controlId ? -1 : 1;
}
