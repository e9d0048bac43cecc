import { html, type Html } from '../html.ts';
import { short, within } from './scale.ts';

const [width, height] = [112, 12] as const;

export interface TargetBarOptions {
  /** 0 to 1; none: nothing is asked of it. */
  readonly target?: number;
  /** Default: `late` under the target. */
  readonly tone?: '' | 'late' | 'silent';
}

/** A share (0 to 1) against its target. Hidden from readers: the numbers stand beside it. */
export function targetBar(share: number, { target, tone }: TargetBarOptions = {}): Html {
  const filled = within(share, 1, width);
  const shown = tone ?? (target !== undefined && share < target ? 'late' : '');
  const mark = target === undefined ? '' : `M${short(within(target, 1, width))} -1v14`;
  return html`<svg class="bar" viewBox="0 0 ${width} ${height}" aria-hidden="true"><rect class="bg" width="${width}" height="${height}" rx="2"/><rect class="${
    shown === '' ? 'fg' : `fg ${shown}`
  }" width="${short(filled)}" height="${height}" rx="2"/>${mark === '' ? '' : html`<path class="tg" d="${mark}"/>`}</svg>`;
}
