import { permanent, transient } from '../../shared/runtime/errors.ts';
import type { ReadSummary } from './export-sink.ts';
import { findingOf } from './finding.ts';
import { xmlHeader } from './header.ts';
import { bindOptions, type ReadPlan } from './read-plan.ts';
import { createRecordFlow } from './record-flow.ts';
import { createRpuXmlReader, type RpuHeader } from './rpu-xml.ts';

/** The national XML: once, or twice when its header stands after the records. */
export async function readXml(plan: ReadPlan): Promise<ReadSummary> {
  const { input, sink, limits, feed, mapping } = plan;
  const tags = mapping.header;
  if (tags === undefined) throw permanent('export-shape-unknown');
  const bound = mapping.bind(mapping.columns, bindOptions(input));
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
