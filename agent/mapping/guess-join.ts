import type { ColumnProfile } from './guess-content.ts';
import { likeness, wordsOf } from './guess-names.ts';

/** Two columns, one of each sample, that hold the same visit numbers, perhaps written differently. */
export interface JoinGuess {
  readonly main: string;
  readonly joined: string;
  /** What brings both to the same text. */
  readonly steps: readonly ('removeLeadingZeros' | 'upper' | 'digits')[];
  /** Share of the main sample's numbers found in the other. */
  readonly shared: number;
}

/** The pair of columns that has most values in common; undefined when none has half of them. */
export function guessJoin(
  main: readonly ColumnProfile[],
  joined: readonly ColumnProfile[],
): JoinGuess | undefined {
  const [left, right] = [main.filter(isKey), joined.filter(isKey)];
  const pairs = left.flatMap((one) =>
    right.flatMap((other) =>
      ways.map((way) => ({
        main: one.column,
        joined: other.column,
        steps: way.steps,
        shared: common(one, other, way.print),
        named: visitLike(one) + visitLike(other),
      })),
    ),
  );
  const [best] = pairs.sort(
    (a, b) => b.shared - a.shared || b.named - a.named || a.steps.length - b.steps.length,
  );
  return best === undefined || best.shared < 0.5 ? undefined : best;
}

interface Way {
  readonly steps: JoinGuess['steps'];
  readonly print: (text: string) => string;
}

const ways: readonly Way[] = [
  { steps: [], print: (text) => text },
  { steps: ['removeLeadingZeros'], print: (text) => text.replace(/^0+/, '') },
  { steps: ['upper', 'removeLeadingZeros'], print: (text) => text.toUpperCase().replace(/^0+/, '') },
  { steps: ['digits', 'removeLeadingZeros'], print: (text) => text.replace(/\D/g, '').replace(/^0+/, '') },
];

/** Nearly every row has its own. */
function isKey({ filled, distinct, rows, dateTimes }: ColumnProfile): boolean {
  return (
    filled.length > rows / 2 && distinct.size >= filled.length * 0.9 && dateTimes.share < 0.5 && rows > 1
  );
}

function common(one: ColumnProfile, other: ColumnProfile, print: Way['print']): number {
  const known = new Set([...other.distinct.keys()].map(print).filter((text) => text.length >= 3));
  const values = [...one.distinct.keys()].map(print);
  return values.filter((text) => known.has(text)).length / Math.max(1, values.length);
}

function visitLike({ column }: ColumnProfile): number {
  return likeness(wordsOf(column), [
    'numero sejour',
    'numero passage',
    'numero dossier',
    'numero venue',
    'iep',
    'nda',
  ]);
}
