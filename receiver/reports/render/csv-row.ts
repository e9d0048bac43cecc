import { reportTexts } from '../../../shared/i18n/report-texts.ts';
import { speaker, type Language } from '../../../shared/i18n/texts.ts';
import type { CsvCell } from '../../pages/csv.ts';
import type { ReportPeriod } from '../figures/compute.ts';
import { periodText } from '../period.ts';

export type Row = readonly [
  scope: string,
  facility: string,
  period: string,
  measure: string,
  class_: string,
  value: CsvCell,
  state: string,
];

/** Rows of one place, FINESS or region, and of one period or day. */
export function rowsOf(
  { facility }: { readonly facility: string | null },
  period: ReportPeriod | string,
  language: Language,
) {
  const scope = speaker(reportTexts, language)(facility === null ? 'scopeRegion' : 'facility');
  const when = typeof period === 'string' ? period : periodText(period);
  return (measure: string, name: string, value: CsvCell, state = ''): Row => [
    ...([scope, facility ?? '', when, measure, name, value, state] as const),
  ];
}
