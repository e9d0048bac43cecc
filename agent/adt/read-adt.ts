import { asFault } from '../../shared/runtime/errors.ts';
import { deleted, parseMessage, type Hl7Limits, type Hl7Message } from '../reader/hl7v2/parse.ts';
import { parseHl7Time } from '../reader/hl7v2/time.ts';
import {
  refusalCodes,
  type AdtEvent,
  type IdentityEvent,
  type MovementEvent,
  type Refusal,
  type RefusalCode,
} from './event.ts';
import { factsOf, patientFactsOf } from './facts.ts';
import { isMovement, triggerNamed, type Trigger } from './triggers.ts';

/**
 * What an ADT message says, by the rules of IHE PAM France for a patient's identity (ITI-30) and movements (ITI-31); or why it is refused:
 * AR when no mending makes it one of ours (type, event, version), AE with segment and field when it can be mended. Judged is what the
 * place and time of a visit depend on; any other value is taken as it is, for the mapping and the feed's checks to judge.
 */
export function readAdt(message: Hl7Message): AdtEvent | Refusal {
  try {
    return eventOf(message);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { answer, code, segment, field } = error;
    return { kind: 'refused', answer, code, segment, field, controlId: textAt(message, 'MSH-10') };
  }
}

/** Parses, then reads. A text that is no message at all is refused too; `message` is null then. */
export function readAdtText(
  text: string,
  limits?: Hl7Limits,
): { readonly message: Hl7Message | null; readonly event: AdtEvent | Refusal } {
  let message: Hl7Message;
  try {
    message = parseMessage(text, limits);
  } catch (error) {
    const { code: found, facts } = asFault(error);
    const code = refusalCodes.find((one) => one === found);
    if (code === undefined) throw error;
    const segment = typeof facts['segment'] === 'string' ? facts['segment'] : 'MSH';
    return {
      message: null,
      event: { kind: 'refused', answer: 'AE', code, segment, field: null, controlId: '' },
    };
  }
  return { message, event: readAdt(message) };
}

/** Never leaves this file. */
class Refused extends Error {
  readonly answer: 'AE' | 'AR';
  readonly code: RefusalCode;
  readonly segment: string;
  readonly field: number | null;
  constructor(answer: 'AE' | 'AR', code: RefusalCode, path: string) {
    super(code);
    const [segment = '', field] = path.split('-');
    this.answer = answer;
    this.code = code;
    this.segment = segment;
    this.field = field === undefined ? null : Number(field);
  }
}

function eventOf(message: Hl7Message): AdtEvent {
  const { name, trigger } = triggerOf(message);
  switch (trigger.does) {
    case 'nothing':
      return { kind: 'ignored', trigger: name };
    case 'identity':
      return identityOf(message, name);
    case 'movement':
      return movementOf(message, name, trigger);
    default:
      return trigger.does satisfies never;
  }
}

function triggerOf(message: Hl7Message): { readonly name: string; readonly trigger: Trigger } {
  if (textAt(message, 'MSH-9') !== 'ADT') throw new Refused('AR', 'adt-type-unsupported', 'MSH-9');
  const name = textAt(message, 'MSH-9.2') || textAt(message, 'EVN-1');
  const trigger = triggerNamed(name);
  if (trigger === undefined) throw new Refused('AR', 'adt-event-unsupported', 'MSH-9');
  if (!/^2\.\d(?:\.\d)?$/.test(textAt(message, 'MSH-12')))
    throw new Refused('AR', 'adt-version-unsupported', 'MSH-12');
  required(message, 'MSH-10');
  return { name, trigger };
}

function identityOf(message: Hl7Message, name: string): IdentityEvent {
  const ends = name === 'A40' || name === 'A47';
  return {
    kind: 'identity',
    patient: patientAt(message, 'PID-3'),
    formerPatient: ends ? patientAt(message, 'MRG-1') : null,
    spokenAt: spokenAt(message),
    controlId: textAt(message, 'MSH-10'),
    facts: patientFactsOf(message),
  };
}

function movementOf(message: Hl7Message, name: string, trigger: Trigger): AdtEvent {
  const patient = patientAt(message, 'PID-3');
  const visit = required(message, 'PV1-19');
  const spoken = {
    kind: 'movement',
    visit,
    patient,
    patientClass: textAt(message, 'PV1-2'),
    ward: textAt(message, 'PV1-3'),
    room: textAt(message, 'PV1-3.2'),
    bed: textAt(message, 'PV1-3.3'),
    spokenAt: spokenAt(message),
    controlId: textAt(message, 'MSH-10'),
    facts: factsOf(message),
  } as const;
  if (name === 'A08' && !message.has('ZBE'))
    return { ...spoken, ...withoutMovement(message, spoken.spokenAt) };
  const zbe = movementSegment(message, name, trigger);
  if (!isMovement(zbe.trigger)) return { kind: 'ignored', trigger: zbe.trigger };
  return { ...spoken, ...zbe, admittedAt: null, dischargedAt: null };
}

function withoutMovement(message: Hl7Message, at: number) {
  return {
    movement: null,
    action: 'update',
    trigger: 'A08',
    at,
    historic: false,
    nature: '',
    admittedAt: timeAt(message, 'PV1-44') ?? null,
    dischargedAt: timeAt(message, 'PV1-45') ?? null,
  } as const;
}

type Zbe = Pick<MovementEvent, 'movement' | 'action' | 'trigger' | 'at' | 'historic' | 'nature'>;

function movementSegment(message: Hl7Message, name: string, trigger: Trigger): Zbe {
  if (!message.has('ZBE')) throw new Refused('AE', 'adt-segment-missing', 'ZBE');
  const movement = required(message, 'ZBE-1');
  const at = requiredTime(message, 'ZBE-2');
  // Forbidden in France, and where it is filled everything after it usually stands one field too far.
  if (textAt(message, 'ZBE-3') !== '') throw new Refused('AE', 'adt-field-forbidden', 'ZBE-3');
  const action = required(message, 'ZBE-4').toLowerCase();
  const allowed = trigger.actions.find((one) => one === action);
  if (allowed === undefined) throw new Refused('AE', 'adt-action-incoherent', 'ZBE-4');
  return {
    movement,
    action: allowed,
    trigger: allowed === 'insert' ? name : originOf(message, trigger, allowed),
    at,
    historic: textAt(message, 'ZBE-5') === 'Y',
    nature: textAt(message, 'ZBE-9'),
  };
}

/** ZBE-6: the event that made the movement which is updated or cancelled. */
function originOf(message: Hl7Message, trigger: Trigger, action: 'update' | 'cancel'): string {
  const origin = required(message, 'ZBE-6');
  const known =
    action === 'cancel'
      ? trigger.cancels.includes(origin)
      : isMovement(origin) || triggerNamed(origin)?.does === 'nothing';
  if (!known) throw new Refused('AE', 'adt-origin-incoherent', 'ZBE-6');
  return origin;
}

/** The hospital's own identifier (type PI) where it is marked, else the first. */
function patientAt(message: Hl7Message, path: string): string {
  const all = Array.from({ length: message.repetitions(path) }, (_, index) => index + 1);
  const own = all.find((repetition) => message.get(`${path}.5`, repetition) === 'PI') ?? 1;
  const patient = textAt(message, path, own);
  if (patient === '') throw new Refused('AE', 'adt-field-missing', path);
  return patient;
}

/** When the event was recorded, else when the message was made. */
function spokenAt(message: Hl7Message): number {
  return timeAt(message, 'EVN-2') ?? requiredTime(message, 'MSH-7');
}

function requiredTime(message: Hl7Message, path: string): number {
  const at = timeAt(message, path);
  if (at === undefined) throw new Refused('AE', 'adt-field-missing', path);
  return at;
}

function timeAt(message: Hl7Message, path: string): number | undefined {
  const text = textAt(message, path);
  if (text === '') return undefined;
  const at = parseHl7Time(text);
  if (at === undefined) throw new Refused('AE', 'adt-field-unreadable', path);
  return at;
}

function required(message: Hl7Message, path: string): string {
  const text = textAt(message, path);
  if (text === '') throw new Refused('AE', 'adt-field-missing', path);
  return text;
}

/** '' for what is empty and for what is to be emptied. */
function textAt(message: Hl7Message, path: string, repetition = 1): string {
  const text = message.get(path, repetition).trim();
  return text === deleted ? '' : text;
}
