import { portalAccounts } from '../../../shared/i18n/portal-accounts.ts';
import { html, nothing, type Html } from '../html.ts';
import { missing, type Answer, type PageContext } from '../page.ts';
import { formToken, pageHead } from '../parts.ts';
import type { AccountShown, SessionShown } from '../reads/account-reads.ts';
import { momentWords } from '../words.ts';
import { profileText, scopeText } from './account-words.ts';
import { teller } from '../typeset.ts';

/** One's own account: how one comes in, where one is in, and how pages look. */
export async function ownPage(context: PageContext): Promise<Answer> {
  const { viewer, language, now, to, query } = context;
  const found = await context.read(async ({ accounts }) => ({
    account: await accounts.own(viewer.account, now),
    sessions: await accounts.ownSessions(viewer.account, now),
  }));
  if (found.account === undefined) return missing;
  const { account, sessions } = found;
  const say = teller(portalAccounts, language);
  const done = query.has('fait') ? html`<p class="note info" role="status">${say('done')}</p>` : nothing;
  const out = html`<form method="post" action="${to('/deconnexion')}">${formToken(viewer)}<button class="btn" type="submit">${say('signOut')}</button></form>`;
  const body = html`${pageHead({
    kicker: say('ownTitle'),
    sentence: say('ownSentence', { name: account.name, profile: profileText(account, language) }),
    lede: say('ownLede', { login: account.login, scope: scopeText(account, language) }),
    aside: out,
  })}${done}<div class="cols even sec"><div class="stack">${passwordCard(context, account)}${factorCard(context, account)}</div>${displayCard(context, account)}</div>${sessionsCard(context, sessions)}`;
  return { kind: 'page', title: say('ownTitle'), nav: 'account', body };
}

function passwordCard({ language, to }: PageContext, account: AccountShown): Html {
  const say = teller(portalAccounts, language);
  const content = account.hasPassword
    ? html`<p class="small muted">${say('changeCloses')}</p><p><a class="btn" href="${to('/compte/mot-de-passe')}">${say('changePassword')}</a></p>`
    : html`<p>${say('passwordAtProvider')}</p>`;
  return html`<section class="card pad stack" aria-labelledby="mdp"><h2 id="mdp">${say('password')}</h2>${content}</section>`;
}

function factorCard({ language, to }: PageContext, account: AccountShown): Html {
  if (!account.hasPassword) return nothing;
  const say = teller(portalAccounts, language);
  return html`<section class="card pad stack" aria-labelledby="facteur"><h2 id="facteur">${say('factor')}</h2><p>${say(account.hasTotp ? 'factorOn' : 'factorOff')}</p><p><a class="btn" href="${to('/compte/application')}">${say(account.hasTotp ? 'factorReplace' : 'factorLink')}</a></p></section>`;
}

const languages = [
  ['fr', 'Français'],
  ['en', 'English'],
] as const;
const themes = [
  ['auto', 'themeAuto'],
  ['light', 'themeLight'],
  ['dark', 'themeDark'],
] as const;

function displayCard({ language, viewer, to }: PageContext, account: AccountShown): Html {
  const say = teller(portalAccounts, language);
  const tongues = languages.map(
    ([code, name]) =>
      html`<option value="${code}" lang="${code}"${account.language === code ? html` selected` : nothing}>${name}</option>`,
  );
  const colours = themes.map(([value, name]) => html`<option value="${value}">${say(name)}</option>`);
  return html`<section class="card pad stack" aria-labelledby="affichage"><h2 id="affichage">${say('display')}</h2><form class="stack" method="post" action="${to('/compte/langue')}">${formToken(viewer)}<div><label for="langue">${say('language')}</label><select class="field" id="langue" name="language">${tongues}</select></div><p><button class="btn" type="submit">${say('keepLanguage')}</button></p></form><form class="stack" method="post" action="${to('/compte/theme')}">${formToken(viewer)}<div><label for="theme">${say('theme')}</label><select class="field" id="theme" name="theme">${colours}</select></div><p><button class="btn" type="submit">${say('keepTheme')}</button></p></form></section>`;
}

function sessionsCard({ language, viewer, now, to }: PageContext, sessions: readonly SessionShown[]): Html {
  const say = teller(portalAccounts, language);
  const rows = sessions.map(
    ({ csrf, place, createdAt, seenAt, strong }) =>
      html`<tr><th scope="row">${place === '?' ? say('sessionUnknown') : place}${csrf === viewer.csrf ? html` <span class="muted">(${say('sessionThis')})</span>` : nothing}</th><td data-label="${say('sessionFrom')}">${momentWords(createdAt, now, language)}</td><td data-label="${say('sessionSeen')}">${momentWords(seenAt, now, language)}</td><td data-label="${say('sessionHow')}">${say(strong ? 'sessionStrong' : 'sessionPassword')}</td></tr>`,
  );
  const close =
    sessions.length < 2
      ? nothing
      : html`<form class="pad" method="post" action="${to('/compte/sessions')}">${formToken(viewer)}<button class="btn" type="submit">${say('closeOthers')}</button></form>`;
  return html`<section class="card sec" aria-labelledby="sessions"><div class="pad"><h2 id="sessions">${say('sessions')}</h2></div><div class="scroll" tabindex="0" role="region" aria-label="${say('sessions')}"><table class="tab"><caption class="sr">${say('sessions')}</caption><thead><tr><th scope="col">${say('sessionPlace')}</th><th scope="col">${say('sessionFrom')}</th><th scope="col">${say('sessionSeen')}</th><th scope="col">${say('sessionHow')}</th></tr></thead><tbody>${rows}</tbody></table></div>${close}</section>`;
}
