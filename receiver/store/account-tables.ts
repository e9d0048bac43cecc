import type { Language } from '../../shared/i18n/texts.ts';
import type { Profile } from '../accounts/profile.ts';
import type { SessionTables } from './session-tables.ts';

/** Facilities by FINESS or destinations by name; sorted. */
export type Scope = 'all' | readonly string[];

/** What an account may do. Only a regional operator administers. */
export interface AccountAccess {
  readonly profile: Profile;
  readonly administrator: boolean;
  readonly facilities: Scope;
  readonly destinations: Scope;
}

/** As the provider of identities knows somebody. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

export interface Account extends AccountAccess {
  readonly id: string;
  /** E-mail or short name, lower-case. */
  readonly login: string;
  readonly name: string;
  readonly language: Language;
  /** argon2id with its parameters; null: signs in at the provider only. */
  readonly passwordHash: string | null;
  readonly mustChange: boolean;
  /** Base32. Never leaves, but for `totpPending`, which its owner is shown until a code of it was given. */
  readonly totpSecret: string | null;
  readonly totpPending: string | null;
  /** The last step (30 s) a code of which was accepted: none counts twice. */
  readonly totpStep: number | null;
  /** Attempts since the last sign-in. */
  readonly failures: number;
  readonly lockedUntil: number | null;
  readonly disabledAt: number | null;
  readonly createdAt: number;
  readonly identity: Identity | null;
  /** Its access follows the provider's roles at each sign-in. */
  readonly fromRoles: boolean;
}

export interface AccountTable {
  get(id: string): Promise<Account | undefined>;
  byLogin(login: string): Promise<Account | undefined>;
  byIdentity(identity: Identity): Promise<Account | undefined>;
  /** By login. */
  list(): Promise<readonly Account[]>;
  add(account: Account): Promise<void>;
  setAccess(id: string, access: AccountAccess): Promise<void>;
  setLanguage(id: string, language: Language): Promise<void>;
  setPassword(id: string, hash: string | null, mustChange: boolean): Promise<void>;
  /** Stronger parameters for the same password; only when nobody changed it meanwhile. */
  rehash(id: string, before: string, after: string): Promise<void>;
  prepareTotp(id: string, secret: string): Promise<void>;
  /** What was prepared counts from now on; answers whether something was. */
  confirmTotp(id: string, step: number): Promise<boolean>;
  clearTotp(id: string): Promise<void>;
  /** Answers false when a code of this step or a later one was accepted before. */
  takeTotpStep(id: string, step: number): Promise<boolean>;
  /** Counts an attempt, and locks from `now` on when there are too many; answers false while it is locked. */
  claimAttempt(id: string, now: number, lockedUntil: (failures: number) => number | null): Promise<boolean>;
  /** A claimed attempt was none: the password was right. */
  releaseAttempt(id: string): Promise<void>;
  clearAttempts(id: string): Promise<void>;
  disable(id: string, at: number | null): Promise<void>;
  link(id: string, identity: Identity): Promise<void>;
}

export interface AccountTables extends AccountTable, SessionTables {}
