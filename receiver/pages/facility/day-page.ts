import { isFiness } from '../../../shared/feeds/facility.ts';
import { portalDay } from '../../../shared/i18n/portal-day.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import {
  dayFromIso,
  dayOfInstant,
  dayToIso,
  instantToFrench,
  type Day,
} from '../../../shared/runtime/paris-time.ts';
import type { HandCount } from '../../store/care-tables.ts';
import type { WatchRules } from '../../monitor/settings.ts';
import { feedWords } from '../charts/feed-words.ts';
import { hourChart, type HourPoint } from '../charts/hour-chart.ts';
import { html, nothing, type Html } from '../html.ts';
import { missing, type Page, type PageContext } from '../page.ts';
import { pageHead } from '../parts.ts';
import type { HourSeen, SeenDay } from '../reads/facility-day.ts';
import type { JudgedFeed, Judging } from '../reads/facility-judgement.ts';
import type { SeenFacility } from '../reads/facility-reads.ts';
import { teller } from '../typeset.ts';
import { dayWords } from '../words.ts';
import { dayDecision, dayFacts, dayHistory, dayParts, type DayPart } from './day-facts.ts';
import { daySentence } from './day-sentence.ts';
import { dayDispatches, dayExports } from './day-tables.ts';
import { seenBy } from './facility-page.ts';
import { kicker } from './kicker.ts';
import { dayLink } from './volume-section.ts';

export interface DayPageDeps {
  readonly rules: WatchRules;
  readonly judging: Judging;
}

interface Known {
  readonly facility: SeenFacility;
  readonly feeds: readonly JudgedFeed[];
  readonly feed: JudgedFeed;
  readonly seen: SeenDay;
  readonly byHand: HandCount | undefined;
}

/** What do we hold for this day? Counts, files and their ways; no record and no list of them. */
export function createDayPage({ rules, judging }: DayPageDeps): Page {
  return {
    path: '/etablissements/:finess/jours/:date',
    see: seenBy,
    get: async (context) => {
      const { params, language } = context;
      const day = dayFromIso(params['date'] ?? '');
      const finess = params['finess'] ?? '';
      if (day === undefined || !isFiness(finess)) return missing;
      const known = await readDay(judging, context, finess, day);
      if (known === undefined) return missing;
      const title = teller(portalDay, language)('title', {
        name: known.facility.name,
        day: dayWords(day, 'short', language),
      });
      return {
        kind: 'page',
        title,
        body: dayBody(rules, context, known, day),
        nav: 'facilities',
        live: true,
      };
    },
  };
}

async function readDay(
  judging: Judging,
  { read, now, query }: PageContext,
  finess: string,
  day: Day,
): Promise<Known | undefined> {
  return read(async ({ facilities, care }) => {
    const facility = await facilities.named(finess);
    if (facility === undefined) return undefined;
    const feeds = await facilities.judged(finess, judging, { from: day, to: day, now });
    const asked = query.get('flux');
    const feed = asked === null ? feeds[0] : feeds.find((each) => each.feed === asked);
    if (feed === undefined) return undefined;
    const seen = await facilities.day(finess, feed, day, now);
    if (seen === undefined) return undefined;
    const counts = await care.handCountsOf(finess, day, day);
    return { facility, feeds, feed, seen, byHand: counts.find((each) => each.feed === feed.feed) };
  });
}

function dayBody(rules: WatchRules, context: PageContext, known: Known, day: Day): Html {
  const { facility, feeds, feed, seen, byHand } = known;
  const { language, now, viewer, to } = context;
  const say = teller(portalDay, language);
  const path = to(`/etablissements/${facility.finess}`);
  const words = feedWords(feed.feed, language);
  const held = seen.parts.reduce((sum, part) => sum + part.count, 0);
  const shown: DayPart = { seen, feed: feed.feed, byHand, now, language, to };
  const other = (on: number): string => dayLink(path, feed, dayToIso(on as Day));
  const nextDay =
    day < dayOfInstant(now) ? html`<a class="btn" href="${other(day + 1)}">${say('next')}</a>` : nothing;
  return html`<div data-live="jour">${pageHead({
    kicker: kicker({ facility, viewer, language, to, below: true }),
    sentence: daySentence({ day, judged: seen.judged, held, feed: feed.feed, now, language }),
    lede: ledeOf(rules, context, known, day),
    aside: html`<div class="acts"><a class="btn" href="${other(day - 1)}">${say('previous')}</a>${nextDay}</div>`,
  })}${feedChooser(feeds, feed, path, day, language)}${dayDecision(shown).map((note) => html`${note}`)}</div><section class="sec cols"><div class="stack"><div class="card"><div class="pad"><div class="sech"><h2>${say('hours', { noun: words.noun })}</h2><span class="small muted">${
    seen.learntDays === 0 ? say('noUsual') : say('usualText', { n: seen.learntDays })
  }</span></div></div>${hourChart(hourPoints(seen.hours, language), { language, noun: words.noun, day: dayWords(day, 'long', language), id: 'heures' })}</div>${dayParts(shown)}</div><div class="stack">${dayFacts(shown)}${dayHistory(shown)}</div></section><section class="sec" aria-label="${say('exports')}">${dayExports(shown)}</section><section class="sec" aria-label="${say('dispatches')}">${dayDispatches(shown)}</section>`;
}

function ledeOf(
  rules: WatchRules,
  { language }: PageContext,
  { facility, feed, seen }: Known,
  day: Day,
): string {
  const say = teller(portalDay, language);
  const lost = seen.judged?.missing ?? 0;
  const { length } = seen.hours;
  return [
    facility.name + '.',
    ...(rules.of(facility.finess).kinds.of(day).holiday ? [say('holiday')] : []),
    ...(length === 25 ? [say('clockBack')] : length === 23 ? [say('clockOn')] : []),
    ...(lost > 0 ? [say('missing', { visits: feedWords(feed.feed, language).counted(lost) })] : []),
  ].join(' ');
}

function feedChooser(
  feeds: readonly JudgedFeed[],
  chosen: JudgedFeed,
  path: string,
  day: Day,
  language: Language,
): Html {
  const say = teller(portalDay, language);
  if (feeds.length < 2) return nothing;
  return html`<p><span class="seg" role="group" aria-label="${say('feeds')}">${feeds.map(
    (each) =>
      html`<a href="${dayLink(path, each, dayToIso(day))}"${each === chosen ? html` aria-current="true"` : nothing}>${feedWords(each.feed, language).name}</a>`,
  )}</span></p>`;
}

/** Hours by their local names; of the one that comes twice, the second is marked. */
export function hourPoints(hours: readonly HourSeen[], language: Language): readonly HourPoint[] {
  let before = '';
  return hours.map(({ at, count, usual, missing: isMissing }) => {
    const hour = instantToFrench(at).slice(11, 13);
    const again = hour === before;
    before = hour;
    const name = language === 'fr' ? `${hour}\u202fh` : `${hour}:00`;
    return {
      name: again ? `${name} (${language === 'fr' ? 'bis' : 'again'})` : name,
      count,
      usual,
      missing: isMissing,
    };
  });
}
