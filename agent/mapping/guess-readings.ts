import type { Step } from './field-schema.ts';
import { planSteps } from './text-steps.ts';

/** How codes stand in the texts of a column: bare or beside their label, alone or several in one text. */
export interface CodeReading {
  /** What leaves the code alone; empty for bare codes. */
  readonly steps: readonly Step[];
  readonly split: string | undefined;
  /** Share of the texts whose every item is a code when read this way. */
  readonly share: number;
}

/** "J18.9", "J18.9 - Pneumopathie", "J18.9: Pneumopathie", "J18.9-Pneumopathie", "[J18.9] ...", "Pneumopathie (J18.9)". */
const manners: readonly (readonly Step[])[] = [
  [],
  ['firstWord'],
  [{ before: ':' }],
  [{ before: '-' }],
  [{ after: '[' }, { before: ']' }],
  [{ after: '(' }, { before: ')' }],
];

const textsTried = 500;
const enough = 0.9;

/** A manner that divides and reads nearly all texts, else the simplest that does, else the one that reads most. */
export function readLabelled(
  texts: readonly string[],
  isCode: (text: string) => boolean,
  separators: readonly string[] = [],
): CodeReading {
  const tried = texts.slice(0, textsTried);
  const readings = [undefined, ...separators].flatMap((split) =>
    manners.map((steps): CodeReading => {
      const read = planSteps(steps);
      const holds = (text: string): boolean =>
        itemsOf(text, split).every((item) => isCode(read(item).trim()));
      return { steps, split, share: tried.length === 0 ? 0 : tried.filter(holds).length / tried.length };
    }),
  );
  const good = readings.filter(({ share }) => share >= enough);
  // The first code of an undivided list is a code too: where a separator reads nearly all, it is meant.
  const divided = good
    .filter(({ split }) => tried.some((text) => itemsOf(text, split).length > 1))
    .toSorted((a, b) => b.share - a.share);
  const best = readings.toSorted((a, b) => b.share - a.share)[0];
  return divided[0] ?? good[0] ?? best ?? { steps: [], split: undefined, share: 0 };
}

function itemsOf(text: string, split: string | undefined): readonly string[] {
  if (split === undefined) return [text];
  return text
    .split(split)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
