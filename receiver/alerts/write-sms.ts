import { alertCauses, alertSms } from '../../shared/i18n/alert-messages.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import { instantToFrench } from '../../shared/runtime/paris-time.ts';
import type { AlertRow } from '../store/alert-tables.ts';
import { cutTo, septets, smsLength, toGsm } from './gsm.ts';
import type { MessageAbout } from './message-about.ts';

/** Below this many signs a name says nothing: the link goes first. */
const shortestName = 14;

/** One message of at most 160 signs: the name is cut, then the link left out. */
export function writeSms(
  alert: AlertRow,
  about: Pick<MessageAbout, 'kind' | 'language' | 'now'>,
  { site, link }: { readonly site: string; readonly link: string | undefined },
): string {
  const name = toGsm(site);
  const around = toGsm(sentence(alert, about, ''));
  for (const end of link === undefined ? [''] : [` ${toGsm(link)}`, '']) {
    const room = smsLength - septets(around) - septets(end);
    if (room >= Math.min(shortestName, septets(name)))
      return toGsm(sentence(alert, about, cutTo(name, room))) + end;
  }
  return cutTo(toGsm(sentence(alert, about, cutTo(name, shortestName))), smsLength);
}

export function writeTestSms(language: Language): string {
  return toGsm(alertSms.test[language]);
}

function sentence(
  alert: AlertRow,
  { kind, language, now }: Pick<MessageAbout, 'kind' | 'language' | 'now'>,
  site: string,
): string {
  const { facts, missing: n, days, since, cause } = alert;
  const say = (name: keyof typeof alertSms, more: Readonly<Record<string, string | number>> = {}): string =>
    fill(alertSms[name][language], { site, n, since: momentOf(since), ...more });
  if (kind === 'recovery')
    return alert.ending === 'person'
      ? say('closed', { name: alert.closedName ?? '' })
      : say('recovered', { at: momentOf(now).slice(6) });
  if (alert.kind === 'region') return say('region', { n: facts.remaining ?? alert.members.length });
  switch (alert.state) {
    case 'silent': {
      const agent = alertSms[facts.agent === 'alive' ? 'alive' : 'unheard'][language];
      return say('silent', { agent, last: momentOf(facts.lastAt ?? since) });
    }
    case 'partial':
    case 'low': {
      const last = days.at(-1);
      return say(alert.state, { days: last === undefined ? '' : momentOf(last * 86_400_000).slice(0, 5) });
    }
    case 'held':
      return say('held');
    case 'blocked':
      return say('blocked', { files: facts.files ?? 0 });
    case 'fault':
      return say('fault', { cause: alertCauses[cause].short[language] });
  }
}

/** "19/11 02:05", Paris. */
function momentOf(at: number): string {
  const local = instantToFrench(at);
  return `${local.slice(0, 5)} ${local.slice(11, 16)}`;
}
