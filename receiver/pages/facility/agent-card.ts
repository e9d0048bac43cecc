import { portalFacility } from '../../../shared/i18n/portal-facility.ts';
import { portalKeys } from '../../../shared/i18n/portal-keys.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { counted } from '../counted.ts';
import { html, nothing, type Html, type HtmlPart } from '../html.ts';
import { badge, facts } from '../parts.ts';
import type { SeenAgent } from '../reads/facility-agents.ts';
import { teller } from '../typeset.ts';
import { momentWords } from '../words.ts';
import { card } from './card.ts';
import { lengthWords, sizeWords } from './spans.ts';

const dayMs = 86_400_000;
/** Said from a month on. */
const soonDays = 30;
/** A clock further out than this spoils EXTRACT. */
const clockMs = 60_000;

/** Does the agent answer? Its own facts, apart from whether files come. */
export function agentCard(agents: readonly SeenAgent[], now: number, language: Language): Html {
  const say = teller(portalFacility, language);
  const [first] = agents;
  if (first === undefined)
    return card(
      say('agentCard'),
      badge('', 'd', say('none')),
      html`<p class="muted">${say('noAgentText')}</p>`,
    );
  const several = agents.length > 1;
  return card(
    say('agentCard'),
    // The one that fares worst speaks for all.
    agentBadge(agents.toSorted((one, other) => rank(one) - rank(other))[0] ?? first, language),
    html`${agents.map((agent) => html`${several ? html`<h3>${agent.name} ${agentBadge(agent, language)}</h3>` : nothing}${facts(rowsOf(agent, now, language))}`)}`,
  );
}

function rank({ status, alive, paused }: SeenAgent): number {
  if (status !== 'active') return 3;
  return alive ? (paused === null ? 2 : 1) : 0;
}

function agentBadge({ status, alive, paused }: SeenAgent, language: Language): Html {
  const say = teller(portalFacility, language);
  if (status === 'invited') return badge('', 'd', say('invited'));
  if (status === 'revoked') return badge('', 's', say('revoked'));
  if (!alive) return badge('silent', 's', say('no'));
  return paused === null ? badge('ok', 'k', say('yes')) : badge('late', 'q', say('paused'));
}

function rowsOf(
  agent: SeenAgent,
  now: number,
  language: Language,
): readonly (readonly [HtmlPart, HtmlPart])[] {
  const say = teller(portalFacility, language);
  const { lastSeenAt, version, pending, oldestPendingAt, paused, pausedSince } = agent;
  const since = (what: string, at: number | null): string =>
    at === null ? what : say('since', { what, at: momentWords(at, now, language) });
  if (lastSeenAt === undefined)
    return [[say('lastSeen'), say('neverSeen')], ...certificateRow(agent, now, language)];
  return [
    [say('lastSeen'), seenWords(lastSeenAt, now, language)],
    [say('version'), version ?? say('unknown')],
    ...rolledBackRow(agent, now, language),
    [say('waiting'), since(counted(pending, 'envelope', language), pending === 0 ? null : oldestPendingAt)],
    [
      say('disk'),
      agent.freeDiskBytes === null
        ? say('unknown')
        : say('free', { size: sizeWords(agent.freeDiskBytes, language) }),
    ],
    ...certificateRow(agent, now, language),
    ...(paused === null
      ? []
      : [[say('takesNone'), since(say('pausedFor', { code: paused }), pausedSince)] as const]),
    ...clockRow(agent, language),
  ];
}

function rolledBackRow(
  { rolledBack }: SeenAgent,
  now: number,
  language: Language,
): readonly (readonly [HtmlPart, HtmlPart])[] {
  if (rolledBack === null) return [];
  const { version, at } = rolledBack;
  const words = teller(portalKeys, language)('rolledBack', { version, at: momentWords(at, now, language) });
  return [[teller(portalFacility, language)('update'), badge('late', 't', words)]];
}

function seenWords(at: number, now: number, language: Language): string {
  const age = now - at;
  return age < dayMs
    ? teller(portalFacility, language)('ago', { time: lengthWords(age, language) })
    : momentWords(at, now, language);
}

function certificateRow(
  { certificateUntil }: SeenAgent,
  now: number,
  language: Language,
): readonly (readonly [HtmlPart, HtmlPart])[] {
  if (certificateUntil === null) return [];
  const say = teller(portalFacility, language);
  const days = Math.floor((certificateUntil - now) / dayMs);
  const words = say(days < 0 ? 'expired' : 'expiresIn', { days: counted(Math.abs(days), 'day', language) });
  const shown = days < 0 ? badge('silent', 's', words) : days < soonDays ? badge('late', 't', words) : words;
  return [[say('certificate'), shown]];
}

function clockRow(
  { clockOffsetMs }: SeenAgent,
  language: Language,
): readonly (readonly [HtmlPart, HtmlPart])[] {
  if (clockOffsetMs === null || Math.abs(clockOffsetMs) < clockMs) return [];
  const say = teller(portalFacility, language);
  const time = lengthWords(Math.abs(clockOffsetMs), language);
  return [[say('clock'), badge('late', 't', say(clockOffsetMs > 0 ? 'ahead' : 'behind', { time }))]];
}
