import { html, type Html } from '../html.ts';
import { lineThrough, short } from './scale.ts';

const [width, height, left, top, bottom] = [84, 22, 3, 4, 18] as const;
const most = 12;

/** The last twelve values, the latest one dotted; null: not known. Hidden from readers: the number stands beside it. */
export function sparkline(values: readonly (number | null)[]): Html {
  const shown = values.slice(-most).map((value) => (value !== null && Number.isFinite(value) ? value : null));
  const known = shown.filter((value) => value !== null);
  const lowest = known.reduce((one, other) => Math.min(one, other), Infinity);
  const span = known.reduce((one, other) => Math.max(one, other), -Infinity) - lowest;
  const step = (width - 2 * left - 1) / (most - 1);
  // Few values end at the right, where today is.
  const first = most - shown.length;
  const points = shown.map((value, index) => {
    if (value === null) return null;
    // Far apart beyond what a number holds: the middle, as for equal ones.
    const share = span > 0 && Number.isFinite(span) ? (value - lowest) / span : 0.5;
    return { x: left + (first + index) * step, y: bottom - share * (bottom - top) };
  });
  const last = points.findLast((point) => point !== null);
  return html`<svg class="spark" viewBox="0 0 ${width} ${height}" aria-hidden="true"><path d="${lineThrough(points)}"/>${
    last == null ? '' : html`<circle cx="${short(last.x)}" cy="${short(last.y)}" r="2.4"/>`
  }</svg>`;
}
