import { basename } from 'node:path';
import { mapTexts } from '../../../shared/i18n/terminal-agent-map.ts';
import { fill } from '../../../shared/i18n/texts.ts';
import { permanent } from '../../../shared/runtime/errors.ts';
import {
  createColumnCounter,
  createFieldCounter,
  type ColumnCounter,
  type FieldCoverage,
} from '../../mapping/coverage.ts';
import { vocabularyOf } from '../../mapping/guess-vocabularies.ts';
import { createCsvReader } from '../../reader/csv.ts';
import { createFixedWidthReader } from '../../reader/fixed-width.ts';
import { defaultReadLimits } from '../../reader/limits.ts';
import type { RowHandlers } from '../../reader/row-reader.ts';
import type { Surroundings } from '../command.ts';
import { tableLines } from '../terminal.ts';
import { loadMapping, type LoadedMapping } from './mapping-file.ts';
import { recogniseSample, tryMapping } from './trial.ts';

interface Asked {
  readonly file: string;
  readonly samples: readonly string[];
  readonly facility: string | undefined;
  readonly freeText: readonly string[];
}

interface FileColumns {
  readonly file: string;
  readonly counter: ColumnCounter;
}

/** What a mapping leaves out of samples. Exit 0: it is a report, not a judgment. */
export async function mapCoverage(around: Surroundings, asked: Asked): Promise<number> {
  const loaded = await loadMapping(asked.file);
  const fields = createFieldCounter(loaded.feed);
  let [accepted, rejected] = [0, 0];
  await tryMapping(
    loaded.compiled,
    asked.samples,
    { facility: asked.facility, freeText: asked.freeText, terminal: around.terminal },
    {
      record: (_place, built) => {
        accepted += 1;
        fields.add(built);
      },
      rejected: () => {
        rejected += 1;
      },
      finding: () => undefined,
    },
  );
  const columns: FileColumns[] = [];
  for (const path of asked.samples) {
    const counter = await countColumns(path, loaded);
    if (counter !== undefined) columns.push({ file: basename(path), counter });
  }
  const report = { accepted, rejected, fields: fields.result(), columns };
  if (around.json) around.print(JSON.stringify(documentOf(report)));
  else for (const line of lines(report, around)) around.print(line);
  return 0;
}

/** Undefined for exports whose rows are no lines: their unknown tags are findings of their own. */
async function countColumns(
  path: string,
  { compiled, file, feed }: LoadedMapping,
): Promise<ColumnCounter | undefined> {
  const { decoded, shape } = await recogniseSample(path, compiled);
  if (!('layout' in shape)) return undefined;
  let counter: ColumnCounter | undefined;
  const handlers: RowHandlers = {
    columns: (names) => {
      const prefix = shape.side === 'joined' ? `${compiled.join?.name ?? ''}.` : '';
      const columns = names.map((name) => `${prefix}${name}`);
      counter = createColumnCounter({
        mapping: file,
        vocabulary: vocabularyOf(feed),
        columns,
        unmapped: compiled.bind(columns).unknownColumns,
      });
    },
    row: (row) => counter?.add(row),
    unreadable: () => undefined,
  };
  const limits = defaultReadLimits;
  const reader =
    shape.format === 'csv'
      ? createCsvReader({ delimiter: shape.delimiter, layout: shape.layout, limits }, handlers)
      : createFixedWidthReader({ layout: shape.layout, limits }, handlers);
  for await (const text of decoded.texts()) await reader.write(text);
  await reader.end();
  if (counter === undefined) throw permanent('export-without-record');
  return counter;
}

interface Report {
  readonly accepted: number;
  readonly rejected: number;
  readonly fields: readonly FieldCoverage[];
  readonly columns: readonly FileColumns[];
}

function documentOf({ columns, fields, ...counts }: Report) {
  return {
    ...counts,
    fields: fields.map(({ field, due, filled, rate, target, verdict }) => ({
      ...{ field, due, filled, target, verdict },
      rate: rate === null ? null : Math.round(rate * 10) / 10,
    })),
    files: columns.map(({ file, counter }) => {
      const { codes, hidden } = counter.unknownCodes();
      return {
        file,
        unmapped: counter.unmapped,
        empty: counter.empty(),
        unknownCodes: codes,
        hiddenCodes: hidden,
      };
    }),
  };
}

function lines({ accepted, rejected, fields, columns }: Report, around: Surroundings): readonly string[] {
  const { language, terminal } = around;
  const say = (key: keyof typeof mapTexts): string => mapTexts[key][language];
  const rows = fields.map(({ label, due, filled, rate, target, verdict }) => [
    label,
    String(filled),
    String(due),
    rate === null ? '-' : `${percent(rate)} %`,
    target === null ? '-' : `${target} %`,
    say(`verdict-${verdict}`),
  ]);
  const heads = (['field', 'filled', 'due', 'rate', 'target', 'verdict'] as const).map(say);
  return [
    fill(say('runSummary'), { accepted, rejected }),
    ...tableLines(heads, rows, terminal),
    ...columns.flatMap((one) => columnLines(one, around)),
  ];
}

/** Never rounded up to a target that was not reached. */
function percent(rate: number): string {
  return String(Math.floor(rate));
}

function columnLines(
  { file, counter }: FileColumns,
  { language, terminal }: Surroundings,
): readonly string[] {
  const { codes, hidden } = counter.unknownCodes();
  const [unmapped, empty] = [counter.unmapped, counter.empty()];
  const rows = codes.map(({ field, code, count }) => [field, String(count), code]);
  const heads = (['field', 'count', 'code'] as const).map((key) => mapTexts[key][language]);
  return [
    '',
    file,
    ...(unmapped.length === 0 ? [] : [fill(mapTexts.unmapped[language], { columns: unmapped.join(', ') })]),
    ...(empty.length === 0 ? [] : [fill(mapTexts.emptyColumns[language], { columns: empty.join(', ') })]),
    ...(rows.length === 0 ? [] : [mapTexts.unknownCodes[language], ...tableLines(heads, rows, terminal)]),
    ...(hidden === 0 ? [] : [fill(mapTexts.hiddenCodes[language], { count: hidden })]),
    ...(rows.length + hidden === 0 ? [mapTexts.allKnown[language]] : []),
  ];
}
