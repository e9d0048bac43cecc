import { portalAccounts } from '../../../shared/i18n/portal-accounts.ts';
import { html } from '../html.ts';
import type { Answer, PageContext } from '../page.ts';
import { pageHead } from '../parts.ts';
import type { AccountShown } from '../reads/account-reads.ts';
import { accountBadge, profileText, scopeText, sessionsText, stateOf } from './account-words.ts';
import { teller } from '../typeset.ts';

/** Every account: who, what for, and whether it is as it should be. */
export async function listPage(context: PageContext): Promise<Answer> {
  const { language, now, to } = context;
  const accounts = await context.read((reads) => reads.accounts.all(now));
  const say = teller(portalAccounts, language);
  const states = accounts.map((account) => stateOf(account, now));
  const total = states.filter((state) => state !== 'disabled').length;
  const waiting = states.filter((state) => state === 'locked' || state === 'new').length;
  const sentence = waiting > 0 ? 'listSentence' : total === 1 ? 'listSentenceOne' : 'listSentenceCalm';
  const row = (account: AccountShown) =>
    html`<tr><th scope="row"><a href="${to(`/administration/comptes/${account.id}`)}">${account.name}</a></th><td data-label="${say('login')}">${account.login}</td><td data-label="${say('profile')}">${profileText(account, language)}</td><td data-label="${say('reach')}">${scopeText(account, language)}</td><td data-label="${say('state')}">${accountBadge(account, now, language)}</td><td data-label="${say('secondFactor')}">${say(account.hasTotp ? 'withCode' : 'withoutCode')}</td><td data-label="${say('openSessions')}">${sessionsText(account, language)}</td></tr>`;
  const heads = (['who', 'login', 'profile', 'reach', 'state', 'secondFactor'] as const).map(
    (name) => html`<th scope="col">${say(name)}</th>`,
  );
  const body = html`${pageHead({
    kicker: html`<a href="${to('/administration')}">${say('administration')}</a>`,
    sentence: say(sentence, { total, waiting }),
    lede: say('listLede'),
    aside: html`<a class="btn main" href="${to('/administration/comptes/nouveau')}">${say('newAccount')}</a>`,
  })}<div class="card scroll sec" tabindex="0" role="region" aria-label="${say('listTitle')}"><table class="tab flow"><caption class="sr">${say('listTitle')}</caption><thead><tr>${heads}<th scope="col">${say('openSessions')}</th></tr></thead><tbody>${accounts.map(row)}</tbody></table></div>`;
  return { kind: 'page', title: say('listTitle'), nav: 'administration', body };
}
