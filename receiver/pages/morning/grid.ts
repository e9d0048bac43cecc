import { portalGrid } from '../../../shared/i18n/portal-grid.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import type { DayKinds } from '../../monitor/day-kinds.ts';
import type { WatchedDay } from '../../monitor/evaluate.ts';
import { html, nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import type { RegionSeen, SeenPair } from '../reads/region-seen.ts';
import { territoryOf } from '../territory.ts';
import { teller } from '../typeset.ts';
import { count } from '../words.ts';
import { emptyCell, gridCell } from './grid-cell.ts';
import { filterPath, isIn, manyFacilities, spans, type GridFilter } from './grid-filter.ts';
import { gridColumns, gridHead, phoneDays, type GridDays } from './grid-head.ts';
import { legend } from './grid-legend.ts';
import { facilityWords } from './headline.ts';
import { isDaily, type Tally } from './tally.ts';

export interface GridParts {
  readonly seen: RegionSeen;
  readonly tally: Tally;
  readonly filter: GridFilter;
  readonly kinds: DayKinds;
}

const wholeDays = 30;
const byName = new Intl.Collator('fr', { numeric: true });

/** Facilities by visit day: a real table, grouped by territory, whose exceptions are links. */
export function facilityGrid({ language, to }: PageContext, { seen, tally, filter, kinds }: GridParts): Html {
  const tell = teller(portalGrid, language);
  const days = Array.from({ length: filter.days }, (_none, at) => (tally.day - filter.days + 1 + at) as Day);
  const grid: GridDays = { days, kinds, language, to };
  const all = seen.pairs.filter(isDaily).filter(({ facility }) => isIn(facility, filter.territory));
  const rows = all.filter(({ facility }) => filter.state !== 'a-traiter' || tally.toTreat.has(facility));
  const table = html`<div class="gridbox" tabindex="0" role="region" aria-label="${tell('region')}"><table class="grid${tableClass(filter)}" id="grille" data-live="grille"><caption class="sr">${tell('caption', { days: filter.days })}</caption>${gridColumns(grid)}${gridHead(grid, wholeDays)}${groups(rows, grid, filter)}</table></div>`;
  const shown = rows.length === 0 ? html`<p class="pad muted">${tell('none')}</p>` : table;
  const heading = tell('heading', {
    days: filter.days,
    facilities: facilityWords(new Set(all.map(({ facility }) => facility)).size, language, true),
  });
  return html`<section class="sec" id="jours" aria-labelledby="h-grid"><div class="sech"><h2 id="h-grid">${heading}</h2>${filters(filter, language, to)}</div>${shortened(all.length, filter, language)}<div class="card">${shown}${legend(
    language,
    rows.some((pair) => days.some((day) => pair.byHand.has(day))),
  )}</div></section>`;
}

function tableClass({ state, days }: GridFilter): string {
  return `${state === 'chiffres' ? ' nums' : ''}${days < 30 ? ' few' : days > 30 ? ' many' : ''}`;
}

function filters(filter: GridFilter, language: Language, to: (path: string) => string): Html {
  const tell = teller(portalGrid, language);
  const link = (change: Partial<GridFilter>, current: boolean, word: string): Html =>
    html`<a href="${to(filterPath(filter, change))}"${current ? html` aria-current="true"` : nothing}>${word}</a>`;
  const states = [
    link({ state: 'tous' }, filter.state === 'tous', tell('all')),
    link({ state: 'a-traiter' }, filter.state === 'a-traiter', tell('toTreat')),
    link({ state: 'chiffres' }, filter.state === 'chiffres', tell('figures')),
  ];
  const periods = spans
    .filter((days) => days !== 14 || filter.days === 14)
    .map((days) => link({ days, chosen: true }, filter.days === days, tell('daysShort', { days })));
  const whole =
    filter.territory === undefined
      ? nothing
      : html`<a class="small" href="${to(filterPath(filter, { territory: undefined }))}">${tell('wholeRegion')}</a>`;
  return html`<div class="right">${whole}<span class="seg" role="group" aria-label="${tell('filter')}">${states}</span><span class="seg wide" role="group" aria-label="${tell('period')}">${periods}</span></div>`;
}

function shortened(rows: number, { days, territory }: GridFilter, language: Language): Html {
  if (rows <= manyFacilities || days !== 14 || territory !== undefined) return nothing;
  const tell = teller(portalGrid, language);
  return html`<p class="small muted">${tell('shortened', { facilities: manyFacilities, days })}</p>`;
}

/** Territories by code, facilities by name. */
function groups(rows: readonly SeenPair[], grid: GridDays, filter: GridFilter): readonly Html[] {
  const byTerritory = new Map<string, { readonly name: string; readonly pairs: SeenPair[] }>();
  for (const pair of rows) {
    const { code, name } = territoryOf(pair.facility);
    const group = byTerritory.get(code) ?? { name, pairs: [] };
    group.pairs.push(pair);
    byTerritory.set(code, group);
  }
  const phone = Math.min(phoneDays, grid.days.length) + 1;
  const rest = grid.days.length + 3 - phone;
  return [...byTerritory]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([code, { name, pairs }]) => {
      const head =
        filter.territory === undefined
          ? html`<a href="${grid.to(filterPath(filter, { territory: code }))}">${name}</a>`
          : name;
      const inOrder = pairs.toSorted((a, b) => byName.compare(a.name, b.name));
      return html`<tbody><tr class="grp"><td colspan="${phone}">${head}<td colspan="${rest}">
${inOrder.map((pair) => row(pair, grid))}</tbody>`;
    });
}

function row(pair: SeenPair, grid: GridDays): Html {
  const { days, language, to } = grid;
  const base = to(`/etablissements/${pair.facility}`);
  const cells = new Map(pair.days.map((cell) => [cell.day, cell]));
  const usual = usualOf(pair.days);
  return html`<tr><th scope="row"><a href="${base}">${pair.name}</a>${days.map((day) => {
    const cell = cells.get(day);
    return cell === undefined
      ? emptyCell
      : gridCell(cell, { base, language, usual, byHand: pair.byHand.get(day) });
  })}${lastCells(pair, days.at(-1), cells, language)}
`;
}

/** Where nothing is expected yet, a day is drawn against the facility's own middle day. */
function usualOf(days: readonly WatchedDay[]): number {
  const counts = days.map((each) => each.count).filter((each) => each > 0);
  return counts.sort((a, b) => a - b)[counts.length >> 1] ?? 1;
}

function lastCells(
  pair: SeenPair,
  last: Day | undefined,
  cells: ReadonlyMap<Day, WatchedDay>,
  language: Language,
): Html {
  const cell = last === undefined ? undefined : cells.get(last);
  const held = cell === undefined || cell.count === 0 ? '—' : count(cell.count, language);
  const expected = cell?.expected == null ? '—' : count(cell.expected.median, language);
  const share = wholeShare(pair.days);
  const whole = share === null ? '—' : `${share}${language === 'fr' ? '\u202f' : ''}%`;
  return html`<td class=v>${held} <span>/ ${expected}</span><td class=v>${whole}`;
}

/** Of the last thirty days that were due and not closed: how many came whole, in percent; null when none was due. */
export function wholeShare(days: readonly WatchedDay[]): number | null {
  const due = days
    .slice(-wholeDays)
    .filter(({ state }) => state !== null && state !== 'closed' && state !== 'not-connected');
  const whole = due.filter(({ state }) => state === 'received' || state === 'late');
  return due.length === 0 ? null : Math.floor((100 * whole.length) / due.length);
}
