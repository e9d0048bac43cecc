import { describe, expect, it } from 'vitest';
import type { MovementEvent, Refusal } from '../../../agent/adt/event.ts';
import { readAdt, readAdtText } from '../../../agent/adt/read-adt.ts';
import { parseMessage } from '../../../agent/reader/hl7v2/parse.ts';
import { describeCode } from '../../../shared/i18n/errors.ts';
import { parseFrenchDateTime } from '../../../shared/runtime/paris-time.ts';

const at = (text: string): number => parseFrenchDateTime(text)?.at ?? 0;

const header = (event: string, more: { readonly id?: string; readonly version?: string } = {}): string =>
  `MSH|^~\\&|GAM|CH|DPI|CH|20260105101500||${event}|${more.id ?? '17'}|P|${more.version ?? '2.5^FRA^2.11'}`;
const evn = 'EVN||20260105101400';
const pid =
  'PID|1||IPP1^^^CH^PI~199999999999999^^^INS-NIR^INS||TEST-NOM^CAMILLE||19850425|F|||1 rue^^REIMS^^51100^FRA^H';
const pv1 = 'PV1|1|E|1000^BOX^4^CH||||||||||||||||V9^^^CH^VN';
const zbe = (rest: string): string => `ZBE|M1^CH|20260105100000|${rest}`;
const insert = zbe('|INSERT|N||||HMS');

const read = (...segments: readonly string[]) => readAdt(parseMessage(segments.join('\r')));
const movement = (...segments: readonly string[]): MovementEvent => {
  const event = read(...segments);
  if (event.kind !== 'movement') throw new Error(JSON.stringify(event));
  return event;
};
const refused = (...segments: readonly string[]): string => {
  const event = read(...segments);
  if (event.kind !== 'refused') throw new Error(JSON.stringify(event));
  return `${event.answer} ${event.segment}${event.field === null ? '' : `-${event.field}`} ${event.code}`;
};

describe('a movement', () => {
  it('is read with its visit, its place and what it says', () => {
    const segments = [header('ADT^A04^ADT_A01'), evn, pid, pv1, `PV2|||REA^chute${'|'.repeat(35)}7`];
    expect(read(...segments, insert, 'ZFM|8|7|5|1', 'ZFV||8')).toEqual({
      kind: 'movement',
      visit: 'V9',
      movement: 'M1',
      action: 'insert',
      trigger: 'A04',
      at: at('05/01/2026 10:00'),
      historic: false,
      patientClass: 'E',
      ward: '1000',
      room: 'BOX',
      bed: '4',
      nature: 'HMS',
      patient: 'IPP1',
      spokenAt: at('05/01/2026 10:14'),
      controlId: '17',
      admittedAt: null,
      dischargedAt: null,
      facts: {
        birthDate: '25/04/1985',
        sex: 'F',
        postalCode: '51100',
        commune: 'REIMS',
        arrivalMode: '7',
        reason: 'REA',
        pmsiEntryMode: '8',
        pmsiExitMode: '7',
        provenance: '5',
        destination: '1',
        exitTransport: '8',
      },
    });
  });

  it('that says little says no more than that', () => {
    const event = movement(header('ADT^A03'), 'PID|1||IPP1', 'PV1|1|E|||||||||||||||||V9', zbe('|INSERT'));
    expect(event.facts).toEqual({});
    expect([event.ward, event.room, event.bed, event.nature]).toEqual(['', '', '', '']);
    // Without EVN, it was spoken when the message was made.
    expect(event.spokenAt).toBe(at('05/01/2026 10:15'));
  });

  it('empties what it sends as ""', () => {
    const event = movement(header('ADT^A04'), evn, 'PID|1||IPP1||||""|""|||""', pv1, insert, 'ZFM|""');
    expect(event.facts).toEqual({ birthDate: '', sex: '', postalCode: '', commune: '', pmsiEntryMode: '' });
  });

  it('takes the identifier of the hospital, wherever it stands', () => {
    const first = 'PID|1||1999^^^INS^INS~IPP1^^^CH^PI';
    expect(movement(header('ADT^A04'), evn, first, pv1, insert).patient).toBe('IPP1');
    const unmarked = 'PID|1||1999^^^INS~IPP1^^^CH';
    expect(movement(header('ADT^A04'), evn, unmarked, pv1, insert).patient).toBe('1999');
  });

  it('takes the address of residence, never the place of birth', () => {
    const birthFirst = 'PID|1||IPP1||||||||^^NICE^^06000^FRA^BDL~^^REIMS^^51100^FRA^H';
    expect(movement(header('ADT^A04'), evn, birthFirst, pv1, insert).facts.postalCode).toBe('51100');
    const workFirst = 'PID|1||IPP1||||||||^^NICE^^06000^FRA^O~^^REIMS^^51100^FRA^H';
    expect(movement(header('ADT^A04'), evn, workFirst, pv1, insert).facts.postalCode).toBe('51100');
    const unmarked = 'PID|1||IPP1||||||||^^NICE^^06000^FRA^BDL~^^REIMS^^51100';
    expect(movement(header('ADT^A04'), evn, unmarked, pv1, insert).facts.commune).toBe('REIMS');
    const birthOnly = 'PID|1||IPP1||||||||^^NICE^^06000^FRA^BDL';
    expect(movement(header('ADT^A04'), evn, birthOnly, pv1, insert).facts).toEqual({});
  });

  it('keeps a date of birth that is none as it was written, for the checks to find', () => {
    expect(movement(header('ADT^A04'), evn, 'PID|1||IPP1||||19501300', pv1, insert).facts.birthDate).toBe(
      '19501300',
    );
  });

  it('may bear its event in EVN, its nature outside the table, its action in small letters', () => {
    const event = movement(header('ADT'), 'EVN|A04|20260105101400', pid, pv1, zbe('|insert|Y||||MHC'));
    expect(event.trigger).toBe('A04');
    expect(event.nature).toBe('MHC');
    expect(event.historic).toBe(true);
  });

  it.each([
    ['A11', 'A04'],
    ['A11', 'A01'],
    ['A12', 'A02'],
    ['A13', 'A03'],
    ['A52', 'A21'],
    ['A53', 'A22'],
    ['A06', 'A07'],
    ['A07', 'A06'],
  ])('%s cancels %s', (trigger, origin) => {
    const event = movement(header(`ADT^${trigger}`), evn, pid, pv1, zbe(`|CANCEL|N|${origin}`));
    expect([event.action, event.trigger]).toEqual(['cancel', origin]);
  });

  it.each(['Z99', 'A08'])('%s corrects any movement', (trigger) => {
    for (const origin of ['A01', 'A02', 'A03', 'A04', 'A06', 'A07', 'A21', 'A22']) {
      const event = movement(header(`ADT^${trigger}`), evn, pid, pv1, zbe(`|UPDATE|N|${origin}`));
      expect([event.action, event.trigger]).toEqual(['update', origin]);
    }
  });

  it('A08 without ZBE speaks of the visit, with its times', () => {
    const more = `${pv1}${'|'.repeat(25)}20260105093000|20260105120000`;
    const event = movement(header('ADT^A08', { version: '2.5.1' }), evn, pid, more);
    expect(event).toMatchObject({
      movement: null,
      action: 'update',
      trigger: 'A08',
      at: at('05/01/2026 10:14'),
      admittedAt: at('05/01/2026 09:30'),
      dischargedAt: at('05/01/2026 12:00'),
    });
  });
});

describe('what has no effect on visits', () => {
  it.each('A05 A38 A14 A27 A15 A26 A16 A25 A54 A55'.split(' '))('%s is heard and left alone', (trigger) => {
    expect(read(header(`ADT^${trigger}`), evn, pid)).toEqual({ kind: 'ignored', trigger });
  });

  it('so is a correction of it', () => {
    expect(read(header('ADT^Z99'), evn, pid, pv1, zbe('|UPDATE|N|A05'))).toEqual({
      kind: 'ignored',
      trigger: 'A05',
    });
  });
});

describe('an identity', () => {
  it.each(['A28', 'A31'])('%s says who the patient is', (trigger) => {
    expect(read(header(`ADT^${trigger}`), evn, pid, 'PV1|1|N')).toEqual({
      kind: 'identity',
      patient: 'IPP1',
      formerPatient: null,
      spokenAt: at('05/01/2026 10:14'),
      controlId: '17',
      facts: { birthDate: '25/04/1985', sex: 'F', postalCode: '51100', commune: 'REIMS' },
    });
  });

  it.each(['A40', 'A47'])('%s says which identifier ends', (trigger) => {
    const mrg = 'MRG|199^^^INS^INS~IPP0^^^CH^PI';
    expect(read(header(`ADT^${trigger}`), evn, pid, mrg)).toMatchObject({
      patient: 'IPP1',
      formerPatient: 'IPP0',
    });
    expect(refused(header(`ADT^${trigger}`), evn, pid)).toBe('AE MRG-1 adt-field-missing');
  });
});

describe('a message is refused for good', () => {
  it.each([
    ['ORU^R01', 'MSH-9 adt-type-unsupported'],
    ['ACK', 'MSH-9 adt-type-unsupported'],
    ['', 'MSH-9 adt-type-unsupported'],
    ['ADT^A60', 'MSH-9 adt-event-unsupported'],
    ['ADT^toString', 'MSH-9 adt-event-unsupported'],
    ['ADT', 'MSH-9 adt-event-unsupported'],
  ])('whose type is %j', (event, expected) => {
    expect(refused(header(event), pid, pv1, insert)).toBe(`AR ${expected}`);
  });

  it.each(['', '3.0', 'FRA', '2'])('whose version is %j', (version) => {
    expect(refused(header('ADT^A04', { version }), evn, pid, pv1, insert)).toBe(
      'AR MSH-12 adt-version-unsupported',
    );
  });

  it('that is cut within its header', () => {
    expect(refused('MSH|^~\\&|GAM|CH')).toBe('AR MSH-9 adt-type-unsupported');
  });
});

describe('a message is sent back to be mended', () => {
  const a04 = header('ADT^A04');
  it.each<[string, readonly string[]]>([
    ['MSH-10 adt-field-missing', [header('ADT^A04', { id: '' }), evn, pid, pv1, insert]],
    ['PID-3 adt-field-missing', [a04, evn, 'PID|1', pv1, insert]],
    ['PID-3 adt-field-missing', [a04, evn, 'PID|1||""', pv1, insert]],
    ['PID-3 adt-field-missing', [a04, evn, pv1, insert]],
    ['PV1-19 adt-field-missing', [a04, evn, pid, 'PV1|1|E', insert]],
    ['PV1-19 adt-field-missing', [header('ADT^A08'), evn, pid]],
    ['EVN-2 adt-field-unreadable', [a04, 'EVN||05/01/2026', pid, pv1, insert]],
    ['MSH-7 adt-field-missing', [a04.replace('20260105101500', ''), 'EVN|', pid, pv1, insert]],
    ['MSH-7 adt-field-unreadable', [a04.replace('20260105101500', '2026'), 'EVN|', pid, pv1, insert]],
    ['ZBE adt-segment-missing', [a04, evn, pid, pv1]],
    ['ZBE-1 adt-field-missing', [a04, evn, pid, pv1, 'ZBE||20260105100000||INSERT']],
    ['ZBE-2 adt-field-missing', [a04, evn, pid, pv1, 'ZBE|M1|||INSERT']],
    ['ZBE-2 adt-field-unreadable', [a04, evn, pid, pv1, 'ZBE|M1|20261305||INSERT']],
    ['ZBE-4 adt-field-missing', [a04, evn, pid, pv1, 'ZBE|M1|20260105']],
    ['ZBE-4 adt-action-incoherent', [a04, evn, pid, pv1, zbe('|UPDATE|N|A04')]],
    ['ZBE-4 adt-action-incoherent', [a04, evn, pid, pv1, zbe('|AJOUT|N')]],
    ['ZBE-4 adt-action-incoherent', [header('ADT^A11'), evn, pid, pv1, zbe('|INSERT|N|A04')]],
    ['ZBE-4 adt-action-incoherent', [header('ADT^Z99'), evn, pid, pv1, zbe('|CANCEL|N|A04')]],
    ['ZBE-6 adt-field-missing', [header('ADT^Z99'), evn, pid, pv1, zbe('|UPDATE|N')]],
    ['ZBE-6 adt-field-missing', [header('ADT^A13'), evn, pid, pv1, zbe('|CANCEL|N')]],
    ['ZBE-6 adt-origin-incoherent', [header('ADT^A13'), evn, pid, pv1, zbe('|CANCEL|N|A04')]],
    ['ZBE-6 adt-origin-incoherent', [header('ADT^Z99'), evn, pid, pv1, zbe('|UPDATE|N|A13')]],
    ['ZBE-6 adt-origin-incoherent', [header('ADT^Z99'), evn, pid, pv1, zbe('|UPDATE|N|Z99')]],
    ['PV1-44 adt-field-unreadable', [header('ADT^A08'), evn, pid, `${pv1}${'|'.repeat(25)}hier`]],
  ])('%s', (expected, segments) => {
    expect(refused(...segments)).toBe(`AE ${expected}`);
  });

  it('that is a discharge whose ZBE is shifted by one field too many, at the field that is too many', () => {
    const shifted = zbe('20260105101300||INSERT|N||1000^^^^^^UF^^^1000||HMS');
    expect(refused(header('ADT^A03'), evn, pid, pv1, shifted)).toBe('AE ZBE-3 adt-field-forbidden');
  });

  it('with its control id, so that the sender knows which', () => {
    expect(read(a04, evn, 'PID|1', pv1, insert)).toMatchObject({ controlId: '17' });
  });
});

describe('a text', () => {
  it('is parsed and read at once', () => {
    const { message, event } = readAdtText([header('ADT^A04'), evn, pid, pv1, insert].join('\r'));
    expect(message?.get('MSH-10')).toBe('17');
    expect(event.kind).toBe('movement');
  });

  it('that is no message is a refusal too', () => {
    const of = (text: string): Refusal => {
      const { message, event } = readAdtText(text);
      expect(message).toBeNull();
      if (event.kind !== 'refused') throw new Error(event.kind);
      return event;
    };
    expect(of('bonjour')).toMatchObject({ answer: 'AE', code: 'hl7-header-missing', segment: 'MSH' });
    expect(of('MSH|')).toMatchObject({ code: 'hl7-separators-unreadable' });
    const fields = `${header('ADT^A04')}\rOBX${'|'.repeat(600)}`;
    expect(of(fields)).toMatchObject({ code: 'hl7-too-many-fields', segment: 'OBX', field: null });
  });

  it('is refused in words that name segment and field, in French and in English', () => {
    const facts = { segment: 'ZBE', field: 2 };
    expect(describeCode('adt-field-missing', 'fr', facts).message).toBe('Le champ ZBE-2 est vide');
    expect(describeCode('adt-field-missing', 'en', facts).message).toBe('Field ZBE-2 is empty');
  });

  it('of hundreds of thousands of repetitions is read in time that grows with its length', () => {
    const many = `PID|1||A${'~B'.repeat(240_000)}||||||||C${'~^^^^^^BDL'.repeat(40_000)}`;
    const from = performance.now();
    expect(readAdtText([header('ADT^A04'), evn, many, pv1, insert].join('\r')).event.kind).toBe('movement');
    expect(performance.now() - from).toBeLessThan(5000);
  });

  it('of a patient never shows in a refusal', () => {
    const event = read(header('ADT^A04'), evn, pid, 'PV1|1|E', insert);
    expect(JSON.stringify(event)).not.toMatch(/IPP1|TEST-NOM|1985|51100/);
  });
});
