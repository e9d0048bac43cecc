import { portalAnalysis } from '../../../shared/i18n/portal-analysis.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import type { Question } from '../../quality/analyse.ts';
import { short, ticksUpTo, within } from '../charts/scale.ts';
import { html, type Html } from '../html.ts';
import { count as shownCount, dayWords } from '../words.ts';
import { hourName, timeName } from './analysis-words.ts';
import { teller } from '../typeset.ts';

/** A number at a time; null: not told. */
export interface TimeCount {
  readonly at: number;
  readonly count: number | null;
}

const [top, bottom, left] = [10, 196, 52] as const;
const nouns = { day: 'chartDay', week: 'chartWeek', hour: 'chartHour' } as const;
const labelPx = 64;

/** Bars in order of time, drawn wide and narrow, then the same in numbers. */
export function countChart(points: readonly TimeCount[], by: Question['by'], language: Language): Html {
  return html`<div class="pad">${drawing(points, by, language, 'wide')}${drawing(points, by, language, 'narrow')}</div>${numbers(points, by, language)}`;
}

export function chartNoun(by: Question['by'], language: Language): string {
  return portalAnalysis[nouns[by]][language];
}

function drawing(
  points: readonly TimeCount[],
  by: Question['by'],
  language: Language,
  name: 'wide' | 'narrow',
): Html {
  const width = name === 'wide' ? 1180 : 340;
  const slot = (width - 6 - left) / Math.max(1, points.length);
  const ticks = ticksUpTo(points.reduce((most, { count }) => Math.max(most, count ?? 0), 0));
  const scale = ticks.at(-1) ?? 1;
  const y = (value: number): number => bottom - within(value, scale, bottom - top);
  const bar = Math.min(24, slot * 0.7);
  const path = points
    .map(({ count }, index) => {
      if (count === null || count === 0) return '';
      const x = left + (index + 0.5) * slot - bar / 2;
      return `M${short(x)} ${short(y(count))}h${short(bar)}V${bottom}h-${short(bar)}z`;
    })
    .join('');
  const every = Math.max(1, Math.ceil(labelPx / slot));
  const labels = points.flatMap(({ at }, index) =>
    index % every === 0 && (index + 0.5) * slot + labelPx / 2 < width - left
      ? [
          html`<text x="${short(left + (index + 0.5) * slot)}" y="214" text-anchor="middle">${shortTime(by, at, language)}</text>`,
        ]
      : [],
  );
  const id = `analysis-${name}`;
  return html`<svg class="chart ${name}" viewBox="0 0 ${width} 226" role="img" aria-labelledby="${id}"><title id="${id}">${chartTitle(points, by, language)}</title>${ticks.map(
    (tick) =>
      html`<path class="gl" d="M${left} ${short(y(tick))}H${width - 6}"/><text x="${left - 7}" y="${short(y(tick) + 4)}" text-anchor="end">${shownCount(tick, language)}</text>`,
  )}<path class="bk" d="${path}"/>${labels}</svg>`;
}

function chartTitle(points: readonly TimeCount[], by: Question['by'], language: Language): string {
  const known = points.flatMap(({ at, count }) => (count === null ? [] : [{ at, count }]));
  const highest = known.reduce<{ at: number; count: number } | undefined>(
    (most, each) => (most === undefined || each.count > most.count ? each : most),
    undefined,
  );
  if (highest === undefined) return chartNoun(by, language);
  const lowest = known.reduce((least, { count }) => Math.min(least, count), Infinity);
  return teller(portalAnalysis, language)('chartTitle', {
    noun: chartNoun(by, language),
    lowest: shownCount(lowest, language),
    highest: shownCount(highest.count, language),
    when: timeName(by, highest.at, language),
  });
}

function shortTime(by: Question['by'], at: number, language: Language): string {
  return by === 'hour' ? hourName(at) : dayWords(at as Day, 'month', language);
}

function numbers(points: readonly TimeCount[], by: Question['by'], language: Language): Html {
  const say = teller(portalAnalysis, language);
  const caption = chartNoun(by, language);
  const rows = points.map(
    ({ at, count }) =>
      html`<tr><th scope="row">${timeName(by, at, language)}</th><td class="num">${
        count === null ? say('masked') : shownCount(count, language)
      }</td></tr>`,
  );
  return html`<details class="tbl"><summary>${say('showNumbers')}</summary><div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="tab"><caption class="sr">${caption}</caption><thead><tr><th scope="col">${say('when')}</th><th scope="col" class="num">${say('visits')}</th></tr></thead><tbody>${rows}</tbody></table></div></details>`;
}
