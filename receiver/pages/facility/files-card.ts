import { feedNamed } from '../../../shared/feeds/registry.ts';
import { portalFacility } from '../../../shared/i18n/portal-facility.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import type { FacilityRules } from '../../monitor/settings.ts';
import { dayDashes } from '../charts/dashes.ts';
import type { Html } from '../html.ts';
import { badge, facts } from '../parts.ts';
import type { JudgedFeed } from '../reads/facility-judgement.ts';
import { teller } from '../typeset.ts';
import { momentWords } from '../words.ts';
import { card } from './card.ts';
import { lengthWords } from './spans.ts';

export interface CardInput {
  readonly feed: JudgedFeed;
  readonly rules: FacilityRules;
  readonly today: Day;
  readonly now: number;
  readonly language: Language;
}

const shownDays = 14;

/** Do its files arrive, and when they should? */
export function filesCard({ feed, rules, today, now, language }: CardInput): Html {
  const say = teller(portalFacility, language);
  const rhythm = feedNamed(feed.feed)?.rhythm;
  const days = feed.days.filter(({ day }) => day >= today - shownDays && day < today + 1).slice(-shownDays);
  const last = feed.pair.lastReceptionAt;
  const due =
    rhythm?.every === 'minutes'
      ? say('dueEvery', { n: rhythm.minutes ?? '—' })
      : say('dueDaily', { time: rules.before ?? rhythm?.before ?? '—' });
  return card(
    say('filesCard'),
    answer(feed, language),
    facts([
      [say('due'), due],
      [say('grace'), lengthWords(rules.graceMs, language)],
      [say('lastDrop'), last === null || last === 0 ? say('neverSeen') : momentWords(last, now, language)],
      [
        say('lastDays', { n: shownDays }),
        dayDashes(
          days.map(({ state }) => state),
          language,
        ),
      ],
    ]),
  );
}

/** Of the latest day that was due. */
function answer({ days }: JudgedFeed, language: Language): Html {
  const say = teller(portalFacility, language);
  const latest = days.findLast(({ state }) => state !== null);
  switch (latest?.state) {
    case undefined:
    case null:
    case 'not-connected':
      return badge('', 'd', say('notYet'));
    case 'silent':
      return badge('silent', 's', say('no'));
    case 'partial':
    case 'degraded':
      return badge('part', 'p', say('partly'));
    case 'late':
      return badge('late', 't', say('late'));
    case 'received':
    case 'low':
    case 'held':
    case 'closed':
      return badge('ok', 'k', say('yes'));
  }
}
