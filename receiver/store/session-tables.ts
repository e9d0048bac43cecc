import type { Language } from '../../shared/i18n/texts.ts';

/** Instants are epoch ms; a token is the SHA-256 of what the cookie says. */
export interface Session {
  readonly token: Buffer;
  readonly account: string;
  /** Sent back by every form. */
  readonly csrf: string;
  /** Browser and system in two words, for its owner to tell sessions apart. */
  readonly place: string;
  /** A second factor was given, here or at the provider. */
  readonly strong: boolean;
  readonly createdAt: number;
  readonly seenAt: number;
  readonly expiresAt: number;
}

/** code, password, enrol: what is still asked of the account. provider: sent to the provider of identities. */
export type SignInStep = 'code' | 'password' | 'enrol' | 'provider';

interface SignInCommon {
  readonly token: Buffer;
  /** Where to go afterwards, a path of ours; empty = where the profile starts. */
  readonly towards: string;
  readonly language: Language;
  readonly expiresAt: number;
}

export interface SignInOfAccount extends SignInCommon {
  readonly step: Exclude<SignInStep, 'provider'>;
  readonly account: string;
  readonly strong: boolean;
}

export interface SignInAtProvider extends SignInCommon {
  readonly step: 'provider';
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export type SignIn = SignInOfAccount | SignInAtProvider;

export interface SessionTables {
  openSession(session: Session): Promise<void>;
  session(token: Buffer): Promise<Session | undefined>;
  /** Those not over at `now`, the latest first. */
  sessionsOf(account: string, now: number): Promise<readonly Session[]>;
  /** By account, those not over at `now`. */
  countSessions(now: number): Promise<ReadonlyMap<string, number>>;
  seen(token: Buffer, at: number): Promise<void>;
  closeSession(token: Buffer): Promise<boolean>;
  /** All of an account, but the one with this form token; answers how many. */
  closeSessions(account: string, exceptCsrf?: string): Promise<number>;
  putSignIn(signIn: SignIn): Promise<void>;
  signIn(token: Buffer, now: number): Promise<SignIn | undefined>;
  dropSignIn(token: Buffer): Promise<void>;
  /** Of an account: whoever was on the way in starts again. */
  dropSignInsOf(account: string): Promise<void>;
  /** Sessions and sign-ins that are over. */
  purgeSessions(now: number): Promise<number>;
}
