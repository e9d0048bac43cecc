import type { Feed } from '../../shared/feeds/feed.ts';
import { permanent, transient } from '../../shared/runtime/errors.ts';
import type { CompiledMapping, FeedLookup, Value } from '../mapping/compiled-mapping.ts';
import { createCsvReader } from './csv.ts';
import { decodeExport, type DecodedExport } from './decode.ts';
import type { ExportSink, ReadSummary } from './export-sink.ts';
import { findingOf } from './finding.ts';
import { facilityOfRow, headerWithoutDates, xmlHeader } from './header.ts';
import { defaultReadLimits, type ReadLimits } from './limits.ts';
import { createRecordFlow, type RecordFlow } from './record-flow.ts';
import { createRpuXmlReader, type RpuHeader } from './rpu-xml.ts';
import { recogniseShape, type Shape } from './shape.ts';

export interface ReadInput {
  /** The export's bytes from the start; called up to three times, so the file must not change under it. */
  open(): AsyncIterable<Buffer>;
  readonly mappings: readonly CompiledMapping[];
  readonly feeds: FeedLookup;
  /** Keyed hash of the source's own visit number, under the facility's key. */
  hashVisitId(facility: string, local: string): string;
  readonly limits?: Partial<ReadLimits>;
  /** Settings of the source. */
  readonly encoding?: string | undefined;
  readonly facility?: string | undefined;
  readonly part?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Reads an export to its last byte. A Fault (permanent unless said) means that the whole export is rejected, whatever
 * the sink was given before: nothing counts until this promise resolves.
 */
export async function readExport(input: ReadInput, sink: ExportSink): Promise<ReadSummary> {
  const limits: ReadLimits = { ...defaultReadLimits, ...input.limits };
  const { decoded, shape } = await recognise(input, limits);
  const feed = input.feeds(shape.mapping.feedName);
  if (feed === undefined) throw permanent('feed-unknown', { facts: { feed: shape.mapping.feedName } });
  if (decoded.declaredWrong) sink.finding(findingOf('encoding-declared-wrong', feed));
  const plan: Plan = { input, sink, limits, decoded, feed, mapping: shape.mapping };
  const summary =
    shape.format === 'rpu-xml'
      ? await readXml(plan)
      : await readCsv(plan, shape.format === 'csv' ? shape.delimiter : '');
  if (summary.records === 0) throw permanent('export-without-record');
  if (summary.accepted === 0)
    throw permanent('export-without-readable-record', { facts: { records: summary.records } });
  return summary;
}

interface Plan {
  readonly input: ReadInput;
  readonly sink: ExportSink;
  readonly limits: ReadLimits;
  readonly decoded: DecodedExport;
  readonly feed: Feed;
  readonly mapping: CompiledMapping;
}

async function recognise(
  input: ReadInput,
  limits: ReadLimits,
): Promise<{ readonly decoded: DecodedExport; readonly shape: Shape }> {
  const decode = (encoding: string | undefined): Promise<DecodedExport> =>
    decodeExport({ open: () => input.open(), encoding, fileBytes: limits.fileBytes, signal: input.signal });
  const decoded = await decode(input.encoding);
  const shape = recogniseShape(decoded.head, input.mappings);
  const { encoding } = shape.mapping;
  // A mapping that names its encoding is only known once the first characters have been read.
  return input.encoding === undefined && encoding !== undefined
    ? { decoded: await decode(encoding), shape }
    : { decoded, shape };
}

async function readXml(plan: Plan): Promise<ReadSummary> {
  const { input, sink, limits, feed, mapping } = plan;
  const tags = mapping.header;
  if (tags === undefined) throw permanent('export-shape-unknown');
  const bound = mapping.bind(mapping.columns);
  const read = async (known?: RpuHeader): Promise<ReadSummary | RpuHeader> => {
    let facility = '';
    const flow = createRecordFlow({
      feed,
      bound,
      sink,
      hashVisitId: (at, local) => input.hashVisitId(at, local),
      facilityOf: () => facility,
    });
    const reader = createRpuXmlReader(
      {
        tags,
        columns: mapping.columns,
        keepsUnknown: mapping.keepsUnknown,
        limits,
        ...(known === undefined ? {} : { header: known }),
      },
      {
        header: (raw) => {
          const header = xmlHeader(raw, {
            feed,
            mapping: mapping.name,
            facility: input.facility,
            part: input.part,
          });
          facility = header.facility;
          sink.header(header);
          if (header.extractState !== 'good')
            sink.finding(findingOf(`extract-${header.extractState}`, feed, { field: tags.extract }));
        },
        row: (...found) => flow.row(...found),
      },
    );
    for await (const text of plan.decoded.texts()) {
      reader.write(text);
      await sink.settle();
    }
    const { header, headerLate } = reader.end();
    return headerLate ? header : flow.summary();
  };

  const first = await read();
  if ('records' in first) return first;
  if (first.facility === undefined) throw permanent('facility-missing');
  const second = await read(first);
  // The header that the first reading found is gone: the file changed in between.
  if (!('records' in second)) throw transient('export-changed');
  return second;
}

async function readCsv(plan: Plan, delimiter: string): Promise<ReadSummary> {
  const { input, sink, limits, feed, mapping } = plan;
  let flow: RecordFlow | undefined;
  let facility: string | undefined;
  let unreadable = 0;

  const facilityOf = (value: Value, line: number, record: number): string => {
    const position = { line, record };
    const found = facilityOfRow(value, { setting: input.facility, position });
    if (facility === undefined) {
      facility = found;
      sink.header(headerWithoutDates({ feed, mapping: mapping.name, facility, part: input.part }));
    } else if (found !== facility) throw permanent('facility-several', { position });
    return facility;
  };

  const reader = createCsvReader(
    { delimiter, limits },
    {
      columns: (names) => {
        const bound = mapping.bind(names);
        for (const column of bound.unknownColumns.slice(0, 100))
          sink.finding(findingOf('column-unknown', feed, { field: column.slice(0, 60), line: 1 }));
        flow = createRecordFlow({
          feed,
          bound,
          sink,
          hashVisitId: (at, local) => input.hashVisitId(at, local),
          facilityOf,
        });
      },
      row: (row, line, record) => flow?.row(row, undefined, line, record),
      unreadable: (line, record) => {
        unreadable += 1;
        sink.rejected(record, line, { rule: 'record-unreadable', field: null });
      },
    },
  );
  for await (const text of plan.decoded.texts()) {
    await reader.write(text);
    await sink.settle();
  }
  const { records } = await reader.end();
  await sink.settle();
  const { accepted = 0, rejected = 0 } = flow?.summary() ?? {};
  return { records, accepted, rejected: rejected + unreadable };
}
