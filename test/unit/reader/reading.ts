import { builtInMappings } from '../../../agent/mapping/built-in.ts';
import { readExport } from '../../../agent/reader/read-export.ts';
import type { ReadInput } from '../../../agent/reader/read-plan.ts';
import type { ExportHeader, ExportSink, ReadSummary } from '../../../agent/reader/export-sink.ts';
import type { Breach, Finding } from '../../../shared/feeds/feed.ts';
import { feedNamed } from '../../../shared/feeds/registry.ts';
import { Fault } from '../../../shared/runtime/errors.ts';

export interface Seen {
  header: ExportHeader | undefined;
  readonly records: { readonly record: number; readonly line: number; readonly body: string }[];
  readonly rejected: { readonly record: number; readonly line: number; readonly breach: Breach }[];
  readonly findings: Finding[];
  /** Names of the calls received, repeats left out. */
  readonly order: string[];
}

export type Read = Seen & { readonly summary: ReadSummary | undefined; readonly fault: Fault | undefined };

/** What an export does, its text, the code of its reject, and where. */
export type Reject = readonly [what: string, text: string, code: string, position?: object];

export const finess = '990000010';

/** Reads a whole export and keeps what the sink saw; a fault is an answer, anything else thrown is not. */
export async function read(
  content: Buffer | string | (() => AsyncIterable<Buffer>),
  more: Partial<ReadInput> = {},
): Promise<Read> {
  const seen: Seen = { header: undefined, records: [], rejected: [], findings: [], order: [] };
  const note = (name: string): void => {
    if (seen.order.at(-1) !== name) seen.order.push(name);
  };
  const sink: ExportSink = {
    header: (header) => {
      note('header');
      seen.header = header;
    },
    record: (record, line, _built, body) => {
      note('record');
      seen.records.push({ record, line, body });
    },
    rejected: (record, line, breach) => {
      note('rejected');
      seen.rejected.push({ record, line, breach });
    },
    finding: (finding) => seen.findings.push(finding),
    settle: () => Promise.resolve(),
  };
  const input: ReadInput = {
    open: typeof content === 'function' ? content : () => chunksOf(Buffer.from(content)),
    mappings: builtInMappings(feedNamed),
    feeds: feedNamed,
    hashVisitId: (facility, local) => `${facility}#${local}`,
    signal: new AbortController().signal,
    ...more,
  };
  try {
    const summary = await readExport(input, sink);
    return { ...seen, summary, fault: undefined };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ...seen, summary: undefined, fault: error };
  }
}

export async function* chunksOf(bytes: Buffer, size = 65_536): AsyncGenerator<Buffer> {
  for (let offset = 0; offset < bytes.length; offset += size) yield bytes.subarray(offset, offset + size);
}

export function bodies(seen: Read): Record<string, unknown>[] {
  return seen.records.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
}

/** A national export around these PATIENT elements; `declaration` and `header` can be replaced. */
export function oscour(
  patients: string,
  parts: { readonly declaration?: string; readonly header?: string; readonly after?: string } = {},
): string {
  const header =
    parts.header ??
    `<ETABLISSEMENT><FINESS>${finess}</FINESS><ORDRE>0</ORDRE><EXTRACT>12/01/2026 02:30:00</EXTRACT>` +
      '<DATEDEBUT>05/01/2026</DATEDEBUT><DATEFIN>11/01/2026</DATEFIN></ETABLISSEMENT>';
  const declaration = parts.declaration ?? '<?xml version="1.0" encoding="UTF-8"?>';
  return `${declaration}\n<OSCOUR>\n${header}\n<PASSAGES>\n${patients}</PASSAGES>\n${parts.after ?? ''}</OSCOUR>\n`;
}

/** One PATIENT of two lines; `inside` comes after ENTREE. */
export function patient(minute: number, inside = ''): string {
  const time = `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  return `<PATIENT>\n<ENTREE>11/01/2026 ${time}</ENTREE><SEXE>F</SEXE>${inside}</PATIENT>\n`;
}

export const csvHeader = 'finess;entree;sexe;mode_entree;motif;liste_da';
