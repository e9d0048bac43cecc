import { Hl7Message as MedplumMessage } from '@medplum/core';
import { describe, expect, it } from 'vitest';
import { printAck } from '../../../agent/reader/hl7v2/ack.ts';
import { parseMessage } from '../../../agent/reader/hl7v2/parse.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';

const clock = { now: () => Date.UTC(2026, 0, 5, 9, 15), monotonic: () => 0 };
const random = { ...systemRandom, bytes: (length: number) => Buffer.alloc(length, 0xab) };
const text =
  'MSH|^~\\&|GAM^1|CH-X|DPI|CH-Y|20260105101500||ADT^A04^ADT_A01|4\\T\\7|P|2.5^FRA^2.11|||||FRA|8859/15|FR\r';

describe('an acknowledgement', () => {
  it('goes back to the sender, in its own words', () => {
    expect(printAck(parseMessage(text), 'AA', { clock, random })).toBe(
      'MSH|^~\\&|DPI|CH-Y|GAM^1|CH-X|20260105101500||ACK^A04^ACK|abababababababababab|P|2.5^FRA^2.11||||||8859/15\r' +
        'MSA|AA|4\\T\\7\r',
    );
  });

  it('says where the fault is, in the words of the standard and in ours', () => {
    const error = { segment: 'ZBE', field: 3, code: 'adt-field-forbidden' };
    const ack = parseMessage(printAck(parseMessage(text), 'AE', { clock, random, error }));
    expect(ack.get('MSA-1')).toBe('AE');
    expect(ack.raw('ERR-2')).toBe('ZBE^1^3');
    expect(ack.raw('ERR-3')).toBe('102^Data type error^HL70357');
    expect(ack.get('ERR-4')).toBe('E');
    expect(ack.get('ERR-5')).toBe('adt-field-forbidden');
  });

  it('names a segment alone, and calls internal what the standard has no number for', () => {
    const error = { segment: 'MSH', field: null, code: 'something-else' };
    const ack = parseMessage(printAck(parseMessage(text), 'AR', { clock, random, error }));
    expect(ack.raw('ERR-2')).toBe('MSH^1');
    expect(ack.get('ERR-3')).toBe('207');
  });

  it.each(['#*!?%', '].[)(', '*+^$&'])('is written with the separators of the message: %s', (signs) => {
    const [field = '', ...encoding] = signs;
    const odd = text
      .replace('^~\\&', () => encoding.join(''))
      .replaceAll('|', () => field)
      .replaceAll(/(?<=ADT|A04|2\.5|FRA)\^/g, () => encoding[0] ?? '');
    const error = { segment: 'PID', field: 3, code: 'adt-field-missing' };
    const ack = parseMessage(printAck(parseMessage(odd), 'AE', { clock, random, error }));
    expect(ack.separators).toEqual(parseMessage(odd).separators);
    expect(ack.get('MSH-9.2')).toBe('A04');
    expect(ack.get('ERR-2.3')).toBe('3');
  });

  it('is given even to what could not be read as a message', () => {
    const error = { segment: 'MSH', field: null, code: 'hl7-header-missing' };
    const ack = parseMessage(printAck(null, 'AE', { clock, random, error }));
    expect(ack.get('MSH-9')).toBe('ACK');
    expect(ack.get('MSH-11')).toBe('P');
    expect(ack.raw('MSA-1')).toBe('AE');
    expect(ack.get('MSA-2')).toBe('');
    expect(ack.get('ERR-3')).toBe('100');
  });

  it('never lets the sender write a segment into it', () => {
    const forged = parseMessage(text.replace('GAM^1', 'GAM\nx|MSA'));
    const lines = printAck(forged, 'AE', { clock, random }).split(/[\r\n]+/);
    expect(lines.map((line) => line.slice(0, 3))).toEqual(['MSH', 'MSA', '']);
  });

  it('bears a control id of its own, short enough for every version', () => {
    const ids = [1, 2].map(() =>
      parseMessage(printAck(parseMessage(text), 'AA', { clock, random: systemRandom })).get('MSH-10'),
    );
    expect(new Set(ids).size).toBe(2);
    expect(ids.every((id) => id.length === 20)).toBe(true);
  });

  it('says what the one of another library says, where both speak', () => {
    const ours = MedplumMessage.parse(printAck(parseMessage(text), 'AA', { clock, random }));
    const theirs = MedplumMessage.parse(text).buildAck({ ackCode: 'AA' });
    for (const field of [2, 3, 4, 5, 6, 12])
      expect(ours.header.getField(field).toString()).toBe(theirs.header.getField(field).toString());
    for (const [field, component] of [
      [9, 1],
      [9, 2],
      [9, 3],
    ] as const)
      expect(ours.header.getComponent(field, component)).toBe(theirs.header.getComponent(field, component));
    expect(ours.getSegment('MSA')?.getField(1).toString()).toBe('AA');
    expect(ours.getSegment('MSA')?.getField(2).toString()).toBe(
      theirs.getSegment('MSA')?.getField(2).toString(),
    );
  });
});
