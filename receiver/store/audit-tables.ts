import type { ProposalTable } from './proposal-tables.ts';

/** One line of the audit log, as it is chained. */
export interface AuditLine {
  /** 1-based, without gaps. */
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  readonly actorKind: 'account' | 'command-line' | 'system';
  readonly actorId: string;
  readonly actorName: string;
  readonly action: string;
  readonly subject: string;
  readonly facility: string | null;
  readonly destination: string | null;
  readonly reason: string | null;
  /** JSON object, keys in order; the very text that is hashed. */
  readonly facts: string;
  /** Hash of the line before; 64 zeros for the first. Lower-case hex. */
  readonly prev: string;
  readonly hash: string;
}

export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

/** A head as the region signed it: `text` is what the proof covers. */
export interface AuditSeal extends AuditHead {
  readonly at: number;
  readonly text: string;
  readonly proof: string;
}

/** altered: a line is not what was hashed. missing, reordered, cut (at the end). seal: a signed head is not in the chain. */
export type AuditFault = 'altered' | 'missing' | 'reordered' | 'cut' | 'seal';

/** How far the chain was walked. */
export interface AuditCheck {
  readonly cursorSeq: number;
  readonly cursorHash: string;
  readonly startedAt: number;
  readonly verifiedSeq: number;
  readonly verifiedAt: number | null;
  readonly faultSeq: number | null;
  readonly fault: AuditFault | null;
}

export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly facility?: string | undefined;
  /** Epoch ms: from this instant on, and before that one. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

export interface AuditTables {
  append(line: AuditLine): Promise<void>;
  head(): Promise<AuditHead | undefined>;
  line(seq: number): Promise<AuditLine | undefined>;
  /** In order of sequence, from above `after`. */
  walk(after: number, limit: number): Promise<readonly AuditLine[]>;
  /** The latest first, below `before`. */
  find(filter: AuditFilter, before: number, limit: number): Promise<readonly AuditLine[]>;
  /** Who and what occurs at all, at most 200 of each. */
  actors(): Promise<readonly string[]>;
  actions(): Promise<readonly string[]>;
  putSeal(seal: AuditSeal): Promise<void>;
  /** In order of sequence, from above `after`. */
  seals(after: number, limit: number): Promise<readonly AuditSeal[]>;
  lastSeal(): Promise<AuditSeal | undefined>;
  check(): Promise<AuditCheck | undefined>;
  putCheck(check: AuditCheck): Promise<void>;
  readonly proposals: ProposalTable;
}
