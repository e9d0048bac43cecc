import type { FastifyReply, FastifyRequest } from 'fastify';
import { portalSignIn } from '../../shared/i18n/portal-sign-in.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { createSigningIn, type SignInAnswer, type SigningIn, type Way } from '../accounts/signing-in.ts';
import type { SecondFactor } from '../accounts/second-factor.ts';
import { createToken, formTokenOf, tokenOf } from '../accounts/tokens.ts';
import { passwordForm, type SignInFrame } from '../pages/accounts/sign-in-page.ts';
import { pathIn } from '../pages/path-in.ts';
import type { ShowBare } from '../routes/pages.ts';
import type { Store } from '../store/store.ts';
import { placeOf } from './browser-place.ts';
import type { PortalCookies } from './portal-cookies.ts';
import { comesFromUs } from './portal-guard.ts';
import { startPage } from './start-page.ts';

export interface SignInDoorDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly cookies: PortalCookies;
  readonly region: string;
  readonly legalNotice: string | undefined;
  readonly origins: () => readonly string[];
  readonly secondFactor: SecondFactor;
  /** Attempts of all kinds from one address; a hospital's people share one. */
  readonly attemptsPerMinute: number;
  /** Accounts of a provider of identities open this door too. */
  readonly hasProvider: boolean;
}

/** What the routes of signing in share. */
export interface SignInDoor {
  readonly signingIn: SigningIn;
  readonly region: string;
  readonly show: ShowBare;
  /** Of the routes that take a password or a code. */
  readonly limited: {
    readonly rights: 'anybody';
    readonly rateLimit: { readonly max: number; readonly timeWindow: number };
  };
  readonly pathsIn: (language: Language) => (path: string) => string;
  /** The form came from a page of ours, and with the cookie that page was given. */
  isOurs(request: FastifyRequest, formToken: string): boolean;
  entryOf(request: FastifyRequest): string;
  frameOf(language: Language, entry: string): SignInFrame;
  wayOf(request: FastifyRequest, language: Language, towards: string): Way;
  /** To the next step, or in. */
  follow(
    reply: FastifyReply,
    language: Language,
    answer: Exclude<SignInAnswer, { kind: 'refused' }>,
  ): Promise<FastifyReply>;
  showPassword(request: FastifyRequest, reply: FastifyReply, asked: PasswordAsked): Promise<FastifyReply>;
}

export interface PasswordAsked {
  readonly language: Language;
  readonly towards: string;
  readonly login: string;
  readonly notice: SignInFrame['notice'];
  readonly status: number;
}

const pathOfStep = {
  code: '/connexion/code',
  password: '/connexion/mot-de-passe',
  enrol: '/connexion/application',
} as const;

export function createSignInDoor(deps: SignInDoorDeps, show: ShowBare): SignInDoor {
  const { cookies, random, region, legalNotice } = deps;
  const signingIn = createSigningIn(deps);
  const pathsIn = (language: Language) => (path: string) => pathIn(path, language);
  const entryOf = (request: FastifyRequest): string => cookies.read(request, 'entry') ?? '';
  const frameOf = (language: Language, entry: string): SignInFrame => ({
    ...{ language, region, legalNotice, to: pathsIn(language), token: formTokenOf(entry) },
  });
  return {
    ...{ signingIn, region, show, pathsIn, entryOf, frameOf },
    limited: { rights: 'anybody', rateLimit: { max: deps.attemptsPerMinute, timeWindow: 60_000 } },
    isOurs: (request, formToken) => {
      const entry = entryOf(request);
      if (tokenOf(entry) === undefined || !comesFromUs(request, deps.origins())) return false;
      return formToken === formTokenOf(entry);
    },
    wayOf: (request, language, towards) => ({
      ...{ language, towards, address: request.ip, place: placeOf(request.headers['user-agent']) },
    }),
    follow: async (reply, language, answer) => {
      if (answer.kind === 'next') {
        cookies.set(reply, 'entry', answer.cookie);
        return reply.redirect(pathsIn(language)(pathOfStep[answer.step]), 303);
      }
      cookies.clear(reply, 'entry');
      cookies.set(reply, 'session', answer.cookie);
      const { towards, account } = answer;
      return reply.redirect(towards === '' ? startPage(account, language) : towards, 303);
    },
    showPassword: async (request, reply, { language, towards, login, notice, status }) => {
      let entry = entryOf(request);
      if (tokenOf(entry) === undefined) {
        entry = createToken(random).said;
        cookies.set(reply, 'entry', entry);
      }
      const body = passwordForm(
        { ...frameOf(language, entry), notice },
        { login, towards, provider: deps.hasProvider },
      );
      return show(request, reply, { title: portalSignIn.title[language], body, status });
    },
  };
}
