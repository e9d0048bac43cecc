import type { WeekCounts } from '../../receiver/extraction/week.ts';
import { smallWithin } from '../../receiver/quality/small-numbers.ts';
import { edVisits } from '../../shared/feeds/ed-visits.ts';
import { facilities } from './extraction-region.ts';
import { createPolytope, type Equation } from './polytope.ts';

export const dimensions = edVisits.tally?.dimensions ?? [];
/** The classifications in which each visit has one class. */
export const oneSplits = dimensions.filter(({ kind }) => kind === 'one');

/** null: hidden. */
export interface SeenSplit {
  readonly totals: readonly (number | null)[];
  readonly cells: readonly (readonly (number | null)[])[];
  readonly classes: readonly (number | null)[];
}

/** All that anybody is told of one week: by facility and class for each split, and the region's total. */
export interface SeenWeek {
  readonly total: number | null;
  readonly splits: readonly SeenSplit[];
}

export interface Guess {
  readonly what: 'cell' | 'facility' | 'class';
  readonly split: number;
  readonly facility: number;
  readonly class: number;
  readonly least: number;
  readonly most: number;
}

/**
 * Bounds of every hidden number, for somebody who puts all answers together: every split of every facility's week sums to the
 * same total, classes sum over facilities, and nothing is below zero.
 */
export function attack({ total, splits }: SeenWeek): readonly Guess[] {
  const names = new Map<string, number>();
  const numberOf = (name: string): number => {
    const known = names.get(name) ?? names.size;
    names.set(name, known);
    return known;
  };
  const equations: Equation[] = [];
  const told = new Map<number, number>();
  const say = (name: string, value: number | null | undefined): void => {
    if (value !== null && value !== undefined) told.set(numberOf(name), value);
  };
  const add = (parts: readonly string[], whole: string): void => {
    const terms = new Map(parts.map((part) => [numberOf(part), 1]));
    terms.set(numberOf(whole), -1);
    equations.push({ terms, sum: 0 });
  };
  const facilities = splits[0]?.totals.map((_total, index) => index) ?? [];
  say('all', total);
  add(
    facilities.map((facility) => `t${facility}`),
    'all',
  );
  splits.forEach(({ totals, cells, classes }, split) => {
    for (const facility of facilities) {
      say(`t${facility}`, totals[facility]);
      classes.forEach((_count, index) => say(`c${split}.${facility}.${index}`, cells[facility]?.[index]));
      add(
        classes.map((_count, index) => `c${split}.${facility}.${index}`),
        `t${facility}`,
      );
    }
    classes.forEach((count, index) => {
      say(`k${split}.${index}`, count);
      add(
        facilities.map((facility) => `c${split}.${facility}.${index}`),
        `k${split}.${index}`,
      );
    });
  });
  const polytope = createPolytope(names.size, known(equations, told));
  return [...names].flatMap(([name, number]) => {
    if (told.has(number) || name === 'all') return [];
    const [split = 0, ...rest] = name.slice(1).split('.').map(Number);
    const place = {
      t: { what: 'facility', split: 0, facility: split, class: -1 } as const,
      k: { what: 'class', split, facility: -1, class: rest[0] ?? -1 } as const,
      c: { what: 'cell', split, facility: rest[0] ?? -1, class: rest[1] ?? -1 } as const,
    }[name.slice(0, 1)];
    return place === undefined ? [] : [{ ...place, ...polytope.range(number) }];
  });
}

/** What is told goes to the other side. Equations of which all is told say nothing. */
function known(equations: readonly Equation[], told: ReadonlyMap<number, number>): readonly Equation[] {
  return equations.flatMap(({ terms, sum }) => {
    const left = new Map([...terms].filter(([number]) => !told.has(number)));
    const rest = [...terms].reduce((all, [number, times]) => all - times * (told.get(number) ?? 0), sum);
    if (left.size === 0 && rest !== 0) throw new Error('what is told contradicts itself');
    return left.size === 0 ? [] : [{ terms: left, sum: rest }];
  });
}

/** What must not be worked out: hidden numbers that are small, and known to fewer values than small counts have but one. */
export function givenAway(
  guesses: readonly Guess[],
  { places }: WeekCounts,
  threshold: number = smallWithin,
): readonly Guess[] {
  const rows = facilities.flatMap((facility) => places.get(facility) ?? []);
  return guesses.filter(({ what, split, facility, class: index, least, most }) => {
    const count = (row: (typeof rows)[number] | undefined): number =>
      row?.classes[oneSplits[split]?.name ?? '']?.[index] ?? 0;
    const truth =
      what === 'cell'
        ? count(rows[facility])
        : what === 'facility'
          ? (rows[facility]?.total ?? 0)
          : rows.reduce((sum, row) => sum + count(row), 0);
    if (truth < least || truth > most) throw new Error('the attack is wrong');
    return truth < threshold && most - least + 1 < threshold - 1;
  });
}
