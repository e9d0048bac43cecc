import { planField } from './field-plan.ts';
import type { FieldMapping } from './field-schema.ts';
import type { ColumnProfile } from './guess-content.ts';
import { likeness, wordsOf } from './guess-names.ts';

/** What two exports have in common: pieces of the same row on either side. */
export interface JoinGuess {
  readonly main: readonly FieldMapping[];
  readonly joined: readonly FieldMapping[];
  readonly by: 'number' | 'person';
  /** Share of the main sample's rows found in the other. */
  readonly shared: number;
}

const leastShared = 0.5;

/** The pair of columns that has most values in common, perhaps written differently; undefined when none has half of them. */
export function guessJoin(
  main: readonly ColumnProfile[],
  joined: readonly ColumnProfile[],
): JoinGuess | undefined {
  const [left, right] = [main.filter(isKey), joined.filter(isKey)];
  const pairs = left.flatMap((one) =>
    right.flatMap((other) =>
      ways.map(({ steps, print }) => ({
        ...{ one, other, steps },
        shared: common([...one.distinct.keys()].map(print), [...other.distinct.keys()].map(print)),
        named: visitLike(one) + visitLike(other),
      })),
    ),
  );
  const [best] = pairs.sort(
    (a, b) => b.shared - a.shared || b.named - a.named || a.steps.length - b.steps.length,
  );
  if (best === undefined || best.shared < leastShared) return undefined;
  const piece = ({ column }: ColumnProfile): FieldMapping =>
    best.steps.length === 0 ? { from: column } : { from: column, do: [...best.steps] };
  return { main: [piece(best.one)], joined: [piece(best.other)], by: 'number', shared: best.shared };
}

interface Side {
  readonly profiles: readonly ColumnProfile[];
  /** Birth date, then moment of arrival; undefined where one of them was not found. */
  readonly key: readonly FieldMapping[] | undefined;
}

/** Two exports without a common number: the same birth date at the same minute. */
export function guessJoinByPerson(main: Side, joined: Side): JoinGuess | undefined {
  if (main.key === undefined || joined.key === undefined) return undefined;
  const shared = common(personsOf(main.profiles, main.key), personsOf(joined.profiles, joined.key));
  return shared < leastShared ? undefined : { main: main.key, joined: joined.key, by: 'person', shared };
}

function personsOf(profiles: readonly ColumnProfile[], key: readonly FieldMapping[]): readonly string[] {
  const locate = (column: string): number => profiles.findIndex((profile) => profile.column === column);
  const plans = key.map((piece) => planField({ ...piece, otherwise: 'blank' }, { tables: {}, locate }));
  const rows = profiles[0]?.values.length ?? 0;
  return Array.from({ length: rows }, (_, index) => {
    const row = profiles.map(({ values }) => values[index]);
    const texts = plans.map((plan) => String(plan(row).value ?? '').slice(0, minuteChars));
    return texts.includes('') ? '' : texts.join(' ');
  });
}

const minuteChars = 'dd/MM/yyyy HH:mm'.length;

interface Way {
  readonly steps: readonly ('removeLeadingZeros' | 'upper' | 'digits')[];
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

function common(main: readonly string[], joined: readonly string[]): number {
  const known = new Set(joined.filter((text) => text.length >= 3));
  return main.filter((text) => known.has(text)).length / Math.max(1, main.length);
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
