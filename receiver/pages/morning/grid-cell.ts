import { portalGrid } from '../../../shared/i18n/portal-grid.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import type { WatchedDay } from '../../monitor/evaluate.ts';
import { stateMarks } from '../glyphs.ts';
import { html, type Html } from '../html.ts';
import { teller } from '../typeset.ts';

/** One day of one facility: the bar of what came against what was expected, and for what is not usual its mark and words. */
export interface CellPlace {
  /** Address of the facility's page. */
  readonly base: string;
  readonly language: Language;
  /** Visits of a usual day, where nothing is expected yet. */
  readonly usual: number;
  /** What a person counted while on paper: told beside the visits, in no bar. */
  readonly byHand?: number | undefined;
}

const tallest = 13;

// Closing tags and quotes that HTML leaves out are left out: a page holds a thousand cells.
export function gridCell(cell: WatchedDay, { base, language, usual, byHand }: CellPlace): Html {
  const { state, count, expected } = cell;
  const tell = teller(portalGrid, language);
  const height = `h${Math.min(tallest, Math.round((10 * count) / Math.max(1, expected?.median ?? usual)))}`;
  const classes = (...names: readonly string[]): string =>
    ['c', ...names].filter((name) => name !== '').join(' ');
  switch (state) {
    case null:
      return html`<td class="${count > 0 ? classes(height) : classes()}">${count > 0 ? count : html`<span class=sr>${tell('notDue')}</span>`}`;
    case 'received':
      return html`<td class="${classes(height)}">${count}`;
    case 'closed':
    case 'not-connected':
      return html`<td class="${classes(stateMarks[state].cell)}"><span class=sr>${tell(state)}</span>`;
    case 'late':
    case 'partial':
    case 'low':
    case 'silent':
    case 'held':
    case 'degraded': {
      const mark = stateMarks[state];
      const solid = state === 'silent' || state === 'held';
      const words = solid
        ? tell(state)
        : expected === null
          ? tell('counted', { state: tell(state), count })
          : tell('of', { state: tell(state), count, expected: expected.median });
      const written = state === 'degraded' && byHand !== undefined;
      const more = written ? `, ${tell('byHand', { count: byHand })}` : '';
      const shape = classes(mark.cell, ...(solid ? [] : [height]), ...(written ? ['w'] : []));
      return html`<td class="${shape}"><a href="${base}/jours/${dayToIso(cell.day)}"><svg class=g aria-hidden=true><use href="#${written ? 'w' : mark.glyph}"/></svg><span class=sr>${words}${more}</span></a>`;
    }
  }
}

/** Before the system knew of it, or after its facility became another one. */
export const emptyCell = html`<td class=c>`;
