import { permanent } from '../../shared/runtime/errors.ts';
import type { Value } from '../mapping/compiled-mapping.ts';
import { createCsvReader } from './csv.ts';
import type { ReadSummary } from './export-sink.ts';
import { findingOf } from './finding.ts';
import { createFixedWidthReader } from './fixed-width.ts';
import { facilityOfRow, headerWithoutDates } from './header.ts';
import { bindOptions, type ReadPlan } from './read-plan.ts';
import { createRecordFlow, type RecordFlow } from './record-flow.ts';
import type { RowHandlers } from './row-reader.ts';
import type { Shape } from './shape.ts';

export type LinesShape = Exclude<Shape, { readonly format: 'rpu-xml' }>;

/** Delimited text or lines of fixed width: one row, one record. */
export async function readLines(plan: ReadPlan, shape: LinesShape): Promise<ReadSummary> {
  const { input, sink, feed, mapping } = plan;
  const facilityOf = oneFacility(plan);
  let flow: RecordFlow | undefined;
  const { records, unreadable } = await eachRow(plan, shape, {
    columns: (names, line) => {
      const bound = mapping.bind(names, bindOptions(input));
      reportUnknown(plan, bound.unknownColumns, line);
      flow = createRecordFlow({
        feed,
        bound,
        sink,
        hashVisitId: (at, local) => input.hashVisitId(at, local),
        facilityOf,
      });
    },
    row: (row, line, record) => flow?.row(row, undefined, line, record),
  });
  const { accepted = 0, rejected = 0 } = flow?.summary() ?? {};
  return { records, accepted, rejected: rejected + unreadable };
}

/** Every row of an export, the sink allowed to push back between pieces. Unreadable ones are rejected and counted. */
export async function eachRow(
  { limits, decoded, sink }: ReadPlan,
  shape: LinesShape,
  handlers: Pick<RowHandlers, 'columns' | 'row'>,
  settle: () => Promise<void> = () => sink.settle(),
): Promise<{ readonly records: number; readonly unreadable: number }> {
  let unreadable = 0;
  const all: RowHandlers = {
    columns: (names, line) => handlers.columns(names, line),
    row: (row, line, record) => handlers.row(row, line, record),
    unreadable: (line, record) => {
      unreadable += 1;
      sink.rejected(record, line, { rule: 'record-unreadable', field: null });
    },
  };
  const reader =
    shape.format === 'csv'
      ? createCsvReader({ delimiter: shape.delimiter, layout: shape.layout, limits }, all)
      : createFixedWidthReader({ layout: shape.layout, limits }, all);
  for await (const text of decoded.texts()) {
    await reader.write(text);
    await settle();
  }
  const { records } = await reader.end();
  await settle();
  return { records, unreadable };
}

/** The facility of every row; the first one gives the export its header. */
export function oneFacility({
  input,
  sink,
  feed,
  mapping,
}: ReadPlan): (value: Value, line: number, record: number) => string {
  let facility: string | undefined;
  return (value, line, record) => {
    const position = { line, record };
    const found = facilityOfRow(value, { setting: input.facility, position });
    if (facility === undefined) {
      facility = found;
      sink.header(headerWithoutDates({ feed, mapping: mapping.name, facility, part: input.part }));
    } else if (found !== facility) throw permanent('facility-several', { position });
    return facility;
  };
}

const listedColumns = 100;

export function reportUnknown({ sink, feed }: ReadPlan, columns: readonly string[], line: number): void {
  for (const column of columns.slice(0, listedColumns))
    sink.finding(
      findingOf('column-unknown', feed, { field: column.slice(0, 60), ...(line === 0 ? {} : { line }) }),
    );
}
