import { portalAccounts } from '../../../shared/i18n/portal-accounts.ts';
import { profileWords } from '../../../shared/i18n/terminal-accounts.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { badge } from '../parts.ts';
import type { Html } from '../html.ts';
import type { AccountShown } from '../reads/account-reads.ts';
import { hourWords } from '../words.ts';
import { teller } from '../typeset.ts';

/** What an account is and may, in words. */
export function profileText(
  { profile, administrator }: Pick<AccountShown, 'profile' | 'administrator'>,
  language: Language,
): string {
  const word = profileWords[profile][language];
  return administrator ? `${word}, ${portalAccounts.administrator[language]}` : word;
}

export function scopeText({ profile, facilities, destinations }: AccountShown, language: Language): string {
  const scope = profile === 'agency' ? destinations : facilities;
  return scope === 'all' ? portalAccounts.everything[language] : scope.join(', ');
}

export function sessionsText({ sessions }: AccountShown, language: Language): string {
  const say = teller(portalAccounts, language);
  if (sessions === 0) return say('noSession');
  return sessions === 1 ? say('oneSession') : say('manySessions', { count: sessions });
}

export type AccountState = 'active' | 'locked' | 'disabled' | 'new';

export function stateOf({ disabledAt, lockedUntil, mustChange }: AccountShown, now: number): AccountState {
  if (disabledAt !== null) return 'disabled';
  if (lockedUntil !== null && lockedUntil > now) return 'locked';
  return mustChange ? 'new' : 'active';
}

export function accountStateText(account: AccountShown, now: number, language: Language): string {
  const say = teller(portalAccounts, language);
  switch (stateOf(account, now)) {
    case 'active':
      return say('stateActive');
    case 'locked':
      return say('stateLocked', { until: hourWords(account.lockedUntil ?? now) });
    case 'disabled':
      return say('stateDisabled');
    case 'new':
      return say('stateNew');
  }
}

const marks = {
  active: ['ok', 'k'],
  locked: ['late', 't'],
  disabled: ['', 'd'],
  new: ['part', 'p'],
} as const;

export function accountBadge(account: AccountShown, now: number, language: Language): Html {
  const [tone, mark] = marks[stateOf(account, now)];
  return badge(tone, mark, accountStateText(account, now, language));
}
