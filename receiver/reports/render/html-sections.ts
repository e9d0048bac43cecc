import { ageClasses, departureClasses, severityClasses } from '../../../shared/feeds/ed-visits-tally.ts';
import { sexClasses, stayClasses } from '../../../shared/feeds/ed-visits-measures.ts';
import { reportTexts } from '../../../shared/i18n/report-texts.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import type { QualityConfig } from '../../config-quality.ts';
import { html, nothing, type Html } from '../../pages/html.ts';
import { itemName } from '../../pages/quality/quality-words.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import { colon, teller } from '../../pages/typeset.ts';
import { dayWords } from '../../pages/words.ts';
import type { Figures } from '../figures/compute.ts';
import type { Coverage } from '../figures/coverage.ts';
import type { Compared, GatheredDay } from '../figures/gathered.ts';
import { isWhole, type ReportState } from '../figures/judged-days.ts';
import { healthSignals, type HealthSignal } from '../figures/signals.ts';
import { staysOf, type Sums } from '../figures/sums.ts';
import { barChart, dueKey, shareBar } from './charts.ts';
import { elderlyShare, hospitalisedShare, shareOf } from './measures.ts';
import { qualityOf } from './quality-figures.ts';
import { classTable, shown, shownChange, shownHours, shownShare, table, type Column } from './tables.ts';
import { dayState, glyphOf, isEmptyDay, oddHour, stateWord, wholenessOf } from './words.ts';

/** What stands on a report, part by part. */
export function coverageSection(coverage: Coverage, language: Language): Html {
  const say = teller(reportTexts, language);
  const states = [...coverage.states]
    .filter(([state]) => !isWhole(state))
    .map(([state, days]) => `${glyphOf(state)} ${stateWord(state, language)}${colon(language)} ${days}`);
  return html`<section>${table(
    say('coverage'),
    (['wholeDays', 'incompleteDays', 'notAwaitedDays', 'receivedShare', 'codedShare'] as const).map(
      (name) => ({ head: say(name) }),
    ),
    [
      [
        ...[coverage.whole, coverage.incomplete, coverage.notAwaited].map((days) => shown(days, language)),
        ...[coverage.received, coverage.coded].map((share) => shownShare(share, language)),
      ],
    ],
  )}<p class="small">${states.length === 0 ? nothing : html`${states.join(' · ')}. `}${say('coverageNote')}</p></section>`;
}

/** The period beside what came before, on days that can be compared. */
export function keySection(figures: Figures, language: Language): Html {
  const say = teller(reportTexts, language);
  const { total, previous, lastYear } = figures;
  const whole = figures.facility === null ? null : meanOf(figures);
  const rows: [string, (sums: Sums) => number | null, 'count' | 'share'][] = [
    [say('visits'), ({ visits }) => visits, 'count'],
    [say('elderlyShare'), elderlyShare, 'share'],
    [say('hospitalisedShare'), hospitalisedShare, 'share'],
    [say('stayMedian'), (sums) => staysOf(sums).median, 'count'],
  ];
  const print = (value: number | null, as: 'count' | 'share'): string =>
    as === 'count' ? shown(value, language) : shownShare(value, language);
  const beside = (
    { current, reference, days }: Compared,
    of: (sums: Sums) => number | null,
    as: 'count' | 'share',
  ): string[] =>
    days === 0
      ? []
      : [print(of(current), as), print(of(reference), as), shownChange(of(current), of(reference), language)];
  const columns: Column[] = [
    { head: say('measure') },
    { head: say('value'), isNumber: true },
    { head: say('expectedBand'), isNumber: true },
  ];
  for (const name of ['previous', 'lastYear'] as const)
    if (figures[name].days > 0)
      columns.push(
        { head: say('sameDaysNow'), isNumber: true },
        { head: say(name), isNumber: true },
        { head: say('change'), isNumber: true },
      );
  const due = figures.days.map(expectedOf);
  const expected = due.reduce<number | null>(
    (sum, one) => (sum === null || one === null ? null : sum + one),
    0,
  );
  const body = rows.map(([name, of, as], index) => [
    ...[name, print(total.visits === 0 ? null : of(total), as), index === 0 ? shown(expected, language) : ''],
    ...[...beside(previous, of, as), ...beside(lastYear, of, as)],
  ]);
  const days = ({ days: n, of }: Compared): string =>
    n === 0 ? say('notCompared') : say('comparedDays', { n, of });
  const mean =
    whole === null ? nothing : html`${say('meanVisits')}${colon(language)} ${shown(whole, language)}. `;
  return html`<section>${table(say('keyFigures'), columns, body)}<p class="small">${mean}${say('previous')}${colon(language)} ${days(previous)}. ${say('lastYear')}${colon(language)} ${days(lastYear)}. ${say('compareNote')}</p></section>`;
}

/** Of a day, over everybody it is awaited of; null: of one of them too little is known. */
function expectedOf(day: GatheredDay): number | null {
  const { facilities, expected } = day.expecting;
  return facilities > 0 && facilities === wholenessOf(day).of ? expected : null;
}

/** Over whole days only; null: there is none. */
function meanOf({ days }: Figures): number | null {
  const whole = days.filter((day) => wholenessOf(day).whole > 0);
  return whole.length === 0 ? null : whole.reduce((sum, { sums }) => sum + sums.visits, 0) / whole.length;
}

export function dayChart(figures: Figures, language: Language): Html {
  const say = teller(reportTexts, language);
  const bars = figures.days.map((day) => {
    const { whole, of } = wholenessOf(day);
    const [state] = day.states.keys();
    const only = figures.facility === null ? undefined : state;
    const isPartial = whole < of;
    return {
      label: figures.kind === 'monthly' ? dayToIso(day.day).slice(8) : dayWords(day.day, 'short', language),
      value: isEmptyDay(day) ? null : day.sums.visits,
      mark: isPartial || of === 0 ? markOf(only, whole, of) : '',
      isPartial,
      expected: expectedOf(day),
    };
  });
  const states = figures.days
    .filter((day) => wholenessOf(day).whole < wholenessOf(day).of || isEmptyDay(day))
    .map(
      (day) =>
        `${dayWords(day.day, 'short', language)}${colon(language)} ${dayState(figures, day, language)}`,
    );
  const key = bars.some(({ expected }) => expected !== null) ? dueKey(say('expected')) : nothing;
  return html`<section><h2>${say('byDay')}</h2>${barChart(bars, say('byDay'), language)}${key}${
    states.length === 0 ? nothing : html`<p class="small">${states.join(' · ')}</p>`
  }</section>`;
}

/** What a day lacks: of one facility its sign, of many how many of them are whole. */
function markOf(only: ReportState | undefined, whole: number, of: number): string {
  if (only !== undefined) return glyphOf(only);
  return of === 0 ? '–' : `${whole}/${of}`;
}

export function hourChart(figures: Figures, language: Language): Html {
  const say = teller(reportTexts, language);
  const isEmpty = figures.total.visits === 0;
  const isWholeDay = figures.days.every((day) => wholenessOf(day).whole === wholenessOf(day).of);
  const odd = figures.days.flatMap(({ day }) => {
    const found = oddHour(day);
    return found === undefined ? [] : [{ day, ...found }];
  });
  const lacks = (hour: number): boolean =>
    figures.kind === 'daily' && odd.some((each) => each.kind === 'skipped' && each.hour === hour);
  const bars = [...figures.total.hours].map((value, hour) => ({
    label: `${hour} h`,
    value: isEmpty || lacks(hour) ? null : value,
    mark: lacks(hour) ? '–' : '',
    isPartial: figures.kind === 'daily' && !isWholeDay,
    expected: null,
  }));
  const notes = odd.map(({ day, kind, hour }) =>
    say(kind === 'skipped' ? 'shortDay' : 'longDay', { day: dayWords(day, 'short', language), hour }),
  );
  return html`<section><h2>${say('byHour')}</h2>${isEmpty ? html`<p>—</p>` : barChart(bars, say('byHour'), language)}${
    notes.length === 0 ? nothing : html`<p class="small">${notes.join(' ')}</p>`
  }</section>`;
}

export function classSections({ total }: Figures, language: Language): Html {
  const say = teller(reportTexts, language);
  if (total.visits === 0) return nothing;
  const { open, unreadable, zero, long } = total.leftOut;
  return html`<div class="cols"><section>${classTable('age', ageClasses, total.ages, language)}</section><section>${classTable('severity', severityClasses, total.severities, language)}</section><section>${classTable('sex', sexClasses, total.sexes, language)}</section><section>${classTable('departure', departureClasses, total.departures, language)}</section><section>${classTable('stay', stayClasses, staysOf(total).classes, language)}<p class="small">${say('stayNote', { open, unreadable, zero, long })}</p></section></div>`;
}

export function groupSection(figures: Figures, coverage: Coverage, language: Language): Html {
  const say = teller(reportTexts, language);
  const { groups, version } = figures.groups;
  const { total, previous } = figures;
  const signals =
    figures.kind === 'weekly' && figures.facility === null
      ? healthSignals(groups, total, coverage, figures.from)
      : [];
  const rows = groups.map(({ id, name }, index) => {
    const share = shareOf(total.groups[index] ?? 0, total.coded);
    const before =
      previous.days === 0 ? null : shareOf(previous.reference.groups[index] ?? 0, previous.reference.coded);
    const signal = signals.find(({ group }) => group === id);
    return [
      ...[name[language], total.visits === 0 ? '—' : shown(total.groups[index] ?? 0, language)],
      ...[shownShare(share, language), shareBar(share), shownShare(before, language)],
      ...(signals.length === 0 ? [] : [bandWords(signal, language), signalWords(signal, language)]),
    ];
  });
  const columns: Column[] = [
    { head: say('group') },
    { head: say('visits'), isNumber: true },
    { head: say('shareOfCoded'), isNumber: true },
    { head: '' },
    { head: say('previous'), isNumber: true },
    ...(signals.length === 0 ? [] : [{ head: say('expectedBand') }, { head: say('signal') }]),
  ];
  const note = say('groupsNote', {
    ...{ version, coded: shownShare(coverage.coded, language) },
    received: shownShare(coverage.received, language),
  });
  return html`<section>${table(say('groups'), columns, rows)}<p class="small">${note}</p></section>`;
}

function bandWords(signal: HealthSignal | undefined, language: Language): string {
  if (signal === undefined) return '—';
  const { low, high } = signal.band;
  return `${shownShare(low / 100, language)} – ${shownShare(high / 100, language)}`;
}

function signalWords(signal: HealthSignal | undefined, language: Language): string {
  const say = teller(reportTexts, language);
  if (signal === undefined) return '—';
  return `${say(signal.signal)}${signal.isWeak ? ` (${say('weak')})` : ''}`;
}

export function qualitySection(
  figures: Figures,
  settings: Pick<QualityConfig, 'target' | 'targets'>,
  language: Language,
): Html {
  const say = teller(reportTexts, language);
  const { items, consistent, repeated, delayHours, lowDays } = qualityOf(figures, settings);
  const columns: Column[] = [
    ...[{ head: say('item') }, { head: say('due'), isNumber: true } as const],
    ...[{ head: say('filled'), isNumber: true } as const, { head: say('usable'), isNumber: true } as const],
    ...[{ head: say('target'), isNumber: true } as const, { head: '' }],
  ];
  const rows = items.map(({ tag, due, filled, usable, target }) => [
    ...[`${itemName(tag, language)} (${tag})`, shown(due, language), shownShare(filled, language)],
    ...[shownShare(usable, language), shownShare(target, language)],
    filled !== null && filled < target ? `▼ ${say('below80')}` : '',
  ]);
  const isKnown = figures.counted.records > 0;
  const rest = [
    `${say('consistent')}${colon(language)} ${shownShare(consistent, language)}`,
    `${say('repeated')}${colon(language)} ${isKnown ? shown(repeated, language) : '—'}`,
    `${say('delay')}${colon(language)} ${shownHours(delayHours, language)}`,
    `${say('lowDays')}${colon(language)} ${lowDays}`,
  ];
  return html`<section>${table(say('quality'), columns, rows)}<p>${rest.join(' · ')}</p></section>`;
}
