import { portalDay } from '../../../shared/i18n/portal-day.ts';
import type { HandCount } from '../../store/care-tables.ts';
import { stateMarks as stateWords, causeTexts } from '../../../shared/i18n/terminal-watching.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { feedWords } from '../charts/feed-words.ts';
import { glyph } from '../glyphs.ts';
import { html, type Html, type HtmlPart } from '../html.ts';
import { facts, stateBadge } from '../parts.ts';
import type { SeenDay } from '../reads/facility-day.ts';
import { teller } from '../typeset.ts';
import { count, momentWords } from '../words.ts';
import { hoursWords } from './content-card.ts';

export interface DayPart {
  readonly seen: SeenDay;
  readonly feed: string;
  /** What a person counted while the facility wrote on paper. */
  readonly byHand: HandCount | undefined;
  readonly now: number;
  readonly language: Language;
  readonly to: (path: string) => string;
}

/** State, volumes and times of the day. */
export function dayFacts({ seen: { judged, parts }, feed, byHand, now, language }: DayPart): Html {
  const say = teller(portalDay, language);
  const held = parts.reduce((sum, part) => sum + part.count, 0);
  const rows: (readonly [HtmlPart, HtmlPart])[] = [];
  if (judged?.state != null) rows.push([say('state'), stateBadge(judged.state, language)]);
  rows.push([say('held1'), feedWords(feed, language).counted(held)]);
  if (byHand !== undefined)
    rows.push([
      html`${glyph('w')} ${say('byHand')}`,
      say('byHandText', {
        count: count(byHand.count, language),
        by: byHand.by,
        at: momentWords(byHand.at, now, language),
      }),
    ]);
  if (judged !== undefined) {
    const { expected, deadline, wholeAt, missingParts, cause } = judged;
    rows.push([say('expected'), expected === null ? say('notJudged') : say('floor', { ...expected })]);
    rows.push([say('dueAt'), momentWords(deadline, now, language)]);
    rows.push([
      say('wholeAt'),
      wholeAt === null
        ? say('notWhole')
        : wholeAt === 0
          ? say('beforeKnown')
          : momentWords(wholeAt, now, language),
    ]);
    if (held > 0) rows.push([say('emptyHours'), hoursWords(judged, language)]);
    if (missingParts.length > 0) rows.push([say('missingParts'), missingParts.join(', ')]);
    if (cause !== null) rows.push([say('cause'), causeTexts[cause].why[language]]);
  }
  return html`<div class="card pad"><h2>${say('known')}</h2>${facts(rows)}</div>`;
}

/** How its state changed, and why, the latest last. */
export function dayHistory({ seen: { transitions }, now, language }: DayPart): Html {
  const say = teller(portalDay, language);
  if (transitions.length === 0)
    return html`<div class="card pad"><h2>${say('history')}</h2><p class="muted">${say('noHistory')}</p></div>`;
  const lines = transitions.map(({ at, fromState, state, cause }) => {
    const to = stateWords[state][language];
    const change =
      fromState === null || fromState === state
        ? say(fromState === null ? 'became' : 'stayed', { state: to })
        : say('becameFrom', { from: stateWords[fromState][language], state: to });
    const why = cause === null ? '' : ` — ${causeTexts[cause].why[language]}`;
    return html`<li><time>${momentWords(at, now, language)}</time><span>${change}${why}</span></li>`;
  });
  return html`<div class="card"><div class="pad"><h2>${say('history')}</h2></div><ol class="log">${lines}</ol></div>`;
}

/** One line a part; a decision that waits is linked. */
export function dayParts({ seen: { parts }, feed, now, language, to }: DayPart): Html {
  const say = teller(portalDay, language);
  const caption = say('parts');
  const moment = (at: number | null): string =>
    at === null ? '—' : at === 0 ? say('beforeKnown') : momentWords(at, now, language);
  const rows = parts.map(
    ({ part, count: held, firstAt, settledAt, pending, pendingExport }) =>
      html`<tr><th scope="row">${part}</th><td class="num">${count(held, language)}</td><td>${moment(firstAt)}</td><td>${moment(settledAt)}</td><td>${
        pending === 0 || pendingExport === null
          ? '—'
          : html`<a href="${to(`/lots/${pendingExport}`)}">${count(pending, language)}</a>`
      }</td></tr>`,
  );
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${caption}"><table class="tab"><caption>${caption}</caption><thead><tr><th scope="col">${say('part')}</th><th scope="col" class="num">${feedWords(feed, language).noun}</th><th scope="col">${say('firstAt')}</th><th scope="col">${say('settledAt')}</th><th scope="col">${say('pending')}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** What waits for a person, before everything else. */
export function dayDecision({ seen: { parts, exports }, feed, language, to }: DayPart): readonly Html[] {
  const say = teller(portalDay, language);
  const link = (id: string): Html => html`<a href="${to(`/lots/${id}`)}">${say('decide')}</a>`;
  const suspended = parts.flatMap(({ pending, pendingExport }) =>
    pending === 0 || pendingExport === null
      ? []
      : [
          html`<p class="note held">${say('heldNote', { visits: feedWords(feed, language).counted(pending) })} ${link(pendingExport)}</p>`,
        ],
  );
  if (suspended.length > 0) return suspended;
  const whole = exports.find(({ state }) => state === 'held');
  return whole === undefined ? [] : [html`<p class="note held">${say('heldExport')} ${link(whole.id)}</p>`];
}
