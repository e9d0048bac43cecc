import { headerStart } from '../reader/hl7v2/separators.ts';
import { charsetOf } from '../reader/hl7v2/charset.ts';
import { readMessages } from '../reader/hl7v2/messages.ts';
import { readAdtText } from '../adt/read-adt.ts';
import type { Refusal } from '../adt/event.ts';
import type { Arrival, MovementStore } from '../adt/movement-store.ts';
import type { Finding } from '../../shared/feeds/feed.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { decodeExport, type DecodedExport } from '../reader/decode.ts';
import { defaultReadLimits, type ReadLimits } from '../reader/limits.ts';
import type { Claim } from '../source/claim.ts';
import type { Origin } from './assembled.ts';
import type { ReadAs } from './read-as.ts';

/** What the messages of a file came to, once all that could be taken is in the store. */
export type MessagesRead = Pick<Origin, 'refused' | 'refusedTotal' | 'lines'>;

const arrivalsAtOnce = 500;
const listedFindings = 1000;

/** Whether an export begins as HL7 v2 messages do. */
export async function isMessages(claim: Pick<Claim, 'open'>): Promise<boolean> {
  const head = await headOf(claim, 1024);
  const start = head.replace(/^\u00ef\u00bb\u00bf/, '').trimStart();
  return headerStart.test(start) || /^[FB]HS[^\w\s]/.test(start);
}

/**
 * Takes a file's messages into the store, a group at a time, each group only while the file is still the one that was
 * claimed. A message that is refused is a rejected record; the archived file keeps it. Faults: those of reading an export,
 * `file-changed` by `mustBeUnchanged`, `export-without-record`, `export-without-readable-record`.
 */
export async function takeMessages(
  deps: {
    readonly store: MovementStore;
    readonly limits: Partial<ReadLimits>;
    /** Filled as messages are refused, so that a file of which none is taken can say why. */
    readonly refused: Finding[];
    mustBeUnchanged(): Promise<void>;
  },
  claim: Pick<Claim, 'open'>,
  as: ReadAs,
  signal: AbortSignal,
): Promise<MessagesRead> {
  const limits = { ...defaultReadLimits, ...deps.limits };
  const decoded = await decodeMessages(claim, as, { fileBytes: limits.fileBytes, signal });
  const lines = new Map<string, number>();
  const { refused } = deps;
  let refusedTotal = 0;
  let messages = 0;
  let group: Arrival[] = [];
  const put = async (): Promise<void> => {
    await deps.mustBeUnchanged();
    if (group.length > 0) deps.store.put(group);
    group = [];
  };
  const refuse = (found: Pick<Refusal, 'code' | 'segment' | 'field'>, line: number): void => {
    refusedTotal += 1;
    if (refused.length < listedFindings) refused.push(findingOf(found, line));
  };
  for await (const message of readMessages(decoded.texts())) {
    messages += 1;
    if (messages > limits.records)
      throw permanent('export-too-many-records', {
        facts: { limit: limits.records },
        position: { line: message.line },
      });
    if (message.kind === 'too-large') {
      refuse({ code: message.code, segment: 'MSH', field: null }, message.line);
      continue;
    }
    const { event } = readAdtText(message.text);
    if (event.kind === 'refused') refuse(event, message.line);
    group.push({ source: as.source, text: message.text, event, inFile: true });
    if (event.kind === 'movement') lines.set(event.visit, message.line);
    if (group.length >= arrivalsAtOnce) await put();
  }
  if (messages === 0) throw permanent('export-without-record');
  if (messages === refusedTotal)
    throw permanent('export-without-readable-record', { facts: { records: messages } });
  await put();
  return { refused, refusedTotal, lines };
}

function findingOf(
  { code, segment, field }: Pick<Refusal, 'code' | 'segment' | 'field'>,
  line: number,
): Finding {
  const where = field === null ? segment : `${segment}-${field}`;
  return { rule: code, severity: 'error', field: where, line, record: null };
}

/** By the source's setting, its mapping's, else what the first MSH-18 says, else the rules of every export. */
export async function decodeMessages(
  claim: Pick<Claim, 'open'>,
  { encoding, mappings }: Pick<ReadAs, 'encoding' | 'mappings'>,
  bounds: { readonly fileBytes: number; readonly signal: AbortSignal },
): Promise<DecodedExport> {
  const setting = encoding ?? mappings.find(({ format }) => format === 'hl7v2')?.encoding;
  return decodeExport({
    ...bounds,
    open: () => claim.open(),
    encoding: setting ?? charsetOf(await headOf(claim, 8192)),
  });
}

/** The first bytes, each as one character. */
async function headOf(claim: Pick<Claim, 'open'>, bytes: number): Promise<string> {
  for await (const chunk of claim.open()) return chunk.toString('latin1', 0, bytes);
  return '';
}
