import { dayOfInstant, parseFrenchDate } from '../runtime/paris-time.ts';
import {
  edCodes,
  edGroups,
  isCcam,
  isIcd10,
  isPostalCode,
  isThesaurusReason,
  type CodeSet,
} from './code-lists.ts';
import { contradictsAge, contradictsSex } from './diagnosis-checks.ts';
import type { EdVisit } from './ed-visits-record.ts';
import { isFiness } from './facility.ts';
import type { Breach } from './feed.ts';
import { checkText } from './text-checks.ts';

/**
 * Every broken rule of a visit, in the order of the rules. Pure: both ends of the route give the same answer. Clean
 * records allocate one empty array; breaches of fixed rules are shared objects.
 */
export function checkEdVisit(visit: EdVisit): readonly Breach[] {
  const found: Breach[] = [];
  const age = checkPerson(visit, found);
  checkArrival(visit, found);
  checkCare(visit, found);
  checkDeparture(visit, found);
  checkArrivalTogether(visit, found);
  checkStay(visit, found);
  checkOutcome(visit, found);
  checkDiagnosis(visit, age, found);
  checkTexts(visit, found);
  return found;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;

const b = (rule: string, field: string): Breach => Object.freeze({ rule, field });

const broken = {
  finess: b('finess-format', 'FINESS'),
  cpMissing: b('cp-missing', 'CP'),
  cpFormat: b('cp-format', 'CP'),
  communeMissing: b('commune-missing', 'COMMUNE'),
  birthMissing: b('naissance-missing', 'NAISSANCE'),
  birthUnreadable: b('naissance-unreadable', 'NAISSANCE'),
  age: b('age-out-of-range', 'NAISSANCE'),
  sexMissing: b('sexe-missing', 'SEXE'),
  sexCode: b('sexe-code', 'SEXE'),
  arrivalModeMissing: b('mode-entree-missing', 'MODE_ENTREE'),
  arrivalModeCode: b('mode-entree-code', 'MODE_ENTREE'),
  originMissing: b('provenance-missing', 'PROVENANCE'),
  originCode: b('provenance-code', 'PROVENANCE'),
  transportMissing: b('transport-missing', 'TRANSPORT'),
  transportCode: b('transport-code', 'TRANSPORT'),
  careMissing: b('transport-pec-missing', 'TRANSPORT_PEC'),
  careCode: b('transport-pec-code', 'TRANSPORT_PEC'),
  reasonMissing: b('motif-missing', 'MOTIF'),
  reasonFree: b('motif-free-text', 'MOTIF'),
  severityMissing: b('gravite-missing', 'GRAVITE'),
  severityCode: b('gravite-code', 'GRAVITE'),
  dpMissing: b('dp-missing', 'DP'),
  dpFormat: b('dp-format', 'DP'),
  daFormat: b('da-format', 'DA'),
  actFormat: b('acte-format', 'ACTE'),
  exitUnreadable: b('sortie-unreadable', 'SORTIE'),
  exitModeCode: b('mode-sortie-code', 'MODE_SORTIE'),
  destinationMissing: b('destination-missing', 'DESTINATION'),
  destinationCode: b('destination-code', 'DESTINATION'),
  orientMissing: b('orient-missing', 'ORIENT'),
  orientCode: b('orient-code', 'ORIENT'),
  originMode: b('provenance-mode-entree', 'PROVENANCE'),
  smur: b('smur-without-med', 'TRANSPORT_PEC'),
  exitFirst: b('sortie-before-entree', 'SORTIE'),
  stayZero: b('stay-zero', 'SORTIE'),
  stay24h: b('stay-over-24h', 'SORTIE'),
  stay72h: b('stay-over-72h', 'SORTIE'),
  stay30d: b('stay-over-30d', 'SORTIE'),
  exitNoMode: b('sortie-without-mode', 'MODE_SORTIE'),
  modeNoExit: b('mode-without-sortie', 'SORTIE'),
  destinationMode: b('destination-mode-sortie', 'DESTINATION'),
  uhcdHome: b('uhcd-home', 'ORIENT'),
  orientMode: b('orient-mode-sortie', 'ORIENT'),
  ccmuHome: b('ccmu-home', 'GRAVITE'),
  ccmuDead: b('ccmu-dead-alive', 'GRAVITE'),
  ccmuStable: b('ccmu-stable-intensive', 'GRAVITE'),
  sexDiagnosis: b('sex-diagnosis', 'DP'),
  ageDiagnosis: b('age-diagnosis', 'DP'),
} as const;

/** A code that is expected, and known. */
function expectCode(
  code: string | undefined,
  set: CodeSet,
  missing: Breach,
  unknown: Breach,
  found: Breach[],
): void {
  if (code === undefined) found.push(missing);
  else if (!set.has(code)) found.push(unknown);
}

/** Answers the age in years at entry when it is known and possible. */
function checkPerson(visit: EdVisit, found: Breach[]): number | undefined {
  if (!isFiness(visit.facility)) found.push(broken.finess);
  if (visit.postalCode === undefined) found.push(broken.cpMissing);
  else if (!isPostalCode(visit.postalCode)) found.push(broken.cpFormat);
  if (visit.commune === undefined) found.push(broken.communeMissing);
  const age = checkAge(visit, found);
  expectCode(visit.sex, edCodes.sex, broken.sexMissing, broken.sexCode, found);
  return age;
}

function checkAge(visit: EdVisit, found: Breach[]): number | undefined {
  if (visit.birthDate === undefined) {
    found.push(broken.birthMissing);
    return undefined;
  }
  const birth = parseFrenchDate(visit.birthDate);
  if (birth === undefined) {
    found.push(broken.birthUnreadable);
    return undefined;
  }
  const age = Math.floor((dayOfInstant(visit.arrivedAt.at) - birth) / 365.25);
  if (age >= 0 && age <= 120) return age;
  found.push(broken.age);
  return undefined;
}

function checkArrival(visit: EdVisit, found: Breach[]): void {
  expectCode(
    visit.arrivalMode,
    edCodes.arrivalMode,
    broken.arrivalModeMissing,
    broken.arrivalModeCode,
    found,
  );
  expectCode(visit.origin, edCodes.origin, broken.originMissing, broken.originCode, found);
  expectCode(visit.transport, edCodes.transport, broken.transportMissing, broken.transportCode, found);
  expectCode(visit.transportCare, edCodes.transportCare, broken.careMissing, broken.careCode, found);
}

/** What care adds is expected once the patient has left; four ways of leaving come without a diagnosis. */
function checkCare(visit: EdVisit, found: Breach[]): void {
  const left = visit.departedAt !== undefined || visit.departureMode !== undefined;
  if (visit.reason === undefined) {
    if (left) found.push(broken.reasonMissing);
  } else if (!isThesaurusReason(visit.reason)) found.push(broken.reasonFree);
  if (visit.severity === undefined) {
    if (left) found.push(broken.severityMissing);
  } else if (!edCodes.severity.has(visit.severity)) found.push(broken.severityCode);
  if (visit.principalDiagnosis === undefined) {
    if (left && !edGroups.dispositionAtHome.has(visit.disposition ?? '')) found.push(broken.dpMissing);
  } else if (!isIcd10(visit.principalDiagnosis)) found.push(broken.dpFormat);
  if (visit.associatedDiagnoses?.every(isIcd10) === false) found.push(broken.daFormat);
  if (visit.procedures?.every(isCcam) === false) found.push(broken.actFormat);
}

function checkDeparture(visit: EdVisit, found: Breach[]): void {
  const { departedAt, departureMode, destination, disposition } = visit;
  const inHospital = departureMode === '6' || departureMode === '7';
  if (departedAt?.at === null) found.push(broken.exitUnreadable);
  if (departureMode !== undefined && !edCodes.departureMode.has(departureMode))
    found.push(broken.exitModeCode);
  if (destination === undefined) {
    if (inHospital) found.push(broken.destinationMissing);
  } else if (!edCodes.destination.has(destination)) found.push(broken.destinationCode);
  if (disposition === undefined) {
    if (inHospital) found.push(broken.orientMissing);
  } else if (!edCodes.disposition.has(disposition)) found.push(broken.orientCode);
}

function checkArrivalTogether(visit: EdVisit, found: Breach[]): void {
  const { arrivalMode, origin } = visit;
  if (origin !== undefined && edCodes.origin.has(origin)) {
    const fits =
      arrivalMode === '8'
        ? edGroups.originFromHome.has(origin)
        : (arrivalMode !== '6' && arrivalMode !== '7') || edGroups.originFromHospital.has(origin);
    if (!fits) found.push(broken.originMode);
  }
  if (visit.transport === 'SMUR' && visit.transportCare !== undefined && visit.transportCare !== 'MED')
    found.push(broken.smur);
}

/** A stay is judged once, by the longest limit it passes. */
function checkStay(visit: EdVisit, found: Breach[]): void {
  const { departedAt, departureMode } = visit;
  if (departedAt !== undefined && departedAt.at !== null) {
    const stayMs = departedAt.at - visit.arrivedAt.at;
    if (stayMs < 0) found.push(broken.exitFirst);
    else if (stayMs === 0) found.push(broken.stayZero);
    else if (stayMs > 30 * dayMs) found.push(broken.stay30d);
    else if (stayMs > 72 * hourMs) found.push(broken.stay72h);
    else if (stayMs > 24 * hourMs) found.push(broken.stay24h);
  }
  if (departedAt !== undefined && departureMode === undefined) found.push(broken.exitNoMode);
  if (departedAt === undefined && departureMode !== undefined) found.push(broken.modeNoExit);
}

function checkOutcome(visit: EdVisit, found: Breach[]): void {
  const { departureMode: mode, destination, disposition, severity } = visit;
  if (
    destination !== undefined &&
    edCodes.destination.has(destination) &&
    !destinationFits(mode, destination)
  )
    found.push(broken.destinationMode);
  if (
    disposition !== undefined &&
    edCodes.disposition.has(disposition) &&
    !dispositionFits(mode, disposition)
  )
    found.push(mode === '8' && disposition === 'UHCD' ? broken.uhcdHome : broken.orientMode);
  if (mode === '8' && (severity === '4' || severity === '5')) found.push(broken.ccmuHome);
  if (severity === 'D' && (mode === '6' || mode === '7' || mode === '8')) found.push(broken.ccmuDead);
  if (severity === '1' && disposition !== undefined && edGroups.intensiveCare.has(disposition))
    found.push(broken.ccmuStable);
}

function destinationFits(mode: string | undefined, destination: string): boolean {
  if (mode === '6' || mode === '7') return edGroups.destinationInHospital.has(destination);
  if (mode === '8') return edGroups.destinationAtHome.has(destination);
  return mode !== '9';
}

function dispositionFits(mode: string | undefined, disposition: string): boolean {
  if (mode === '6' || mode === '7') return edGroups.dispositionInHospital.has(disposition);
  if (mode === '8') return edGroups.dispositionAtHome.has(disposition);
  return mode !== '9';
}

function checkDiagnosis(visit: EdVisit, age: number | undefined, found: Breach[]): void {
  const { principalDiagnosis, sex } = visit;
  if (principalDiagnosis === undefined || !isIcd10(principalDiagnosis)) return;
  if (contradictsSex(principalDiagnosis, sex)) found.push(broken.sexDiagnosis);
  if (age !== undefined && contradictsAge(principalDiagnosis, age)) found.push(broken.ageDiagnosis);
}

/** By rule, then by field: the order of the rules holds over all texts of a record. */
function checkTexts(visit: EdVisit, found: Breach[]): void {
  const texts: Breach[] = [];
  if (visit.commune !== undefined) texts.push(...checkText(visit.commune, 'COMMUNE'));
  if (visit.reason !== undefined) texts.push(...checkText(visit.reason, 'MOTIF'));
  const { extensions } = visit;
  if (extensions !== undefined)
    for (const tag of Object.keys(extensions)) texts.push(...checkText(extensions[tag] ?? '', tag));
  if (texts.length > 0)
    for (const rule of ['text-mojibake', 'text-control'])
      found.push(...texts.filter((breach) => breach.rule === rule));
  if (extensions !== undefined)
    for (const tag of Object.keys(extensions)) found.push({ rule: 'unknown-tag', field: tag });
}
