import { portalAccounts } from '../../../shared/i18n/portal-accounts.ts';
import { dayOfInstant } from '../../../shared/runtime/paris-time.ts';
import type { AccessAsked } from '../../accounts/access.ts';
import { setAccess } from '../../accounts/account-changes.ts';
import { checkedReason } from '../../accounts/reason.ts';
import type { PortalDeps } from '../deps.ts';
import { html, nothing, type Html } from '../html.ts';
import { missing, type Answer, type Page, type PageContext } from '../page.ts';
import { formToken, pageHead } from '../parts.ts';
import type { AccountShown } from '../reads/account-reads.ts';
import { dayWords } from '../words.ts';
import { accessAsked, accessFields, accessOf, reasonField } from './access-fields.ts';
import { accountStateText, sessionsText } from './account-words.ts';
import { orRetold } from './retold.ts';
import { teller } from '../typeset.ts';

type AccountDeps = Pick<PortalDeps, 'store' | 'clock' | 'random' | 'config'>;

/** One account of the region: what it may do, and how its owner comes in. */
export function accountPage(deps: AccountDeps): Page {
  const destinations = deps.config.destinations.map(({ name }) => name);
  return {
    path: '/administration/comptes/:id',
    see: ['administrator'],
    get: (context) => show(context, destinations),
    act: {
      may: ['administrator'],
      post: (context) =>
        orRetold(
          context.language,
          async () => {
            const id = context.params['id'] ?? '';
            if ((await accountOf(context)) === undefined) return missing;
            const reason = checkedReason(context.form('reason'));
            const { store, clock, random } = deps;
            const change = { account: id, reason };
            await setAccess(change, accessOf(context, destinations), {
              store,
              clock,
              random,
              actor: context.actor,
            });
            return { kind: 'redirect', to: context.to(`/administration/comptes/${id}?fait=1`) };
          },
          (notice) =>
            show(context, destinations, {
              notice,
              asked: accessAsked(context),
              reason: context.form('reason'),
            }),
        ),
    },
  };
}

export async function accountOf({ read, params, now }: PageContext): Promise<AccountShown | undefined> {
  return read(({ accounts }) => accounts.one(params['id'] ?? '', now));
}

interface Again {
  readonly notice: Html;
  readonly asked: AccessAsked;
  readonly reason: string;
}

async function show(context: PageContext, destinations: readonly string[], again?: Again): Promise<Answer> {
  const { language, now, to, query, viewer } = context;
  const account = await accountOf(context);
  if (account === undefined) return missing;
  const say = teller(portalAccounts, language);
  const done = query.has('fait') ? html`<p class="note info" role="status">${say('done')}</p>` : nothing;
  const facts = {
    ...{ login: account.login, sessions: sessionsText(account, language) },
    day: dayWords(dayOfInstant(account.createdAt), 'long', language),
  };
  const content =
    account.id === viewer.account
      ? html`<p class="note info">${say('ownAccount')}</p>`
      : html`<div class="cols even sec">${accessCard(context, account, destinations, again)}${wayInCard(context, account)}</div>`;
  const body = html`${pageHead({
    kicker: html`<a href="${to('/administration/comptes')}">${say('listTitle')}</a>`,
    sentence: say('accountSentence', { name: account.name, state: accountStateText(account, now, language) }),
    lede: say('accountLede', facts),
  })}${done}${content}`;
  return { kind: 'page', title: account.name, nav: 'administration', body };
}

function accessCard(
  { language, to, viewer }: PageContext,
  account: AccountShown,
  destinations: readonly string[],
  again: Again | undefined,
): Html {
  const say = teller(portalAccounts, language);
  const heading = html`<h2 id="portee">${say('access')}</h2>`;
  if (account.fromRoles)
    return html`<section class="card pad stack" aria-labelledby="portee">${heading}<p>${say('fromRoles')}</p></section>`;
  const asked = again?.asked ?? {
    ...{ profile: account.profile, administrator: account.administrator },
    facilities: account.facilities === 'all' || account.profile === 'agency' ? [] : account.facilities,
    destinations: account.destinations === 'all' || account.profile !== 'agency' ? [] : account.destinations,
  };
  return html`<form class="card pad stack" aria-labelledby="portee" method="post" action="${to(`/administration/comptes/${account.id}`)}">${heading}${formToken(viewer)}${again?.notice}${accessFields(asked, destinations, language)}${reasonField(language, again?.reason ?? '')}<p class="small muted">${say('accessCloses')}</p><p><button class="btn main" type="submit">${say('saveAccess')}</button></p></form>`;
}

function wayInCard({ language, to }: PageContext, account: AccountShown): Html {
  const say = teller(portalAccounts, language);
  const link = (name: 'disable' | 'enable' | 'resetPassword' | 'resetTotp', path: string): Html =>
    html`<p><a class="btn${name === 'disable' ? ' warn' : ''}" href="${to(`/administration/comptes/${account.id}/${path}`)}">${say(name)}</a></p>`;
  return html`<section class="card pad stack" aria-labelledby="entree"><h2 id="entree">${say('actions')}</h2>${account.hasPassword ? link('resetPassword', 'mot-de-passe') : nothing}${account.hasTotp ? link('resetTotp', 'second-facteur') : nothing}${
    account.disabledAt === null ? link('disable', 'desactiver') : link('enable', 'reactiver')
  }</section>`;
}
