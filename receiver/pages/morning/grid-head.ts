import { portalGrid } from '../../../shared/i18n/portal-grid.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { dayToIso, instantOf, type Day } from '../../../shared/runtime/paris-time.ts';
import type { DayKinds } from '../../monitor/day-kinds.ts';
import { html, nothing, type Html } from '../html.ts';
import { teller } from '../typeset.ts';
import { capital, dayWords } from '../words.ts';

/** The columns: visit days, with the weekends, the holidays and the days of 23 or 25 hours told. */
export interface GridDays {
  readonly days: readonly Day[];
  readonly kinds: DayKinds;
  readonly language: Language;
  readonly to: (path: string) => string;
}

/** A phone shows the last week: the stylesheet hides what is older, and the totals. */
export const phoneDays = 7;
const letters = { fr: 'LMMJVSD', en: 'MTWTFSS' } as const;
const hourMs = 3_600_000;

export function gridColumns({ days, kinds }: GridDays): Html {
  const columns = days.map((day) => {
    return html`<col class="d${isWeekend(kinds, day) ? ' we-c' : ''}">`;
  });
  return html`<colgroup><col class="cn">${columns}<col class="ct"><col class="cs"></colgroup>`;
}

export function gridHead(grid: GridDays, wholeDays: number): Html {
  const { days, language } = grid;
  const tell = teller(portalGrid, language);
  const last = days.at(-1);
  const heads = days.map((day) => dayHead(grid, day));
  const ratio =
    last === undefined ? nothing : html`${capital(dayWords(last, 'weekday', language))}<br>${tell('ratio')}`;
  return html`<thead><tr><th scope="col">${tell('facility')}${heads}<th scope="col">${ratio}<th scope="col">${tell('whole', { days: wholeDays })}<br>${tell('wholeWord')}</thead>`;
}

function dayHead({ days, kinds, language, to }: GridDays, day: Day): Html {
  const tell = teller(portalGrid, language);
  const { weekday, holiday } = kinds.of(day);
  const hours = (instantOf((day + 1) as Day, 0).at - instantOf(day, 0).at) / hourMs;
  const first = day === days[0] || dayToIso(day).endsWith('-01');
  const label = first
    ? dayWords(day, 'month', language).replace(/^\d+\s|\s\d+$/g, '')
    : hours !== 24
      ? tell('hours', { hours })
      : holiday
        ? tell('holiday')
        : '';
  const title = [
    dayWords(day, 'long', language).replace(/ \d{4}$/, ''),
    holiday ? tell('holidayTitle') : '',
    hours === 24 ? '' : tell('hoursTitle', { hours }),
  ].join('');
  const classes = [
    ...(isWeekend(kinds, day) ? ['we'] : []),
    ...(holiday ? ['fe'] : []),
    ...(day === days.at(-1) ? ['last'] : []),
  ];
  const path = to(`/etablissements?jour=${dayToIso(day)}`);
  const named = classes.length === 0 ? nothing : html` class="${classes.join(' ')}"`;
  return html`<th scope="col"${named}><a href="${path}" title="${title}">${label === '' ? nothing : html`${label}<br>`}${letters[language].charAt(weekday)}<br>${Number(dayToIso(day).slice(8))}</a>`;
}

function isWeekend(kinds: DayKinds, day: Day): boolean {
  return kinds.of(day).weekday >= 5;
}
