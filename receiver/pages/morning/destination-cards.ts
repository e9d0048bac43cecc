import { portalMorning } from '../../../shared/i18n/portal-morning.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { html, nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import { badge } from '../parts.ts';
import type { RegionSeen, SeenDestination } from '../reads/region-seen.ts';
import { teller } from '../typeset.ts';
import { count, momentWords } from '../words.ts';
import { answersOf, type Answers } from './deliveries.ts';
import { facilityWords } from './headline.ts';
import type { Tally } from './tally.ts';

/** Each agency in three lines: how it fares, what it last took, what comes next. */
export function destinationCards({ language, now, to }: PageContext, seen: RegionSeen, tally: Tally): Html {
  const tell = teller(portalMorning, language);
  const cards = seen.destinations.map((each) => {
    const answers = answersOf(tally, each.name);
    const lines = [...standLines(each, answers, now, language), ...queueLines(each, now, language)];
    const name = html`<a href="${to(`/destinations/${encodeURIComponent(each.name)}`)}">${each.owner}</a>`;
    return html`<div class="card pad dest"><div class="sech"><h3>${name}</h3><div class="right">${stateOf(each, language)}</div></div>${lines.map((line) => html`<p class="small muted">${line}</p>`)}</div>`;
  });
  const all = html`<a class="small" href="${to('/destinations')}">${tell('seeAll')}</a>`;
  const body =
    cards.length === 0
      ? html`<div class="card pad"><p class="muted">${tell('noDestinationText')}</p></div>`
      : html`<div class="cols three">${cards}</div>`;
  return html`<section class="sec" id="destinations" data-live="destinations" aria-labelledby="h-dest"><div class="sech"><h2 id="h-dest">${tell('destinations')}</h2>${cards.length === 0 ? nothing : all}</div>${body}</section>`;
}

function stateOf({ pausedBy, breaker, counts, nextAt }: SeenDestination, language: Language): Html {
  const tell = teller(portalMorning, language);
  if (pausedBy !== null) return badge('', 'd', tell('paused'));
  if (breaker !== 'closed') return badge('late', 't', tell('down'));
  if (counts.refused + counts.dead > 0) return badge('late', 's', tell('refusals'));
  if (nextAt !== null) return badge('', 't', tell('scheduled'));
  return counts.waiting > 0 ? badge('', 't', tell('onItsWay')) : badge('ok', 'k', tell('fine'));
}

function standLines(
  { pausedBy, breaker, since, failures, lastSentAt, counts }: SeenDestination,
  { lastAnswerAt, acknowledged }: Answers,
  now: number,
  language: Language,
): readonly string[] {
  const tell = teller(portalMorning, language);
  const when = momentWords(since, now, language);
  if (pausedBy !== null) return [tell('pausedSince', { person: pausedBy, since: when })];
  if (breaker !== 'closed') return [tell('failingSince', { since: when, count: failures })];
  const aside = counts.refused + counts.dead;
  const asideLine = aside === 0 ? [] : [tell('filesAside', { count: count(aside, language) })];
  if (lastAnswerAt !== null) {
    const facilities = facilityWords(acknowledged, language, true);
    return [
      tell('lastAcknowledged', { at: momentWords(lastAnswerAt, now, language), facilities }),
      ...asideLine,
    ];
  }
  return [
    lastSentAt === null
      ? tell('nothingSent')
      : tell('lastSent', { at: momentWords(lastSentAt, now, language) }),
    ...asideLine,
  ];
}

function queueLines(
  { breaker, pausedBy, nextAttemptAt, nextAt, counts }: SeenDestination,
  now: number,
  language: Language,
): readonly string[] {
  const tell = teller(portalMorning, language);
  const waiting =
    counts.waiting === 0 ? [] : [tell('filesWaiting', { count: count(counts.waiting, language) })];
  if (pausedBy !== null) return waiting;
  if (breaker !== 'closed' && nextAttemptAt > now)
    return [tell('retryAt', { at: momentWords(nextAttemptAt, now, language) }), ...waiting];
  return [
    nextAt === null ? tell('atOnce') : tell('nextAt', { at: momentWords(nextAt, now, language) }),
    ...waiting,
  ];
}
