import { createDraw, type Draw, type Weighted } from './seeded.ts';

/**
 * Invented visits of an invented hospital. A day always has the same visits, whatever export shows them; an export
 * shows of each what was known when it was extracted. Minutes count wall-clock minutes since 1970-01-01, local time.
 */
export interface Visit {
  /** The hospital's own number of the visit. */
  readonly number: string;
  readonly arrivedMinute: number;
  readonly leftMinute: number;
  /** From this minute on, the software knows the diagnosis. */
  readonly codedMinute: number;
  readonly postalCode: string;
  readonly commune: string;
  readonly birthDate: string;
  readonly sex: string;
  readonly arrivalMode: string;
  readonly origin: string;
  readonly transport: string;
  readonly transportCare: string;
  readonly case: Case;
  readonly severity: string;
  readonly associated: readonly string[];
  readonly procedures: readonly string[];
  readonly departureMode: string;
  readonly destination: string;
  readonly disposition: string;
}

/** What brings people: an ICD-10 code without dots, a free text, an older thesaurus code. */
export interface Case {
  readonly icd: string;
  readonly text: string;
  readonly thesaurus: string;
  readonly weight: number;
}

const cases: readonly Case[] = [
  { icd: 'S934', text: 'entorse cheville', thesaurus: 'TRAUMATO04', weight: 9 },
  { icd: 'S610', text: 'plaie doigt', thesaurus: 'TRAUMATO11', weight: 8 },
  { icd: 'S0600', text: 'chute, traumatisme crânien', thesaurus: 'TRAUMATO01', weight: 6 },
  { icd: 'S525', text: 'trauma poignet', thesaurus: 'TRAUMATO07', weight: 5 },
  { icd: 'R104', text: 'douleur abdominale', thesaurus: 'GASTRO03', weight: 8 },
  { icd: 'A099', text: 'diarrhée & vomissements', thesaurus: 'GASTRO04', weight: 5 },
  { icd: 'R074', text: 'douleur thoracique', thesaurus: 'CARDIO02', weight: 6 },
  { icd: 'I489', text: 'palpitations', thesaurus: 'CARDIO05', weight: 2 },
  { icd: 'R060', text: 'gêne respiratoire', thesaurus: 'PNEUMO01', weight: 5 },
  { icd: 'J189', text: 'toux, fièvre > 39', thesaurus: 'PNEUMO03', weight: 4 },
  { icd: 'J210', text: 'bronchiolite', thesaurus: 'PEDIATRIE02', weight: 2 },
  { icd: 'J459', text: "crise d'asthme", thesaurus: 'PNEUMO04', weight: 2 },
  { icd: 'N390', text: 'brûlures mictionnelles', thesaurus: 'URO02', weight: 3 },
  { icd: 'N23', text: 'colique néphrétique', thesaurus: 'URO04', weight: 3 },
  { icd: 'R55', text: 'malaise', thesaurus: 'NEURO02', weight: 5 },
  { icd: 'R53+1', text: 'altération état général', thesaurus: 'GERIATRIE01', weight: 4 },
  { icd: 'R51', text: 'céphalées', thesaurus: 'NEURO01', weight: 3 },
  { icd: 'I639', text: 'déficit moteur', thesaurus: 'NEURO05', weight: 2 },
  { icd: 'H109', text: 'œil rouge', thesaurus: 'OPHTALMO01', weight: 2 },
  { icd: 'F419', text: 'angoisse', thesaurus: 'PSY01', weight: 3 },
  { icd: 'F100', text: 'ivresse', thesaurus: 'TOXICO02', weight: 3 },
  { icd: 'L509', text: 'éruption', thesaurus: 'DERMATO01', weight: 2 },
  { icd: 'T784', text: 'allergie', thesaurus: 'DERMATO03', weight: 1 },
  { icd: 'Z027', text: 'certificat', thesaurus: 'ADMIN01', weight: 1 },
];
const weightedCases = cases.map((one) => [one, one.weight] as const) as unknown as Weighted<Case>;

const associated = ['I10', 'E119', 'I489', 'J449', 'N189', 'E669', 'F329', 'Z922', 'R296', 'E780'] as const;
const procedures = [
  'DEQP003',
  'ZBQK002',
  'NDQK001',
  'MDQK001',
  'QZJA002',
  'LAQK002',
  'ZCQM008',
  'HBED001',
] as const;
/** Places that exist on no map. */
const communes = [
  'VALMORTE',
  'LA CROIX-PERDUE',
  'OSTREVANNE',
  'SAINT-ELGUE',
  'MONTFERNIER-LE-VIEUX',
  'LES ÉCHARDS',
  'PONT-DE-BRUYE',
  'TREVIGNON-LES-EAUX',
  "L'ORMEILLE",
  'HAUTEFOSSE',
  'RIVESALINE',
  'BOURG-NEUVAL',
] as const;

/** Share of a day's arrivals by hour: a trough before dawn, a morning peak, a second one in the evening. */
const arrivalsByHour: readonly number[] = [
  22, 17, 14, 12, 11, 12, 16, 26, 42, 58, 66, 64, 54, 56, 62, 62, 60, 62, 63, 60, 54, 46, 38, 29,
];
const hours = arrivalsByHour.map((weight, hour) => [hour, weight] as const) as unknown as Weighted<number>;

/** How a software fills what it knows: shares of blank and of codes, after real files of four vendors. */
export interface Habits {
  readonly blank: Readonly<Partial<Record<BlankField, number>>>;
  readonly transport: Weighted<string>;
  readonly severity: Weighted<string>;
  /** Share of visits that end in a stay at hospital. */
  readonly admitted: number;
  readonly fromHospital: number;
  readonly associatedShare: number;
  readonly procedureShare: number;
}
export type BlankField =
  'origin' | 'transport' | 'reason' | 'severity' | 'diagnosis' | 'left' | 'departureMode' | 'whereTo';

const minutesADay = 1440;

export interface Population {
  readonly seed: number;
  readonly finess: string;
  readonly visitsPerDay: number;
  readonly habits: Habits;
}

/** All visits that arrive on `day`, in order of arrival. */
export function visitsOf(hospital: Population, day: number): Visit[] {
  const draw = createDraw(hospital.seed, hospital.finess, day, 'visits');
  const minutes = Array.from({ length: visitCount(hospital, day) }, () =>
    afterSpringGap(day * minutesADay + draw.weighted(hours) * 60 + draw.whole(60)),
  );
  minutes.sort((one, other) => one - other);
  return minutes.map((minute, index) => visitAt(hospital, draw, day, minute, index));
}

/** How many visits a day has: Mondays are the busiest. */
export function visitCount(hospital: Population, day: number): number {
  const weekday = (day + 4) % 7;
  const busy = weekday === 1 ? 1.12 : weekday === 0 || weekday === 6 ? 1.04 : 0.98;
  const swing = 0.88 + 0.24 * createDraw(hospital.seed, hospital.finess, day, 'count').fraction();
  return Math.max(1, Math.round(hospital.visitsPerDay * busy * swing));
}

function visitAt(
  hospital: { finess: string; habits: Habits },
  draw: Draw,
  day: number,
  arrivedMinute: number,
  index: number,
): Visit {
  const { habits } = hospital;
  const blank = (field: BlankField): boolean => draw.chance(habits.blank[field] ?? 0);
  const stay = 20 + Math.round(-150 * Math.log(1 - draw.fraction() * 0.995));
  const transport = blank('transport') ? '' : draw.weighted(habits.transport);
  const admitted = draw.chance(habits.admitted);
  const fromHospital = draw.chance(habits.fromHospital);
  const late = draw.chance(0.15);
  return {
    number: `${day}${String(index).padStart(4, '0')}`,
    arrivedMinute,
    leftMinute: blank('left') ? Infinity : afterSpringGap(arrivedMinute + stay + (admitted ? 90 : 0)),
    codedMinute: blank('diagnosis')
      ? Infinity
      : arrivedMinute + stay + (late ? minutesADay * (1 + draw.whole(3)) : 30),
    ...identity(hospital.finess, draw, day),
    arrivalMode: fromHospital ? draw.one(['6', '7']) : '8',
    origin: blank('origin') ? '' : fromHospital ? '1' : draw.chance(0.025) ? '8' : '5',
    transport,
    transportCare: careDuring(transport, draw),
    case: blank('reason') ? { icd: '', text: '', thesaurus: '', weight: 0 } : draw.weighted(weightedCases),
    severity: blank('severity') ? '' : draw.weighted(habits.severity),
    associated: some(draw, associated, habits.associatedShare),
    procedures: some(draw, procedures, habits.procedureShare),
    ...departure(habits, draw, admitted),
  };
}

/** The night the clock goes forward has no 02:00 to 03:00. */
function afterSpringGap(minute: number): number {
  const time = new Date(minute * 60_000);
  const lastSundayOfMarch = time.getUTCMonth() === 2 && time.getUTCDay() === 0 && time.getUTCDate() > 24;
  return lastSundayOfMarch && time.getUTCHours() === 2 ? minute + 60 : minute;
}

function identity(
  finess: string,
  draw: Draw,
  day: number,
): Pick<Visit, 'postalCode' | 'commune' | 'birthDate' | 'sex'> {
  const department = String((Number(finess.slice(-4)) % 95) + 1).padStart(2, '0');
  const away = draw.fraction();
  const place = draw.whole(communes.length);
  const known = department === '20' ? '21' : department;
  const age = draw.chance(0.25) ? draw.fraction() * 15 : 12 + draw.fraction() ** 1.3 * 85;
  const born = new Date((day - Math.floor(age * 365.25)) * 86_400_000).toISOString();
  return {
    postalCode:
      away < 0.01
        ? '99999'
        : away < 0.02
          ? `${known}999`
          : `${known}${String(100 + place * 10).padStart(3, '0')}`,
    commune: away < 0.01 ? 'INCONNUE' : (communes[place] ?? 'INCONNUE'),
    birthDate: `${born.slice(8, 10)}/${born.slice(5, 7)}/${born.slice(0, 4)}`,
    sex: draw.weighted([
      ['M', 530],
      ['F', 468],
      ['I', 2],
    ]),
  };
}

function careDuring(transport: string, draw: Draw): string {
  if (transport === '') return '';
  if (transport === 'SMUR' || transport === 'HELI') return draw.chance(0.9) ? 'MED' : 'AUCUN';
  return transport === 'VSAB' && draw.chance(0.3) ? 'PARAMED' : 'AUCUN';
}

function departure(
  habits: Habits,
  draw: Draw,
  admitted: boolean,
): Pick<Visit, 'departureMode' | 'destination' | 'disposition'> {
  if (draw.chance(habits.blank.departureMode ?? 0)) {
    return { departureMode: '', destination: '', disposition: '' };
  }
  if (!admitted) {
    if (draw.chance(0.001)) return { departureMode: '9', destination: '', disposition: '' };
    const disposition = draw.chance(0.04) ? draw.one(['REO', 'PSA', 'SCAM', 'FUGUE']) : '';
    return { departureMode: '8', destination: '', disposition: hides(habits) ? '' : disposition };
  }
  const disposition = draw.weighted([
    ['MED', 134],
    ['UHCD', 98],
    ['CHIR', 70],
    ['SI', 25],
    ['REA', 12],
    ['SC', 12],
    ['OBST', 4],
    ['HDT', 2],
  ]);
  return {
    departureMode: draw.chance(0.07) ? '7' : '6',
    destination: hides(habits) ? '' : disposition === 'HDT' ? '4' : '1',
    disposition: hides(habits) ? '' : disposition,
  };
}

function hides(habits: Habits): boolean {
  return habits.blank.whereTo === 1;
}

function some(draw: Draw, from: readonly string[], share: number): string[] {
  const chosen: string[] = [];
  while (chosen.length < 5 && draw.chance(chosen.length === 0 ? share : 0.3)) {
    const one = from[draw.whole(from.length)];
    if (one !== undefined && !chosen.includes(one)) chosen.push(one);
  }
  return chosen;
}
