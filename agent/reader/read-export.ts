import { permanent } from '../../shared/runtime/errors.ts';
import { decodeExport, type DecodedExport } from './decode.ts';
import type { ExportSink, ReadSummary } from './export-sink.ts';
import { findingOf } from './finding.ts';
import { defaultReadLimits, type ReadLimits } from './limits.ts';
import { readHalf } from './read-half.ts';
import { readLines } from './read-lines.ts';
import type { ReadInput, ReadPlan } from './read-plan.ts';
import { readXml } from './read-xml.ts';
import { recogniseShape, type Shape } from './shape.ts';

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
  const summary = await readShape({ input, sink, limits, decoded, feed, mapping: shape.mapping }, shape);
  if (summary.records === 0) throw permanent('export-without-record');
  if (summary.accepted + (summary.waiting ?? 0) === 0)
    throw permanent('export-without-readable-record', { facts: { records: summary.records } });
  return summary;
}

function readShape(plan: ReadPlan, shape: Shape): Promise<ReadSummary> {
  if (shape.format === 'rpu-xml') return readXml(plan);
  const { join } = shape.mapping;
  return join === undefined ? readLines(plan, shape) : readHalf(plan, shape, join);
}

async function recognise(
  input: ReadInput,
  limits: ReadLimits,
): Promise<{ readonly decoded: DecodedExport; readonly shape: Shape }> {
  const decode = (encoding: string | undefined): Promise<DecodedExport> =>
    decodeExport({ open: () => input.open(), encoding, fileBytes: limits.fileBytes, signal: input.signal });
  const decoded = await decode(input.encoding);
  const shape = recogniseShape(decoded.head, input.mappings, input.side);
  const { encoding } = shape.format === 'rpu-xml' ? shape.mapping : shape.layout;
  // A mapping that names its encoding is only known once the first characters have been read.
  return input.encoding === undefined && encoding !== undefined
    ? { decoded: await decode(encoding), shape }
    : { decoded, shape };
}
