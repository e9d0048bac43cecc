import { portalSignIn } from '../../../shared/i18n/portal-sign-in.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { html, nothing, trusted, type Html } from '../html.ts';
import { brandMark } from '../layout.ts';
import { codeDrawing } from './code-drawing.ts';
import { teller } from '../typeset.ts';

/** The pages before there is a session: each is a form beside the drawing of the way. */
export interface SignInFrame {
  readonly language: Language;
  readonly region: string;
  readonly legalNotice: string | undefined;
  /** A path in the language of the page. */
  readonly to: (path: string) => string;
  /** Of the cookie that came with the page. */
  readonly token: string;
  readonly notice?: { readonly tone: 'late' | 'info'; readonly text: string } | undefined;
}

export function passwordForm(
  frame: SignInFrame,
  {
    login,
    towards,
    provider,
  }: { readonly login: string; readonly towards: string; readonly provider: boolean },
): Html {
  const say = teller(portalSignIn, frame.language);
  const query = towards === '' ? '' : `?vers=${encodeURIComponent(towards)}`;
  const [other, otherPath] = frame.language === 'fr' ? ['en', '/en/connexion'] : ['fr', '/connexion'];
  const fields = html`${
    provider
      ? html`<a class="btn main" href="${frame.to('/connexion/oidc')}${query}">${say('organisation')}</a><p class="or">${say('or')}</p>`
      : nothing
  }<input type="hidden" name="vers" value="${towards}" /><div><label for="login">${say('login')}</label><input class="field" id="login" name="login" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="100" value="${login}" /></div><div><label for="password">${say('password')}</label><input class="field" id="password" name="password" type="password" autocomplete="current-password" required maxlength="200" /></div><button class="btn${provider ? '' : ' main'}" type="submit">${say('continue')}</button><p class="small muted">${say('five')} ${say('lost')} <a href="${otherPath}${query}" lang="${other}" hreflang="${other}">${say('other')}</a></p>`;
  return around(frame, say('title'), '/connexion', fields);
}

export function codeForm(frame: SignInFrame): Html {
  const say = teller(portalSignIn, frame.language);
  const fields = html`${codeField(frame.language)}<button class="btn main" type="submit">${say('continue')}</button><p class="small muted">${say('codeOnce')} ${say('lost')} ${startOver(frame)}</p>`;
  return around(frame, say('codeTitle'), '/connexion/code', fields);
}

export function newPasswordForm(frame: SignInFrame, shortest: number): Html {
  const say = teller(portalSignIn, frame.language);
  const fields = html`<p class="small" id="why">${say('passwordWhy', { shortest })}</p><div><label for="password">${say('newPassword')}</label><input class="field" id="password" name="password" type="password" autocomplete="new-password" aria-describedby="why" required maxlength="200" /></div><div><label for="again">${say('again')}</label><input class="field" id="again" name="again" type="password" autocomplete="new-password" required maxlength="200" /></div><button class="btn main" type="submit">${say('choose')}</button><p class="small muted">${startOver(frame)}</p>`;
  return around(frame, say('passwordTitle'), '/connexion/mot-de-passe', fields);
}

export function enrolForm(
  frame: SignInFrame,
  { secret, uri }: { readonly secret: string; readonly uri: string },
): Html {
  const say = teller(portalSignIn, frame.language);
  const fields = html`<p class="small">${say('enrolWhy')}</p>${codeDrawing(uri, say('drawing'))}<p class="small mono">${say('key', { key: inFours(secret) })}</p>${codeField(frame.language)}<button class="btn main" type="submit">${say('link')}</button><p class="small muted">${startOver(frame)}</p>`;
  return around(frame, say('enrolTitle'), '/connexion/application', fields);
}

/** Easier to copy by hand. */
export function inFours(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, '$1 ');
}

function codeField(language: Language): Html {
  const say = teller(portalSignIn, language);
  return html`<div><label for="code">${say('codeLabel')} <span class="hint">${say('codeHint')}</span></label><input class="field" id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="12" /></div>`;
}

function startOver({ to, language }: SignInFrame): Html {
  return html`<a href="${to('/connexion')}">${portalSignIn.startOver[language]}</a>`;
}

function around(frame: SignInFrame, title: string, action: string, fields: Html): Html {
  const { language, region, legalNotice, to, token, notice } = frame;
  const say = teller(portalSignIn, language);
  const told =
    notice === undefined
      ? nothing
      : html`<p class="note${notice.tone === 'info' ? ' info' : ''}" role="${notice.tone === 'info' ? 'status' : 'alert'}">${notice.text}</p>`;
  return html`<div class="sign"><header class="art"><p class="brand">${brandMark}Vaguemestre</p><div class="stack"><h1>${say('motto')}</h1><p>${say('portalOf', { region })}</p>${wayDrawing(language)}</div><p class="small end">${
    legalNotice === undefined ? region : html`<a href="${legalNotice}">${legalNotices[language]}</a>`
  }</p></header><main class="form" id="contenu" tabindex="-1"><form method="post" action="${to(action)}"><h2>${title}</h2>${told}<input type="hidden" name="_pre" value="${token}" />${fields}</form></main></div>`;
}

const legalNotices = { fr: 'Mentions légales', en: 'Legal notice' } as const;

const stations = [
  ['hospital', 'M1.5 11V4L6 1l4.5 3v7M4.5 11V7.5h3V11'],
  ['sealed', 'M2.5 5.5h7V11h-7zM4 5.5V4a2 2 0 0 1 4 0v1.5'],
  ['region', 'M1 6.5h3l1 2h2l1-2h3M2 6.5L3.5 2h5L10 6.5V10H2z'],
  ['agencies', 'M1 6l10-4.5L7.5 11 5.5 7zM5.5 7L11 1.5'],
  ['acknowledged', 'M1 4c1.7-1.6 3.3-1.6 5 0s3.3 1.6 5 0M1 8c1.7-1.6 3.3-1.6 5 0s3.3 1.6 5 0'],
] as const;

function wayDrawing(language: Language): Html {
  const say = teller(portalSignIn, language);
  const parts = stations.map(([name, path], index) => {
    const x = 50 + 115 * index;
    const line = index === stations.length - 1 ? nothing : html`<path class="ln" d="M${x + 27} 44h61" />`;
    return html`<circle class="st" cx="${x}" cy="44" r="27" /><circle class="dd" cx="${x}" cy="44" r="22" /><g transform="translate(${x - 10.8} 33.2) scale(1.8)"><path class="gl" d="${trusted(path)}" vector-effect="non-scaling-stroke" /></g><text x="${x}" y="96" text-anchor="middle">${say(name)}</text>${line}`;
  });
  return html`<svg class="way" viewBox="0 0 560 120" role="img" aria-label="${say('way')}">${parts}</svg>`;
}
