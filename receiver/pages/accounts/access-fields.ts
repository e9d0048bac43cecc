import { portalAccounts } from '../../../shared/i18n/portal-accounts.ts';
import { profileWords } from '../../../shared/i18n/terminal-accounts.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { checkedAccess, namesIn, type AccessAsked } from '../../accounts/access.ts';
import { profiles } from '../../accounts/profile.ts';
import type { AccountAccess } from '../../store/account-tables.ts';
import { html, nothing, type Html } from '../html.ts';
import type { ActContext } from '../page.ts';
import { teller } from '../typeset.ts';

/** The fields that say what an account is for and how far it reaches, as last typed. */
export function accessFields(asked: AccessAsked, destinations: readonly string[], language: Language): Html {
  const say = teller(portalAccounts, language);
  const options = profiles.map(
    (profile) =>
      html`<option value="${profile}"${asked.profile === profile ? html` selected` : nothing}>${profileWords[profile][language]}</option>`,
  );
  const known = destinations.length === 0 ? '–' : destinations.join(', ');
  return html`<div><label for="profile">${say('profile')}</label><select class="field" id="profile" name="profile">${options}</select></div><div class="check"><input type="checkbox" id="administrator" name="administrator" value="1"${asked.administrator ? html` checked` : nothing} /><label for="administrator">${say('mayAdminister')}</label></div><div><label for="facilities">${say('facilities')} <span class="hint">${say('facilitiesHint')}</span></label><textarea class="field" id="facilities" name="facilities" spellcheck="false">${asked.facilities.join(' ')}</textarea></div><div><label for="destinations">${say('destinations')} <span class="hint">${say('destinationsHint', { known })}</span></label><input class="field" id="destinations" name="destinations" value="${asked.destinations.join(' ')}" /></div>`;
}

export function reasonField(language: Language, reason: string): Html {
  const say = teller(portalAccounts, language);
  return html`<div><label for="reason">${say('reason')} <span class="hint">${say('reasonHint')}</span></label><textarea class="field" id="reason" name="reason" required maxlength="500">${reason}</textarea></div>`;
}

export function accessAsked({ form }: ActContext): AccessAsked {
  return {
    ...{ profile: form('profile'), administrator: form('administrator') === '1' },
    ...{ facilities: namesIn(form('facilities')), destinations: namesIn(form('destinations')) },
  };
}

export function accessOf(context: ActContext, destinations: readonly string[]): AccountAccess {
  return checkedAccess(accessAsked(context), destinations);
}

export const nothingAsked: AccessAsked = {
  profile: 'hospital-admin',
  administrator: false,
  facilities: [],
  destinations: [],
};
