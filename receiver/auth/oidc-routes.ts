import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Language } from '../../shared/i18n/texts.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { asFault, permanent } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { createToken, tokenOf } from '../accounts/tokens.ts';
import { vouchedAccount, type VouchedDeps } from '../accounts/vouched-account.ts';
import { appendAudit } from '../audit/audit-log.ts';
import { toldFault } from '../pages/told-fault.ts';
import type { SignInAtProvider } from '../store/session-tables.ts';
import type { Store } from '../store/store.ts';
import { localPath } from './local-path.ts';
import type { IdentityProvider } from './oidc-provider.ts';
import type { PortalCookies } from './portal-cookies.ts';
import type { SignInDoor } from './sign-in-door.ts';

export interface OidcRoutesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly cookies: PortalCookies;
  readonly provider: IdentityProvider;
  readonly accessFor: VouchedDeps['accessFor'];
  /** Where people reach the pages. */
  readonly url: () => string;
}

const returnPath = '/connexion/oidc/retour';
const awayMs = 10 * 60_000;

/** To the provider of identities, and back. What came back wrong ends on the page of signing in, with the reason. */
export function oidcRoutes(app: FastifyInstance, door: SignInDoor, deps: OidcRoutesDeps): void {
  for (const language of ['fr', 'en'] as const)
    app.get(door.pathsIn(language)('/connexion/oidc'), { config: door.limited }, (request, reply) =>
      sendAway(request, reply, language, door, deps),
    );
  // One address for both languages: the provider knows it beforehand.
  app.get(returnPath, { config: door.limited }, (request, reply) => takeBack(request, reply, door, deps));
}

async function sendAway(
  request: FastifyRequest,
  reply: FastifyReply,
  language: Language,
  door: SignInDoor,
  deps: OidcRoutesDeps,
): Promise<FastifyReply> {
  const { store, clock, random, provider, cookies } = deps;
  const towards = localPath((request.query as Record<string, unknown>)['vers']);
  try {
    const { url, state, nonce, verifier } = await provider.start(`${deps.url()}${returnPath}`);
    const token = createToken(random);
    const secrets = { state, nonce, verifier };
    await store.transaction(async (tx) => {
      await tx.accounts.purgeSessions(clock.now());
      const expiresAt = clock.now() + awayMs;
      await tx.accounts.putSignIn({
        token: token.kept,
        step: 'provider',
        ...secrets,
        towards,
        language,
        expiresAt,
      });
    });
    cookies.set(reply, 'entry', token.said);
    return await reply.redirect(url, 303);
  } catch (error) {
    return tell(request, reply, error, { language, towards }, door, deps);
  }
}

async function takeBack(
  request: FastifyRequest,
  reply: FastifyReply,
  door: SignInDoor,
  deps: OidcRoutesDeps,
): Promise<FastifyReply> {
  const { store, clock, provider } = deps;
  const token = tokenOf(door.entryOf(request));
  const begun = token === undefined ? undefined : await taken(token, deps);
  const { language, towards } = begun ?? { language: 'fr' as const, towards: '' };
  try {
    // Another browser's answer, an old one, or one already used.
    if (begun === undefined) throw permanent('provider-refused');
    const vouched = await provider.finish(new URL(request.url, `${deps.url()}/`), begun);
    const way = door.wayOf(request, language, towards);
    const answer = await store.transaction(async (tx) => {
      const account = await vouchedAccount(tx, vouched, language, deps);
      if (account !== undefined) return door.signingIn.vouched(tx, account, vouched.strong, way);
      const actor = { kind: 'system', id: 'portal', name: 'portal' } as const;
      const facts = { cause: 'provider', address: way.address };
      await appendAudit(tx, clock, actor, { action: 'account.sign-in-refused', subject: 'unknown', facts });
      return undefined;
    });
    if (answer === undefined || answer.kind === 'refused') throw permanent('provider-account-unknown');
    return await door.follow(reply, language, answer);
  } catch (error) {
    return tell(request, reply, error, { language, towards }, door, deps);
  }
}

/** Once: whoever comes back a second time starts anew. */
async function taken(token: Buffer, { store, clock }: OidcRoutesDeps): Promise<SignInAtProvider | undefined> {
  return store.transaction(async (tx) => {
    const found = await tx.accounts.signIn(token, clock.now());
    if (found?.step !== 'provider') return undefined;
    await tx.accounts.dropSignIn(token);
    return found;
  });
}

async function tell(
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
  { language, towards }: { readonly language: Language; readonly towards: string },
  door: SignInDoor,
  { logger }: OidcRoutesDeps,
): Promise<FastifyReply> {
  const fault = asFault(error);
  if (!fault.code.startsWith('provider-')) throw error;
  logger[fault.code === 'provider-account-unknown' ? 'info' : 'warn'](
    { err: fault },
    'provider-sign-in-failed',
  );
  const { message, hint } = toldFault(fault, language);
  const notice = { tone: 'late', text: `${message}. ${hint}.` } as const;
  const status = fault.class === 'transient' ? 503 : 422;
  return door.showPassword(request, reply, { language, towards, login: '', notice, status });
}
