/**
 * National code sets of the ED visit summary (June 2006 format, with PROVENANCE 6 and 7 added in September 2013) and of
 * bed capacity, and the syntax of the classifications. Codes only: no label of a licensed list is kept here, and a list
 * ages while patients do not, so membership in ICD-10 or CCAM is not judged.
 */
export type CodeSet = ReadonlySet<string>;

const set = (codes: string): CodeSet => new Set(codes.split(' '));

export const edCodes = {
  sex: set('M F I'),
  arrivalMode: set('6 7 8'),
  origin: set('1 2 3 4 5 6 7 8'),
  transport: set('PERSO AMBU VSAB SMUR HELI FO'),
  transportCare: set('MED PARAMED AUCUN'),
  severity: set('1 P 2 3 4 5 D'),
  departureMode: set('6 7 8 9'),
  destination: set('1 2 3 4 6 7'),
  disposition: set('HDT HO SC SI REA UHCD MED CHIR OBST FUGUE SCAM PSA REO'),
} as const satisfies Record<string, CodeSet>;

/** What goes with what: a stay in hospital on one side, home on the other. */
export const edGroups = {
  originFromHospital: set('1 2 3 4'),
  originFromHome: set('5 6 7 8'),
  destinationInHospital: set('1 2 3 4'),
  destinationAtHome: set('6 7'),
  dispositionInHospital: set('HDT HO SC SI REA UHCD MED CHIR OBST'),
  dispositionAtHome: set('FUGUE SCAM PSA REO'),
  intensiveCare: set('REA SI SC'),
} as const satisfies Record<string, CodeSet>;

/** Misprints of the official table itself, written by some sources to this day. */
export const transportAliases: ReadonlyMap<string, string> = new Map([['PERS', 'PERSO']]);
export const dispositionAliases: ReadonlyMap<string, string> = new Map([['PAS', 'PSA']]);

/** Codes of the national capacity model (lists R329 to R337 of the health nomenclatures). */
export const bedCodes = {
  careClass: set('rea usi usc med chir uhcd psy ssr autre'),
  source: set('01 02 03 04'),
  nature: set('01 02'),
  status: set('01 02 03 04 05 06'),
  horizon: set('01 02 03 04 05'),
  // 03 is in the national examples and not in the value set: both are met, so both are accepted.
  gender: set('01 02 03 04'),
  closing: set('01 02 03'),
  additional: set('01 02 03'),
  crisis: set('01 02'),
  assignment: set('01 02 03'),
} as const satisfies Record<string, CodeSet>;

/** Upper case, dots already out. `+` extensions (A99.+9) are French. A dagger or star is refused, not stripped. */
const icd10Syntax = /^[A-Z]\d{2}[0-9X+]{0,3}$/i;

export function isIcd10(code: string): boolean {
  return icd10Syntax.test(code);
}

export function withoutDots(code: string): string {
  return code.includes('.') ? code.replaceAll('.', '') : code;
}

/** Seven characters, then whatever the source adds of activity, phase, modifiers. */
const ccamSyntax = /^[A-Z]{4}\d{3}(?:[ .+/-]?[A-Z0-9]){0,8}$/i;

export function isCcam(code: string): boolean {
  return ccamSyntax.test(code);
}

/**
 * Five digits of a department that exists (Corsica is 20), or the conventions: department + 999 for an unknown town,
 * 99 + country for abroad, 99999 for unknown. An INSEE code of Corsica (2A004) is no postal code.
 */
const postalSyntax = /^(?:0[1-9]|[1-8]\d|9[0-5]|9[7-9])\d{3}$/;

export function isPostalCode(code: string): boolean {
  return postalSyntax.test(code);
}

/** A reason from the emergency thesaurus: an ICD-10 code, or an older code of letters and two digits (GASTRO04). */
const thesaurusSyntax = /^(?:[A-Z]\d{2}\.?[0-9X+]{0,3}|[A-Z]{3,10}\d{2})$/i;

export function isThesaurusReason(text: string): boolean {
  return thesaurusSyntax.test(text);
}
