import type { Clock } from '../../../shared/runtime/clock.ts';
import { instantToCompact } from '../../../shared/runtime/paris-time.ts';
import type { Random } from '../../../shared/runtime/random.ts';
import type { Hl7Message } from './parse.ts';

/** AA: stored; AE: malformed, mend and send again; AR: not for here. */
export type AckCode = 'AA' | 'AE' | 'AR';

export interface AckError {
  readonly segment: string;
  readonly field: number | null;
  /** A code of the error catalogue. */
  readonly code: string;
}

export interface AckInput {
  readonly clock: Clock;
  readonly random: Random;
  readonly error?: AckError;
}

/**
 * The acknowledgement of a message (HL7 2.5, chapter 2.9.2), segments ended by CR: sent from whom it was for to whom it came from,
 * in the message's own separators, version, processing id and character set. `null`: what came could not be read as a message at all.
 */
export function printAck(message: Hl7Message | null, code: AckCode, input: AckInput): string {
  const field = message?.separators.field ?? '|';
  const component = message?.separators.component ?? '^';
  // A line break within a field, if it were echoed, would begin a segment of the sender's choice.
  const echo = (path: string): string => (message?.raw(path) ?? '').replaceAll('\n', ' ');
  const print = (fields: readonly string[]): string =>
    `${fields.slice(0, fields.findLastIndex((text) => text !== '') + 1).join(field)}\r`;
  const trigger = echo('MSH-9').split(component)[1] ?? '';
  const header = [
    'MSH',
    message?.separators.encoding ?? '^~\\&',
    ...['MSH-5', 'MSH-6', 'MSH-3', 'MSH-4'].map(echo),
    instantToCompact(input.clock.now()),
    '',
    trigger === '' ? 'ACK' : ['ACK', trigger, 'ACK'].join(component),
    // 20 characters are all that MSH-10 holds before version 2.7.
    input.random.bytes(10).toString('hex'),
    echo('MSH-11') || 'P',
    echo('MSH-12') || '2.5',
    ...['', '', '', '', ''],
    echo('MSH-18'),
  ];
  const errors = input.error === undefined ? '' : print(errorFields(input.error, component));
  return print(header) + print(['MSA', code, echo('MSH-10')]) + errors;
}

/** ERR-2 where, ERR-3 what in the words of HL7 table 0357, ERR-4 severity, ERR-5 what in our own. */
function errorFields(error: AckError, component: string): readonly string[] {
  const where = error.field === null ? [error.segment, '1'] : [error.segment, '1', String(error.field)];
  const [number, text] = conditions[error.code] ?? [207, 'Application internal error'];
  return [
    'ERR',
    '',
    where.join(component),
    [String(number), text, 'HL70357'].join(component),
    'E',
    error.code,
  ];
}

const conditions: Readonly<Partial<Record<string, readonly [number, string]>>> = {
  'hl7-header-missing': [100, 'Segment sequence error'],
  'adt-segment-missing': [100, 'Segment sequence error'],
  'adt-field-missing': [101, 'Required field missing'],
  'adt-field-unreadable': [102, 'Data type error'],
  'adt-field-forbidden': [102, 'Data type error'],
  'adt-action-incoherent': [103, 'Table value not found'],
  'adt-origin-incoherent': [103, 'Table value not found'],
  'adt-type-unsupported': [200, 'Unsupported message type'],
  'adt-event-unsupported': [201, 'Unsupported event code'],
  'adt-version-unsupported': [203, 'Unsupported version id'],
};
