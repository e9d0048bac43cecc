import { exportRules } from '../../shared/feeds/export-rules.ts';
import type { Finding, Replacement } from '../../shared/feeds/feed.ts';
import type { Manifest } from '../../shared/protocol/slice.ts';
import { dayFromIso, dayOfInstant, type Day } from '../../shared/runtime/paris-time.ts';

/** A window that may remove: days `from` to `to`, both included, never past EXTRACT. */
export interface Window {
  readonly from: Day;
  readonly to: Day;
  /** On its day, only records up to this instant can be missing. */
  readonly extract: number;
  readonly extractDay: Day;
}

export interface Judgement {
  /** Orders the export. */
  readonly extract: number;
  /** Null when the window is not trusted: the export upserts, removes and marks nothing. */
  readonly window: Window | null;
  readonly findings: readonly Finding[];
}

const futureMs = 24 * 3_600_000;

/** Rules 4 and 5 of the design: what an export's own statements about itself are worth. `days`: of its records, in order. */
export function judgeExport(input: {
  readonly manifest: Manifest;
  readonly replacement: Replacement;
  readonly receivedAt: number;
  readonly days: readonly Day[];
}): Judgement {
  const { manifest, replacement, receivedAt, days } = input;
  const stated = manifest.extract;
  const future = stated !== null && stated.at > receivedAt + futureMs;
  const extract = stated === null || future ? receivedAt : stated.at;
  const findings: Finding[] = [];
  // A missing or unreadable EXTRACT is the agent's finding: only its reader can tell one from the other.
  if (future) findings.push(exportFinding('extract-future'));
  if (replacement !== 'window') return { extract, window: null, findings };

  const window = stated === null || future ? null : effectiveWindow(manifest, stated.at);
  const first = days[0];
  const last = days.at(-1);
  const covered =
    window !== null &&
    (first === undefined || last === undefined || (first >= window.from && last <= window.to));
  if (covered && manifest.rejected === 0) return { extract, window, findings };
  if (manifest.header || manifest.window !== null) findings.push(exportFinding('window-mismatch'));
  return { extract, window: null, findings };
}

function effectiveWindow(manifest: Manifest, extract: number): Window | null {
  if (manifest.window === null) return null;
  const from = dayFromIso(manifest.window.from);
  const to = dayFromIso(manifest.window.to);
  const extractDay = dayOfInstant(extract);
  if (from === undefined || to === undefined || from > to || from > extractDay) return null;
  return { from, to: to < extractDay ? to : extractDay, extract, extractDay };
}

const severities = new Map(exportRules.map(({ id, severity }) => [id, severity]));

/** A finding of the receiver's own, about the export or one of its records. */
export function exportFinding(rule: string, at: { line?: number; record?: number } = {}): Finding {
  return {
    rule,
    severity: severities.get(rule) ?? 'warning',
    field: null,
    line: at.line === undefined || at.line === 0 ? null : at.line,
    record: at.record ?? null,
  };
}
