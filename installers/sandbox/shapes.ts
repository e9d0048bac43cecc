import type { Habits, Visit } from './visits.ts';

/**
 * The shapes that real exports take, vendor by vendor: encoding, line ends, order of tags, how codes are written, how
 * the file is named. A to D are XML, `csv` is the flat form.
 */
export type ShapeName = 'A' | 'B' | 'C' | 'D' | 'csv';

export interface Shape {
  readonly encoding: Encoding;
  readonly declaration: string;
  /** After the declaration, after every other line. */
  readonly firstBreak: string;
  readonly lineBreak: string;
  readonly headerOrder: readonly string[];
  readonly order: readonly string[];
  readonly passagesEach: boolean;
  readonly seconds: boolean;
  readonly dotted: boolean;
  readonly reason: 'icd' | 'text' | 'thesaurus';
  /** The header's window is the day of the extraction instead of the days of the visits. */
  readonly wrongWindow: boolean;
  readonly habits: Habits;
  fileName(finess: string, compactExtract: string): string;
}

export type Encoding = 'iso-8859-1' | 'iso-8859-15' | 'windows-1252' | 'utf-8';

const officialOrder = [
  ...['CP', 'COMMUNE', 'NAISSANCE', 'SEXE', 'ENTREE', 'MODE_ENTREE', 'PROVENANCE', 'TRANSPORT'],
  ...['TRANSPORT_PEC', 'MOTIF', 'GRAVITE', 'DP', 'LISTE_DA', 'LISTE_ACTES'],
  ...['SORTIE', 'MODE_SORTIE', 'DESTINATION', 'ORIENT'],
];
const officialHeader = ['FINESS', 'ORDRE', 'EXTRACT', 'DATEDEBUT', 'DATEFIN'];

const usualTransport: Habits['transport'] = [
  ['PERSO', 740],
  ['AMBU', 165],
  ['VSAB', 72],
  ['SMUR', 13],
  ['FO', 6],
  ['HELI', 1],
];
const usualSeverity: Habits['severity'] = [
  ['2', 570],
  ['1', 265],
  ['3', 135],
  ['P', 16],
  ['4', 9],
  ['5', 4],
];

export const shapes: Readonly<Record<ShapeName, Shape>> = {
  A: {
    encoding: 'iso-8859-1',
    declaration: '<?xml version="1.0" encoding="ISO-8859-1"?>',
    firstBreak: '\r\n',
    lineBreak: '\n',
    headerOrder: officialHeader,
    order: officialOrder,
    passagesEach: false,
    seconds: false,
    dotted: false,
    reason: 'icd',
    wrongWindow: false,
    habits: {
      blank: {
        origin: 1,
        transport: 0.01,
        reason: 0.02,
        severity: 0.07,
        diagnosis: 0.05,
        left: 0.02,
        whereTo: 1,
      },
      transport: [
        ['PERSO', 930],
        ['AMBU', 40],
        ['VSAB', 20],
        ['SMUR', 10],
      ],
      severity: [['1', 1]],
      admitted: 0,
      fromHospital: 0,
      associatedShare: 0,
      procedureShare: 0,
    },
    fileName: (finess, extract) => `O${finess}_0_${extract}.xml`,
  },
  B: {
    encoding: 'iso-8859-15',
    declaration: '<?xml version="1.0" encoding="ISO-8859-15"?>',
    firstBreak: '',
    lineBreak: '',
    headerOrder: ['FINESS', 'EXTRACT', 'ORDRE', 'DATEDEBUT', 'DATEFIN'],
    order: [
      ...['COMMUNE', 'CP', ...officialOrder.slice(2, 14)],
      ...['ORIENT', 'SORTIE', 'MODE_SORTIE', 'DESTINATION', 'CIRCONSTANCE'],
    ],
    passagesEach: true,
    seconds: false,
    dotted: true,
    reason: 'text',
    wrongWindow: false,
    habits: {
      blank: { transport: 0.011, diagnosis: 0.08, departureMode: 0.014 },
      transport: usualTransport,
      severity: usualSeverity,
      admitted: 0.27,
      fromHospital: 0.04,
      associatedShare: 0.135,
      procedureShare: 0.23,
    },
    fileName: (finess, extract) => `RPU_${finess}_${extract.slice(2, 8)}.xml`,
  },
  C: {
    encoding: 'iso-8859-1',
    declaration: '<?xml version="1.0" encoding="ISO-8859-1"?>',
    firstBreak: '\r\n',
    lineBreak: '\r\n',
    headerOrder: officialHeader,
    order: officialOrder,
    passagesEach: false,
    seconds: false,
    dotted: false,
    reason: 'icd',
    wrongWindow: false,
    habits: {
      blank: { origin: 0.011, transport: 0.019, diagnosis: 0.011, departureMode: 0.008 },
      transport: usualTransport,
      severity: usualSeverity,
      admitted: 0.245,
      fromHospital: 0,
      associatedShare: 0.19,
      procedureShare: 0.14,
    },
    fileName: (finess, extract) => `O${finess}_0_${extract.slice(0, 8)}.xml`,
  },
  D: {
    encoding: 'utf-8',
    declaration: '',
    firstBreak: '',
    lineBreak: '\n',
    headerOrder: officialHeader,
    order: [...officialOrder.slice(0, 10), 'HMED', ...officialOrder.slice(10)],
    passagesEach: true,
    seconds: true,
    dotted: false,
    reason: 'thesaurus',
    wrongWindow: true,
    habits: {
      blank: { reason: 0.097, severity: 0.032, diagnosis: 0.04, left: 0.01 },
      transport: [
        ['PERSO', 69],
        ['AMBU', 21],
        ['VSAB', 10],
      ],
      severity: usualSeverity,
      admitted: 0.19,
      fromHospital: 0.04,
      associatedShare: 0.25,
      procedureShare: 0.62,
    },
    fileName: (finess, extract) => `RPU_${finess.slice(-4)}_${extract}.txt`,
  },
  csv: {
    encoding: 'windows-1252',
    declaration: '',
    firstBreak: '',
    lineBreak: '\r\n',
    headerOrder: [],
    order: ['FINESS', ...officialOrder],
    passagesEach: false,
    seconds: false,
    dotted: true,
    reason: 'text',
    wrongWindow: false,
    habits: {
      blank: { transport: 0.02, severity: 0.04, diagnosis: 0.06, departureMode: 0.01 },
      transport: usualTransport,
      severity: usualSeverity,
      admitted: 0.22,
      fromHospital: 0.02,
      associatedShare: 0.15,
      procedureShare: 0.2,
    },
    fileName: (finess, extract) => `rpu_${finess}_${extract.slice(0, 8)}.csv`,
  },
};

export interface PrintedHeader {
  readonly FINESS: string;
  readonly ORDRE: string;
  readonly EXTRACT: string;
  readonly DATEDEBUT: string;
  readonly DATEFIN: string;
}

/** Everything before the first visit. */
export function printHead(shape: Shape, header: PrintedHeader): string {
  if (shape.headerOrder.length === 0) return `${shape.order.join(';').toLowerCase()}${shape.lineBreak}`;
  const fields = shape.headerOrder.map((tag) => element(tag, header[tag as keyof PrintedHeader]));
  return [
    `${shape.declaration}${shape.firstBreak}<OSCOUR>`,
    '<ETABLISSEMENT>',
    ...fields,
    `</ETABLISSEMENT>${shape.passagesEach ? '' : `${shape.lineBreak}<PASSAGES>`}`,
    '',
  ].join(shape.lineBreak);
}

export function printTail(shape: Shape): string {
  if (shape.headerOrder.length === 0) return '';
  return `${shape.passagesEach ? '' : `</PASSAGES>${shape.lineBreak}`}</OSCOUR>${shape.lineBreak}`;
}

/** One visit as known at `knownMinute`: who is still there has no exit, who is not coded yet no diagnosis. */
export function printVisit(shape: Shape, finess: string, visit: Visit, knownMinute: number): string {
  const texts = fieldsOf(shape, finess, visit, knownMinute);
  if (shape.headerOrder.length === 0) {
    const cells = shape.order.map((tag) => cell(texts[tag] ?? ''));
    return `${cells.join(';')}${shape.lineBreak}`;
  }
  const elements = shape.order.map((tag) => {
    const text = texts[tag] ?? '';
    if (typeof text === 'string') return element(tag, text);
    const child = tag === 'LISTE_DA' ? 'DA' : 'ACTE';
    return text.length === 0
      ? `<${tag}/>`
      : `<${tag}>${text.map((one) => element(child, one)).join('')}</${tag}>`;
  });
  const patient = ['<PATIENT>', ...elements, '</PATIENT>'].join(shape.lineBreak);
  return shape.passagesEach
    ? `<PASSAGES>${patient}</PASSAGES>${shape.lineBreak}`
    : `${patient}${shape.lineBreak}`;
}

function fieldsOf(
  shape: Shape,
  finess: string,
  visit: Visit,
  knownMinute: number,
): Readonly<Record<string, string | readonly string[]>> {
  const left = visit.leftMinute <= knownMinute;
  const coded = visit.codedMinute <= knownMinute;
  const code = (icd: string): string =>
    shape.dotted && icd.length > 3 ? `${icd.slice(0, 3)}.${icd.slice(3)}` : icd;
  return {
    FINESS: finess,
    CP: visit.postalCode,
    COMMUNE: visit.commune,
    NAISSANCE: visit.birthDate,
    SEXE: visit.sex,
    ENTREE: time(visit.arrivedMinute, shape.seconds),
    MODE_ENTREE: visit.arrivalMode,
    PROVENANCE: visit.origin,
    TRANSPORT: visit.transport,
    TRANSPORT_PEC: visit.transportCare,
    MOTIF:
      shape.reason === 'icd'
        ? visit.case.icd
        : shape.reason === 'text'
          ? visit.case.text.slice(0, 40)
          : visit.case.thesaurus,
    HMED: '',
    CIRCONSTANCE: '',
    GRAVITE: visit.severity,
    DP: coded ? code(visit.case.icd) : '',
    LISTE_DA: coded ? visit.associated.map(code) : [],
    LISTE_ACTES: coded ? visit.procedures : [],
    SORTIE: left ? time(visit.leftMinute, shape.seconds) : '',
    MODE_SORTIE: left ? visit.departureMode : '',
    DESTINATION: left ? visit.destination : '',
    ORIENT: left ? visit.disposition : '',
  };
}

/** Wall-clock minutes as "dd/MM/yyyy HH:mm", with ":00" for those who write seconds. */
export function time(minute: number, seconds: boolean): string {
  const iso = new Date(minute * 60_000).toISOString();
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(0, 4)} ${iso.slice(11, 16)}${seconds ? ':00' : ''}`;
}

function element(tag: string, text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<${tag}>${escaped}</${tag}>`;
}

function cell(text: string | readonly string[]): string {
  const joined = typeof text === 'string' ? text : text.join(', ');
  return /[";\r\n]/.test(joined) ? `"${joined.replaceAll('"', '""')}"` : joined;
}

const latin9: Readonly<Record<string, number>> = { '€': 0xa4, Š: 0xa6, š: 0xa8, Ž: 0xb4, ž: 0xb8, Œ: 0xbc, œ: 0xbd, Ÿ: 0xbe }; // prettier-ignore
const windows: Readonly<Record<string, number>> = {
  '€': 0x80,
  '…': 0x85,
  Œ: 0x8c,
  œ: 0x9c,
  '’': 0x92,
  '–': 0x96,
};

/** What the encoding cannot say becomes "oe" for the ligature, else a question mark, as exporters do. */
export function encode(text: string, encoding: Encoding): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  const table = encoding === 'iso-8859-15' ? latin9 : encoding === 'windows-1252' ? windows : {};
  const fitted = text.replace(/[\u0100-\uffff]/g, (letter) => {
    const byte = table[letter];
    if (byte !== undefined) return String.fromCharCode(byte);
    return letter === 'œ' ? 'oe' : '?';
  });
  return Buffer.from(fitted, 'latin1');
}
