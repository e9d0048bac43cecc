import { portalGrid } from '../../../shared/i18n/portal-grid.ts';
import { portalStates } from '../../../shared/i18n/portal-states.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { glyph } from '../glyphs.ts';
import { html, nothing, type Html } from '../html.ts';
import { teller } from '../typeset.ts';
import { capital } from '../words.ts';
import type { WatchState } from '../../store/watch-tables.ts';
import { stateMarks } from '../glyphs.ts';

const heights: Partial<Readonly<Record<WatchState, string>>> = {
  late: ' h10',
  partial: ' h6',
  low: ' h4',
  degraded: ' h6',
};

/** Beside the grid: every shape with its word; `byHand`: days on paper that a person counted are among them. */
export function legend(language: Language, byHand: boolean): Html {
  const tell = teller(portalGrid, language);
  const key = (state: WatchState, marked: boolean): Html =>
    html`<li><span class="key c ${stateMarks[state].cell}${heights[state] ?? ''}">${marked ? glyph(stateMarks[state].glyph) : nothing}</span>${capital(tell(state))}`;
  const written = html`<li><span class="key c m w h4">${glyph('w')}</span>${tell('legendByHand')}`;
  return html`<ul class="legend"><li><span class="key c h10"></span>${portalStates.received[language]} <span class="faint">${tell('legendHeight')}</span>${(
    ['late', 'partial', 'low', 'silent', 'held', 'degraded'] as const
  ).map((state) =>
    key(state, true),
  )}${(['closed', 'not-connected'] as const).map((state) => key(state, false))}${byHand ? written : nothing}</ul>`;
}
