import { portalAccounts } from '../../../shared/i18n/portal-accounts.ts';
import { createAccount, type OneTime } from '../../accounts/account-changes.ts';
import { checkedReason } from '../../accounts/reason.ts';
import type { PortalDeps } from '../deps.ts';
import { html, nothing, type Html } from '../html.ts';
import type { ActContext, Answer, Page, PageContext } from '../page.ts';
import { formToken, pageHead } from '../parts.ts';
import { accessAsked, accessFields, accessOf, nothingAsked, reasonField } from './access-fields.ts';
import { orRetold } from './retold.ts';
import { teller } from '../typeset.ts';

type NewDeps = Pick<PortalDeps, 'store' | 'clock' | 'random' | 'config'>;

export function newAccountPage(deps: NewDeps): Page {
  const destinations = deps.config.destinations.map(({ name }) => name);
  return {
    path: '/administration/comptes/nouveau',
    see: ['administrator'],
    get: async (context) =>
      formPage(
        context,
        { login: '', name: '', reason: '' },
        accessFields(nothingAsked, destinations, context.language),
      ),
    act: {
      may: ['administrator'],
      post: (context) =>
        orRetold(
          context.language,
          async () => {
            const { form, actor, language } = context;
            const reason = checkedReason(form('reason'));
            const access = accessOf(context, destinations);
            const asked = { login: form('login'), name: form('name'), language, access, reason };
            const { store, clock, random } = deps;
            return oneTimePage(context, await createAccount(asked, { store, clock, random, actor }));
          },
          async (notice) =>
            formPage(
              context,
              typedIn(context),
              accessFields(accessAsked(context), destinations, context.language),
              notice,
            ),
        ),
    },
  };
}

interface Typed {
  readonly login: string;
  readonly name: string;
  readonly reason: string;
}

function typedIn({ form }: ActContext): Typed {
  return { login: form('login'), name: form('name'), reason: form('reason') };
}

function formPage(
  { language, viewer, to }: PageContext,
  typed: Typed,
  access: Html,
  notice: Html = nothing,
): Answer {
  const say = teller(portalAccounts, language);
  const body = html`${pageHead({
    kicker: html`<a href="${to('/administration/comptes')}">${say('listTitle')}</a>`,
    sentence: say('newAccount'),
  })}<form class="card pad stack slim" method="post" action="${to('/administration/comptes/nouveau')}">${formToken(viewer)}${notice}<div><label for="name">${say('name')}</label><input class="field" id="name" name="name" autocomplete="off" required maxlength="100" value="${typed.name}" /></div><div><label for="login">${say('login')} <span class="hint">${say('loginHint')}</span></label><input class="field" id="login" name="login" autocomplete="off" autocapitalize="none" spellcheck="false" required maxlength="100" value="${typed.login}" /></div>${access}${reasonField(language, typed.reason)}<p class="acts"><button class="btn main" type="submit">${say('create')}</button><a class="btn" href="${to('/administration/comptes')}">${say('cancel')}</a></p></form>`;
  return { kind: 'page', title: say('newAccount'), nav: 'administration', body };
}

/** The answer to the form itself, and to nothing else: asked for again, it is not there. */
export function oneTimePage({ language, to }: PageContext, { account, password }: OneTime): Answer {
  const say = teller(portalAccounts, language);
  const body = html`${pageHead({
    sentence: say('createdTitle', { name: account.name }),
    lede: say('createdText', { login: account.login }),
  })}<div class="card pad stack slim"><p class="code once mono">${password}</p><p><a class="btn main" href="${to('/administration/comptes')}">${say('backToList')}</a></p></div>`;
  return { kind: 'page', title: say('createdTitle', { name: account.name }), nav: 'administration', body };
}
