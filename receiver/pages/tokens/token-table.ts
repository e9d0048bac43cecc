import { portalTokens } from '../../../shared/i18n/portal-tokens.ts';
import { profileWords } from '../../../shared/i18n/terminal-accounts.ts';
import { shownInstant } from '../../../shared/i18n/shown.ts';
import { html, nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import { badge } from '../parts.ts';
import type { TokenShown } from '../reads/token-reads.ts';
import { teller } from '../typeset.ts';
import { momentWords } from '../words.ts';

/** Every token there is or was: what it may, and whether it is still good. */
export function tokenTable(context: PageContext, tokens: readonly TokenShown[]): Html {
  const say = teller(portalTokens, context.language);
  const heads = (['name', 'profile', 'scopes', 'facilities', 'state', 'used'] as const).map(
    (name) => html`<th scope="col">${say(name)}</th>`,
  );
  return html`<div class="card scroll sec" tabindex="0" role="region" aria-label="${say('title')}"><table class="tab flow"><caption class="sr">${say('title')}</caption><thead><tr>${heads}<th scope="col"><span class="sr">${say('revoke')}</span></th></tr></thead><tbody>${tokens.map((token) => row(context, token))}</tbody></table></div>`;
}

function row({ language, now, to }: PageContext, token: TokenShown): Html {
  const say = teller(portalTokens, language);
  const { id, name, profile, scopes, facilities, usedAt } = token;
  const isGood = token.revokedAt === null && token.expiresAt > now;
  const revoke = isGood
    ? html`<a class="btn" href="${to(`/administration/jetons/${id}/revoquer`)}">${say('revoke')}</a>`
    : nothing;
  return html`<tr><th scope="row">${name}</th><td data-label="${say('profile')}">${profileWords[profile][language]}</td><td class="mono" data-label="${say('scopes')}">${scopes.join(' ')}</td><td class="mono" data-label="${say('facilities')}">${facilities?.join(' ') ?? say('all')}</td><td data-label="${say('state')}">${stateBadge(token, now, language)}</td><td data-label="${say('used')}">${usedAt === null ? say('never') : momentWords(usedAt, now, language)}</td><td>${revoke}</td></tr>`;
}

function stateBadge(
  { revokedAt, expiresAt }: TokenShown,
  now: number,
  language: PageContext['language'],
): Html {
  const say = teller(portalTokens, language);
  if (revokedAt !== null) return badge('', 'd', say('revoked'));
  if (expiresAt <= now) return badge('late', 's', say('ended'));
  return badge('ok', 'k', say('good', { at: shownInstant(expiresAt, language).slice(0, 10) }));
}
