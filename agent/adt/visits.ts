import type {
  EmergencyVisit,
  FactName,
  MovementEvent,
  Occupancy,
  PatientState,
  VisitFacts,
  VisitState,
  Word,
} from './event.ts';
import { patientFacts } from './facts.ts';
import { laterOf } from './identity.ts';
import { laterLast, placeOf, standingMovements, type Place, type Standing } from './standing.ts';

/**
 * What everything said of one visit (PV1-19) amounts to, at an instant: pure, and the same for any order of the same messages, with
 * duplicates or without. `messages`: all of them, not one per movement. `patients`: what is known of the visit's patient and of those the
 * patient was merged into.
 */
export function visitState(
  messages: readonly MovementEvent[],
  at: number,
  patients: readonly PatientState[] = [],
): VisitState {
  const movements = messages.some(({ movement }) => movement !== null)
    ? standingMovements(messages)
    : spokenOnly(messages);
  const stay = emergencyStay(movements);
  return {
    emergency: stay === null ? null : emergencyOf(stay, messages, patients),
    voided: stay === null && messages.some(opens),
    occupancy: occupancyAt(movements, at),
  };
}

function opens({ trigger, patientClass }: Pick<MovementEvent, 'trigger' | 'patientClass'>): boolean {
  return patientClass === 'E' && ['A01', 'A04', 'A08'].includes(trigger);
}

interface Stay {
  readonly arrivedAt: number;
  departedAt: number | null;
  ending: EmergencyVisit['ending'];
  ward: string;
  /** What was said of it, and not of the hospital stay that follows. */
  readonly words: MovementEvent[];
}

/** The first registration opens the visit; it has ended once admission, change of class or discharge say so, until A07 takes it up again. */
function emergencyStay(movements: readonly Standing[]): Stay | null {
  let stay: Stay | null = null;
  for (const movement of movements) {
    if (stay === null) {
      if (opens(movement))
        stay = { arrivedAt: movement.at, departedAt: null, ending: null, ward: '', words: [] };
      else continue;
    }
    const wasOpen: boolean = stay.ending === null;
    step(stay, movement);
    if (stay.ending !== null && (!wasOpen || stay.ending === 'hospitalised')) continue;
    if (movement.place !== null) stay.ward = movement.place.ward;
    stay.words.push(...movement.words);
  }
  return stay;
}

function step(stay: Stay, { trigger, patientClass, at }: Standing): void {
  const open = stay.ending === null;
  const admits = trigger === 'A06' || (trigger === 'A01' && patientClass !== 'E');
  if (open && admits) end(stay, 'hospitalised', at);
  else if (open && trigger === 'A03') end(stay, 'left', at);
  else if (stay.ending === 'hospitalised' && trigger === 'A07') end(stay, null, null);
}

function end(stay: Stay, ending: Stay['ending'], at: number | null): void {
  stay.ending = ending;
  stay.departedAt = at;
}

function emergencyOf(
  stay: Stay,
  messages: readonly MovementEvent[],
  patients: readonly PatientState[],
): EmergencyVisit {
  const { arrivedAt, departedAt, ending, ward, words } = stay;
  const ofNoMovement = messages.filter(
    ({ movement, patientClass }) => movement === null && ['', 'E'].includes(patientClass),
  );
  const latest: Partial<Record<FactName, Word>> = {};
  const hear = (spoken: readonly MovementEvent[], wanted: (name: FactName) => boolean): void => {
    // In order, so that of the same second an update is heard after its insert.
    for (const { facts, spokenAt, controlId } of [...spoken].sort(laterLast))
      for (const [name, text] of Object.entries(facts) as [FactName, string][])
        if (wanted(name)) latest[name] = { text, spokenAt, controlId };
  };
  hear(messages, (name) => patientFacts.includes(name));
  hear([...words, ...ofNoMovement], (name) => !patientFacts.includes(name));
  for (const { words: said } of patients)
    for (const [name, word] of Object.entries(said) as [FactName, Word][])
      latest[name] = laterOf(latest[name], word);
  return {
    visit: messages[0]?.visit ?? '',
    arrivedAt,
    departedAt,
    ending,
    ward,
    facts: withoutDeleted(latest),
  };
}

function withoutDeleted(latest: Readonly<Partial<Record<FactName, Word>>>): VisitFacts {
  const said = (Object.entries(latest) as [FactName, Word][]).filter(([, { text }]) => text !== '');
  return Object.fromEntries(said.map(([name, { text }]) => [name, text]));
}

/**
 * Where the patient lies; any movement but a discharge says that there is one, also when the admission was before our time. Emergency
 * patients occupy a bed only where one is named; outpatients never.
 */
function occupancyAt(movements: readonly Standing[], at: number): Occupancy | null {
  let place: Place = { ward: '', room: '', bed: '' };
  let patientClass = '';
  let [present, away] = [false, false];
  for (const movement of movements.filter((one) => one.at <= at)) {
    const { trigger } = movement;
    patientClass = movement.patientClass || classAfter[trigger] || patientClass;
    place = movement.place ?? place;
    present = trigger !== 'A03';
    away = trigger === 'A21';
  }
  const inBed = patientClass === 'E' ? place.bed !== '' : patientClass !== 'O';
  return present && inBed && place.ward !== '' ? { ...place, away } : null;
}

/** What patients are after these, where the message does not say. */
const classAfter: Readonly<Record<string, string>> = { A01: 'I', A06: 'I', A07: 'E' };

/** A sender that knows nothing but A08 tells of no movements: they are what its registration and discharge times say. */
function spokenOnly(messages: readonly MovementEvent[]): readonly Standing[] {
  const sorted = [...messages].sort(laterLast);
  const opening = sorted.findLast((one) => opens(one) && one.admittedAt !== null);
  if (opening === undefined || opening.admittedAt === null) return [];
  const places = sorted.filter(({ patientClass }) => patientClass === 'E').map(placeOf);
  const made = (trigger: string, at: number, word: MovementEvent): Standing => ({
    trigger,
    at,
    patientClass: word.patientClass,
    place: placeOf(word),
    words: [word],
  });
  const later = sorted.slice(sorted.indexOf(opening) + 1);
  const admitted = later.find(({ patientClass }) => patientClass === 'I');
  const discharged = sorted.findLast(({ dischargedAt }) => dischargedAt !== null);
  return [
    {
      ...made('A04', opening.admittedAt, opening),
      place: places.findLast((place) => place !== null) ?? null,
    },
    ...(admitted === undefined ? [] : [made('A01', admitted.at, admitted)]),
    ...(discharged?.dischargedAt == null ? [] : [made('A03', discharged.dischargedAt, discharged)]),
  ];
}
