import type { Person } from './pam-text.ts';

/**
 * The hospital as the generator knows it: what is true of each visit after each message it has sent. Nothing here knows how the
 * product reads messages; what each movement means is noted by whoever makes it happen.
 */
export interface Patient {
  id: string;
  person: Person;
}

export interface Movement {
  readonly id: string;
  readonly trigger: string;
  at: number;
  patientClass: string;
  ward: string;
  room: string;
  bed: string;
  readonly away: boolean;
  /** It is a bed that is occupied from then on. */
  readonly inBed: boolean;
  /** What it means to the emergency visit, as the one who made it happen meant it. */
  meaning: 'opens' | 'goes on' | 'left' | 'hospitalised' | 'none';
  facts: Record<string, string>;
}

export interface Visit {
  readonly id: string;
  patient: Patient;
  phase: 'emergency' | 'outpatient' | 'inpatient' | 'over' | 'void';
  readonly movements: Movement[];
  /** Said by messages that speak of no movement. */
  readonly amended: Record<string, string>;
}

export interface ExpectedEmergency {
  readonly arrivedAt: number;
  readonly departedAt: number | null;
  readonly ending: 'hospitalised' | 'left' | null;
  readonly ward: string;
  readonly facts: Readonly<Record<string, string>>;
}

export interface ExpectedPlace {
  readonly ward: string;
  readonly room: string;
  readonly bed: string;
  readonly away: boolean;
}

/** What is to be known of a visit now. */
export interface ExpectedVisit {
  readonly visit: string;
  readonly emergency: ExpectedEmergency | null;
  /** Where the patient is from each instant on, in order. */
  readonly places: readonly { readonly from: number; readonly place: ExpectedPlace | null }[];
}

export function expectedOf({ id, movements, patient, amended }: Visit): ExpectedVisit {
  const opening = movements.find(({ meaning }) => meaning === 'opens');
  const emergency = movements.filter(({ meaning }) => meaning !== 'none');
  const closing = emergency.at(-1);
  const ended = closing?.meaning === 'left' || closing?.meaning === 'hospitalised' ? closing : undefined;
  const spent = emergency.filter(({ meaning }) => meaning !== 'hospitalised');
  return {
    visit: id,
    emergency:
      opening === undefined
        ? null
        : {
            arrivedAt: opening.at,
            departedAt: ended?.at ?? null,
            ending: ended?.meaning === 'left' || ended?.meaning === 'hospitalised' ? ended.meaning : null,
            ward: spent.findLast(({ ward }) => ward !== '')?.ward ?? '',
            facts: factsOf(patient.person, [...spent.map(({ facts }) => facts), amended]),
          },
    places: movements.map(({ at, inBed, ward, room, bed, away }) => ({
      from: at,
      place: inBed ? { ward, room, bed, away } : null,
    })),
  };
}

function factsOf(person: Person, said: readonly Record<string, string>[]): Readonly<Record<string, string>> {
  const { birth, sex, postalCode, commune } = person;
  const birthDate = birth === '' ? '' : `${birth.slice(6)}/${birth.slice(4, 6)}/${birth.slice(0, 4)}`;
  const all = [{ birthDate, sex, postalCode, commune }, ...said].flatMap((facts) => Object.entries(facts));
  const last = new Map<string, string>(all);
  return Object.fromEntries([...last].filter(([, text]) => text !== ''));
}
