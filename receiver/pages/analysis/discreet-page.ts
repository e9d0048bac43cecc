import type { Dimension, FeedTally } from '../../../shared/feeds/feed.ts';
import { portalAnalysis } from '../../../shared/i18n/portal-analysis.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { dayOfInstant, dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { mondayOf } from '../../quality/analyse.ts';
import { publishWeeks, type PublishedWeek } from '../../quality/discreet.ts';
import { targetBar } from '../charts/target-bar.ts';
import { html, nothing, type Html } from '../html.ts';
import type { Answer, PageContext } from '../page.ts';
import { pageHead } from '../parts.ts';
import { count, dayWords, percent } from '../words.ts';
import { alongField, dayField } from './analysis-form.ts';
import { className, dimensionName, fullStop } from './analysis-words.ts';
import { countChart } from './count-chart.ts';
import { readQuestion } from './question.ts';
import { teller } from '../typeset.ts';

const usualWeeks = 12;

/** Aggregates for whoever is shown no facility: whole weeks that have ended, of the whole region, one dimension at a time. */
export async function discreetPage(context: PageContext, tally: FeedTally, feed: string): Promise<Answer> {
  const { language, now, query, to } = context;
  const say = teller(portalAnalysis, language);
  const asked = readQuestion(query, tally.dimensions, now);
  const thisMonday = mondayOf(dayOfInstant(now));
  const last = Math.min(mondayOf((asked.to + 1) as Day), thisMonday) - 1;
  const first = Math.min(mondayOf(asked.from), last - 6);
  const isAsked = query.has('du');
  const from = (isAsked ? first : last - 7 * usualWeeks + 1) as Day;
  const until = last as Day;
  const weeks = await context.read(async ({ quality }) =>
    publishWeeks(tally.dimensions, await quality.regionCells(feed, from, until)),
  );
  const dimension = tally.dimensions.find(({ name }) => name === asked.along);
  const total = weeks.reduce((sum, week) => sum + (week.total ?? 0), 0);
  const period = { from: dayWords(from, 'month', language), to: dayWords(until, 'month', language) };
  const sentence =
    total === 0
      ? say('sentenceNone', period)
      : fullStop(say('sentence', { ...period, count: count(total, language) }));
  const form = html`<form class="card pad asks" action="${to('/analyser')}"><div class="filter-row">${dayField('du', say('from'), dayToIso(from))}${dayField('au', say('to'), dayToIso(until))}${alongField('selon', tally.dimensions, asked.along, language)}</div><div class="acts"><button class="btn main">${say('show')}</button></div></form>`;
  const points = weeks.map(({ monday, total: n }) => ({ at: monday, count: n }));
  const aside = html`<div class="acts"><a class="btn" href="${to('/extractions')}">${say('extract')}</a></div>`;
  const body = html`${pageHead({ sentence, lede: `${say('ledeRegion')} ${say('discreetNote')}`, aside })}<section class="sec" aria-label="${say('filters')}">${form}</section><section class="sec" aria-labelledby="h-chart"><div class="sech"><h2 id="h-chart">${say('chartWeek')}</h2></div><div class="card">${countChart(points, 'week', language)}</div></section>${
    dimension === undefined
      ? nothing
      : html`<section class="sec">${splitTable(dimension, weeks, language)}</section><section class="sec">${weekTable(dimension, weeks, language)}</section>`
  }`;
  return { kind: 'page', title: say('title'), body, nav: 'analysis' };
}

/** Sums of what is published, nothing else. */
function splitTable(
  { name, kind, classes }: Dimension,
  weeks: readonly PublishedWeek[],
  language: Language,
): Html {
  const say = teller(portalAnalysis, language);
  const sums = classes.map((_class, index) => {
    const values = weeks.map((week) => week.classes[name]?.[index] ?? null);
    const known = values.filter((value) => value !== null);
    return { sum: known.reduce((all, value) => all + value, 0), isWhole: known.length === values.length };
  });
  const whole = kind === 'many' ? (sums.at(-1)?.sum ?? 0) : sums.reduce((all, { sum }) => all + sum, 0);
  const rows = classes.map((each, index) => {
    const { sum, isWhole } = sums[index] ?? { sum: 0, isWhole: false };
    const shown = isWhole
      ? count(sum, language)
      : sum === 0
        ? say('masked')
        : say('atLeast', { n: count(sum, language) });
    const share = whole === 0 ? 0 : sum / whole;
    return html`<tr><th scope="row">${className(name, each, language)}</th><td class="num">${shown}</td><td class="num">${whole === 0 || !isWhole ? '—' : percent(share, language)}</td><td class="wide-only">${isWhole ? targetBar(share) : nothing}</td></tr>`;
  });
  const caption = say('split', { dimension: dimensionName(name, language) });
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${caption}"><table class="tab"><caption>${caption}</caption><thead><tr><th scope="col">${say('class')}</th><th scope="col" class="num">${say('visits')}</th><th scope="col" class="num">${say('share')}</th><th scope="col" class="wide-only">${say('level')}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function weekTable({ name, classes }: Dimension, weeks: readonly PublishedWeek[], language: Language): Html {
  const say = teller(portalAnalysis, language);
  const shown = (value: number | null): string => (value === null ? say('masked') : count(value, language));
  const caption = `${say('chartWeek')}, ${dimensionName(name, language)}`;
  const rows = weeks.map(
    ({ monday, total, classes: values }) =>
      html`<tr><th scope="row" class="nowrap">${say('weekOf', { day: dayWords(monday, 'month', language) })}</th><td class="num">${shown(total)}</td>${(values[name] ?? []).map((value) => html`<td class="num">${shown(value)}</td>`)}</tr>`,
  );
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${caption}"><table class="tab"><caption>${caption}</caption><thead><tr><th scope="col">${say('when')}</th><th scope="col" class="num">${say('visits')}</th>${classes.map((each) => html`<th scope="col" class="num">${className(name, each, language)}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
