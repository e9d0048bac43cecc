import { adtCounts, type AdtCounts } from '../adt/movement-store.ts';
import { describeCode } from '../../shared/i18n/errors.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import type { AgentConfig, SourceConfig } from '../config.ts';
import type { Identity } from '../enrolment/identity.ts';
import { stateHolder } from '../health/state-lock.ts';
import { createHistory } from '../outbox/history.ts';
import { createNotes } from '../outbox/notes.ts';
import { createOperationBook } from '../outbox/operation-book.ts';
import type { ExportRow } from '../outbox/rows.ts';
import { errorOf, shownState } from './export-document.ts';
import type { OpenState } from './open-state.ts';
import { isoTime as iso } from './operation-options.ts';

const recentDays = 7;
const dayMs = 86_400_000;
const refusalDays = 30;
const mostRefusals = 20;

export type StatusFacts = ReturnType<typeof statusFacts>;
export type SourceDocument = ReturnType<typeof describeSource>;

/** warning: a person should look today. critical: data does not flow, or soon will not. */
export type TroubleLevel = 'warning' | 'critical';

export interface Trouble {
  readonly level: TroubleLevel;
  readonly where: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export type StatusLevel = 'well' | TroubleLevel;

export type StatusDocument = StatusFacts & {
  readonly level: StatusLevel;
  readonly freeDiskBytes: number | null;
  readonly troubles: readonly Trouble[];
};

/** What stands, before anyone judges it. Instants are ISO texts. */
export function statusFacts(
  {
    config,
    identity,
    language,
    now,
  }: {
    readonly config: AgentConfig;
    readonly identity: Identity;
    readonly language: Language;
    readonly now: number;
  },
  open: OpenState,
) {
  const history = createHistory(open.database);
  const notes = createNotes(open.database);
  const waiting = history.waiting();
  const since = now - recentDays * dayMs;
  const holder = stateHolder(config.state);
  return {
    agent: identity.agent,
    name: identity.name,
    region: identity.bundle().region,
    /** Null = no agent runs now. */
    running:
      holder === undefined
        ? null
        : holder === 'unknown'
          ? { pid: null, since: null }
          : { pid: holder.pid, since: iso(holder.since) },
    certificateUntil: new Date(identity.validity.until).toISOString(),
    lastContactAt: iso(notes.read('last-contact-at') ?? null),
    lastReceiptAt: iso(open.backlog.lastReceiptAt()),
    clockOffsetMs: notes.read('clock-offset-ms') ?? null,
    sources: config.sources.map((source) =>
      describeSource(source, waiting.get(source.name) ?? 0, open, language),
    ),
    backlog: open.backlog
      .byFeed()
      .map(({ feed, epoch, seq, receiverSeq, pending, pendingBytes, oldestPendingAt }) => ({
        ...{ feed, epoch, seq, receiverSeq, pending, pendingBytes },
        oldestPendingAt: iso(oldestPendingAt),
      })),
    recent: {
      days: recentDays,
      rejected: history.countSince('rejected', since),
      held: history.countSince('held', since),
    },
    /** Dispatches that an agency refused and no newer one has replaced. */
    refusals: open.exports
      .refusals({ since: now - refusalDays * dayMs }, mostRefusals)
      .map((refusal) => ({ ...refusal, at: iso(refusal.at) })),
    /** Files that could not be read and wait for a person. */
    quarantine: createOperationBook(open.database).quarantineCount(),
  };
}

function describeSource(
  source: SourceConfig,
  waiting: number,
  { database, exports, files }: OpenState,
  language: Language,
) {
  const status = files.status(source.name);
  const last = exports.lastOfSource(source.name);
  return {
    name: source.name,
    folder: source.folder,
    exports: status?.exports ?? 0,
    records: status?.records ?? 0,
    /** Exports read and not yet settled by a receipt. */
    waiting,
    problem: status?.problem ?? null,
    problemFacts: factsOf(status?.problemFacts ?? null),
    last: last === undefined ? null : describeLast(last, language),
    messages: describeMessages(adtCounts(database, source.name)),
  };
}

function sentenceOf({ errorCode, errorFacts }: ExportRow, language: Language): string | null {
  return errorCode === null ? null : describeCode(errorCode, language, factsOf(errorFacts)).message;
}

function factsOf(text: string | null): Readonly<Record<string, string | number>> {
  return JSON.parse(text ?? '{}') as Record<string, string | number>;
}

/** HL7 v2 messages of the source; null when none has come. */
function describeMessages({ taken, refused, lastAt, lastRefused }: AdtCounts) {
  if (lastAt === null) return null;
  const why = lastRefused === null ? null : { ...lastRefused, at: iso(lastRefused.at) };
  return { taken, refused, lastAt: iso(lastAt), lastRefused: why };
}

function describeLast(row: ExportRow, language: Language) {
  return {
    file: row.name,
    export: row.id,
    state: shownState(row),
    records: row.records,
    rejected: row.rejected,
    findings: row.findingsTotal + row.receiverFindingsTotal,
    readAt: iso(row.readAt),
    error: errorOf(row, language),
    /** The error in a sentence; null when there is none, or the region holds the export. */
    reason: sentenceOf(row, language),
  };
}
