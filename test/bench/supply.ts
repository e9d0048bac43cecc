import { fictitiousFiness, hospital, type GeneratedExport } from '../../installers/sandbox/exports.ts';
import { dayFromIso, type Day } from '../../shared/runtime/paris-time.ts';

/** A file and how many records it holds. */
export type SuppliedExport = GeneratedExport;

/** Exports of invented facilities, each covering days that no earlier one covered. */
export interface Supply {
  readonly facilities: readonly string[];
  next(count: number): readonly SuppliedExport[];
}

export interface SupplyOptions {
  /** Numbers of the fictitious facilities. */
  readonly first: number;
  readonly facilities: number;
  readonly days: number;
  readonly visitsPerDay: number;
}

const seed = 8;

/** Records per file, a little more or less: busy and quiet days differ. */
export const filesOf = {
  10: { days: 1, visitsPerDay: 10 },
  100: { days: 1, visitsPerDay: 100 },
  400: { days: 7, visitsPerDay: 60 },
  1000: { days: 7, visitsPerDay: 136 },
} as const;

export function createSupply(options: SupplyOptions): Supply {
  const hospitals = Array.from({ length: options.facilities }, (_, index) =>
    hospital(seed, {
      finess: fictitiousFiness(options.first + index),
      name: `Bench ${index + 1}`,
      visitsPerDay: options.visitsPerDay,
      shape: 'C',
    }),
  );
  const start = dayFromIso('2012-01-01');
  if (start === undefined) throw new Error('no such day');
  let taken = 0;
  return {
    facilities: hospitals.map(({ finess }) => finess),
    next: (count) =>
      Array.from({ length: count }, () => {
        const one = hospitals[taken % hospitals.length];
        const turn = Math.floor(taken / hospitals.length);
        taken += 1;
        if (one === undefined) throw new Error('a supply needs a facility');
        const last = (start + (turn + 1) * options.days - 1) as Day;
        return one.exportFor(last, { windowDays: options.days });
      }),
  };
}
