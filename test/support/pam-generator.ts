import { createDraw, type Draw } from '../../installers/sandbox/seeded.ts';
import { parseFrenchDateTime } from '../../shared/runtime/paris-time.ts';
import { expectedOf, type ExpectedVisit, type Movement, type Patient, type Visit } from './pam-model.ts';
import { pamText, type PamParts, type Person, type VisitParts, type ZbeParts } from './pam-text.ts';

export interface PamMessage {
  readonly parts: PamParts;
  readonly text: string;
  /** What is to be known, once this message has been heard, of the visits it touches. */
  readonly after: readonly ExpectedVisit[];
}

export interface PamSequence {
  /** In the order in which they were spoken. */
  readonly messages: readonly PamMessage[];
  /** What is to be known of every visit at the end. */
  readonly visits: readonly ExpectedVisit[];
}

export interface PamOptions {
  readonly patients?: number;
  readonly steps?: number;
  /** Amendments by A08 without ZBE too, as other countries send them. */
  readonly withA08?: boolean;
}

const minuteMs = 60_000;
const wards = ['1201', '1202', '3305', '4410'] as const;

/**
 * What the administration of a small hospital might send over some days: emergency visits, admissions, transfers, leaves,
 * cancellations, corrections at any time, identities created, changed and merged; in the proportions of a test system that
 * was counted (many updates and identities, few transfers, rare leaves). The same seed gives the same messages.
 */
export function generatePam(seed: number, options: PamOptions = {}): PamSequence {
  const draw = createDraw('pam', seed);
  const hospital = openHospital(draw, options);
  for (let count = 0; count < (options.patients ?? 3); count += 1) hospital.newPatient();
  for (let step = 0; step < (options.steps ?? 25); step += 1) hospital.step();
  return { messages: hospital.messages, visits: hospital.visits.map(expectedOf) };
}

/** Time, numbers and the messages sent so far. */
function openHospital(draw: Draw, options: PamOptions) {
  let now = (parseFrenchDateTime('05/01/2026 06:00')?.at ?? 0) + draw.whole(14 * 24 * 60) * minuteMs;
  let number = draw.whole(1000) + 90;
  const patients: Patient[] = [];
  const visits: Visit[] = [];
  const messages: PamMessage[] = [];
  const nextNumber = (): number => (number += 1);

  const send = (parts: Omit<PamParts, 'controlId' | 'spokenAt'>, touched: readonly Visit[]): void => {
    // Now and then two messages bear the same second.
    if (!draw.chance(0.15)) now += (1 + draw.whole(40 * 60)) * 1000;
    const whole: PamParts = { ...parts, controlId: String(nextNumber()), spokenAt: now };
    messages.push({ parts: whole, text: pamText(whole), after: touched.map(expectedOf) });
  };
  const speak = (trigger: string, visit: Visit, said: Partial<VisitParts>, zbe?: ZbeParts): void => {
    const { patient, id } = visit;
    const patientClass = visit.movements.at(-1)?.patientClass ?? 'E';
    const parts = { trigger, patient: patient.id, person: patient.person };
    send(
      { ...parts, visit: { id, patientClass, ...said }, ...(zbe === undefined ? {} : { zbe }) },
      visits.filter((one) => one === visit),
    );
  };
  const identify = (trigger: string, patient: Patient, formerPatient?: string): void => {
    const parts = { trigger, patient: patient.id, person: patient.person };
    send(
      { ...parts, ...(formerPatient === undefined ? {} : { formerPatient }) },
      visits.filter((visit) => visit.patient === patient),
    );
  };

  const newPatient = (): void => {
    const patient = { id: `IPP${nextNumber()}`, person: newPerson(draw) };
    patients.push(patient);
    if (draw.chance(0.7)) identify('A28', patient);
    register(patient);
  };
  /** Most identities are made long before, or without, a visit. */
  const newcomer = (): void => {
    const patient = { id: `IPP${nextNumber()}`, person: newPerson(draw) };
    patients.push(patient);
    identify('A28', patient);
    if (draw.chance(0.2)) register(patient);
  };
  const register = (patient: Patient): void => {
    const id = `V${nextNumber()}`;
    const visit: Visit = { id, patient, phase: 'emergency', movements: [], amended: {} };
    visits.push(visit);
    if (draw.chance(0.1)) speak('A05', visit, { patientClass: 'I' }, zbeOf(newMovement('A05', {}), 'INSERT'));
    const [trigger, phase] = draw.weighted([
      [['A04', 'emergency'] as const, 6],
      [['A01', 'inpatient'] as const, 2],
      [['A04', 'outpatient'] as const, 1],
    ]);
    visit.phase = phase;
    if (phase === 'emergency') insert(visit, trigger, { ...boxOf(draw), meaning: 'opens' }, entryFacts(draw));
    else if (phase === 'inpatient') insert(visit, trigger, { ...bedOf(draw), patientClass: 'I' }, {});
    else insert(visit, trigger, { patientClass: 'O', ward: '7000' }, {});
  };

  const newMovement = (trigger: string, more: Partial<Movement>): Movement => ({
    id: `M${nextNumber()}`,
    trigger,
    at: now,
    patientClass: 'E',
    ward: '',
    room: '',
    bed: '',
    away: false,
    inBed: false,
    meaning: 'none',
    facts: {},
    ...more,
  });
  const insert = (
    visit: Visit,
    trigger: string,
    more: Partial<Movement>,
    facts: Record<string, string>,
  ): void => {
    // Recorded some minutes after it happened, never before the movement it follows.
    const after = visit.movements.at(-1)?.at ?? now - 60 * minuteMs;
    const at = Math.max(after, now - draw.whole(30) * minuteMs);
    const movement = newMovement(trigger, { at: Math.floor(at / 1000) * 1000, ...more, facts });
    visit.movements.push(movement);
    speak(trigger, visit, saidOf(movement), zbeOf(movement, 'INSERT'));
  };
  const cancelLast = (visit: Visit, trigger: string): void => {
    const movement = visit.movements.pop();
    if (movement === undefined) return;
    // What it says of the place and the facts is about to be undone.
    speak(trigger, visit, saidOf(movement), zbeOf(movement, 'CANCEL'));
  };

  /** Z99: one thing about any movement that stands. */
  const correct = (visit: Visit): void => {
    const index = draw.whole(visit.movements.length);
    const movement = visit.movements[index];
    if (movement === undefined) return;
    const before = visit.movements[index - 1]?.at ?? movement.at - 90 * minuteMs;
    const next = visit.movements[index + 1]?.at ?? movement.at + 10 * minuteMs;
    const what = draw.one(['time', 'place', 'facts', 'nothing']);
    if (what === 'time') movement.at = before + Math.floor((draw.fraction() * (next - before)) / 1000) * 1000;
    if (what === 'place' && movement.ward !== '') movement.ward = draw.one(wards);
    if (what === 'facts' && movement.trigger === 'A04' && movement.patientClass === 'E')
      movement.facts = { ...movement.facts, arrivalMode: draw.one(['0', '1', '5', '7', '']) };
    if (what === 'facts' && movement.trigger === 'A03')
      movement.facts = { ...movement.facts, pmsiExitMode: draw.one(['7', '8', '']) };
    // A reason is told once: an A08 may have changed it since.
    const facts = Object.fromEntries(Object.entries(movement.facts).filter(([name]) => name !== 'reason'));
    speak('Z99', visit, saidOf({ ...movement, facts }), zbeOf(movement, 'UPDATE'));
  };
  const amend = (visit: Visit): void => {
    visit.amended['reason'] = draw.one(['douleur & fièvre', 'chute | escalier', 'malaise']);
    speak('A08', visit, { patientClass: 'E', ...saidOf(newMovement('A08', { facts: visit.amended })) });
  };

  const emergencyStep = (visit: Visit): void => {
    const last = visit.movements.at(-1)?.trigger;
    switch (
      draw.weighted([
        ['leave', 6],
        ['admit', 4],
        ['move', 1],
        ['cancel', 1],
        ['amend', 2],
      ] as const)
    ) {
      case 'leave':
        visit.phase = 'over';
        insert(visit, 'A03', { meaning: 'left' }, exitFacts(draw));
        return;
      case 'admit':
        visit.phase = 'inpatient';
        // What an admission says of modes is about the hospital stay.
        insert(
          visit,
          draw.one(['A01', 'A06']),
          { ...bedOf(draw), patientClass: 'I', meaning: 'hospitalised' },
          { pmsiEntryMode: '8', provenance: '5' },
        );
        return;
      case 'move':
        insert(visit, 'A02', { ...boxOf(draw), meaning: 'goes on' }, {});
        return;
      case 'amend':
        if (options.withA08 === true) amend(visit);
        return;
      case 'cancel':
        if (last === 'A02') cancelLast(visit, 'A12');
        else if (visit.movements.length === 1) {
          visit.phase = 'void';
          cancelLast(visit, 'A11');
        }
    }
  };
  const inpatientStep = (visit: Visit): void => {
    const last = visit.movements.at(-1);
    if (last?.trigger === 'A21' && draw.chance(0.8)) {
      if (draw.chance(0.3)) cancelLast(visit, 'A52');
      else insert(visit, 'A22', { ...placeOf(last), inBed: true, patientClass: 'I' }, {});
      return;
    }
    switch (
      draw.weighted([
        ['leave', 5],
        ['move', 3],
        ['away', 2],
        ['cancel', 2],
        ['reopen', 3],
      ] as const)
    ) {
      case 'leave':
        visit.phase = 'over';
        insert(visit, 'A03', { patientClass: 'I' }, { pmsiExitMode: '8', destination: '1' });
        return;
      case 'move':
        insert(visit, 'A02', { ...bedOf(draw), patientClass: 'I' }, {});
        return;
      case 'away':
        if (last !== undefined)
          insert(visit, 'A21', { ...placeOf(last), inBed: true, away: true, patientClass: 'I' }, {});
        return;
      case 'cancel':
        undo(visit);
        return;
      case 'reopen':
        if (last?.trigger !== 'A06') return;
        visit.phase = 'emergency';
        if (draw.chance(0.5)) cancelLast(visit, 'A07');
        else insert(visit, 'A07', { ...boxOf(draw), meaning: 'goes on' }, {});
    }
  };
  const undo = (visit: Visit): void => {
    const last = visit.movements.at(-1)?.trigger ?? '';
    const cancels: Readonly<Record<string, string>> = { A02: 'A12', A21: 'A52', A22: 'A53', A01: 'A11' };
    const trigger = cancels[last];
    if (trigger === undefined) return;
    if (last === 'A01') visit.phase = visit.movements.length > 1 ? 'emergency' : 'void';
    cancelLast(visit, trigger);
  };
  const reopen = (visit: Visit): void => {
    if (visit.movements.at(-1)?.trigger !== 'A03') return;
    visit.phase = visit.movements.at(-1)?.patientClass === 'I' ? 'inpatient' : 'emergency';
    cancelLast(visit, 'A13');
  };

  const merge = (): void => {
    const survivor = draw.one([patients[0], ...patients.slice(1)]);
    const former = patients.find((one) => one !== survivor);
    if (survivor === undefined || former === undefined) return;
    const formerId = former.id;
    patients.splice(patients.indexOf(former), 1);
    for (const visit of visits.filter(({ patient }) => patient === former)) visit.patient = survivor;
    identify('A40', survivor, formerId);
  };
  const changePerson = (patient: Patient): void => {
    const former = patient.id;
    if (draw.chance(0.2)) {
      patient.id = `IPP${nextNumber()}`;
      identify('A47', patient, former);
      return;
    }
    patient.person = { ...newPerson(draw), name: patient.person.name };
    identify('A31', patient);
  };
  const noise = (visit: Visit): void => {
    const movement = newMovement('', {});
    speak(draw.one(['A14', 'A15', 'A16', 'A54', 'A38']), visit, {}, zbeOf(movement, 'INSERT'));
  };

  const step = (): void => {
    const visit = visits[draw.whole(visits.length)];
    if (visit === undefined) return;
    const kind = draw.weighted([
      ['go on', 12],
      ['correct', 6],
      ['identity', 1.2],
      ['newcomer', 4],
      ['merge', 0.4],
      ['noise', 1],
    ] as const);
    if (kind === 'correct') correct(visit);
    else if (kind === 'identity') changePerson(visit.patient);
    else if (kind === 'newcomer') newcomer();
    else if (kind === 'merge') merge();
    else if (kind === 'noise') noise(visit);
    else if (visit.phase === 'emergency') emergencyStep(visit);
    else if (visit.phase === 'inpatient') inpatientStep(visit);
    else if (visit.phase === 'over' && draw.chance(0.2)) reopen(visit);
    else if (draw.chance(0.3)) register(visit.patient);
  };
  return { messages, visits, newPatient, step };
}

/** Every message about a place says where. */
function saidOf({ patientClass, ward, room, bed, facts }: Movement): Partial<VisitParts> {
  const orDelete = (name: string): string | undefined => (facts[name] === '' ? '""' : facts[name]);
  const zfm = ['pmsiEntryMode', 'pmsiExitMode', 'provenance', 'destination'].map(
    (name) => orDelete(name) ?? '',
  );
  const [arrivalMode, reason, exitTransport] = ['arrivalMode', 'reason', 'exitTransport'].map(orDelete);
  return {
    ...{ patientClass, ward, room, bed },
    ...(zfm.some((text) => text !== '') ? { zfm } : {}),
    ...(arrivalMode === undefined ? {} : { arrivalMode }),
    ...(reason === undefined ? {} : { reason }),
    ...(exitTransport === undefined ? {} : { exitTransport }),
  };
}

function zbeOf({ id, at, trigger }: Movement, action: string): ZbeParts {
  return { id, at, action, ...(action === 'INSERT' ? {} : { origin: trigger }) };
}

function newPerson(draw: Draw): Person {
  const two = (value: number): string => String(value).padStart(2, '0');
  return {
    name: `TEST-NOM${draw.whole(900)}`,
    birth: `${1930 + draw.whole(95)}${two(1 + draw.whole(12))}${two(1 + draw.whole(28))}`,
    sex: draw.one(['M', 'F']),
    postalCode: draw.one(['51100', '51000', '08000', '']),
    commune: draw.one(['REIMS', 'CHÂLONS-EN-CHAMPAGNE', "L'ÉPINE & FILS", '']),
  };
}

function placeOf({ ward, room, bed }: Movement): Partial<Movement> {
  return { ward, room, bed };
}

/** Emergency departments rarely name a box. */
function boxOf(draw: Draw): Partial<Movement> {
  return draw.chance(0.2) ? { ward: '1000', room: 'BOX', bed: '4', inBed: true } : { ward: '1000' };
}

function bedOf(draw: Draw): Partial<Movement> {
  const bed = draw.chance(0.5) ? draw.one(['P', 'F']) : '';
  return { ward: draw.one(wards), room: String(1 + draw.whole(30)), bed, inBed: true };
}

function entryFacts(draw: Draw): Record<string, string> {
  return {
    arrivalMode: draw.one(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']),
    ...(draw.chance(0.5) ? { reason: draw.one(['chute', 'douleur ^ thorax', 'fièvre\nfrissons']) } : {}),
    ...(draw.chance(0.4) ? { pmsiEntryMode: '8', provenance: draw.one(['1', '5']) } : {}),
  };
}

function exitFacts(draw: Draw): Record<string, string> {
  return {
    pmsiExitMode: draw.one(['7', '8', '9']),
    ...(draw.chance(0.3) ? { exitTransport: draw.one(['0', '8']) } : {}),
    ...(draw.chance(0.3) ? { destination: draw.one(['1', '2']) } : {}),
  };
}
