import { html, nothing, type Html } from '../../pages/html.ts';
import { short, ticksUpTo, within } from '../../pages/charts/scale.ts';
import { count } from '../../pages/words.ts';
import type { Language } from '../../../shared/i18n/texts.ts';

/** One bar. null: there is nothing to draw, which is not zero; `mark`: why, or what it lacks. */
export interface Bar {
  readonly label: string;
  readonly value: number | null;
  readonly mark: string;
  /** Not whole: hatched, so that grey paper tells it too. */
  readonly isPartial: boolean;
  /** What it should be; null: nothing is known to expect. */
  readonly expected: number | null;
}

const [width, height, left, top, bottom] = [1000, 196, 44, 20, 160] as const;

/** A slot in which two numbers would run into those beside it. */
const narrow = 45;

/** Bars from zero on white paper, with their numbers; an absent one is a dashed frame. */
export function barChart(bars: readonly Bar[], title: string, language: Language): Html {
  const highest = bars.reduce((all, { value, expected }) => Math.max(all, value ?? 0, expected ?? 0), 0);
  const ticks = ticksUpTo(highest);
  const scale = ticks.at(-1) ?? 1;
  const y = (value: number): number => bottom - within(value, scale, bottom - top);
  const slot = (width - left) / Math.max(1, bars.length);
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}"><defs><pattern id="part" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/><path d="M0 0V6" stroke="#555" stroke-width="3"/></pattern></defs>${ticks.map(
    (tick) =>
      html`<path class="gl" d="M${left} ${short(y(tick))}H${width}"/><text x="${left - 6}" y="${short(y(tick) + 4)}" text-anchor="end">${count(tick, language)}</text>`,
  )}${bars.map((bar, index) => barOf(bar, left + index * slot, slot, y, language))}</svg>`;
}

function barOf(
  { label, value, mark, isPartial, expected }: Bar,
  x: number,
  slot: number,
  y: (value: number) => number,
  language: Language,
): Html {
  const size = Math.min(60, slot * 0.7);
  const isNarrow = slot < narrow;
  const from = x + (slot - size) / 2;
  const middle = short(x + slot / 2);
  const at = value === null ? bottom - 40 : y(value);
  const box = html`x="${short(from)}" y="${short(at)}" width="${short(size)}" height="${short(bottom - at)}"`;
  const drawn =
    value === null
      ? html`<rect class="none" ${box}/>`
      : html`<rect class="${isPartial ? 'part' : 'bar'}" ${box}/>`;
  const number = value === null ? '' : count(value, language);
  // A month's bars have room for one of the two: what is not whole is hatched, and listed below.
  const words = (isNarrow && number !== '' ? [number] : [number, mark])
    .filter((each) => each !== '')
    .join(' ');
  const due =
    expected === null
      ? nothing
      : html`<path class="due" d="M${short(from - size * 0.1)} ${short(y(expected))}h${short(size * 1.2)}"/>${isNarrow ? nothing : html`<text x="${middle}" y="${bottom + 31}" text-anchor="middle">(${count(expected, language)})</text>`}`;
  return html`${drawn}${due}${words === '' ? nothing : html`<text x="${middle}" y="${short(Math.min(at, expected === null ? at : y(expected)) - 5)}" text-anchor="middle">${words}</text>`}<text x="${middle}" y="${bottom + 18}" text-anchor="middle">${label}</text>`;
}

/** What the broken line across a bar, and the number in brackets below it, stand for. */
export function dueKey(words: string): Html {
  return html`<p class="small"><svg class="key" viewBox="0 0 32 8" aria-hidden="true"><path class="due" d="M0 4H32"/></svg> ${words}</p>`;
}

/** A share beside its number: as long as it is large. */
export function shareBar(share: number | null): Html {
  if (share === null) return nothing;
  return html`<svg class="share" viewBox="0 0 80 8" aria-hidden="true"><rect class="bar" width="${short(within(share, 1, 80))}" height="8"/></svg>`;
}
