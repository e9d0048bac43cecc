import type { MovementEvent, PatientState, VisitState } from '../../agent/adt/event.ts';
import { applyIdentity, patientOf } from '../../agent/adt/identity.ts';
import { readAdtText } from '../../agent/adt/read-adt.ts';
import { visitState } from '../../agent/adt/visits.ts';

/** Hears messages and answers for visits: the product's own rules over plain maps, in the place of its database. */
export function createHearing() {
  const visits = new Map<string, MovementEvent[]>();
  const patients = new Map<string, PatientState>();
  const endedIn = new Map<string, Set<string>>();
  return {
    hear: (text: string): void => {
      const { event } = readAdtText(text);
      if (event.kind === 'refused') throw new Error(`${event.code} ${event.segment}-${event.field ?? ''}`);
      if (event.kind === 'movement') visits.set(event.visit, [...(visits.get(event.visit) ?? []), event]);
      if (event.kind !== 'identity') return;
      const { patient, formerPatient } = event;
      patients.set(patient, applyIdentity(patients.get(patient) ?? patientOf(patient), event));
      if (formerPatient !== null)
        endedIn.set(formerPatient, new Set([...(endedIn.get(formerPatient) ?? []), patient]));
    },
    visit: (id: string, at: number): VisitState => {
      const messages = visits.get(id) ?? [];
      const chain = new Set(messages.map(({ patient }) => patient));
      for (const patient of chain) for (const next of endedIn.get(patient) ?? []) chain.add(next);
      return visitState(
        messages,
        at,
        [...chain].flatMap((patient) => patients.get(patient) ?? []),
      );
    },
  };
}
