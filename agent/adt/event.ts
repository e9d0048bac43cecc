/**
 * What ADT messages say, once read: IHE PAM France (ITI-30, ITI-31), and A08 for senders of other countries. Texts are the
 * sender's; nothing is judged here. A visit is PV1-19; a movement of it is ZBE-1. Values of patients: never logged, never
 * stored but in the vault.
 */
export type AdtEvent = MovementEvent | IdentityEvent | IgnoredEvent;

/**
 * ITI-31, and A08. `movement` null: an A08 without ZBE, which speaks of the visit and of no movement; `at` is then when
 * it was spoken. Ward, room and bed all empty: the message does not say where the patient lies.
 */
export interface MovementEvent {
  readonly kind: 'movement';
  readonly visit: string;
  readonly movement: string | null;
  readonly action: 'insert' | 'update' | 'cancel';
  /** What the movement is, whatever the message that speaks of it: A01, A02, A03, A04, A06, A07, A21, A22 (ZBE-6 for updates and cancels), or A08. */
  readonly trigger: string;
  /** When it happened: ZBE-2. */
  readonly at: number;
  /** ZBE-5. */
  readonly historic: boolean;
  readonly patientClass: string;
  readonly ward: string;
  readonly room: string;
  readonly bed: string;
  /** ZBE-9. */
  readonly nature: string;
  readonly patient: string;
  /** Which of two messages about one movement is the later: EVN-2, else MSH-7, epoch ms; then MSH-10. */
  readonly spokenAt: number;
  readonly controlId: string;
  /** PV1-44 and PV1-45, read only when `movement` is null: all that a sender of A08 alone says of times. */
  readonly admittedAt: number | null;
  readonly dischargedAt: number | null;
  readonly facts: VisitFacts;
}

/** A28, A31, A40, A47: who the patient is. */
export interface IdentityEvent {
  readonly kind: 'identity';
  readonly patient: string;
  /** A40, A47: the identifier that ends. */
  readonly formerPatient: string | null;
  readonly spokenAt: number;
  readonly controlId: string;
  readonly facts: VisitFacts;
}

/** Well-formed, and without effect on visits or beds (A54, A55, forecasts, ...). */
export interface IgnoredEvent {
  readonly kind: 'ignored';
  readonly trigger: string;
}

/** Columns that a mapping of format `hl7v2` may name, as texts; absent = the message does not say, '' = it says "delete" (`""`). */
export type VisitFacts = Readonly<Partial<Record<FactName, string>>>;

export const factNames = [
  'birthDate', // PID-7, dd/MM/yyyy; as the sender wrote it where it is no date
  'sex', // PID-8
  'postalCode', // PID-11.5
  'commune', // PID-11.3
  'admissionType', // PV1-4
  'admitSource', // PV1-14
  'arrivalMode', // PV2-38
  'pmsiEntryMode', // ZFM-1
  'pmsiExitMode', // ZFM-2
  'provenance', // ZFM-3
  'destination', // ZFM-4
  'exitTransport', // ZFV-2
  'dischargeDisposition', // PV1-36
  'reason', // PV2-3
] as const;
export type FactName = (typeof factNames)[number];

/** Columns of a visit's row, in order: what a mapping of format `hl7v2` may name. */
export const visitColumns = ['visit', 'arrivedAt', 'departedAt', 'ending', 'ward', ...factNames] as const;

/** Error codes of the catalogue; in a file they are rules of findings. */
export const refusalCodes = [
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
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

/** Why a message was not taken: the segment and field at fault, and the acknowledgement it gets (AE: mend and resend; AR: wrong kind). */
export interface Refusal {
  readonly kind: 'refused';
  readonly answer: 'AE' | 'AR';
  readonly code: RefusalCode;
  readonly segment: string;
  readonly field: number | null;
  readonly controlId: string;
}

/** One visit to the emergency department; instants are epoch ms. */
export interface EmergencyVisit {
  readonly visit: string;
  readonly arrivedAt: number;
  readonly departedAt: number | null;
  /** How it ended: 'hospitalised' here (A01/A06 after E), 'left' (A03), or null while it lasts. */
  readonly ending: 'hospitalised' | 'left' | null;
  readonly ward: string;
  readonly facts: VisitFacts;
}

/** One fact, and when it was said: of two words about the same fact the later counts. */
export interface Word {
  readonly text: string;
  readonly spokenAt: number;
  readonly controlId: string;
}

/** What identity messages have said of a patient, in whatever order they came. Plain data: may be kept as JSON. */
export interface PatientState {
  readonly patient: string;
  readonly words: Readonly<Partial<Record<FactName, Word>>>;
  /** Identifiers that ended in this one (A40, A47). */
  readonly formerPatients: readonly string[];
}

/** Where a patient lies at a moment; `away` (A21): the bed is kept. */
export interface Occupancy {
  readonly ward: string;
  readonly room: string;
  readonly bed: string;
  readonly away: boolean;
}

/** What a visit's movements amount to. `emergency` null: it is none; `voided`: some message has said that it was one. */
export interface VisitState {
  readonly emergency: EmergencyVisit | null;
  readonly voided: boolean;
  readonly occupancy: Occupancy | null;
}
