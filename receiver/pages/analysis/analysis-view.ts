import type { FeedTally } from '../../../shared/feeds/feed.ts';
import { portalAnalysis } from '../../../shared/i18n/portal-analysis.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import { mondayOf, type Counted } from '../../quality/analyse.ts';
import { targetBar } from '../charts/target-bar.ts';
import { html, nothing, type Html } from '../html.ts';
import type { Answer, PageContext } from '../page.ts';
import { pageHead } from '../parts.ts';
import { count, dayWords, percent } from '../words.ts';
import type { Analysed } from './analysed.ts';
import { analysisForm } from './analysis-form.ts';
import { className, dimensionName, fullStop, hourName } from './analysis-words.ts';
import { chartNoun, countChart, type TimeCount } from './count-chart.ts';
import { addressOf, type Asked } from './question.ts';
import { colon, teller } from '../typeset.ts';

export function analysisView(context: PageContext, tally: FeedTally, analysed: Analysed): Answer {
  const { language, to } = context;
  const say = teller(portalAnalysis, language);
  const { asked, counted, uncounted } = analysed;
  const sentence = sentenceOf(analysed, language);
  const lede = [
    placesWords(analysed, language),
    ...filterWords(tally, asked, language),
    ...(analysed.before === undefined && counted.total > 0 ? [say('noCompare')] : []),
    ...(uncounted > 0 ? [say('uncounted', { n: count(uncounted, language) })] : []),
  ].join(' ');
  const file = `${to('/analyser.csv')}?${addressOf(asked, tally.dimensions).toString()}`;
  const aside = html`<div class="acts"><a class="btn" href="${file}">${say('download')}</a><a class="btn" href="${to('/extractions')}">${say('extract')}</a></div>`;
  const noun = chartNoun(asked.by, language);
  const body = html`${pageHead({ sentence, lede, aside })}<section class="sec" aria-label="${say('filters')}">${analysisForm(context, tally, analysed)}</section><section class="sec" aria-labelledby="h-chart"><div class="sech"><h2 id="h-chart">${noun}</h2></div><div class="card">${countChart(timesOf(asked, counted), asked.by, language)}</div></section><section class="sec">${splitTable(tally, asked.along, counted, language)}</section>`;
  return { kind: 'page', title: say('title'), body, nav: 'analysis' };
}

function sentenceOf({ asked, counted, before }: Analysed, language: Language): string {
  const say = teller(portalAnalysis, language);
  const period = {
    from: dayWords(asked.from, 'month', language),
    to: dayWords(asked.to, 'month', language),
  };
  if (counted.total === 0) return say('sentenceNone', period);
  const start = say('sentence', { ...period, count: count(counted.total, language) });
  if (before === undefined || before.total === 0) return fullStop(start);
  const change = counted.total / before.total - 1;
  const share = percent(Math.abs(change), language);
  if (Math.abs(change) < 0.0005) return start + say('same');
  return start + say(change > 0 ? 'more' : 'less', { share });
}

function placesWords({ asked, facilities }: Analysed, language: Language): string {
  const say = teller(portalAnalysis, language);
  const chosen =
    asked.facilities.length === 0
      ? facilities
      : facilities.filter(({ finess }) => asked.facilities.includes(finess));
  const [only] = chosen;
  return chosen.length === 1 && only !== undefined
    ? say('ledePlace', { name: only.name })
    : say('ledePlaces', { n: chosen.length });
}

/** A number means nothing without what it was asked of: on paper the form is not there. */
function filterWords(
  { dimensions }: FeedTally,
  { filters, hours }: Asked,
  language: Language,
): readonly string[] {
  const chosen = dimensions.flatMap(({ name, classes }) => {
    const indexes = name === 'hour' ? undefined : filters[name];
    if (indexes === undefined) return [];
    const names = [...indexes].map((index) => className(name, classes[index] ?? '', language));
    return [fullStop(`${dimensionName(name, language)}${colon(language)} ${names.join(', ')}`)];
  });
  if (hours === undefined) return chosen;
  const say = teller(portalAnalysis, language);
  return [...chosen, say('between', { from: hourName(hours[0]), to: hourName(hours[1]) })];
}

/** Every time of the period, those without a visit included. */
function timesOf({ from, to, by }: Asked, { times }: Counted): readonly TimeCount[] {
  if (by === 'hour') return [...times].map(([at, value]) => ({ at, count: value }));
  const step = by === 'week' ? 7 : 1;
  const start = by === 'week' ? mondayOf(from) : from;
  return Array.from({ length: Math.floor((to - start) / step) + 1 }, (_none, index) => {
    const at = (start + index * step) as Day;
    return { at, count: times.get(at) ?? 0 };
  });
}

function splitTable(
  { dimensions }: FeedTally,
  along: string,
  { classes, total }: Counted,
  language: Language,
): Html {
  const say = teller(portalAnalysis, language);
  const dimension = dimensions.find(({ name }) => name === along);
  if (dimension === undefined) return nothing;
  const counts = classes[along] ?? [];
  const whole = dimension.kind === 'many' ? (counts.at(-1) ?? 0) : total;
  const rows = dimension.classes.map((name, index) => {
    const value = counts[index] ?? 0;
    const share = whole === 0 ? 0 : value / whole;
    return html`<tr><th scope="row">${className(along, name, language)}</th><td class="num">${count(value, language)}</td><td class="num">${whole === 0 ? '—' : percent(share, language)}</td><td class="wide-only">${targetBar(share)}</td></tr>`;
  });
  const caption = say('split', { dimension: dimensionName(along, language) });
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${caption}"><table class="tab"><caption>${caption}</caption><thead><tr><th scope="col">${say('class')}</th><th scope="col" class="num">${say('visits')}</th><th scope="col" class="num">${say('share')}</th><th scope="col" class="wide-only">${say('level')}</th></tr></thead><tbody>${rows}</tbody></table>${
    dimension.kind === 'many' ? html`<p class="small muted pad">${say('syndromeNote')}</p>` : nothing
  }</div>`;
}
