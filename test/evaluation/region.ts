import type { StoreTx } from '../../receiver/store/store.ts';
import type { WatchCause, WatchState } from '../../receiver/store/watch-tables.ts';
import { holidaysOf, weekdayOf } from '../../receiver/monitor/holidays.ts';
import { dayFromIso, dayToIso, instantOf, type Day } from '../../shared/runtime/paris-time.ts';
import { finess } from '../support/rpu-text.ts';

/** An invented region: hospitals with their own rhythms, and troubles planted among them. Seeded: the same every time. */
export const feed = 'ed-visits';
export const hourMs = 3_600_000;

export type PlantKind =
  | 'late'
  | 'gap'
  | 'low'
  | 'hours-end'
  | 'hours-inside'
  | 'dead-agent'
  | 'network-cut'
  | 'rejected'
  | 'held'
  | 'closed';

export interface Plant {
  readonly hospital: number;
  readonly kind: PlantKind;
  readonly day: Day;
  /** Days in a row. */
  readonly days: number;
}

/** How each trouble must be seen on the morning after, at 05:01. */
export const wanted: Readonly<Record<PlantKind, readonly [WatchState, WatchCause | null]>> = {
  late: ['silent', 'source-silent'],
  gap: ['silent', 'source-silent'],
  low: ['low', 'export-short'],
  'hours-end': ['partial', 'export-short'],
  'hours-inside': ['partial', 'export-short'],
  'dead-agent': ['silent', 'agent-dead'],
  'network-cut': ['silent', 'network-cut'],
  rejected: ['silent', 'exports-rejected'],
  held: ['held', 'held-by-guard'],
  closed: ['closed', null],
};

export interface Hospital {
  readonly finess: string;
  readonly agent: string;
  /** Visits on a usual weekday. */
  readonly size: number;
  readonly weekly: readonly number[];
  readonly season: number;
  /** Day-to-day spread beyond chance. */
  readonly wobble: number;
}

export interface Chance {
  next(): number;
  between(low: number, high: number): number;
  poisson(mean: number): number;
}

export function createChance(seed: number): Chance {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    poisson: (mean) => {
      if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
      let [count, product] = [0, next()];
      for (const limit = Math.exp(-mean); product > limit; count += 1) product *= next();
      return count;
    },
  };
}

/** Share of a day's visits in each of its hours, as in French emergency departments. */
const hourly = [
  2.2, 1.8, 1.5, 1.3, 1.2, 1.3, 1.7, 2.5, 4.0, 5.5, 6.3, 6.2, 5.6, 5.7, 6.0, 5.9, 5.8, 5.9, 6.0, 5.8, 5.3,
  4.7, 4.2, 3.6,
];
const hourlySum = hourly.reduce((sum, each) => sum + each, 0);

export function createHospitals(count: number, chance: Chance): readonly Hospital[] {
  return Array.from({ length: count }, (_none, index) => ({
    finess: finess(index + 1),
    agent: `01980000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    size: 40 + Math.floor(170 * chance.next() ** 2),
    weekly: [1.1, 1, 0.98, 0.97, 1, 1.02, 1.04].map((each) => each * (0.97 + 0.06 * chance.next())),
    season: 0.12 * chance.next(),
    wobble: 0.03 + 0.03 * chance.next(),
  }));
}

const holidays = new Map<number, ReadonlySet<Day>>();
function isHoliday(day: Day): boolean {
  const year = Number(dayToIso(day).slice(0, 4));
  const known = holidays.get(year) ?? holidaysOf(year, { alsaceMoselle: false });
  holidays.set(year, known);
  return known.has(day);
}

/** Visits by hour of one whole day. */
export function visitsOf(hospital: Hospital, day: Day, chance: Chance): readonly number[] {
  const { size, weekly, season, wobble } = hospital;
  const yearly = 1 + season * Math.sin((2 * Math.PI * day) / 365);
  const jitter = Math.exp(wobble * (chance.next() + chance.next() + chance.next() - 1.5) * 2);
  const mean = size * (weekly[weekdayOf(day)] ?? 1) * yearly * jitter * (isHoliday(day) ? 0.8 : 1);
  return hourly.map((share) => chance.poisson((mean * share) / hourlySum));
}

/** What a trouble leaves of a day. */
export function afterPlant(
  kind: PlantKind | undefined,
  hours: readonly number[],
  size: number,
): readonly number[] {
  switch (kind) {
    case 'low': {
      // A third of each hour, the rest carried on, so that the day's shape stays.
      let carried = 0;
      return hours.map((count) => {
        carried += count * 0.28;
        const left = Math.floor(carried);
        carried -= left;
        return left;
      });
    }
    case 'hours-end':
      return hours.map((count, hour) => (hour >= (size < 90 ? 13 : 17) ? 0 : count));
    case 'hours-inside':
      return hours.map((count, hour) => (hour >= 10 && hour < (size < 60 ? 18 : 15) ? 0 : count));
    default:
      return hours;
  }
}

let keys = 0;

/** An export of one day lies applied in the store, received at `receivedAt`, taken at `extract`. */
export async function deliver(
  tx: StoreTx,
  hospital: Hospital,
  day: Day,
  hours: readonly number[],
  { receivedAt, extract }: { readonly receivedAt: number; readonly extract: number },
): Promise<string> {
  const scope = { facility: hospital.finess, feed, part: '0' };
  const start = instantOf(day, 0).at;
  keys += 1;
  const id = `01990000-0000-7000-8000-${String(keys).padStart(12, '0')}`;
  const reception = await tx.exports.nextReception();
  await tx.exports.put({
    ...{ id, agent: hospital.agent, ...scope, source: 'main', receivedAt, reception, slicesSeen: 1 },
    ...{ manifest: null, digest: null, state: 'processed', extract, outcome: null },
  });
  const instants = hours.flatMap((count, hour) =>
    Array.from({ length: count }, (_none, n) => start + hour * hourMs + Math.floor((n * hourMs) / count)),
  );
  await tx.records.insert(
    scope,
    instants.map((at) => {
      keys += 1;
      const key = Buffer.alloc(16);
      key.writeUInt32BE(keys, 0);
      return {
        ...{ day, key, rank: 0, visit: null, hash: key, at, extract, reception },
        ...{ export: id, line: 1, record: 1, body: '{}' },
      };
    }),
  );
  await tx.records.putDay(scope, {
    ...{ day, count: instants.length, mark: { extract, reception } },
    sum: [keys >>> 0, 0, 0, 0],
  });
  return id;
}

const needsUsualDay: ReadonlySet<PlantKind> = new Set<PlantKind>(['low', 'hours-end', 'hours-inside']);

/** Troubles that never touch each other: at most one per hospital in any nine days. */
export function plantTroubles(
  hospitals: readonly Hospital[],
  { from, to, chance }: { readonly from: Day; readonly to: Day; readonly chance: Chance },
): readonly Plant[] {
  const kinds: readonly PlantKind[] = [
    ...(['late', 'gap', 'low', 'hours-end', 'hours-inside'] as const),
    ...(['dead-agent', 'network-cut', 'rejected', 'held', 'closed'] as const),
  ];
  const plants: Plant[] = [];
  for (const hospital of hospitals.keys())
    for (let day = from + chance.between(2, 20); day < to - 5; day += chance.between(9, 30)) {
      const drawn = kinds[Math.floor(chance.next() * kinds.length)] ?? 'gap';
      // On a public holiday a day may honestly be short: only what is certain is told then.
      const kind = isHoliday(day as Day) && needsUsualDay.has(drawn) ? 'gap' : drawn;
      const lasting = kind === 'dead-agent' || kind === 'network-cut' || kind === 'closed';
      plants.push({ hospital, kind, day: day as Day, days: lasting ? chance.between(1, 3) : 1 });
    }
  return plants;
}

export function dayAt(iso: string): Day {
  const day = dayFromIso(iso);
  if (day === undefined) throw new Error(`no day ${iso}`);
  return day;
}
