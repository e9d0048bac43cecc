import { portalFacility } from '../../../shared/i18n/portal-facility.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import type { WatchedDay } from '../../monitor/evaluate.ts';
import { feedWords } from '../charts/feed-words.ts';
import { html, nothing, type Html, type HtmlPart } from '../html.ts';
import { badge, facts } from '../parts.ts';
import type { JudgedFeed } from '../reads/facility-judgement.ts';
import { teller } from '../typeset.ts';
import { capital, count, dayWords } from '../words.ts';
import { card } from './card.ts';

/** A share of the day beside what is usual; what nobody counts has no row. */
export interface UsualShare {
  readonly name: string;
  readonly value: string;
  readonly usual: string | undefined;
}

/** Is what came plausible? The latest day that brought something, against the facility's own past. */
export function contentCard(
  { feed, days }: JudgedFeed,
  shares: readonly UsualShare[],
  language: Language,
): Html {
  const say = teller(portalFacility, language);
  const latest = days.findLast(({ state, count: n }) => state !== null && n > 0);
  if (latest === undefined)
    return card(
      say('contentCard'),
      badge('', 'd', say('notYet')),
      html`<p class="muted">${say('noExport')}</p>`,
    );
  const { expected } = latest;
  const rows: (readonly [HtmlPart, HtmlPart])[] = [
    [capital(dayWords(latest.day, 'weekday', language)), volumeWords(feed, latest, language)],
  ];
  if (expected !== null) rows.push([say('usually'), say('range', { ...expected })]);
  rows.push([say('emptyHours'), hoursWords(latest, language)]);
  if (latest.missingParts.length > 0) rows.push([say('missingParts'), latest.missingParts.join(', ')]);
  for (const { name, value, usual } of shares)
    rows.push([
      name,
      html`${value}${usual === undefined ? nothing : html` <span class="faint">${usual}</span>`}`,
    ]);
  return card(
    say('contentCard'),
    answer(latest, language),
    html`${facts(rows)}${expected === null ? html`<p class="small muted">${say('underHistory')}</p>` : nothing}`,
  );
}

function volumeWords(feed: string, { count: n, expected }: WatchedDay, language: Language): string {
  const visits = feedWords(feed, language).counted(n);
  return expected === null
    ? visits
    : teller(portalFacility, language)('ofExpected', { visits, expected: count(expected.median, language) });
}

export function hoursWords({ stretches }: Pick<WatchedDay, 'stretches'>, language: Language): string {
  const say = teller(portalFacility, language);
  if (stretches.length === 0) return say('noneEmpty');
  return stretches.map(({ from, to, usual }) => say('hours', { from, to, usual })).join(' ; ');
}

function answer({ state, expected }: WatchedDay, language: Language): Html {
  const say = teller(portalFacility, language);
  if (state === 'low') return badge('low', 'l', say('no'));
  if (state === 'partial' || state === 'degraded') return badge('part', 'p', say('toCheck'));
  if (state === 'held') return badge('held', 'q', say('toDecide'));
  return expected === null ? badge('', 'd', say('notJudged')) : badge('ok', 'k', say('yes'));
}
