import { reportTexts } from '../../../shared/i18n/report-texts.ts';
import { speaker, type Language } from '../../../shared/i18n/texts.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import type { CoverageState } from '../../store/report-tables.ts';
import type { QualityConfig } from '../../config-quality.ts';
import { csvText } from '../../pages/csv.ts';
import { itemName } from '../../pages/quality/quality-words.ts';
import type { Figures } from '../figures/compute.ts';
import { coverageOf } from '../figures/coverage.ts';
import type { Compared, GatheredDay } from '../figures/gathered.ts';
import { healthSignals } from '../figures/signals.ts';
import { rowsOf, type Row } from './csv-row.ts';
import { facilityRows } from './facility-lines.ts';
import { measuresOf, shareOf, type Measure } from './measures.ts';
import { qualityOf } from './quality-figures.ts';
import { className, dayState, isEmptyDay, oddHour } from './words.ts';

/** One value of a report, with words in its language. */
export interface ReportValue {
  /** null: the region. */
  readonly facility: string | null;
  readonly period: string;
  readonly measure: string;
  readonly class: string | null;
  /** null: not known, and `state` says why. A text where a number is not shown. */
  readonly value: number | string | null;
  readonly state: string | null;
}

/**
 * One tidy table: a line a value. What is not known is an empty cell with its state, never a zero. Shares are of 1.
 */
export function reportCsv(
  figures: Figures,
  quality: Pick<QualityConfig, 'target' | 'targets'>,
  language: Language,
): string {
  const say = speaker(reportTexts, language);
  const heads = ['scope', 'facility', 'period', 'measure', 'class', 'value', 'state'] as const;
  return csvText(
    [heads.map((name) => say(name)), ...reportRows(figures, quality, language)],
    language === 'fr' ? ',' : '.',
  );
}

/** The same table as JSON: an array of `ReportValue`. */
export function reportJson(
  figures: Figures,
  quality: Pick<QualityConfig, 'target' | 'targets'>,
  language: Language,
): string {
  const values = reportRows(figures, quality, language).map(
    ([, facility, period, measure, name, value, state]): ReportValue => ({
      facility: facility === '' ? null : facility,
      ...{ period, measure, class: name === '' ? null : name },
      value: typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value,
      state: state === '' ? null : state,
    }),
  );
  return JSON.stringify(values);
}

function reportRows(
  figures: Figures,
  quality: Pick<QualityConfig, 'target' | 'targets'>,
  language: Language,
): readonly Row[] {
  return [
    ...totalRows(figures, language),
    ...dayRows(figures, language),
    ...comparedRows(figures, language),
    ...qualityRows(figures, quality, language),
    ...signalRows(figures, language),
    ...facilityRows(figures, language),
  ];
}

function measureWords(figures: Figures, { measure, class: name }: Measure, language: Language) {
  const group = figures.groups.groups.find(({ id }) => id === name);
  const isGroup = measure === 'groupVisits' || measure === 'shareOfCoded';
  return [
    speaker(reportTexts, language)(measure),
    isGroup ? (group?.name[language] ?? name) : name === '' ? '' : className(measure, name, language),
  ] as const;
}

function totalRows(figures: Figures, language: Language): readonly Row[] {
  const say = speaker(reportTexts, language);
  const row = rowsOf(figures, figures, language);
  const coverage = coverageOf(figures);
  const [only] = figures.days;
  const isEmpty = figures.total.visits === 0 && coverage.whole === 0;
  return [
    row(say('wholeDays'), '', coverage.whole),
    row(say('incompleteDays'), '', coverage.incomplete),
    row(say('notAwaitedDays'), '', coverage.notAwaited),
    row(say('receivedShare'), '', coverage.received),
    ...(figures.kind === 'daily' && only !== undefined
      ? dayMeasures(figures, only, language)
      : measuresOf(figures.total, figures.groups.groups).map((each) => {
          const [measure, name] = measureWords(figures, each, language);
          return row(measure, name, isEmpty ? null : each.value, totalState(coverage, language));
        })),
  ];
}

function totalState({ whole, incomplete }: CoverageState, language: Language): string {
  const say = speaker(reportTexts, language);
  const of = whole + incomplete;
  if (of === 0) return say('noneState');
  return incomplete === 0 ? say('wholeState') : say('partState', { whole, of });
}

/** One day; the hour that a clock change took from it has no number. */
function dayMeasures(figures: Figures, day: GatheredDay, language: Language): readonly Row[] {
  const say = speaker(reportTexts, language);
  const row = rowsOf(figures, dayToIso(day.day), language);
  const state = dayState(figures, day, language);
  const odd = oddHour(day.day);
  const { expecting } = day;
  const isEmpty = isEmptyDay(day);
  return [
    row(say('expected'), '', expecting.facilities === 0 ? null : expecting.expected, state),
    ...measuresOf(day.sums, figures.groups.groups).map((each) => {
      const [measure, name] = measureWords(figures, each, language);
      const isMissing = odd?.kind === 'skipped' && each.measure === 'hour' && each.class === `${odd.hour}`;
      return isMissing
        ? row(measure, name, null, say('noSuchHour'))
        : row(measure, name, isEmpty ? null : each.value, state);
    }),
  ];
}

function dayRows(figures: Figures, language: Language): readonly Row[] {
  if (figures.kind === 'daily') return [];
  return figures.days.flatMap((day) => dayMeasures(figures, day, language));
}

function comparedRows(figures: Figures, language: Language): readonly Row[] {
  const say = speaker(reportTexts, language);
  const row = rowsOf(figures, figures, language);
  const rows = (name: 'previous' | 'lastYear', { current, reference, days, of }: Compared): Row[] => {
    const measure = `${say('visits')} (${say(name)})`;
    const state = say('comparedDays', { n: days, of });
    if (days === 0) return [row(measure, say('change'), null, say('notCompared'))];
    const change = reference.visits === 0 ? null : current.visits / reference.visits - 1;
    return [
      row(measure, say('sameDaysNow'), current.visits, state),
      row(measure, say(name), reference.visits, state),
      row(measure, say('change'), change, state),
      ...figures.groups.groups.map((group, index) =>
        row(
          `${say('shareOfCoded')} (${say(name)})`,
          group.name[language],
          shareOf(reference.groups[index] ?? 0, reference.coded),
          state,
        ),
      ),
    ];
  };
  return [...rows('previous', figures.previous), ...rows('lastYear', figures.lastYear)];
}

function qualityRows(
  figures: Figures,
  settings: Pick<QualityConfig, 'target' | 'targets'>,
  language: Language,
): readonly Row[] {
  const say = speaker(reportTexts, language);
  const row = rowsOf(figures, figures, language);
  const { items, consistent, repeated, delayHours, lowDays } = qualityOf(figures, settings);
  const isKnown = figures.counted.records > 0;
  return [
    ...items.flatMap(({ tag, due, filled, usable, target }) => {
      const state = filled === null ? say('nothingState') : filled < target ? say('below80') : '';
      return [
        row(say('due'), itemName(tag, language), isKnown ? due : null, state),
        row(say('filled'), itemName(tag, language), filled, state),
        row(say('usable'), itemName(tag, language), usable, state),
      ];
    }),
    row(say('consistent'), '', consistent),
    row(say('repeated'), '', isKnown ? repeated : null),
    row(say('delay'), '', delayHours),
    row(say('lowDays'), '', lowDays),
  ];
}

function signalRows(figures: Figures, language: Language): readonly Row[] {
  if (figures.kind !== 'weekly' || figures.facility !== null) return [];
  const say = speaker(reportTexts, language);
  const row = rowsOf(figures, figures, language);
  const { groups } = figures.groups;
  return healthSignals(groups, figures.total, coverageOf(figures), figures.from).map(
    ({ group, share, signal, isWeak }) => {
      const name = groups.find(({ id }) => id === group)?.name[language] ?? group;
      const words = `${say(signal)}${isWeak ? ` (${say('weak')})` : ''}`;
      return row(say('signal'), name, share === null ? null : share / 100, words);
    },
  );
}
