import type { Finding } from '../../shared/feeds/feed.ts';
import type { AgentDatabase } from './database.ts';
import { auditSql, muteSql, quarantineSql } from './operation-queries.ts';
import type { ExportRow } from './rows.ts';

export type AuditAction =
  | 'resend'
  | 'release'
  | 'discard'
  | 'mute'
  | 'unmute'
  | 'faults'
  | 'carry-export'
  | 'carry-import'
  | 'messages'
  | 'retry';

export interface AuditEntry {
  /** Epoch ms. */
  readonly at: number;
  /** The account that typed it. */
  readonly who: string;
  readonly action: AuditAction;
  /** Names, ids and days as asked. Never a value. */
  readonly what: string;
  readonly exports: number;
  readonly records: number;
}

export interface Mute {
  readonly rule: string;
  /** Null = any. */
  readonly field: string | null;
  readonly source: string | null;
  /** ISO day, included. */
  readonly until: string;
  readonly reason: string;
  readonly who: string;
  readonly at: number;
}

/** What people do by hand, and what they have put aside. */
export interface OperationBook {
  record(entry: AuditEntry): void;
  /** Newest first, at or after `from` and before `to` (epoch ms). */
  audit(from: number, to: number, limit: number): readonly (AuditEntry & { readonly n: number })[];
  /** Exports rejected at reading and still waiting for a person, newest first. */
  quarantined(limit: number): readonly ExportRow[];
  quarantineCount(): number;
  isDiscarded(exportId: string): boolean;
  /** False when it was discarded before. */
  discard(exportId: string, at: number): boolean;
  mutes(): readonly (Mute & { readonly n: number })[];
  /** Answers its number. */
  mute(mute: Mute): number;
  unmute(n: number): boolean;
}

export function createOperationBook({ run, get, all }: AgentDatabase): OperationBook {
  return {
    record: ({ at, who, action, what, exports, records }) => {
      run(auditSql.put, at, who, action, what, exports, records);
    },
    audit: (from, to, limit) => all(auditSql.page, from, to, limit),
    quarantined: (limit) => all<ExportRow>(quarantineSql.waiting, limit),
    quarantineCount: () => get<{ n: number }>(quarantineSql.count)?.n ?? 0,
    isDiscarded: (exportId) => get(quarantineSql.isDiscarded, exportId) !== undefined,
    discard: (exportId, at) => run(quarantineSql.discard, exportId, at).changes === 1,
    mutes: () => all(muteSql.all),
    mute: ({ rule, field, source, until, reason, who, at }) =>
      run(muteSql.put, rule, field, source, until, reason, who, at).id,
    unmute: (n) => run(muteSql.drop, n).changes === 1,
  };
}

/** Whether one of the mutes in force on an ISO day is about this finding of this source. */
export function isMuted(
  mutes: readonly Mute[],
  finding: Pick<Finding, 'rule' | 'field'>,
  source: string,
  today: string,
): boolean {
  return mutes.some(
    (mute) =>
      mute.rule === finding.rule &&
      (mute.field === null || mute.field === finding.field) &&
      (mute.source === null || mute.source === source) &&
      today <= mute.until,
  );
}
