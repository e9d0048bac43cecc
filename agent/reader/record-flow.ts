import type { Breach, Feed } from '../../shared/feeds/feed.ts';
import type { BoundMapping, Row, Value } from '../mapping/compiled-mapping.ts';
import type { ExportSink, ReadSummary } from './export-sink.ts';
import { findingOf } from './finding.ts';

/** What else is known of a row that may be half of a record. */
export interface HalfRecord {
  /** Stands for the local number where the source gives none: the same for either half. */
  readonly localId?: string;
  readonly breaches: readonly Breach[];
  /** The other half is not known: a record that cannot be placed without it waits, and is no reject. */
  mayWait(breach: Breach): boolean;
}

/** Row by row from a reader to a sink: mapped, its local number hashed, built, checked, counted. */
export interface RecordFlow {
  row(
    row: Row,
    extensions: Readonly<Record<string, string>> | undefined,
    line: number,
    record: number,
    half?: HalfRecord,
  ): void;
  summary(): ReadSummary;
  /** Rows that cannot be placed without their other half: in no other count. */
  waiting(): number;
}

export function createRecordFlow(deps: {
  readonly feed: Feed;
  readonly bound: BoundMapping;
  readonly sink: ExportSink;
  hashVisitId(facility: string, local: string): string;
  /** The facility of a row, from what the mapping found in it. */
  facilityOf(value: Value, line: number, record: number): string;
}): RecordFlow {
  const { feed, bound, sink } = deps;
  let accepted = 0;
  let rejected = 0;
  let waiting = 0;

  const reject = (record: number, line: number, breach: Breach): void => {
    rejected += 1;
    sink.rejected(record, line, breach);
  };
  const report = (breaches: readonly Breach[], line: number, record: number): void => {
    for (const { rule, field } of breaches) sink.finding(findingOf(rule, feed, { field, line, record }));
  };

  return {
    row: (row, extensions, line, record, half) => {
      const mapped = bound.map(row, extensions);
      if (mapped.kind === 'rejected') {
        reject(record, line, mapped.breach);
        return;
      }
      const { values } = mapped.fields;
      const facility = deps.facilityOf(values['facility'], line, record);
      values['facility'] = facility;
      const localId = mapped.localId ?? half?.localId;
      if (localId !== undefined) values['visitId'] = deps.hashVisitId(facility, localId);
      const built = feed.build(mapped.fields);
      if (built.kind === 'rejected') {
        if (half?.mayWait(built.breach) === true) {
          waiting += 1;
          report(half.breaches, line, record);
        } else reject(record, line, built.breach);
        return;
      }
      accepted += 1;
      sink.record(record, line, built.record, JSON.stringify(built.record));
      if (half !== undefined) report(half.breaches, line, record);
      report(mapped.breaches, line, record);
      report(built.breaches, line, record);
      report(feed.check(built.record), line, record);
    },
    summary: () => ({ records: accepted + rejected, accepted, rejected }),
    waiting: () => waiting,
  };
}
