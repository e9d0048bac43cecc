import type { Finding } from '../../shared/feeds/feed.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import type { ReadExportRow } from '../outbox/rows.ts';
import type { HalfBook } from '../reader/join.ts';
import type { ExportHeader, ExportSink, ReadSummary } from '../reader/export-sink.ts';
import { describeFile, type FoundFile } from '../source/scan.ts';
import type { ReadAs, ReadFileDeps } from './read-as.ts';
import { createSlicer, type Slicer } from './slicer.ts';
import type { Draft } from './staging.ts';

const listedFindings = 1000;
/** Slices being compressed while reading goes on. */
const slicesAhead = 2;

/** One export between its first byte and its last: what the reader finds, cut into slices, sealed as they fill. */
export interface ExportReading {
  readonly id: string;
  /** Where the halves of this export are remembered. */
  readonly halves: HalfBook | undefined;
  readonly sink: ExportSink;
  described(): Pick<
    ReadExportRow,
    'feed' | 'facility' | 'part' | 'mapping' | 'windowFrom' | 'windowTo' | 'findingsTotal'
  >;
  findings(): readonly Finding[];
  /** `withdrawn`: keyed ids of visits that never were. */
  end(summary: ReadSummary, digest: string, withdrawn?: readonly string[]): number;
  /** It is whole and holds nothing but halves that wait: there is nothing to seal. */
  endWaiting(): { readonly mapping: string | null; readonly feed: string | null };
  sealAll(): Promise<Draft>;
  abort(): void;
}

export function createReading(
  deps: ReadFileDeps,
  id: string,
  file: FoundFile,
  as: ReadAs,
  turn: Promise<void>,
): ExportReading {
  let header: ExportHeader | undefined;
  let slicer: Slicer | undefined;
  let draft: Draft | undefined;
  let findingsTotal = 0;
  const findings: Finding[] = [];
  const readAt = deps.clock.now();
  // Both sides of a join, and the region, know it by the name of its main source.
  const source = as.joins ?? as.source;
  const halves = deps.halves?.reading(id, source);

  const known = (): { header: ExportHeader; slicer: Slicer } => {
    if (header === undefined || slicer === undefined) throw permanent('export-without-record');
    return { header, slicer };
  };
  const note = (finding: Finding): void => {
    findingsTotal += 1;
    if (findings.length < listedFindings) findings.push(finding);
  };
  const openDraft = async (): Promise<Draft> => {
    await turn;
    const { feed } = known().header;
    draft ??= deps.staging.open({
      id,
      source: as.source,
      name: describeFile(file),
      path: file.path,
      readAt,
      feed: feed.name,
      schema: feed.version,
    });
    return draft;
  };
  const sealDownTo = async (waiting: number): Promise<void> => {
    while (slicer !== undefined && slicer.waiting() > waiting) {
      const slice = slicer.take();
      if (slice !== undefined) await (await openDraft()).add(await slice.seal());
    }
  };

  return {
    id,
    halves,
    sink: {
      header: (found) => {
        header = found;
        slicer = createSlicer({
          head: { export: id, facility: found.facility, part: found.part, source },
          compress: (plaintext) => deps.sealer().compress(plaintext),
        });
      },
      record: (record, line, _built, body) => known().slicer.add({ record, line, body }),
      rejected: (record, line, breach) =>
        note({ rule: breach.rule, severity: 'error', field: breach.field, line, record }),
      finding: note,
      settle: () => sealDownTo(slicesAhead),
    },
    described: () => ({
      feed: header?.feed.name ?? null,
      facility: header?.facility ?? null,
      part: header?.part ?? null,
      mapping: header?.mapping ?? null,
      windowFrom: isoOrNull(header?.window?.from),
      windowTo: isoOrNull(header?.window?.to),
      findingsTotal,
    }),
    findings: () => findings,
    end: (summary, digest, withdrawn = []) => {
      const { header: found, slicer: cutting } = known();
      halves?.show();
      return cutting.end({
        // Rows that wait for their other half are not in it.
        records: summary.accepted + summary.rejected,
        rejected: summary.rejected,
        header: as.mappings.find(({ name }) => name === found.mapping)?.header !== undefined,
        window:
          found.window === null ? null : { from: dayToIso(found.window.from), to: dayToIso(found.window.to) },
        extract: found.extract,
        digest,
        ...(withdrawn.length === 0 ? {} : { withdrawn: [...withdrawn] }),
        resend: as.resend,
      });
    },
    endWaiting: () => {
      halves?.show();
      const mapping = halves?.mapping();
      return { mapping: mapping?.name ?? null, feed: mapping?.feed ?? null };
    },
    sealAll: async () => {
      try {
        await sealDownTo(0);
        return await openDraft();
      } catch (error) {
        draft?.abort();
        throw error;
      }
    },
    abort: () => {
      draft?.abort();
      halves?.drop();
    },
  };
}

function isoOrNull(day: Day | undefined): string | null {
  return day === undefined ? null : dayToIso(day);
}
