import { describeCode } from '../../shared/i18n/errors.ts';
import type { Finding } from '../../shared/feeds/feed.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import { agentTexts, holdTexts } from '../../shared/i18n/terminal-agent.ts';
import type { ExportBook } from '../outbox/export-book.ts';
import type { ExportRow } from '../outbox/rows.ts';

/** One export as `run --once --json` prints it. */
export interface ExportDocument {
  /** Base name. */
  readonly file: string;
  /** forwarded, rejected, held or duplicate once final; else where it stands. */
  readonly state: string;
  readonly facility: string | null;
  readonly feed: string | null;
  readonly part: string | null;
  readonly window: { readonly from: string; readonly to: string } | null;
  readonly trusted: boolean;
  readonly error: { readonly code: string; readonly hint: string } | null;
  readonly records: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
  readonly unchanged: number;
  readonly stale: number;
  readonly suspended: number;
  /** Names of the dispatches this export is in. */
  readonly dispatches: readonly string[];
  readonly findingsTotal: number;
  /** At most 1,000: the agent's, then the receiver's. */
  readonly findings: readonly Finding[];
}

const listedFindings = 1000;

/** The agencies' answers come later than forwarding: an export they acknowledged or refused was forwarded. */
export function finalState(row: Pick<ExportRow, 'outcome' | 'slices'>): string | undefined {
  switch (row.outcome) {
    case 'forwarded':
    case 'acknowledged':
    case 'refused':
      return 'forwarded';
    case 'rejected':
    case 'held':
    case 'duplicate':
      return row.outcome;
    case 'processed':
      // An export that had nothing to send waits for no receipt.
      return row.slices === 0 ? row.outcome : undefined;
    case 'unknown':
      return undefined;
  }
}

/** Where it stands for a person: what agencies said counts. */
export function shownState(row: Pick<ExportRow, 'outcome' | 'slices'>): string {
  const { outcome } = row;
  return outcome === 'acknowledged' || outcome === 'refused' ? outcome : (finalState(row) ?? outcome);
}

export function documentOf(row: ExportRow, exports: ExportBook, language: Language): ExportDocument {
  const findings = exports.findings(row.id);
  const reasons = reasonOf(row);
  const { facility, feed, part, records, accepted, rejected, added, updated, removed, unchanged, stale } =
    row;
  return {
    file: row.name,
    state: finalState(row) ?? row.outcome,
    ...{ facility, feed, part },
    window:
      row.windowFrom === null || row.windowTo === null ? null : { from: row.windowFrom, to: row.windowTo },
    trusted: row.trusted === 1,
    error: errorOf(row, language),
    ...{ records, accepted, rejected, added, updated, removed, unchanged, stale },
    suspended: row.suspended,
    dispatches: [...new Set(exports.dispatches(row.id).map(({ name }) => name))],
    findingsTotal: reasons.length + row.findingsTotal + row.receiverFindingsTotal,
    findings: [...reasons, ...findings.agent, ...findings.receiver].slice(0, listedFindings),
  };
}

/** What a rejected export was rejected for, as a finding: it says where. */
function reasonOf({ outcome, errorCode, errorFacts }: ExportRow): readonly Finding[] {
  if (outcome !== 'rejected' || errorCode === null) return [];
  const facts = JSON.parse(errorFacts ?? '{}') as Readonly<Record<string, unknown>>;
  const numberOf = (name: string): number | null => (typeof facts[name] === 'number' ? facts[name] : null);
  const field = typeof facts['field'] === 'string' ? facts['field'] : null;
  return [{ rule: errorCode, severity: 'error', field, line: numberOf('line'), record: numberOf('record') }];
}

/** A file that could not even be opened. */
export function unreadableDocument(file: string, code: string, language: Language): ExportDocument {
  return {
    file,
    state: 'rejected',
    ...{ facility: null, feed: null, part: null, window: null, trusted: false },
    error: { code, hint: describeCode(code, language, { file }).hint },
    ...{ records: 0, accepted: 0, rejected: 0, added: 0, updated: 0, removed: 0, unchanged: 0, stale: 0 },
    ...{ suspended: 0, dispatches: [], findingsTotal: 0, findings: [] },
  };
}

export function errorOf(
  row: ExportRow,
  language: Language,
): { readonly code: string; readonly hint: string } | null {
  if (row.outcome === 'held' && row.hold !== null) {
    const hold = holdTexts[row.hold];
    return { code: row.hold, hint: hold === undefined ? '' : hold[language] };
  }
  if (row.errorCode === null) return null;
  const facts = JSON.parse(row.errorFacts ?? '{}') as Record<string, string | number>;
  return { code: row.errorCode, hint: describeCode(row.errorCode, language, facts).hint };
}

/** The state of an export in the reader's language. */
export function stateText(state: string, language: Language): string {
  const key = `state-${state}`;
  return key in agentTexts ? agentTexts[key as keyof typeof agentTexts][language] : state;
}
