import { alertCauses, alertStateWords } from '../../../shared/i18n/alert-messages.ts';
import { errorTexts } from '../../../shared/i18n/errors.ts';
import { portalAlerts, type PortalAlertText } from '../../../shared/i18n/portal-alerts.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { feedNamed } from '../../../shared/feeds/registry.ts';
import type { WatchRules } from '../../monitor/settings.ts';
import type {
  AlertEvent,
  AlertEventKind,
  AlertMessage,
  AlertRow,
  AlertState,
} from '../../store/alert-tables.ts';
import { familyOf, isOfAgent } from '../../alerts/condition.ts';
import type { Glyph, Tone } from '../glyphs.ts';
import type { Html } from '../html.ts';
import { badge } from '../parts.ts';
import { teller } from '../typeset.ts';
import { momentWords } from '../words.ts';

/** Of alerts: state, cause, rule, who was told, as tables and journals say it. */
const marks: Readonly<Record<AlertState, { readonly tone: Tone; readonly glyph: Glyph }>> = {
  silent: { tone: 'silent', glyph: 's' },
  partial: { tone: 'part', glyph: 'p' },
  low: { tone: 'low', glyph: 'l' },
  held: { tone: 'held', glyph: 'q' },
  blocked: { tone: 'late', glyph: 't' },
  fault: { tone: 'silent', glyph: 's' },
};

export function alertBadge({ state }: AlertRow, language: Language): Html {
  return badge(marks[state].tone, marks[state].glyph, alertStateWords[state][language]);
}

export function siteWords(alert: AlertRow, names: ReadonlyMap<string, string>, language: Language): string {
  const tell = teller(portalAlerts, language);
  if (alert.kind === 'region') return tell('region', { n: alert.facts.remaining ?? alert.members.length });
  if (alert.destination !== null) return alert.destination;
  if (alert.facility !== null) return names.get(alert.facility) ?? alert.facility;
  return tell('receiver');
}

export function causeOf({ cause }: Pick<AlertRow, 'cause'>, language: Language): string {
  return alertCauses[cause].short[language];
}

/** Period and grace after which it is one. */
export function ruleWords(alert: AlertRow, rules: WatchRules, language: Language): string {
  const tell = teller(portalAlerts, language);
  if (isOfAgent(alert.cause)) return tell('ruleAgent');
  switch (familyOf(alert.cause)) {
    case 'absence': {
      const { graceMs } = rules.of(alert.facility ?? '');
      const minutes = graceMs / 60_000;
      const grace = minutes % 60 === 0 ? `${minutes / 60}\u00a0h` : `${minutes}\u00a0min`;
      const rhythm = feedNamed(alert.feed ?? '')?.rhythm;
      return rhythm?.every === 'minutes'
        ? tell('ruleMinutes', { minutes: rhythm.minutes ?? 60, grace })
        : tell('ruleDaily', { grace });
    }
    case 'content':
      return tell(alert.state === 'partial' ? 'ruleHours' : 'ruleContent');
    case 'held':
      return tell('ruleAtOnce');
    case 'other':
      return tell(alert.cause === 'destination-down' ? 'ruleAtOnce' : 'ruleDay');
  }
}

const roles: Readonly<Record<string, PortalAlertText>> = {
  ...{ region: 'roleRegion', facility: 'roleFacility', 'on-call': 'roleOnCall', agency: 'roleAgency' },
};

export function roleWords(role: string, language: Language): string {
  const name = roles[role];
  return name === undefined ? role : portalAlerts[name][language];
}

/** "région, hôpital (SMS)": who was written to, and is not only reached by a program. */
export function toldWords(messages: readonly AlertMessage[], language: Language): string {
  const say = teller(portalAlerts, language);
  const told = messages.filter(({ kind, state }) => kind !== 'recovery' && state !== 'withdrawn');
  const words = [...new Set(told.map(({ role }) => role))].sort(byRole).map((role) => {
    const word = roleWords(role, language);
    const bySms = told.some((each) => each.role === role && each.channel === 'sms');
    return bySms ? say('bySms', { role: word }) : word;
  });
  return words.join(', ');
}

function byRole(a: string, b: string): number {
  const order = ['region', 'facility', 'on-call', 'agency'];
  return order.indexOf(a) - order.indexOf(b);
}

const eventNames: Readonly<Record<AlertEventKind, PortalAlertText>> = {
  ...{ opened: 'evOpened', returned: 'evReturned', worse: 'evWorse', cause: 'evCause', told: 'evTold' },
  ...{ nobody: 'evNobody', reminded: 'evReminded', escalated: 'evEscalated', recovering: 'evRecovering' },
  ...{ again: 'evAgain', called: 'evCalled', taken: 'evTaken', released: 'evReleased', note: 'evNote' },
  ...{ closed: 'evClosed', recovered: 'evRecovered', grouped: 'evGrouped', undelivered: 'evUndelivered' },
};

export function eventWords({ kind, name, text }: AlertEvent, language: Language): string {
  const tell = teller(portalAlerts, language);
  return tell(eventNames[kind], { name: name ?? '', text: textOf(kind, text, language) });
}

/** Causes and roles are kept by their ids. */
function textOf(kind: AlertEventKind, text: string, language: Language): string {
  if (kind === 'cause') {
    const known = Object.entries(alertCauses).find(([cause]) => cause === text);
    return (known?.[1].short[language] ?? text).toLowerCase();
  }
  if (kind === 'told' || kind === 'reminded' || kind === 'escalated')
    return text
      .split(' ')
      .map((role) => roleWords(role, language))
      .join(', ');
  return text;
}

/** How a message fares. What was thrown is known by its code: its facts are in the log. */
export function outcomeWords(message: AlertMessage, now: number, language: Language): string {
  const tell = teller(portalAlerts, language);
  const at = momentWords(message.dueAt, now, language);
  const why = whyOf(message.code, language);
  switch (message.state) {
    case 'pending':
      return tell('statePending', { at });
    case 'sending':
      return tell('stateSending');
    case 'sent':
      return tell('stateSent');
    case 'failed':
      return tell('stateFailed', { at, why });
    case 'dead':
      return tell('stateDead', { why });
    case 'withdrawn':
      return tell('stateWithdrawn');
  }
}

function whyOf(code: string | null, language: Language): string {
  const text = code === null ? undefined : errorTexts[code];
  if (text === undefined) return code ?? '?';
  // Without its facts: "(…)" and names are left out.
  return text.message[language]
    .replace(/ ?\([^)]*\{[^)]*\)/g, '')
    .replace(/ ?\{\w+\}/g, '')
    .trim();
}
