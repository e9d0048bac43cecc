import { edCodes, isCcam, isIcd10, type CodeSet } from '../../../shared/feeds/code-lists.ts';
import type { EdVisit } from '../../../shared/feeds/ed-visits-record.ts';
import { dayToFrench, parseFrenchDate } from '../../../shared/runtime/paris-time.ts';
import { compactExtract, frenchExtract, type DispatchFormat, type DispatchInput } from './format.ts';
import { xmlText } from './xml-text.ts';

/**
 * The national ED visit summary (June 2006 format) in one canonical form:
 *
 *   UTF-8, LF, one tag a line; OSCOUR > ETABLISSEMENT, PASSAGES > PATIENT; the 18 items of a PATIENT always present, in the
 *   official order, empty when blank; ORDRE 0. What the format cannot carry is left empty; unknown tags are never sent.
 */
export const oscourXml: DispatchFormat = {
  name: 'oscour-xml',
  version: '2013',
  feed: 'ed-visits',
  maxRecords: 5000,
  fileName: ({ facility, extract }) => `O${facility}_0_${compactExtract(extract)}.xml`,
  compose,
};

function compose(input: DispatchInput): Buffer {
  let text = printHeader(input);
  // The store's bodies passed the schema when they were applied.
  for (const body of input.bodies) text += printVisit(JSON.parse(body) as EdVisit);
  return Buffer.from(`${text}</PASSAGES>\n</OSCOUR>\n`, 'utf8');
}

function printHeader({ facility, from, to, extract }: DispatchInput): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<OSCOUR>
<ETABLISSEMENT>
<FINESS>${xmlText(facility)}</FINESS>
<ORDRE>0</ORDRE>
<EXTRACT>${frenchExtract(extract)}</EXTRACT>
<DATEDEBUT>${dayToFrench(from)}</DATEDEBUT>
<DATEFIN>${dayToFrench(to)}</DATEFIN>
</ETABLISSEMENT>
<PASSAGES>
`;
}

function printVisit(visit: EdVisit): string {
  return `<PATIENT>
<CP>${free(visit.postalCode)}</CP>
<COMMUNE>${free(visit.commune)}</COMMUNE>
<NAISSANCE>${birth(visit.birthDate)}</NAISSANCE>
<SEXE>${code(visit.sex, edCodes.sex)}</SEXE>
<ENTREE>${xmlText(minutes(visit.arrivedAt.text))}</ENTREE>
<MODE_ENTREE>${code(visit.arrivalMode, edCodes.arrivalMode)}</MODE_ENTREE>
<PROVENANCE>${code(visit.origin, edCodes.origin)}</PROVENANCE>
<TRANSPORT>${code(visit.transport, edCodes.transport)}</TRANSPORT>
<TRANSPORT_PEC>${code(visit.transportCare, edCodes.transportCare)}</TRANSPORT_PEC>
<MOTIF>${free(visit.reason)}</MOTIF>
<GRAVITE>${code(visit.severity, edCodes.severity)}</GRAVITE>
<DP>${classified(visit.principalDiagnosis, isIcd10)}</DP>
<LISTE_DA>${list(visit.associatedDiagnoses, 'DA', isIcd10)}</LISTE_DA>
<LISTE_ACTES>${list(visit.procedures, 'ACTE', isCcam)}</LISTE_ACTES>
<SORTIE>${exit(visit)}</SORTIE>
<MODE_SORTIE>${code(visit.departureMode, edCodes.departureMode)}</MODE_SORTIE>
<DESTINATION>${code(visit.destination, edCodes.destination)}</DESTINATION>
<ORIENT>${code(visit.disposition, edCodes.disposition)}</ORIENT>
</PATIENT>
`;
}

function free(text: string | undefined): string {
  return text === undefined ? '' : xmlText(text);
}

function code(text: string | undefined, codes: CodeSet): string {
  return text !== undefined && codes.has(text) ? text : '';
}

function birth(text: string | undefined): string {
  return text !== undefined && parseFrenchDate(text) !== undefined ? text : '';
}

/** A source time as written, less its seconds. */
function minutes(text: string): string {
  return text.slice(0, 16);
}

function exit({ departedAt }: EdVisit): string {
  return departedAt === undefined || departedAt.at === null ? '' : xmlText(minutes(departedAt.text));
}

type Syntax = (text: string) => boolean;

/** Syntax is judged in upper case, so upper case is what leaves. */
function classified(text: string | undefined, isValid: Syntax): string {
  return text !== undefined && isValid(text) ? text.toUpperCase() : '';
}

function list(items: readonly string[] | undefined, tag: string, isValid: Syntax): string {
  if (items === undefined) return '';
  let text = '';
  for (const item of items) if (isValid(item)) text += `<${tag}>${item.toUpperCase()}</${tag}>`;
  return text;
}
