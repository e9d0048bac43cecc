/** confirmed: done. withdrawn: taken back, or overtaken by another decision. expired: nobody confirmed it in time. */
export type ProposalState = 'open' | 'confirmed' | 'withdrawn' | 'expired';

export interface ProposalRow {
  readonly id: string;
  readonly kind: 'removals';
  /** What it is about: an export, or one day of a part. */
  readonly subject: string;
  /** Who suggests: somebody of the region, or of the facility. */
  readonly origin: 'region' | 'facility';
  readonly decision: 'confirm' | 'keep';
  /** JSON of the decision's target. */
  readonly target: string;
  readonly facility: string;
  /** Visits that it removes; visits that it keeps, for `keep`. */
  readonly count: number;
  /** Digest of exactly what was suspended when it was proposed. */
  readonly print: string;
  readonly reason: string;
  readonly proposerKind: 'account' | 'command-line' | 'system';
  readonly proposerId: string;
  readonly proposerName: string;
  readonly proposedAt: number;
  readonly expiresAt: number;
  readonly state: ProposalState;
  readonly deciderName: string | null;
  readonly decidedAt: number | null;
}

export interface ProposalTable {
  put(row: ProposalRow): Promise<void>;
  get(id: string): Promise<ProposalRow | undefined>;
  /** False when it was not open any more. */
  close(
    id: string,
    state: Exclude<ProposalState, 'open'>,
    by: { readonly name: string; readonly at: number },
  ): Promise<boolean>;
  /** Open ones whose time is up become `expired`; answers them. */
  expire(now: number): Promise<readonly ProposalRow[]>;
  /** Of all facilities, the oldest first, at most `limit`. */
  open(limit: number): Promise<readonly ProposalRow[]>;
  /** Whatever their state, the latest first. */
  ofSubject(subject: string, limit: number): Promise<readonly ProposalRow[]>;
  /** How many visits of an export were removed on one person's word. */
  removedAlone(exportId: string): Promise<number>;
  addRemovedAlone(exportId: string, removed: number): Promise<void>;
}
