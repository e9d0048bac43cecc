import { createDraw, type Draw, type Weighted } from '../../../installers/sandbox/seeded.ts';

/**
 * Invented visits to an emergency department over a week of January 2026, in terms of the national format. What each
 * software makes of them is the samples' own affair. Nothing here comes from a person.
 */
export interface Visit {
  readonly number: number;
  readonly person: Person;
  /** Local times of Paris, kept as if they were UTC: no clock change lies in that week. */
  readonly arrivedAt: number;
  readonly seenAt: number;
  readonly departedAt: number | undefined;
  readonly arrivalMode: '6' | '7' | '8';
  readonly origin: string;
  readonly transport: string;
  readonly transportCare: string;
  readonly severity: string;
  readonly reason: Illness;
  readonly diagnosis: Illness | undefined;
  readonly associated: readonly Illness[];
  readonly procedures: readonly string[];
  /** Absent while the patient is present. */
  readonly outcome: Outcome | undefined;
}

export interface Person {
  readonly id: number;
  readonly lastName: string;
  readonly firstName: string;
  readonly sex: 'M' | 'F';
  readonly bornAt: number;
  readonly town: Town;
}

export interface Town {
  readonly postalCode: string;
  readonly name: string;
}

export interface Illness {
  /** With its dot. */
  readonly code: string;
  readonly label: string;
}

export interface Outcome {
  readonly mode: '6' | '7' | '8' | '9';
  readonly destination?: string;
  readonly disposition?: string;
}

/** A field that is absent must be absent from the record; times count to the minute. */
export type TrueVisit = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface BlindSample {
  readonly files: readonly { readonly name: string; readonly content: Buffer }[];
  /** Geographic FINESS. */
  readonly facility: string;
  /** In the order of the first file. */
  readonly truth: readonly TrueVisit[];
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

export function inventVisits(name: string, count: number): readonly Visit[] {
  const draw = createDraw('blind', name);
  let arrivedAt = Date.UTC(2026, 0, 5, 0, 12);
  return Array.from({ length: count }, (_, index) => {
    arrivedAt += draw.whole(Math.floor((2 * 6.8 * dayMs) / count / 1000)) * 1000;
    return visit(draw, 4502 + index * 3, arrivedAt, index > count - 6);
  });
}

function visit(draw: Draw, number: number, arrivedAt: number, present: boolean): Visit {
  const seenAt = arrivedAt + (4 + draw.whole(90)) * minuteMs + draw.whole(60) * 1000;
  const outcome = present ? undefined : draw.weighted(outcomes);
  const gone = outcome?.disposition !== undefined && outcome.mode === '8';
  const [arrivalMode, origin] = draw.weighted(arrivals);
  const [transport, transportCare] = draw.weighted(transports);
  return {
    number,
    person: person(draw),
    arrivedAt,
    seenAt,
    departedAt: present ? undefined : seenAt + (15 + draw.whole(600)) * minuteMs,
    arrivalMode,
    origin,
    transport,
    transportCare,
    severity: outcome?.mode === '8' ? draw.weighted(lightSeverities) : draw.weighted(heavySeverities),
    reason: draw.one(reasons),
    diagnosis: present || gone ? undefined : draw.one(diagnoses),
    associated: gone || draw.chance(0.6) ? [] : someOf(draw, histories, 3),
    procedures: gone || draw.chance(0.4) ? [] : someOf(draw, acts, 2),
    outcome,
  };
}

function person(draw: Draw): Person {
  const sex = draw.chance(0.5) ? 'M' : 'F';
  return {
    id: 800_000 + draw.whole(99_999),
    lastName: draw.one(lastNames),
    firstName: sex === 'M' ? draw.one(menNames) : draw.one(womenNames),
    sex,
    bornAt: Date.UTC(1928 + draw.whole(97), draw.whole(12), 1 + draw.whole(28)),
    town: draw.one(towns),
  };
}

function someOf<T>(draw: Draw, choices: readonly [T, ...T[]], most: number): readonly T[] {
  return [...new Set(Array.from({ length: 1 + draw.whole(most) }, () => draw.one(choices)))];
}

const arrivals: Weighted<readonly [Visit['arrivalMode'], string]> = [
  [['8', '5'], 88],
  [['8', '7'], 5],
  [['7', '1'], 4],
  [['6', '1'], 2],
  [['7', '4'], 1],
];
const transports: Weighted<readonly [string, string]> = [
  [['PERSO', 'AUCUN'], 60],
  [['AMBU', 'PARAMED'], 12],
  [['AMBU', 'AUCUN'], 5],
  [['VSAB', 'PARAMED'], 14],
  [['SMUR', 'MED'], 4],
  [['HELI', 'MED'], 2],
  [['FO', 'AUCUN'], 3],
];
const outcomes: Weighted<Outcome> = [
  [{ mode: '8' }, 62],
  [{ mode: '8', disposition: 'PSA' }, 4],
  [{ mode: '8', disposition: 'SCAM' }, 2],
  [{ mode: '8', disposition: 'FUGUE' }, 2],
  [{ mode: '6', destination: '1', disposition: 'UHCD' }, 10],
  [{ mode: '6', destination: '1', disposition: 'MED' }, 9],
  [{ mode: '6', destination: '1', disposition: 'CHIR' }, 5],
  [{ mode: '6', destination: '1', disposition: 'REA' }, 2],
  [{ mode: '6', destination: '1', disposition: 'SI' }, 2],
  [{ mode: '6', destination: '1', disposition: 'OBST' }, 1],
  [{ mode: '7', destination: '1', disposition: 'CHIR' }, 2],
  [{ mode: '9' }, 1],
];
const lightSeverities: Weighted<string> = [
  ['1', 30],
  ['2', 55],
  ['3', 12],
  ['P', 3],
];
const heavySeverities: Weighted<string> = [
  ['2', 30],
  ['3', 50],
  ['4', 15],
  ['5', 5],
];

const reasons: readonly [Illness, ...Illness[]] = [
  { code: 'R06.0', label: 'Dyspnée' },
  { code: 'R07.4', label: 'Douleur thoracique' },
  { code: 'R10.4', label: 'Douleur abdominale, fièvre' },
  { code: 'R51', label: 'Céphalée' },
  { code: 'R55', label: "Malaise à l'effort" },
  { code: 'M79.6', label: 'Traumatisme membre supérieur' },
  { code: 'R50.9', label: 'Fièvre élevée' },
];
const diagnoses: readonly [Illness, ...Illness[]] = [
  { code: 'J18.9', label: 'Pneumopathie, sans précision' },
  { code: 'R07.4', label: 'Douleur thoracique' },
  { code: 'S52.5', label: 'Fracture du poignet' },
  { code: 'A09.0', label: 'Gastro-entérite aiguë' },
  { code: 'I50.0', label: 'Insuffisance cardiaque' },
  { code: 'R55', label: 'Malaise - perte de connaissance' },
  { code: 'S01.0', label: 'Plaie du cuir chevelu' },
  { code: 'N10', label: 'Pyélonéphrite' },
];
const histories: readonly [Illness, ...Illness[]] = [
  { code: 'I10', label: 'Hypertension artérielle' },
  { code: 'E11.9', label: 'Diabète de type 2' },
  { code: 'F10.0', label: 'Alcool' },
  { code: 'Z88.0', label: 'Allergie à la pénicilline' },
];
const acts: readonly [string, ...string[]] = ['DEQP003', 'ZBQK002', 'MCQK001', 'QZJA002', 'FELF012'];

const lastNames: readonly [string, ...string[]] = ['Exemple', 'Fictif', "D'Essai", 'Lenom', 'Patronyme'];
const menNames: readonly [string, ...string[]] = ['Témoin', 'Jean-Modèle', 'Anonyme'];
const womenNames: readonly [string, ...string[]] = ['Témoine', 'Marie-Exemple', 'Échantilline'];
const towns: readonly [Town, ...Town[]] = [
  { postalCode: '01370', name: 'Saint-Étienne-du-Bois' },
  { postalCode: '01000', name: 'Bourg-en-Bresse' },
  { postalCode: '67000', name: 'Strasbourg' },
  { postalCode: '67500', name: 'Haguenau' },
  { postalCode: '71000', name: 'Mâcon' },
  { postalCode: '69999', name: 'Inconnue' },
];
