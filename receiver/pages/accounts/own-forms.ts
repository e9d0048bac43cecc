import { portalAccounts } from '../../../shared/i18n/portal-accounts.ts';
import { portalSignIn } from '../../../shared/i18n/portal-sign-in.ts';
import { createOwnAccount, type OwnAccount } from '../../accounts/own-account.ts';
import { enrolmentUri } from '../../accounts/one-time-codes.ts';
import { shortestPassword } from '../../accounts/passwords.ts';
import type { PortalDeps } from '../deps.ts';
import { html, nothing, type Html } from '../html.ts';
import { missing, type ActContext, type Answer, type Page, type PageContext } from '../page.ts';
import { formToken, pageHead } from '../parts.ts';
import { codeDrawing } from './code-drawing.ts';
import { ownPage } from './own-page.ts';
import { orRetold } from './retold.ts';
import { inFours } from './sign-in-page.ts';
import { teller } from '../typeset.ts';

type OwnDeps = Pick<PortalDeps, 'store' | 'clock' | 'random' | 'config'>;

export function createOwnPages(deps: OwnDeps): readonly Page[] {
  const own = ({ actor, viewer }: ActContext): OwnAccount =>
    createOwnAccount({ store: deps.store, clock: deps.clock, random: deps.random, actor, csrf: viewer.csrf });
  const done = (context: PageContext): Answer => ({ kind: 'redirect', to: context.to('/compte?fait=1') });
  const everybody = 'signed-in' as const;
  return [
    { path: '/compte', see: everybody, get: ownPage },
    {
      path: '/compte/mot-de-passe',
      see: everybody,
      get: async (context) => passwordPage(context),
      act: {
        may: everybody,
        post: (context) =>
          orRetold(
            context.language,
            async () => {
              const [present, next] = [context.form('present'), context.form('next')];
              if (next !== context.form('again'))
                return passwordPage(
                  context,
                  html`<p class="note" role="alert">${portalSignIn.different[context.language]}</p>`,
                );
              await own(context).changePassword({ present, next });
              return done(context);
            },
            async (notice) => passwordPage(context, notice),
          ),
      },
    },
    {
      path: '/compte/application',
      see: everybody,
      get: (context) => applicationPage(context, deps),
      act: {
        may: everybody,
        post: (context) =>
          orRetold(
            context.language,
            async () => {
              if (context.form('do') === 'confirm') {
                await own(context).confirmTotp(context.form('code'));
                return done(context);
              }
              await own(context).prepareTotp(context.form('present'));
              return { kind: 'redirect', to: context.to('/compte/application?cle=1') };
            },
            (notice) => applicationPage(context, deps, notice),
          ),
      },
    },
    {
      path: '/compte/langue',
      see: everybody,
      act: {
        may: everybody,
        post: async (context) => {
          const language = context.form('language') === 'en' ? 'en' : 'fr';
          await own(context).setLanguage(language);
          return { kind: 'redirect', to: language === 'en' ? '/en/compte?fait=1' : '/compte?fait=1' };
        },
      },
    },
    {
      path: '/compte/sessions',
      see: everybody,
      act: {
        may: everybody,
        post: async (context) => {
          await own(context).closeOthers();
          return done(context);
        },
      },
    },
  ];
}

function passwordPage(context: PageContext, notice: Html = nothing): Answer {
  const { language, viewer, to } = context;
  const say = teller(portalAccounts, language);
  const body = html`${pageHead({ kicker: back(context), sentence: say('changePassword'), lede: say('changeCloses') })}<form class="card pad stack slim" method="post" action="${to('/compte/mot-de-passe')}">${formToken(viewer)}${notice}${secret('present', say('present'), 'current-password')}${secret('next', html`${say('next')} <span class="hint">${say('nextHint', { shortest: shortestPassword })}</span>`, 'new-password')}${secret('again', say('again'), 'new-password')}<p class="acts"><button class="btn main" type="submit">${say('changePassword')}</button><a class="btn" href="${to('/compte')}">${say('cancel')}</a></p></form>`;
  return { kind: 'page', title: say('changePassword'), nav: 'account', body };
}

async function applicationPage(
  context: PageContext,
  { config }: OwnDeps,
  notice: Html = nothing,
): Promise<Answer> {
  const { language, viewer, now, to, query } = context;
  const say = teller(portalAccounts, language);
  const found = await context.read(async ({ accounts }) => ({
    account: await accounts.own(viewer.account, now),
    pending: await accounts.pendingTotp(viewer.account),
  }));
  const { account, pending } = found;
  if (account?.hasPassword !== true) return missing;
  const action = to('/compte/application?cle=1');
  const isShown = query.has('cle') && pending !== undefined;
  const form = isShown
    ? html`<input type="hidden" name="do" value="confirm" /><p>${say('factorScan')}</p>${codeDrawing(enrolmentUri(pending, { login: account.login, region: config.region }), portalSignIn.drawing[language])}<p class="small mono">${portalSignIn.key[language].replace('{key}', inFours(pending))}</p><div><label for="code">${say('code')}</label><input class="field" id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="12" /></div><p class="acts"><button class="btn main" type="submit">${say('factorConfirm')}</button><a class="btn" href="${to('/compte')}">${say('cancel')}</a></p>`
    : html`<p>${say('factorPrepare')}</p>${secret('present', say('present'), 'current-password')}<p class="acts"><button class="btn main" type="submit">${say('factorShow')}</button><a class="btn" href="${to('/compte')}">${say('cancel')}</a></p>`;
  const body = html`${pageHead({ kicker: back(context), sentence: say('factorTitle') })}<form class="card pad stack slim" method="post" action="${isShown ? action : to('/compte/application')}">${formToken(viewer)}${notice}${form}</form>`;
  return { kind: 'page', title: say('factorTitle'), nav: 'account', body };
}

function back({ to, language }: PageContext): Html {
  return html`<a href="${to('/compte')}">${portalAccounts.ownTitle[language]}</a>`;
}

function secret(name: string, label: Html | string, autocomplete: string): Html {
  return html`<div><label for="${name}">${label}</label><input class="field" id="${name}" name="${name}" type="password" autocomplete="${autocomplete}" required maxlength="200" /></div>`;
}
