import { instantToCompact } from '../../shared/runtime/paris-time.ts';

/** What one message of PAM France says, before it is text. Values as they stand between separators, unless they are to be escaped. */
export interface PamParts {
  readonly trigger: string;
  readonly controlId: string;
  /** EVN-2 and MSH-7, epoch ms. */
  readonly spokenAt: number;
  /** PID-3.1 */
  readonly patient: string;
  readonly person: Person;
  readonly formerPatient?: string;
  readonly visit?: VisitParts;
  readonly zbe?: ZbeParts;
}

/** '' = the sender wants it emptied. */
export interface Person {
  readonly name: string;
  /** yyyyMMdd */
  readonly birth: string;
  readonly sex: string;
  readonly postalCode: string;
  readonly commune: string;
}

export interface VisitParts {
  readonly id: string;
  readonly patientClass: string;
  readonly ward?: string;
  readonly room?: string;
  readonly bed?: string;
  readonly admissionType?: string;
  readonly admitSource?: string;
  readonly dischargeDisposition?: string;
  readonly arrivalMode?: string;
  readonly reason?: string;
  /** ZFM-1 to ZFM-4 */
  readonly zfm?: readonly string[];
  readonly exitTransport?: string;
  /** PV1-44, PV1-45 */
  readonly admittedAt?: number;
  readonly dischargedAt?: number;
}

export interface ZbeParts {
  readonly id: string;
  readonly at: number;
  readonly action: string;
  readonly origin?: string;
  readonly nature?: string;
}

export interface PamStyle {
  /** What ends a segment. */
  readonly end: string;
  /** MSH-18 */
  readonly charset: string;
  /** MSH-12 */
  readonly version: string;
}

export const pamStyle: PamStyle = { end: '\r', charset: 'UNICODE UTF-8', version: '2.5^FRA^2.11' };

/** The message as ER7. Fields are given by number, so that a table of the standard can be laid beside it. */
export function pamText(parts: PamParts, style: PamStyle = pamStyle): string {
  const { trigger, visit, zbe } = parts;
  const spoken = instantToCompact(parts.spokenAt);
  const segments = [
    `MSH|^~\\&|GAM|CH-TEST|DPI|CH-TEST|${spoken}||ADT^${trigger}^${structureOf(trigger)}|${parts.controlId}|P|${style.version}|||||FRA|${style.charset}|FR`,
    segment('EVN', { 2: spoken, 6: spoken }),
    personSegment(parts),
    ...(parts.formerPatient === undefined
      ? []
      : [segment('MRG', { 1: `${parts.formerPatient}^^^CH-TEST^PI` })]),
    ...(visit === undefined ? [] : visitSegments(visit)),
    ...(zbe === undefined ? [] : [movementSegment(zbe, visit?.ward ?? '')]),
    ...(visit?.zfm === undefined
      ? []
      : [segment('ZFM', Object.fromEntries(visit.zfm.map((text, index) => [index + 1, text])))]),
    ...(visit?.exitTransport === undefined ? [] : [segment('ZFV', { 2: visit.exitTransport })]),
  ];
  return segments.map((one) => one + style.end).join('');
}

function personSegment({ patient, person }: PamParts): string {
  const orDelete = (text: string): string => (text === '' ? '""' : escapeText(text));
  return segment('PID', {
    1: '1',
    3: `${patient}^^^CH-TEST&1.2.250.1.999&ISO^PI~199999999999999^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.8&ISO^INS`,
    5: `${escapeText(person.name)}^CAMILLE^CAMILLE^^^^L`,
    7: person.birth === '' ? '""' : person.birth,
    8: orDelete(person.sex),
    11: `1 rue de l'Essai^^${orDelete(person.commune)}^^${orDelete(person.postalCode)}^FRA^H~^^^^^^BDL^^99999`,
  });
}

function visitSegments(visit: VisitParts): readonly string[] {
  const { ward = '', room = '', bed = '' } = visit;
  const time = (at: number | undefined): string => (at === undefined ? '' : instantToCompact(at));
  return [
    segment('PV1', {
      1: '1',
      2: visit.patientClass,
      3: ward === '' ? '^^^CH-TEST' : [ward, room, bed, 'CH-TEST'].join('^'),
      4: visit.admissionType ?? '',
      14: visit.admitSource ?? '',
      19: `${visit.id}^^^CH-TEST&1.2.250.1.999&ISO^VN`,
      36: visit.dischargeDisposition ?? '',
      44: time(visit.admittedAt),
      45: time(visit.dischargedAt),
    }),
    ...(visit.arrivalMode === undefined && visit.reason === undefined
      ? []
      : [segment('PV2', { 3: escapeText(visit.reason ?? ''), 38: visit.arrivalMode ?? '' })]),
  ];
}

function movementSegment(zbe: ZbeParts, ward: string): string {
  const unit = ward === '' ? '' : `${ward}^^^^^CH-TEST^UF^^^${ward}`;
  return segment('ZBE', {
    1: `${zbe.id}^CH-TEST`,
    2: instantToCompact(zbe.at),
    4: zbe.action,
    5: 'N',
    6: zbe.origin ?? '',
    7: unit,
    9: zbe.nature ?? 'HMS',
  });
}

function segment(name: string, fields: Readonly<Record<number, string>>): string {
  const last = Math.max(
    0,
    ...Object.entries(fields).map(([index, text]) => (text === '' ? 0 : Number(index))),
  );
  return [name, ...Array.from({ length: last }, (_, index) => fields[index + 1] ?? '')].join('|');
}

const escapes: Readonly<Record<string, string>> = {
  '|': '\\F\\',
  '^': '\\S\\',
  '&': '\\T\\',
  '~': '\\R\\',
  '\\': '\\E\\',
  '\n': '\\.br\\',
};

/** Text as a sender must write it between separators. */
export function escapeText(text: string): string {
  return text.replace(/[|^&~\\\n]/g, (sign) => escapes[sign] ?? sign);
}

/** MSH-9.3 */
function structureOf(trigger: string): string {
  const shared: Readonly<Record<string, string>> = {
    A04: 'ADT_A01',
    A08: 'ADT_A01',
    A13: 'ADT_A01',
    A11: 'ADT_A09',
    A12: 'ADT_A12',
    A28: 'ADT_A05',
    A31: 'ADT_A05',
    A40: 'ADT_A39',
    A47: 'ADT_A30',
    A07: 'ADT_A06',
    A22: 'ADT_A21',
    A52: 'ADT_A52',
    A53: 'ADT_A52',
    Z99: 'ADT_A01',
  };
  return shared[trigger] ?? `ADT_${trigger}`;
}
