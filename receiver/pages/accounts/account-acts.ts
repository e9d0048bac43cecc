import { portalAccounts } from '../../../shared/i18n/portal-accounts.ts';
import {
  disableAccount,
  enableAccount,
  resetPassword,
  resetTotp,
  type Change,
  type ChangeDeps,
} from '../../accounts/account-changes.ts';
import { checkedReason } from '../../accounts/reason.ts';
import type { PortalDeps } from '../deps.ts';
import { html, nothing, type Html } from '../html.ts';
import { missing, type ActContext, type Answer, type Page, type PageContext } from '../page.ts';
import { formToken, pageHead } from '../parts.ts';
import { reasonField } from './access-fields.ts';
import { accountOf } from './account-page.ts';
import { oneTimePage } from './new-account-page.ts';
import { orRetold } from './retold.ts';
import { teller } from '../typeset.ts';

type ActDeps = Pick<PortalDeps, 'store' | 'clock' | 'random'>;

type ActName = 'disable' | 'enable' | 'resetPassword' | 'resetTotp';

interface Act {
  readonly name: ActName;
  readonly path: string;
  readonly work: (context: ActContext, change: Change, deps: ChangeDeps) => Promise<Answer>;
}

const done = (context: ActContext): Answer => ({
  kind: 'redirect',
  to: context.to(`/administration/comptes/${context.params['id'] ?? ''}?fait=1`),
});

const acts: readonly Act[] = [
  {
    name: 'disable',
    path: 'desactiver',
    work: async (context, change, deps) => {
      await disableAccount(change, deps);
      return done(context);
    },
  },
  {
    name: 'enable',
    path: 'reactiver',
    work: async (context, change, deps) => {
      await enableAccount(change, deps);
      return done(context);
    },
  },
  {
    name: 'resetTotp',
    path: 'second-facteur',
    work: async (context, change, deps) => {
      await resetTotp(change, deps);
      return done(context);
    },
  },
  {
    name: 'resetPassword',
    path: 'mot-de-passe',
    work: async (context, change, deps) => oneTimePage(context, await resetPassword(change, deps)),
  },
];

/** A page that asks once more, with the reason, and says what it will do. */
export function accountActs({ store, clock, random }: ActDeps): readonly Page[] {
  return acts.map((act) => ({
    path: `/administration/comptes/:id/${act.path}`,
    see: ['administrator'],
    get: (context) => confirmPage(context, act),
    act: {
      may: ['administrator'],
      post: (context) =>
        orRetold(
          context.language,
          async () => {
            if ((await accountOf(context)) === undefined) return missing;
            const change = {
              account: context.params['id'] ?? '',
              reason: checkedReason(context.form('reason')),
            };
            return act.work(context, change, { store, clock, random, actor: context.actor });
          },
          (notice) => confirmPage(context, act, { notice, reason: context.form('reason') }),
        ),
    },
  }));
}

async function confirmPage(
  context: PageContext,
  { name, path }: Act,
  again: { readonly notice: Html; readonly reason: string } = { notice: nothing, reason: '' },
): Promise<Answer> {
  const account = await accountOf(context);
  if (account === undefined) return missing;
  const { language, to, viewer } = context;
  const say = teller(portalAccounts, language);
  const back = to(`/administration/comptes/${account.id}`);
  const body = html`${pageHead({
    kicker: html`<a href="${back}">${account.name}</a>`,
    sentence: say(`${name}Sentence`, { name: account.name }),
    lede: say(`${name}Text`),
  })}<form class="card pad stack slim" method="post" action="${to(`/administration/comptes/${account.id}/${path}`)}">${formToken(viewer)}${again.notice}${reasonField(language, again.reason)}<p class="acts"><button class="btn ${name === 'disable' ? 'warn' : 'main'}" type="submit">${say(name)}</button><a class="btn" href="${back}">${say('cancel')}</a></p></form>`;
  return { kind: 'page', title: say(name), nav: 'administration', body };
}
