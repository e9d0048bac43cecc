import { asFault } from '../../shared/runtime/errors.ts';
import type { Vault } from '../assembly/vault.ts';
import type { AgentDatabase } from '../outbox/database.ts';
import { decodeMessage } from '../reader/hl7v2/decode-message.ts';
import { defaultHl7Limits } from '../reader/hl7v2/parse.ts';
import type { AdtEvent, Refusal } from './event.ts';
import { refusalSql } from './movement-queries.ts';
import { refusedPlace, type Arrival, type MovementStore, type RefusedMessage } from './movement-store.ts';
import { readAdtText } from './read-adt.ts';

/** Messages that were refused over MLLP, the newest thousand of each source: a person may see why, and have them read again. */
export interface KeptMessage {
  readonly n: number;
  /** Why it was refused when it was last read. */
  readonly code: string;
  /** Undefined: damaged, or of another key. */
  readonly text: string | undefined;
}

/** Settings of the source as they are today. */
export interface TodaysRules {
  readonly source: string;
  readonly encoding: string | undefined;
}

/** What became, or would become, of the messages kept of a source. */
export interface ReadAgain {
  readonly kept: number;
  readonly taken: number;
  readonly refused: number;
  /** Of these only the beginning was kept: they are never taken. */
  readonly cut: number;
  readonly damaged: number;
}

interface Opened {
  readonly database: AgentDatabase;
  readonly vault: Vault;
}

const page = 50;
/** A message too long for us was not kept to its end. */
const cutCode = 'hl7-message-too-long';
/** Kept with one character for each byte. */
const undecoded = 'encoding-unsupported';

/** How many are kept of each source, by its name. Needs no key. */
export function countRefused({
  all,
}: AgentDatabase): readonly { readonly source: string; readonly n: number }[] {
  return all(refusalSql.counts);
}

/** Newest first. Needs no key. */
export function newestRefused(
  { all }: AgentDatabase,
  source: string,
  limit: number,
): readonly RefusedMessage[] {
  return all(refusalSql.newest, source, limit);
}

export function isCut({ code }: Pick<KeptMessage, 'code'>): boolean {
  return code === cutCode;
}

/** Oldest first, a page at a time. */
export function* keptMessages(opened: Opened, source: string): Generator<readonly KeptMessage[], void> {
  let last = 0;
  for (;;) {
    const found = pageAfter(opened, source, last);
    if (found.length === 0) return;
    yield found;
    last = found.at(-1)?.n ?? last;
  }
}

/** What reading them again would come to; nothing is changed. */
export function previewRefused(opened: Opened, rules: TodaysRules): ReadAgain {
  const counts = { ...nothing };
  for (const messages of keptMessages(opened, rules.source))
    for (const message of messages) count(counts, message, readToday(message, rules));
  return counts;
}

/**
 * Reads them again and takes what is no longer refused, out of the quarantine and into the store; what still is keeps today's
 * reason. A page is one transaction, in which `onTaken` hears how many were taken.
 */
export function retryRefused(
  deps: Opened & { readonly store: Pick<MovementStore, 'put'>; onTaken(taken: number): void },
  rules: TodaysRules,
): ReadAgain {
  const counts = { ...nothing };
  for (let last = 0; ;) {
    const found = deps.database.transaction(() => {
      const messages = pageAfter(deps, rules.source, last);
      const taken = messages.flatMap((message) => settleOne(deps, rules, counts, message));
      if (taken.length > 0) {
        deps.store.put(taken);
        deps.onTaken(taken.length);
      }
      return messages;
    });
    if (found.length === 0) return counts;
    last = found.at(-1)?.n ?? last;
  }
}

type Counts = { -readonly [K in keyof ReadAgain]: ReadAgain[K] };
const nothing: ReadAgain = { kept: 0, taken: 0, refused: 0, cut: 0, damaged: 0 };

function settleOne(
  { database: { run }, vault }: Opened,
  rules: TodaysRules,
  counts: Counts,
  message: KeptMessage,
): readonly Arrival[] {
  const read = readToday(message, rules);
  count(counts, message, read);
  if (read === undefined) return [];
  const { text, event } = read;
  if (event.kind === 'refused') {
    const sealed = vault.seal(refusedPlace, text);
    run(refusalSql.reason, event.code, event.segment, event.field, sealed, message.n);
    return [];
  }
  run(refusalSql.drop, message.n);
  return [{ source: rules.source, text, event, afterAll: true }];
}

interface ReadToday {
  readonly text: string;
  readonly event: AdtEvent | Refusal;
}

/** Undefined: it cannot be read whole. */
function readToday(message: KeptMessage, { encoding }: TodaysRules): ReadToday | undefined {
  if (message.text === undefined || isCut(message)) return undefined;
  const text = message.code === undecoded ? decodedAnew(message.text, encoding) : message.text;
  // It was kept whole: whatever is too long today was not then.
  if (text !== undefined)
    return { text, event: readAdtText(text, { ...defaultHl7Limits, messageChars: text.length }).event };
  const refusal = { answer: 'AE', code: undecoded, segment: 'MSH', field: 18, controlId: '' } as const;
  return { text: message.text, event: { kind: 'refused', ...refusal } };
}

function decodedAnew(text: string, encoding: string | undefined): string | undefined {
  try {
    return decodeMessage(Buffer.from(text, 'latin1'), encoding);
  } catch (error) {
    if (asFault(error).code !== undecoded) throw error;
    return undefined;
  }
}

function count(counts: Counts, message: KeptMessage, read: ReadToday | undefined): void {
  counts.kept += 1;
  if (message.text === undefined) counts.damaged += 1;
  else if (read === undefined) counts.cut += 1;
  else if (read.event.kind === 'refused') counts.refused += 1;
  else counts.taken += 1;
}

function pageAfter({ database, vault }: Opened, source: string, after: number): readonly KeptMessage[] {
  return database
    .all<{ n: number; code: string; sealed: Buffer }>(refusalSql.page, source, after, page)
    .map(({ n, code, sealed }) => ({ n, code, text: opened(vault, sealed) }));
}

function opened(vault: Vault, sealed: Buffer): string | undefined {
  try {
    return vault.open(refusedPlace, sealed);
  } catch (error) {
    if (asFault(error).code === 'vault-damaged') return undefined;
    throw error;
  }
}
