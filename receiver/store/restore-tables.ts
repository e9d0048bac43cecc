/** What a restore may have undone; times in epoch ms. */
export interface RestoredRow {
  /** Of the backup: what was done since is lost. */
  readonly backupAt: number;
  readonly restoredAt: number;
  /** Up to when withdrawals made since the backup are known; null: none of them. */
  readonly knownUntil: number | null;
  /** Agents, certificates, accounts and tokens that were shut out since the backup, and are again. */
  readonly withdrawn: number;
  /** Visits that were erased since the backup, and are again. */
  readonly erased: number;
  /** Keys that the region had made since the backup, and has no more. */
  readonly lostKeys: number;
}

/** Of a list of withdrawals that was applied, what the region does not know. */
export interface KeptWithdrawal {
  readonly kind: 'agent' | 'certificate' | 'account' | 'token' | 'visit';
  /** Id or fingerprint; of a visit, its entry of the list as JSON. */
  readonly name: string;
}

export interface RestoreTable {
  /** Undefined: never restored, or a person has looked since. */
  get(): Promise<RestoredRow | undefined>;
  put(row: RestoredRow): Promise<void>;
  /** False when there was nothing to confirm. */
  confirm(): Promise<boolean>;
  /** Once, however often. */
  keep(withdrawal: KeptWithdrawal): Promise<void>;
  /** Always in the same order. */
  kept(): Promise<readonly KeptWithdrawal[]>;
}
