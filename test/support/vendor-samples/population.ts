import { createDraw, type Draw } from '../../../installers/sandbox/seeded.ts';
import { visitsOf, type Habits, type Visit } from '../../../installers/sandbox/visits.ts';
import { dayFromIso } from '../../../shared/runtime/paris-time.ts';

/** One exported file of an invented hospital, as its software would write it. */
export interface VendorFile {
  readonly name: string;
  readonly content: Buffer;
  /** What it tells of, in the order of its rows. */
  readonly visits: readonly Visit[];
}

const habits: Habits = {
  blank: { origin: 0.04, transport: 0.06, reason: 0.08, severity: 0.05, diagnosis: 0.1, left: 0.03 },
  transport: [
    ['PERSO', 700],
    ['AMBU', 150],
    ['VSAB', 110],
    ['SMUR', 15],
    ['HELI', 5],
    ['FO', 20],
  ],
  severity: [
    ['1', 150],
    ['2', 620],
    ['3', 160],
    ['4', 25],
    ['5', 12],
    ['P', 25],
    ['D', 2],
  ],
  admitted: 0.22,
  fromHospital: 0.04,
  associatedShare: 0.2,
  procedureShare: 0.3,
};

/** A week of visits, complete where the software knows them; the same at each call. */
export function weekOfVisits(finess: string, seed: number, visitsPerDay = 60): readonly Visit[] {
  const first = Number(dayFromIso('2026-01-05'));
  return Array.from({ length: 7 }, (_, index) =>
    visitsOf({ seed, finess, visitsPerDay, habits }, first + index),
  ).flat();
}

export function drawFor(name: string, visit: Visit): Draw {
  return createDraw('vendor', name, visit.number);
}

/** Parts of a wall-clock minute; all blank for a visit that has not ended. */
export function clock(minute: number): Readonly<Record<'yyyy' | 'MM' | 'dd' | 'HH' | 'mm', string>> {
  if (!Number.isFinite(minute)) return { yyyy: '', MM: '', dd: '', HH: '', mm: '' };
  const iso = new Date(minute * 60_000).toISOString();
  const at = (from: number, to: number): string => iso.slice(from, to);
  return { yyyy: at(0, 4), MM: at(5, 7), dd: at(8, 10), HH: at(11, 13), mm: at(14, 16) };
}

/** What the software knows of the end of a visit: nothing while the patient is there. */
export function outcomeOf(visit: Visit): Pick<Visit, 'departureMode' | 'destination' | 'disposition'> {
  return Number.isFinite(visit.leftMinute) ? visit : { departureMode: '', destination: '', disposition: '' };
}

export function diagnosisOf(visit: Visit): string {
  return Number.isFinite(visit.codedMinute) ? visit.case.icd : '';
}

/** A100 as people write it: A10.0 */
export function dotted(icd: string): string {
  return icd.length > 3 ? `${icd.slice(0, 3)}.${icd.slice(3)}` : icd;
}

/** Invented people, nearly every one with a name of their own; syllables that no real list of names holds together. */
export function personName(draw: Draw): { readonly last: string; readonly first: string } {
  const one = (choices: string): string => {
    const syllables = choices.split(' ');
    return syllables[draw.whole(syllables.length)] ?? '';
  };
  const middle = one('bro ne ri van gra lu mé sto pi do ché fa');
  return {
    last: `${one('Var Ostre Kér Mor Du Palle Tis Zwy Gran Hau')}${middle}${one('ville bois vant zic lange froy dre ler court lin')}`.toUpperCase(),
    first: draw.one(['Ombeline', 'Théobald', 'Maïwenn', 'Côme', 'Sidonie', 'Gaspard', 'Éloïse', 'Anatole']),
  };
}
