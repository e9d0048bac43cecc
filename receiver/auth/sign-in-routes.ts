import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describeFault } from '../../shared/i18n/errors.ts';
import { portalSignIn } from '../../shared/i18n/portal-sign-in.ts';
import { speaker, type Language } from '../../shared/i18n/texts.ts';
import { asFault } from '../../shared/runtime/errors.ts';
import { enrolmentUri } from '../accounts/one-time-codes.ts';
import { shortestPassword } from '../accounts/passwords.ts';
import type { SignInAnswer, UnderWay, Way } from '../accounts/signing-in.ts';
import { tokenOf } from '../accounts/tokens.ts';
import { codeForm, enrolForm, newPasswordForm } from '../pages/accounts/sign-in-page.ts';
import type { Html } from '../pages/html.ts';
import { formOf, type Form } from './form.ts';
import { localPath } from './local-path.ts';
import type { SignInDoor } from './sign-in-door.ts';

const open = { rights: 'anybody' } as const;

/** Signing in and out, in both languages. */
export function signInRoutes(app: FastifyInstance, door: SignInDoor): void {
  for (const language of ['fr', 'en'] as const) {
    const at = door.pathsIn(language);
    app.get(at('/connexion'), { config: open }, (request, reply) =>
      askPassword(request, reply, language, door),
    );
    app.post(at('/connexion'), { config: door.limited }, (request, reply) =>
      takePassword(request, reply, language, door),
    );
    step(app, door, language, 'code');
    step(app, door, language, 'password');
    step(app, door, language, 'enrol');
  }
}

async function askPassword(
  request: FastifyRequest,
  reply: FastifyReply,
  language: Language,
  door: SignInDoor,
): Promise<FastifyReply> {
  const towards = localPath((request.query as Record<string, unknown>)['vers']);
  if (request.viewer !== undefined)
    return reply.redirect(towards === '' ? door.pathsIn(language)('/compte') : towards, 303);
  const left = (request.query as Record<string, unknown>)['fin'] === '1';
  const notice = left ? ({ tone: 'info', text: portalSignIn.signedOut[language] } as const) : undefined;
  return door.showPassword(request, reply, { language, towards, login: '', notice, status: 200 });
}

async function takePassword(
  request: FastifyRequest,
  reply: FastifyReply,
  language: Language,
  door: SignInDoor,
): Promise<FastifyReply> {
  const say = speaker(portalSignIn, language);
  const form = formOf(request);
  const [login, towards] = [form('login'), localPath(form('vers'))];
  const again = (text: string, status: number) =>
    door.showPassword(request, reply, { language, towards, login, notice: { tone: 'late', text }, status });
  if (!door.isOurs(request, form('_pre'))) return again(say('stale'), 403);
  const answer = await door.signingIn.password(
    login,
    form('password'),
    door.wayOf(request, language, towards),
  );
  return answer.kind === 'refused' ? again(say('refused'), 422) : door.follow(reply, language, answer);
}

const steps = {
  code: { path: '/connexion/code', title: 'codeTitle' },
  password: { path: '/connexion/mot-de-passe', title: 'passwordTitle' },
  enrol: { path: '/connexion/application', title: 'enrolTitle' },
} as const;
type Step = keyof typeof steps;

/** What an account still owes, once its password was right. */
function step(app: FastifyInstance, door: SignInDoor, language: Language, name: Step): void {
  const { path, title } = steps[name];
  const at = door.pathsIn(language);
  const say = speaker(portalSignIn, language);
  const show = (
    request: FastifyRequest,
    reply: FastifyReply,
    on: UnderWay,
    notice?: string,
  ): Promise<FastifyReply> => {
    const told = notice === undefined ? undefined : ({ tone: 'late', text: notice } as const);
    const frame = { ...door.frameOf(language, door.entryOf(request)), notice: told };
    return door.show(request, reply, {
      ...{ title: say(title), body: bodyOf(name, frame, on, door) },
      ...(notice === undefined ? {} : { status: 422 }),
    });
  };
  const onTheWay = async (request: FastifyRequest): Promise<{ token: Buffer; on: UnderWay } | undefined> => {
    const token = tokenOf(door.entryOf(request));
    const on = token === undefined ? undefined : await door.signingIn.underWay(token);
    return token === undefined || on?.signIn.step !== name ? undefined : { token, on };
  };
  app.get(at(path), { config: open }, async (request, reply) => {
    const found = await onTheWay(request);
    return found === undefined ? reply.redirect(at('/connexion'), 303) : show(request, reply, found.on);
  });
  app.post(at(path), { config: door.limited }, async (request, reply) => {
    const form = formOf(request);
    const found = await onTheWay(request);
    if (found === undefined || !door.isOurs(request, form('_pre')))
      return reply.redirect(at('/connexion'), 303);
    try {
      if (name === 'password' && form('password') !== form('again'))
        return await show(request, reply, found.on, say('different'));
      const answer = await passing(name, found.token, form, door, door.wayOf(request, language, ''));
      return answer.kind === 'refused'
        ? await show(request, reply, found.on, say('refused'))
        : await door.follow(reply, language, answer);
    } catch (error) {
      const fault = asFault(error);
      if (!fault.code.startsWith('password-')) throw error;
      const { message, hint } = describeFault(fault, language);
      return show(request, reply, found.on, `${message}. ${hint}`);
    }
  });
}

function bodyOf(
  name: Step,
  frame: Parameters<typeof codeForm>[0],
  { account }: UnderWay,
  { region }: SignInDoor,
): Html {
  switch (name) {
    case 'code':
      return codeForm(frame);
    case 'password':
      return newPasswordForm(frame, shortestPassword);
    case 'enrol': {
      const secret = account.totpPending ?? '';
      return enrolForm(frame, { secret, uri: enrolmentUri(secret, { login: account.login, region }) });
    }
  }
}

function passing(
  name: Step,
  token: Buffer,
  form: Form,
  { signingIn }: SignInDoor,
  way: Way,
): Promise<SignInAnswer> {
  switch (name) {
    case 'code':
      return signingIn.code(token, form('code'), way);
    case 'password':
      return signingIn.newPassword(token, form('password'), way);
    case 'enrol':
      return signingIn.enrol(token, form('code'), way);
  }
}
