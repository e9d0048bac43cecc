import { portalAgency } from '../../../shared/i18n/portal-agency.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { dayOfInstant, type Day } from '../../../shared/runtime/paris-time.ts';
import type { DestinationConfig } from '../../config-destinations.ts';
import type { WatchState } from '../../store/watch-tables.ts';
import { html, type Html } from '../html.ts';
import { stateBadge } from '../parts.ts';
import type { RegionSeen, SeenPair } from '../reads/region-seen.ts';
import { teller } from '../typeset.ts';
import { count, dayWords } from '../words.ts';

/** Facilities whose days these destinations are to have, and nothing of how to reach them. */
export function pairsFor(
  region: RegionSeen,
  destinations: readonly DestinationConfig[],
): readonly SeenPair[] {
  return region.pairs.filter(({ feed, facility }) =>
    destinations.some(
      (each) => each.feed === feed && (each.facilities === undefined || each.facilities.includes(facility)),
    ),
  );
}

/** Nothing to reserve about what is here, nor about who has never been connected. */
const unreserved: readonly (WatchState | null)[] = ['received', 'not-connected', null];

/** What an agency should know of the day before: who is late, low, cut short or absent. */
export function reservations(
  region: RegionSeen,
  destinations: readonly DestinationConfig[],
  language: Language,
): Html {
  const say = teller(portalAgency, language);
  const day = (dayOfInstant(region.at) - 1) as Day;
  const seen = pairsFor(region, destinations).flatMap((pair) => {
    const found = pair.days.find((each) => each.day === day);
    return found === undefined ? [] : [{ name: pair.name, ...found }];
  });
  const kept = seen.filter(({ state }) => !unreserved.includes(state));
  const title = say('reserves', { day: dayWords(day, 'weekday', language) });
  if (kept.length === 0)
    return html`<div class="card pad"><h2>${title}</h2><p class="small muted">${say(seen.length === 0 ? 'reservesUnknown' : 'reservesNone')}</p></div>`;
  return html`<div class="card"><div class="pad"><h2>${title}</h2></div><ol class="log">${kept.map(
    ({ state, name, count: visits, expected }) => {
      if (state === null || state === 'received' || state === 'not-connected') return '';
      const facts = {
        name,
        count: count(visits, language),
        expected: expected === null ? '—' : count(expected.median, language),
      };
      return html`<li><span>${stateBadge(state, language)}</span><span>${say(`reserve_${state}`, facts)}</span></li>`;
    },
  )}</ol></div>`;
}
