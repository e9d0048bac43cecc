import { stateMarks as stateWords } from '../../../shared/i18n/terminal-watching.ts';
import { portalCharts } from '../../../shared/i18n/portal-charts.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { weekdayOf } from '../../monitor/holidays.ts';
import type { WatchState } from '../../store/watch-tables.ts';
import { html, nothing, type Html } from '../html.ts';
import { count as shownCount, dayWords } from '../words.ts';
import { dayLabels } from './day-labels.ts';
import { barsOf } from './volume-bars.ts';
import type { VolumeOptions, VolumePoint } from './volume-point.ts';
import { volumeTitle } from './volume-title.ts';
import { lineThrough, short, ticksUpTo, within } from './scale.ts';
import { teller } from '../typeset.ts';

const [top, bottom, left] = [10, 196, 34] as const;
/** No facility has as many; beyond, a drawing would lose its numbers. */
const most = 1e12;
/** Thinner days are not told apart. */
const narrowestWeekday = 4;

interface Variant {
  readonly name: 'wide' | 'narrow';
  readonly width: number;
  /** Where the plot ends. */
  readonly right: number;
}
const wide: Variant = { name: 'wide', width: 1180, right: 1174 };
const narrow: Variant = { name: 'narrow', width: 340, right: 334 };

/**
 * Days in order, the latest at the right: twice drawn, since text must not shrink, and as a table that says the same.
 * The narrow drawing holds the last part of the period: 14 days of 30, 30 of 90, 90 of a year.
 */
export function volumeChart(given: readonly VolumePoint[], options: VolumeOptions): Html {
  const points = given.map(bounded);
  return html`<div class="pad">${drawing(points, wide, options)}${drawing(lastPart(points), narrow, options)}</div>${numbers(points, options)}`;
}

function lastPart(points: readonly VolumePoint[]): readonly VolumePoint[] {
  return points.slice(-(points.length <= 31 ? 14 : points.length <= 120 ? 30 : 90));
}

function bounded({ day, count, state, expected }: VolumePoint): VolumePoint {
  const own = (value: number): number => (Number.isFinite(value) ? Math.min(most, Math.max(0, value)) : 0);
  return {
    ...{ day, state, count: own(count) },
    expected:
      expected === null
        ? null
        : { median: own(expected.median), p10: own(expected.p10), p90: own(expected.p90) },
  };
}

function drawing(
  points: readonly VolumePoint[],
  { name, width, right }: Variant,
  options: VolumeOptions,
): Html {
  const { language, id } = options;
  const slot = (right - left) / Math.max(1, points.length);
  const highest = points.reduce(
    (all, { count, expected }) => Math.max(all, count, expected?.p90 ?? 0, expected?.median ?? 0),
    0,
  );
  const ticks = ticksUpTo(highest);
  const scale = ticks.at(-1) ?? 1;
  const y = (value: number): number => bottom - within(value, scale, bottom - top);
  const x = (index: number): number => left + (index + 0.5) * slot;
  const title = `${id}-${name}`;
  return html`<svg class="chart ${name}" viewBox="0 0 ${width} 236" role="img" aria-labelledby="${title}"><title id="${title}">${volumeTitle(points, options)}</title>${weekends(points, slot)}${ticks.map(
    (tick) =>
      html`<path class="gl" d="M${left} ${short(y(tick))}H${right}"/><text x="${left - 7}" y="${short(y(tick) + 4)}" text-anchor="end">${shownTick(tick, language)}</text>`,
  )}${barsOf(points, { slot, x, y, floor: bottom, ceiling: top })}${band(points, x, y)}${labels(points, slot, x, language)}</svg>`;
}

/** Room is scarce at the left: thousands and millions are abbreviated. */
function shownTick(tick: number, language: Language): string {
  return tick < 10_000
    ? shownCount(tick, language)
    : new Intl.NumberFormat(language === 'fr' ? 'fr-FR' : 'en-GB', { notation: 'compact' }).format(tick);
}

function weekends(points: readonly VolumePoint[], slot: number): Html {
  if (slot < narrowestWeekday) return nothing;
  const strips = points.flatMap(({ day }, index) =>
    weekdayOf(day) < 5
      ? []
      : [`M${short(left + index * slot)} ${top}h${short(slot)}V${bottom}h-${short(slot)}z`],
  );
  return strips.length === 0 ? nothing : html`<path class="wk" d="${strips.join('')}"/>`;
}

/** Where nothing is expected the band has a gap. */
function band(
  points: readonly VolumePoint[],
  x: (index: number) => number,
  y: (value: number) => number,
): Html {
  const runs: { index: number; expected: NonNullable<VolumePoint['expected']> }[][] = [];
  let before = false;
  for (const [index, { expected }] of points.entries()) {
    if (expected !== null) {
      if (!before) runs.push([]);
      runs.at(-1)?.push({ index, expected });
    }
    before = expected !== null;
  }
  if (runs.length === 0) return nothing;
  const area = runs.map((run) => {
    const above = run.map(({ index, expected }) => ({ x: x(index), y: y(expected.p90) }));
    const below = run.map(({ index, expected }) => ({ x: x(index), y: y(expected.p10) })).reverse();
    return `${lineThrough([...above, ...below])}Z`;
  });
  const middle = lineThrough(
    points.map(({ expected }, index) => (expected === null ? null : { x: x(index), y: y(expected.median) })),
  );
  return html`<path class="band" d="${area.join('')}"/><path class="med" d="${middle}"/>`;
}

function labels(
  points: readonly VolumePoint[],
  slot: number,
  x: (index: number) => number,
  language: Language,
): Html {
  const days = points.map(({ day }) => day);
  const last = days.length - 1;
  return html`${dayLabels(days, slot, language).map(({ index, text, month }) => {
    // The text of the last bar stays within the drawing.
    const [at, anchor] =
      index === last && slot < 26 ? [left + days.length * slot, 'end'] : [x(index), 'middle'];
    const line = (y: number, words: string): Html =>
      html`<text x="${short(at)}" y="${y}" text-anchor="${anchor}">${words}</text>`;
    return html`${line(214, text)}${month === null ? nothing : line(229, month)}`;
  })}`;
}

function numbers(points: readonly VolumePoint[], { language, noun, dayPath }: VolumeOptions): Html {
  const say = teller(portalCharts, language);
  const caption = say('tableCaption', { noun });
  const rows = points.toReversed().map(({ day, count, state, expected }) => {
    const name = dayWords(day, 'short', language);
    return html`<tr><th scope="row">${dayPath === undefined ? name : html`<a href="${dayPath(day)}">${name}</a>`}<td class="num">${
      isAbsent(state, count) ? '—' : shownCount(count, language)
    }<td class="num">${expected === null ? '—' : shownCount(expected.median, language)}<td>${stateWord(state, language)}`;
  });
  return html`<details class="tbl"><summary>${say('showNumbers')}</summary><div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="tab"><caption class="sr">${caption}</caption><thead><tr><th scope="col">${say('day')}</th><th scope="col" class="num">${say('received')}</th><th scope="col" class="num">${say('expected')}</th><th scope="col">${say('state')}</th></tr></thead><tbody>${rows}</tbody></table></div></details>`;
}

/** Nothing came, which is not the same as a count of zero. */
export function isAbsent(state: WatchState | null, count: number): boolean {
  return (
    count === 0 && (state === 'silent' || state === 'not-connected' || state === 'closed' || state === null)
  );
}

export function stateWord(state: WatchState | null, language: Language): string {
  return state === null ? portalCharts.pending[language] : stateWords[state][language];
}
