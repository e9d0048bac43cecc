import { catalogue, type FigureId, type FigureSpec } from './figures.ts';
import { median, spread } from './statistics.ts';

/** One value per round, or why there is none. */
export type Measurement =
  | { readonly kind: 'measured'; readonly rounds: readonly number[] }
  | { readonly kind: 'skipped'; readonly reason: string };

export type Measurements = ReadonlyMap<FigureId, Measurement>;

export interface Figure {
  readonly id: string;
  /** Median of the rounds; null when skipped. */
  readonly value: number | null;
  readonly unit: string;
  readonly goal: number;
  readonly better: 'higher' | 'lower';
  readonly holds: boolean;
  readonly status: 'measured' | 'skipped';
  readonly reason: string | null;
  readonly rounds: number;
  /** (max - min) / median of the rounds; null when skipped. */
  readonly spread: number | null;
}

export interface BenchDocument {
  readonly figures: readonly Figure[];
}

export const measured = (...rounds: readonly number[]): Measurement => ({ kind: 'measured', rounds });
export const skipped = (reason: string): Measurement => ({ kind: 'skipped', reason });

/** Every wanted figure, in the catalogue's order; what nobody measured is skipped, and what is skipped never holds. */
export function documentOf(
  measurements: Measurements,
  wanted: (spec: FigureSpec & { readonly id: FigureId }) => boolean = () => true,
): BenchDocument {
  return {
    figures: catalogue
      .filter(wanted)
      .map((spec) => figureOf(spec, measurements.get(spec.id) ?? skipped('not measured'))),
  };
}

function figureOf({ id, unit, goal, better }: FigureSpec, measurement: Measurement): Figure {
  const base = { id, unit, goal, better };
  if (measurement.kind === 'skipped' || measurement.rounds.length === 0) {
    const reason = measurement.kind === 'skipped' ? measurement.reason : 'no round';
    return { ...base, value: null, holds: false, status: 'skipped', reason, rounds: 0, spread: null };
  }
  const value = median(measurement.rounds);
  // NaN compares false both ways: a measurement gone wrong does not hold.
  const holds = better === 'higher' ? value >= goal : value <= goal;
  return {
    ...{ id, value: rounded(value), unit, goal, better, holds, status: 'measured', reason: null },
    ...{ rounds: measurement.rounds.length, spread: rounded(spread(measurement.rounds)) },
  };
}

/** Four figures that mean something: a bench has no more. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
