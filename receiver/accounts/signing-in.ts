import type { Language } from '../../shared/i18n/texts.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { appendAudit } from '../audit/audit-log.ts';
import type { Actor } from './actor.ts';
import type { Account } from '../store/account-tables.ts';
import type { SignInOfAccount } from '../store/session-tables.ts';
import type { Store, StoreTx } from '../store/store.ts';
import { lockedUntil } from './lockout.ts';
import { codeStep, createTotpSecret } from './one-time-codes.ts';
import { checkPassword, hashPassword, isOutdated, isPassword } from './passwords.ts';
import { needsSecondFactor, type SecondFactor } from './second-factor.ts';
import { openSession } from './sessions.ts';
import { createToken } from './tokens.ts';

/**
 * The way in: a password, then whatever the account still owes (a code, a password of its own, a second factor), then a
 * session. Nothing is open before the last step. An attempt is counted before it is judged, so that many at once are
 * no more than many in a row; who does not exist, is disabled or locked is answered like who mistyped.
 */
export interface SigningIn {
  password(login: string, password: string, way: Way): Promise<SignInAnswer>;
  /** Whoever came this far, under this cookie. */
  underWay(token: Buffer): Promise<UnderWay | undefined>;
  code(token: Buffer, code: string, way: Way): Promise<SignInAnswer>;
  /** Throws what `checkPassword` throws, and `password-same`. */
  newPassword(token: Buffer, password: string, way: Way): Promise<SignInAnswer>;
  enrol(token: Buffer, code: string, way: Way): Promise<SignInAnswer>;
  /** Somebody the provider vouches for: no password is asked here, and no code when it asked for two factors itself. */
  vouched(tx: StoreTx, account: Account, strong: boolean, way: Way): Promise<SignInAnswer>;
}

export interface Way {
  /** A path of ours; empty = where the profile starts. */
  readonly towards: string;
  readonly language: Language;
  /** Where the request came from, for the audit log. */
  readonly address: string;
  readonly place: string;
}

export interface UnderWay {
  readonly signIn: SignInOfAccount;
  readonly account: Account;
}

export type SignInAnswer =
  | { readonly kind: 'refused' }
  | { readonly kind: 'next'; readonly step: SignInOfAccount['step']; readonly cookie: string }
  | {
      readonly kind: 'signed-in';
      readonly cookie: string;
      readonly account: Account;
      readonly towards: string;
    };

export interface SigningInDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly secondFactor: SecondFactor;
}

const underWayMs = 10 * 60_000;
/** Passwords judged at a time, from wherever: each costs memory and a share of the machine. */
const judgedAtOnce = 24;
const refused: SignInAnswer = { kind: 'refused' };

export function createSigningIn(deps: SigningInDeps): SigningIn {
  const { store, clock } = deps;
  let judged = 0;
  const underWay = async (tx: StoreTx, token: Buffer): Promise<UnderWay | undefined> => {
    const signIn = await tx.accounts.signIn(token, clock.now());
    if (signIn === undefined || signIn.step === 'provider') return undefined;
    const account = await tx.accounts.get(signIn.account);
    return account === undefined || account.disabledAt !== null ? undefined : { signIn, account };
  };
  return {
    underWay: (token) => store.read((tx) => underWay(tx, token)),
    password: async (login, password, way) => {
      // Before the attempt is counted: who is turned away has not mistyped.
      if (judged >= judgedAtOnce) throw permanent('portal-too-many');
      judged += 1;
      try {
        return await byPassword(login.trim().toLowerCase(), password, way, deps);
      } finally {
        judged -= 1;
      }
    },
    code: (token, code, way) =>
      store.transaction(async (tx) => {
        const on = await underWay(tx, token);
        if (on?.signIn.step !== 'code') return refused;
        const { account } = on;
        if (!(await claim(tx, account, deps))) return refuse(tx, account, 'locked', way, deps);
        const step =
          account.totpSecret === null ? undefined : codeStep(account.totpSecret, code, clock.now());
        if (step === undefined) return refuse(tx, account, 'code', way, deps);
        // Seen over a shoulder, a code opens nothing a second time.
        if (!(await tx.accounts.takeTotpStep(account.id, step)))
          return refuse(tx, account, 'code-used', way, deps);
        return goOn(tx, account, { token, strong: true, way: wayOf(on, way) }, deps);
      }),
    newPassword: async (token, password, way) => {
      const found = await store.read((tx) => underWay(tx, token));
      if (found?.signIn.step !== 'password') return refused;
      checkPassword(password, found.account);
      if (await isPassword(found.account.passwordHash, password)) throw permanent('password-same');
      const hash = await hashPassword(password);
      return store.transaction(async (tx) => {
        const on = await underWay(tx, token);
        if (on?.signIn.step !== 'password') return refused;
        await tx.accounts.setPassword(on.account.id, hash, false);
        await audit(tx, on.account, 'account.password', way, {}, deps);
        const account = { ...on.account, mustChange: false };
        return goOn(tx, account, { token, strong: on.signIn.strong, way: wayOf(on, way) }, deps);
      });
    },
    enrol: (token, code, way) =>
      store.transaction(async (tx) => {
        const on = await underWay(tx, token);
        if (on?.signIn.step !== 'enrol') return refused;
        const { account } = on;
        if (!(await claim(tx, account, deps))) return refuse(tx, account, 'locked', way, deps);
        const step =
          account.totpPending === null ? undefined : codeStep(account.totpPending, code, clock.now());
        if (step === undefined) return refuse(tx, account, 'code', way, deps);
        await tx.accounts.confirmTotp(account.id, step);
        await audit(tx, account, 'account.second-factor', way, {}, deps);
        return goOn(tx, account, { token, strong: true, way: wayOf(on, way) }, deps);
      }),
    vouched: (tx, account, strong, way) =>
      goOn(tx, { ...account, mustChange: false }, { token: undefined, strong, way }, deps),
  };
}

async function byPassword(
  login: string,
  password: string,
  way: Way,
  deps: SigningInDeps,
): Promise<SignInAnswer> {
  const { store } = deps;
  const found = await store.transaction(async (tx) => {
    const account = await tx.accounts.byLogin(login);
    return { account, open: account !== undefined && (await claim(tx, account, deps)) };
  });
  const { account } = found;
  const right = await isPassword(account?.passwordHash, password);
  const hash = right && isOutdated(account?.passwordHash ?? '') ? await hashPassword(password) : undefined;
  return store.transaction(async (tx) => {
    if (account === undefined) return refuse(tx, undefined, 'unknown', way, deps);
    if (!found.open) return refuse(tx, account, 'locked', way, deps);
    if (!right) return refuse(tx, account, 'password', way, deps);
    // Changed while it was being judged: what was right is no more.
    const now = await tx.accounts.get(account.id);
    if (now === undefined || now.disabledAt !== null) return refuse(tx, account, 'disabled', way, deps);
    if (now.passwordHash !== account.passwordHash) return refuse(tx, account, 'password', way, deps);
    await tx.accounts.releaseAttempt(account.id);
    if (hash !== undefined) await tx.accounts.rehash(account.id, account.passwordHash ?? '', hash);
    return goOn(tx, now, { token: undefined, strong: false, way }, deps);
  });
}

interface Passed {
  /** Of the step just passed: nobody passes it again. */
  readonly token: Buffer | undefined;
  readonly strong: boolean;
  readonly way: Way;
}

/** To what the account still owes, or in. */
async function goOn(
  tx: StoreTx,
  account: Account,
  { token, strong, way }: Passed,
  deps: SigningInDeps,
): Promise<SignInAnswer> {
  if (token !== undefined) await tx.accounts.dropSignIn(token);
  const step = owed(account, strong, deps.secondFactor);
  if (step === undefined) return enter(tx, account, strong, way, deps);
  if (step === 'enrol') await tx.accounts.prepareTotp(account.id, createTotpSecret(deps.random));
  const next = createToken(deps.random);
  const expiresAt = deps.clock.now() + underWayMs;
  const { towards, language } = way;
  await tx.accounts.putSignIn({
    token: next.kept,
    step,
    account: account.id,
    strong,
    towards,
    language,
    expiresAt,
  });
  return { kind: 'next', step, cookie: next.said };
}

function owed(account: Account, strong: boolean, asked: SecondFactor): SignInOfAccount['step'] | undefined {
  if (account.totpSecret !== null && !strong) return 'code';
  if (account.mustChange) return 'password';
  return !strong && needsSecondFactor(account, asked) ? 'enrol' : undefined;
}

async function enter(
  tx: StoreTx,
  account: Account,
  strong: boolean,
  way: Way,
  deps: SigningInDeps,
): Promise<SignInAnswer> {
  const { clock, random } = deps;
  const { place, towards } = way;
  await tx.accounts.clearAttempts(account.id);
  const cookie = await openSession(tx, { account: account.id, strong, place, now: clock.now(), random });
  await audit(tx, account, 'account.sign-in', way, { strong: Number(strong) }, deps);
  return { kind: 'signed-in', cookie, account, towards };
}

async function claim(tx: StoreTx, account: Account, { clock }: SigningInDeps): Promise<boolean> {
  const now = clock.now();
  return tx.accounts.claimAttempt(account.id, now, (failures) => lockedUntil(failures, now));
}

type Refusal = 'unknown' | 'locked' | 'password' | 'code' | 'code-used' | 'disabled';

/** Noted in full, told in the same words whatever it is. What was typed as a login is not noted: it may be a password. */
async function refuse(
  tx: StoreTx,
  account: Account | undefined,
  cause: Refusal,
  way: Way,
  deps: SigningInDeps,
): Promise<SignInAnswer> {
  await audit(tx, account, 'account.sign-in-refused', way, { cause }, deps);
  return refused;
}

async function audit(
  tx: StoreTx,
  account: Account | undefined,
  action: string,
  { address }: Way,
  facts: Readonly<Record<string, string | number>>,
  { clock }: SigningInDeps,
): Promise<void> {
  const actor: Actor =
    account === undefined
      ? { kind: 'system', id: 'portal', name: 'portal' }
      : { kind: 'account', id: account.id, name: account.name };
  await appendAudit(tx, clock, actor, {
    ...{ action, subject: account?.id ?? 'unknown' },
    facts: { ...facts, address },
  });
}

/** Where one wanted to go is remembered from the first step. */
function wayOf({ signIn }: UnderWay, way: Way): Way {
  return { ...way, towards: signIn.towards, language: signIn.language };
}
