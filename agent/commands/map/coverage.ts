import { basename } from 'node:path';
import { findingText } from '../../../shared/i18n/findings.ts';
import { mapTexts } from '../../../shared/i18n/terminal-agent-map.ts';
import { fill } from '../../../shared/i18n/texts.ts';
import { permanent } from '../../../shared/runtime/errors.ts';
import {
  createColumnCounter,
  createFieldCounter,
  type ColumnCounter,
  type FieldCoverage,
} from '../../mapping/coverage.ts';
import { visitColumns } from '../../adt/event.ts';
import { vocabularyOf } from '../../mapping/guess-vocabularies.ts';
import { createCsvReader } from '../../reader/csv.ts';
import { createFixedWidthReader } from '../../reader/fixed-width.ts';
import { defaultReadLimits } from '../../reader/limits.ts';
import type { RowHandlers } from '../../reader/row-reader.ts';
import type { Surroundings } from '../command.ts';
import { tableLines } from '../terminal.ts';
import { loadMapping, type LoadedMapping } from './mapping-file.ts';
import { messagesOf, recogniseSample, tryMapping } from './trial.ts';

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
  const tally = await tallyRecords(loaded, asked, around);
  const columns: FileColumns[] = [];
  for (const path of asked.samples) {
    const counter =
      loaded.compiled.format === 'hl7v2'
        ? await countMessages(path, loaded)
        : await countColumns(path, loaded);
    if (counter !== undefined) columns.push({ file: basename(path), counter });
  }
  const report = { ...tally, columns };
  if (around.json) around.print(JSON.stringify(documentOf(report)));
  else for (const line of lines(report, around)) around.print(line);
  return 0;
}

/** Why records were rejected, and which fields kept a free text back: rule and field, how often. */
interface Count {
  readonly rule: string;
  readonly field: string | null;
  readonly count: number;
}

interface Tally {
  readonly accepted: number;
  readonly rejected: number;
  readonly fields: readonly FieldCoverage[];
  readonly reasons: readonly Count[];
  readonly withheld: readonly Count[];
}

async function tallyRecords(
  { compiled, feed }: LoadedMapping,
  { samples, facility, freeText }: Asked,
  { terminal }: Surroundings,
): Promise<Tally> {
  const fields = createFieldCounter(feed);
  const [reasons, withheld] = [createCounts(), createCounts()];
  let [accepted, rejected] = [0, 0];
  await tryMapping(
    compiled,
    samples,
    { facility, freeText, terminal },
    {
      record: (_place, built) => {
        accepted += 1;
        fields.add(built);
      },
      rejected: (_place, rule, field) => {
        rejected += 1;
        reasons.add(rule, field);
      },
      finding: (_file, { rule, field }) => {
        if (rule === 'free-text-withheld') withheld.add(rule, field);
      },
    },
  );
  return {
    ...{ accepted, rejected, fields: fields.result() },
    ...{ reasons: reasons.all(), withheld: withheld.all() },
  };
}

function createCounts(): { add(rule: string, field: string | null): void; all(): readonly Count[] } {
  const counts = new Map<string, Count>();
  return {
    add: (rule, field) => {
      const key = `${rule}\0${field ?? ''}`;
      counts.set(key, { rule, field, count: (counts.get(key)?.count ?? 0) + 1 });
    },
    all: () => [...counts.values()].toSorted((a, b) => b.count - a.count),
  };
}

/** Messages have no columns of their own: judged are those that the product makes of a visit. */
async function countMessages(path: string, { compiled, file, feed }: LoadedMapping): Promise<ColumnCounter> {
  const counter = createColumnCounter({
    ...{ mapping: file, vocabulary: vocabularyOf(feed) },
    ...{ columns: visitColumns, unmapped: [] },
  });
  const { rows } = await messagesOf(path, compiled);
  for (const { row, line } of rows) counter.add(row, line);
  return counter;
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
    row: (row, line) => counter?.add(row, line),
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

interface Report extends Tally {
  readonly columns: readonly FileColumns[];
}

function documentOf({ columns, fields, reasons, ...counts }: Report) {
  return {
    ...counts,
    reasons,
    fields: fields.map(({ field, due, filled, rate, target, verdict }) => ({
      ...{ field, due, filled, target, verdict },
      rate: rate === null ? null : Math.round(rate * 10) / 10,
    })),
    files: columns.map(({ file, counter }) => {
      const { codes, hidden, rare } = counter.unknownCodes();
      return {
        file,
        unmapped: counter.unmapped,
        empty: counter.empty(),
        unknownCodes: codes,
        hiddenCodes: hidden,
        hiddenAt: rare,
      };
    }),
  };
}

function lines(report: Report, around: Surroundings): readonly string[] {
  const { accepted, rejected, fields, columns } = report;
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
    ...report.reasons.map((one) => countLine(one, language)),
    ...tableLines(heads, rows, terminal),
    ...report.withheld.map(({ field, count }) => fill(say('withheld'), { column: field ?? '', count })),
    ...columns.flatMap((one) => columnLines(one, around)),
  ];
}

function countLine({ rule, field, count }: Count, language: Surroundings['language']): string {
  const where = field === null ? '' : ` (${field})`;
  return `  ! ${count} × ${rule}${where} : ${findingText(rule, language, field)}`;
}

/** Never rounded up to a target that was not reached. */
function percent(rate: number): string {
  return String(Math.floor(rate));
}

function columnLines(
  { file, counter }: FileColumns,
  { language, terminal }: Surroundings,
): readonly string[] {
  const { codes, hidden, rare } = counter.unknownCodes();
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
    ...rare.map((one) =>
      fill(mapTexts.hiddenAt[language], { field: one.field, lines: one.lines.join(', ') }),
    ),
    ...(rows.length + hidden === 0 ? [mapTexts.allKnown[language]] : []),
  ];
}
