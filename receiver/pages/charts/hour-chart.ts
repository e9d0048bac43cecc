import { portalCharts } from '../../../shared/i18n/portal-charts.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { html, nothing, type Html } from '../html.ts';
import { count as shownCount } from '../words.ts';
import { lineThrough, short, ticksUpTo, within } from './scale.ts';
import { teller } from '../typeset.ts';

export interface HourPoint {
  /** "02 h": of the hour that comes twice, told apart. */
  readonly name: string;
  readonly count: number;
  /** Mean of the same hour on other days; null: too few of them. */
  readonly usual: number | null;
  /** Empty, and it is not as a rule. */
  readonly missing: boolean;
}

export interface HourChartOptions {
  readonly language: Language;
  readonly noun: string;
  /** "jeudi 19 novembre 2026" */
  readonly day: string;
  readonly id: string;
}

const [top, bottom, left] = [10, 146, 34] as const;
const most = 1e12;
const variants = [
  { name: 'wide', width: 760, right: 754, every: 2 },
  { name: 'narrow', width: 340, right: 334, every: 6 },
] as const;

/** The hours of one day, 23 to 25 of them, against what they usually bring; twice drawn, and as a table. */
export function hourChart(given: readonly HourPoint[], options: HourChartOptions): Html {
  const own = (value: number): number => (Number.isFinite(value) ? Math.min(most, Math.max(0, value)) : 0);
  const points = given.map((point) => ({
    ...point,
    count: own(point.count),
    usual: point.usual === null ? null : own(point.usual),
  }));
  return html`<div class="pad">${variants.map((variant) => drawing(points, variant, options))}</div>${numbers(points, options)}`;
}

function drawing(
  points: readonly HourPoint[],
  { name, width, right, every }: (typeof variants)[number],
  options: HourChartOptions,
): Html {
  const { language, id } = options;
  const slot = (right - left) / Math.max(1, points.length);
  const highest = points.reduce((all, { count, usual }) => Math.max(all, count, usual ?? 0), 0);
  const ticks = ticksUpTo(highest, 3);
  const scale = ticks.at(-1) ?? 1;
  const y = (value: number): number => bottom - within(value, scale, bottom - top);
  const x = (index: number): number => left + (index + 0.5) * slot;
  const bar = slot * 0.66;
  const column = (index: number, from: number): string =>
    `M${short(x(index) - bar / 2)} ${bottom}V${short(from)}h${short(bar)}V${bottom}z`;
  const drawn = points.map(({ count }, index) => (count > 0 ? column(index, y(count)) : '')).join('');
  const empty = points.map(({ missing, usual }, index) =>
    missing ? column(index, Math.min(y(usual ?? 0), bottom - 18)) : '',
  );
  const crosses = points.map(({ missing }, index) =>
    missing ? `M${short(x(index) - 3)} ${bottom - 12}l6 6m0-6l-6 6` : '',
  );
  const usual = lineThrough(
    points.map((point, index) => (point.usual === null ? null : { x: x(index), y: y(point.usual) })),
  );
  const title = `${id}-${name}`;
  return html`<svg class="chart ${name}" viewBox="0 0 ${width} 172" role="img" aria-labelledby="${title}"><title id="${title}">${titleOf(points, options)}</title>${ticks.map(
    (tick) =>
      html`<path class="gl" d="M${left} ${short(y(tick))}H${right}"/><text x="${left - 7}" y="${short(y(tick) + 4)}" text-anchor="end">${shownCount(tick, language)}</text>`,
  )}${path('bk', drawn)}${path('bs', empty.join(''))}${path('gs', crosses.join(''))}${path('med', usual)}${points.map(
    (point, index) =>
      index % every === 0
        ? html`<text x="${short(x(index))}" y="164" text-anchor="middle">${point.name.slice(0, 2)}</text>`
        : nothing,
  )}</svg>`;
}

function path(name: string, d: string): Html {
  return d === '' ? nothing : html`<path class="${name}" d="${d}"/>`;
}

/** Runs of missing hours, each in a sentence. */
function titleOf(points: readonly HourPoint[], { language, noun, day }: HourChartOptions): string {
  const say = teller(portalCharts, language);
  const total = points.reduce((sum, { count }) => sum + count, 0);
  const runs: { from: number; to: number; usual: number }[] = [];
  for (const [index, { missing, usual }] of points.entries()) {
    if (!missing) continue;
    const last = runs.at(-1);
    if (last?.to === index) Object.assign(last, { to: index + 1, usual: last.usual + (usual ?? 0) });
    else runs.push({ from: index, to: index + 1, usual: usual ?? 0 });
  }
  const hour = (index: number): string => points[index]?.name.slice(0, 2) ?? '24';
  return [
    say('hourTitle', { noun, day, total: shownCount(total, language) }),
    ...runs.map(({ from, to, usual }) =>
      say('hourMissing', { from: hour(from), to: hour(to), usual: shownCount(usual, language) }),
    ),
  ].join(' ');
}

function numbers(points: readonly HourPoint[], { language, noun }: HourChartOptions): Html {
  const say = teller(portalCharts, language);
  const caption = say('hourCaption', { noun });
  const one = new Intl.NumberFormat(language === 'fr' ? 'fr-FR' : 'en-GB', { maximumFractionDigits: 1 });
  const rows = points.map(
    ({ name, count, usual, missing }) =>
      html`<tr><th scope="row">${name}</th><td class="num">${shownCount(count, language)}</td><td class="num">${usual === null ? '—' : one.format(usual)}</td><td>${missing ? say('noVisit') : nothing}</td></tr>`,
  );
  return html`<details class="tbl"><summary>${say('showNumbers')}</summary><div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="tab"><caption class="sr">${caption}</caption><thead><tr><th scope="col">${say('hour')}</th><th scope="col" class="num">${say('received')}</th><th scope="col" class="num">${say('usual')}</th><th scope="col">${say('lacking')}</th></tr></thead><tbody>${rows}</tbody></table></div></details>`;
}
