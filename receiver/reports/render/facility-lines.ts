import { reportTexts } from '../../../shared/i18n/report-texts.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import type { CsvCell } from '../../pages/csv.ts';
import { html, nothing, type Html } from '../../pages/html.ts';
import { colon, teller } from '../../pages/typeset.ts';
import { dayWords } from '../../pages/words.ts';
import { fewest } from '../../quality/discreet.ts';
import { hide } from '../../quality/small-numbers.ts';
import type { FacilityLine, Figures } from '../figures/compute.ts';
import { isNotAwaited, isWhole } from '../figures/judged-days.ts';
import { rowsOf, type Row } from './csv-row.ts';
import { shareOf } from './measures.ts';
import { shown, shownHours, shownShare, table, type Column } from './tables.ts';
import { glyphOf, stateWord } from './words.ts';

/**
 * A region's facilities, a line each: totals alone. What would tell of fewer than five people of a facility is not shown:
 * this report goes to people of other facilities too.
 */
export function facilitySection(figures: Figures, language: Language): Html {
  const say = teller(reportTexts, language);
  const { facility, facilities, kind } = figures;
  if (facility !== null) return nothing;
  if (facilities.length === 0) return html`<p class="warn">${say('noFacility')}</p>`;
  const seen = new Set(facilities.flatMap((line) => line.days.map(({ state }) => state)));
  const legend = [...seen]
    .filter((state) => !isWhole(state) && glyphOf(state) !== '')
    .map((state) => `${glyphOf(state)} ${stateWord(state, language)}`);
  const isMonth = kind === 'monthly';
  return html`<section class="long">${isMonth ? monthTable(facilities, language) : dayTable(figures, language)}${
    isMonth || legend.length === 0
      ? nothing
      : html`<p class="small">${say('legend')}${colon(language)} ${legend.join(' · ')}</p>`
  }</section>`;
}

function dayTable({ facilities, days }: Figures, language: Language): Html {
  const say = teller(reportTexts, language);
  const columns: Column[] = [
    { head: say('facility') },
    ...days.map(({ day }) => ({ head: dayWords(day, 'short', language), isNumber: true }) as const),
    { head: say('visits'), isNumber: true },
    { head: say('elderly'), isNumber: true },
    { head: say('codedShort'), isNumber: true },
    { head: say('stayShort'), isNumber: true },
  ];
  const told = discreetLines(facilities);
  const rows = facilities.map((line, index) => {
    const { visits, elderly, codedShare, stayMedian } = told[index] ?? nothingTold;
    return [
      `${line.name} (${line.facility})`,
      ...line.days.map(({ count, state }) =>
        isWhole(state)
          ? shown(count, language)
          : `${count === 0 ? '' : shown(count, language)} ${glyphOf(state)}`.trim(),
      ),
      shown(visits, language),
      elderly === 'hidden' ? say('notShown') : shown(elderly, language),
      shownShare(codedShare, language),
      shown(stayMedian, language),
    ];
  });
  return table(say('facilities'), columns, rows);
}

/** Of a month, days are too many for a page: how whole each facility's month is, and how good. */
function monthTable(facilities: readonly FacilityLine[], language: Language): Html {
  const say = teller(reportTexts, language);
  const names = ['visits', 'daysWhole', 'receivedShare', 'itemsFilled', 'delayShort', 'lowDays'] as const;
  const columns: Column[] = [
    { head: say('facility') },
    ...[...names, 'exports' as const].map((name) => ({ head: say(name), isNumber: true }) as const),
  ];
  const rows = facilities.map((line) => [
    `${line.name} (${line.facility})`,
    shown(visitsTold(line), language),
    say('daysOf', wholeOf(line)),
    shownShare(line.received, language),
    shownShare(line.filled, language),
    shownHours(line.delayHours, language),
    shown(line.lowDays, language),
    shown(line.exports, language),
  ]);
  return table(say('facilities'), columns, rows);
}

export function facilityRows(figures: Figures, language: Language): readonly Row[] {
  const told = discreetLines(figures.facilities);
  return figures.facilities.flatMap((line, index) =>
    rowsOfLine(figures, line, told[index] ?? nothingTold, language),
  );
}

function rowsOfLine(figures: Figures, line: FacilityLine, told: Told, language: Language): readonly Row[] {
  const say = teller(reportTexts, language);
  const row = rowsOf(line, figures, language);
  const { visits, elderly, codedShare, stayMedian } = told;
  const hidden = (value: CsvCell): string =>
    value === null && visits !== null ? say('fewState', { fewest }) : '';
  const shownElderly = elderly === 'hidden' ? null : elderly;
  return [
    row(say('visits'), '', visits, lineState(line, language)),
    row(say('elderly'), '', shownElderly, hidden(shownElderly)),
    row(say('codedShare'), '', codedShare, hidden(codedShare)),
    row(say('stayMedian'), '', stayMedian, line.visits < fewest ? hidden(stayMedian) : ''),
    row(say('receivedShare'), '', line.received),
    row(say('itemsFilled'), '', line.filled),
    row(say('delay'), '', line.delayHours),
    row(say('lowDays'), '', line.lowDays),
    row(say('exports'), '', line.exports),
    ...line.days.map(({ day, count, state }) => {
      const place = rowsOf(line, dayToIso(day), language);
      const value = count === 0 && !isWhole(state) ? null : count;
      return place(say('visits'), '', value, stateWord(state, language));
    }),
  ];
}

/** null: nothing to tell; of nobody at all, an absent day is no zero. */
interface Told {
  readonly visits: number | null;
  readonly elderly: number | null | 'hidden';
  readonly codedShare: number | null;
  readonly stayMedian: number | null;
}

const nothingTold: Told = { visits: null, elderly: null, codedShare: null, stayMedian: null };

/**
 * What is told of each facility beside the region's own sums: a number of too few people is hidden, and another one with it
 * where the region's sum would give it away.
 */
function discreetLines(lines: readonly FacilityLine[]): readonly Told[] {
  const present = lines.filter(({ visits }) => visits > 0);
  const hidden = (counts: readonly number[], least: number): ReadonlySet<FacilityLine> => {
    const found = hide(counts, { threshold: fewest, least });
    return new Set(present.filter((_line, index) => found?.has(index) ?? true));
  };
  const elderlyHidden = hidden(
    present.map(({ elderly }) => elderly),
    0,
  );
  // A facility that is there has a visit at least.
  const codedHidden = hidden(
    present.map(({ visits }) => visits),
    1,
  );
  return lines.map((line) => {
    const { visits, elderly, coded, stayMedian } = line;
    if (visits === 0) return { ...nothingTold, visits: visitsTold(line), elderly: visitsTold(line) };
    return {
      visits,
      elderly: elderlyHidden.has(line) ? 'hidden' : elderly,
      codedShare: codedHidden.has(line) ? null : shareOf(coded, visits),
      stayMedian: visits < fewest ? null : stayMedian,
    };
  });
}

function visitsTold({ visits, days }: FacilityLine): number | null {
  return visits > 0 || days.some(({ state }) => isWhole(state)) ? visits : null;
}

function wholeOf({ days }: FacilityLine): { readonly whole: number; readonly of: number } {
  const awaited = days.filter(({ state }) => !isNotAwaited(state));
  return { whole: awaited.filter(({ state }) => isWhole(state)).length, of: awaited.length };
}

function lineState(line: FacilityLine, language: Language): string {
  const say = teller(reportTexts, language);
  const { whole, of } = wholeOf(line);
  if (of === 0) return say('noneState');
  return whole === of ? say('wholeState') : say('partState', { whole, of });
}
