import type { ExtractionRequest } from '../extraction/request.ts';

/** waiting: nobody works on it yet. running. ready: its file is there. failed, cancelled. expired: its file is gone. */
export const extractionStates = ['waiting', 'running', 'ready', 'failed', 'cancelled', 'expired'] as const;
export type ExtractionState = (typeof extractionStates)[number];

/** Times in epoch ms. */
export interface ExtractionRow {
  readonly id: string;
  readonly request: ExtractionRequest;
  /** Who asked, as the audit log names them: they alone get the file. */
  readonly requesterKind: 'account' | 'command-line' | 'system';
  readonly requesterId: string;
  readonly requesterName: string;
  /** What they were allowed when they asked; null: every facility. */
  readonly profile: string;
  readonly administrator: boolean;
  readonly facilities: readonly string[] | null;
  readonly state: ExtractionState;
  readonly askedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly done: number;
  readonly parts: number | null;
  readonly rows: number | null;
  readonly hidden: number | null;
  readonly bytes: number | null;
  /** Lower-case hex. */
  readonly sha256: string | null;
  /** What its reader must know: what was hidden and why, days not whole. */
  readonly notes: readonly string[] | null;
  /** Of a failure. */
  readonly code: string | null;
  readonly expiresAt: number | null;
  readonly fetched: number;
}

export interface ExtractionTable {
  add(
    row: Pick<
      ExtractionRow,
      | 'id'
      | 'request'
      | 'requesterKind'
      | 'requesterId'
      | 'requesterName'
      | 'profile'
      | 'administrator'
      | 'facilities'
      | 'askedAt'
    >,
  ): Promise<void>;
  get(id: string): Promise<ExtractionRow | undefined>;
  /** The latest first; of one requester, or of all. */
  list(
    requester: { readonly kind: ExtractionRow['requesterKind']; readonly id: string } | undefined,
    limit: number,
  ): Promise<readonly ExtractionRow[]>;
  /** Waiting or running. */
  pendingOf(kind: ExtractionRow['requesterKind'], id: string): Promise<number>;
  /** Ready ones whose time is not over. */
  readyOf(kind: ExtractionRow['requesterKind'], id: string, now: number): Promise<number>;
  /** Whether anything waits or runs. */
  hasPending(): Promise<boolean>;
  /** The oldest that waits, now running. */
  claim(at: number): Promise<ExtractionRow | undefined>;
  /** Of what is running; false when it was cancelled, or is to begin anew. */
  progress(id: string, done: number, parts: number): Promise<boolean>;
  /** Of what is running; false when it was cancelled meanwhile, or is to begin anew. */
  finish(
    id: string,
    end:
      | {
          readonly state: 'ready';
          readonly at: number;
          readonly rows: number;
          readonly hidden: number;
          readonly bytes: number;
          readonly sha256: string;
          readonly notes: readonly string[];
          readonly expiresAt: number;
        }
      | { readonly state: 'failed'; readonly at: number; readonly code: string },
  ): Promise<boolean>;
  /** Of what waits or runs. */
  cancel(id: string, at: number): Promise<boolean>;
  /** What a dead process was making waits again, and what must begin anew. Answers how many. */
  recover(): Promise<number>;
  /** Ready ones whose time is over, oldest first. */
  due(now: number, limit: number): Promise<readonly ExtractionRow[]>;
  /** Of what is ready. */
  expire(id: string, at: number): Promise<boolean>;
  fetched(id: string): Promise<void>;
}
