import type { FieldMapping } from './field-schema.ts';
import type { FieldWords, Vocabulary } from './guess-vocabulary.ts';
import type { Proposal } from './propose.ts';

type Texts = string | readonly string[];

/** A case for the mapping's own tests, of invented values only: what the source would print, and what must come of it. */
export interface Example {
  readonly input: Readonly<Record<string, string>>;
  readonly output: Readonly<Record<string, Texts>>;
}

export function exampleFor(proposal: Proposal, vocabulary: Vocabulary): Example {
  const input: Record<string, string> = {};
  const output: Record<string, Texts> = {};
  for (const { name, spec } of proposal.fields) {
    const words = vocabulary.fields.find(({ field }) => field === name);
    if (spec === undefined || words === undefined) continue;
    const { texts, expected } = sourceTexts(spec, words, proposal);
    const columns = columnsIn(spec);
    if (columns.some((column) => column in input)) continue;
    columns.forEach((column, index) => {
      if (texts[index] !== undefined) input[column] = texts[index];
    });
    output[name] = expected;
  }
  return { input, output };
}

/** The columns a value is written to: for alternatives, the first. */
function columnsIn({ from, concat }: FieldMapping): readonly string[] {
  if (from !== undefined) return typeof from === 'string' ? [from] : from.slice(0, 1);
  return (concat ?? []).flatMap((piece) => ('column' in piece ? [piece.column] : []));
}

function sourceTexts(
  spec: FieldMapping,
  words: FieldWords,
  proposal: Proposal,
): { readonly texts: readonly string[]; readonly expected: Texts } {
  const { example } = words;
  if (spec.const !== undefined) return { texts: [], expected: spec.const };
  if (typeof example !== 'string') {
    const [first = ''] = example;
    if (spec.concat !== undefined) return { texts: example, expected: example };
    return spec.split === undefined
      ? { texts: [first], expected: first }
      : { texts: [example.join(spec.split)], expected: example };
  }
  const [format] = [...(spec.date ?? []), ...(spec.dateTime ?? [])];
  if (format !== undefined) return printed(example, format, spec);
  const entries = proposal.tables.find(({ name }) => name === spec.table)?.entries ?? [];
  const entry =
    entries.find(({ code }) => code === example) ??
    entries.find(({ code }) => code !== undefined && code !== '');
  return entry === undefined
    ? { texts: [example], expected: example }
    : { texts: [entry.text], expected: entry.code ?? '' };
}

function printed(
  example: string,
  format: string,
  { concat }: FieldMapping,
): { readonly texts: readonly string[]; readonly expected: string } {
  const seconds = format.includes('ss') ? ':00' : '';
  if (concat === undefined) return { texts: [inFormat(example, format)], expected: `${example}${seconds}` };
  const parts = format.split(' ');
  const [day, time] = [parts.slice(0, -1).join(' '), parts.at(-1) ?? ''];
  const columns = concat.filter((piece) => 'column' in piece).length;
  return columns === 1
    ? { texts: [inFormat(example, day)], expected: `${example.slice(0, 10)} 00:00` }
    : { texts: [inFormat(example, day), inFormat(example, time)], expected: `${example}${seconds}` };
}

/** "dd/MM/yyyy HH:mm" in another format. */
function inFormat(example: string, format: string): string {
  return format
    .replace('yyyy', example.slice(6, 10))
    .replace('yy', example.slice(8, 10))
    .replace('MM', example.slice(3, 5))
    .replace('dd', example.slice(0, 2))
    .replace('HH', example.slice(11, 13))
    .replace('mm', example.slice(14, 16))
    .replace('ss', '00');
}
