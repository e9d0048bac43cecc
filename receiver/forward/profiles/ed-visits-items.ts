import { edCodes, isCcam, isIcd10, type CodeSet } from '../../../shared/feeds/code-lists.ts';
import type { EdVisit } from '../../../shared/feeds/ed-visits-record.ts';
import { parseFrenchDate } from '../../../shared/runtime/paris-time.ts';
import type { Item, ItemVersion } from './item.ts';

/** An item of the national visit summary, and the one field of the common schema it is got from. */
export interface EdVisitItem extends Item<EdVisit> {
  readonly field: keyof EdVisit;
}

type Coded = Exclude<
  {
    [Name in keyof EdVisit]-?: EdVisit[Name] extends string | undefined ? Name : never;
  }[keyof EdVisit],
  'facility'
>;
type Listed = 'associatedDiagnoses' | 'procedures';

/** The 18 national items in the official order. Codes nobody knows, diagnoses that are none, dates that are none are blank. */
export const edVisitItems: readonly EdVisitItem[] = [
  free('CP', 'postalCode'),
  free('COMMUNE', 'commune'),
  single('NAISSANCE', 'birthDate', ({ birthDate = '' }) =>
    parseFrenchDate(birthDate) === undefined ? '' : birthDate,
  ),
  coded('SEXE', 'sex', edCodes.sex),
  single('ENTREE', 'arrivedAt', ({ arrivedAt }) => toTheMinute(arrivedAt.text)),
  coded('MODE_ENTREE', 'arrivalMode', edCodes.arrivalMode),
  coded('PROVENANCE', 'origin', edCodes.origin),
  coded('TRANSPORT', 'transport', edCodes.transport),
  coded('TRANSPORT_PEC', 'transportCare', edCodes.transportCare),
  free('MOTIF', 'reason'),
  coded('GRAVITE', 'severity', edCodes.severity),
  single('DP', 'principalDiagnosis', ({ principalDiagnosis = '' }) =>
    isIcd10(principalDiagnosis) ? principalDiagnosis.toUpperCase() : '',
  ),
  classified('LISTE_DA', 'DA', 'associatedDiagnoses', isIcd10),
  classified('LISTE_ACTES', 'ACTE', 'procedures', isCcam),
  single('SORTIE', 'departedAt', ({ departedAt }) =>
    departedAt === undefined || departedAt.at === null ? '' : toTheMinute(departedAt.text),
  ),
  coded('MODE_SORTIE', 'departureMode', edCodes.departureMode),
  coded('DESTINATION', 'destination', edCodes.destination),
  coded('ORIENT', 'disposition', edCodes.disposition),
];

/** Without it a visit has no place. */
export const edVisitEssentials: readonly string[] = ['ENTREE'];

/** June 2006; home hospitalisation and medico-social home as origins came in September 2013. Oldest first. */
export const edVisitVersions: readonly ItemVersion[] = [
  { name: '2006', without: new Map([['PROVENANCE', new Set(['6', '7'])]]) },
  { name: '2013', without: new Map() },
];

function single(tag: string, field: keyof EdVisit, read: (visit: EdVisit) => string): EdVisitItem {
  return { tag, field, each: undefined, read };
}

/** As the source wrote it. */
function free(tag: string, field: Coded): EdVisitItem {
  return single(tag, field, (visit) => visit[field] ?? '');
}

function coded(tag: string, field: Coded, codes: CodeSet): EdVisitItem {
  return single(tag, field, (visit) => {
    const code = visit[field];
    return code !== undefined && codes.has(code) ? code : '';
  });
}

/** Syntax is judged in upper case, so upper case is what leaves. */
function classified(
  tag: string,
  each: string,
  field: Listed,
  isValid: (text: string) => boolean,
): EdVisitItem {
  return {
    ...{ tag, field, each },
    read: (visit) => {
      const texts = visit[field];
      return texts === undefined ? none : texts.filter(isValid).map((text) => text.toUpperCase());
    },
  };
}

const none: readonly string[] = [];

/** A source time as written, less its seconds. */
function toTheMinute(text: string): string {
  return text.slice(0, 16);
}
