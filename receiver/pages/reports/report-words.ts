import { portalReports } from '../../../shared/i18n/portal-reports.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { isoWeekOf } from '../../reports/iso-week.ts';
import type { CoverageState, ReportRow } from '../../store/report-tables.ts';
import { teller } from '../typeset.ts';
import { capital, dayWords, monthWords, percent } from '../words.ts';

export const speak = (language: Language) => teller(portalReports, language);

/** "Semaine 47 (16 nov. – 22 nov.)", "Vendredi 20 novembre 2026", "Novembre 2026". */
export function periodWords({ kind, from, to }: Pick<ReportRow, 'kind' | 'from' | 'to'>, language: Language) {
  switch (kind) {
    case 'daily':
      return capital(dayWords(from, 'long', language));
    case 'weekly': {
      const week = speak(language)('week', { week: isoWeekOf(from).week });
      return `${week} (${dayWords(from, 'month', language)} – ${dayWords(to, 'month', language)})`;
    }
    case 'monthly':
      return capital(monthWords(from, language));
  }
}

/** How whole a report is, in a line. */
export function coverageWords({ whole, incomplete, received }: CoverageState, language: Language): string {
  const say = speak(language);
  const of = whole + incomplete;
  if (of === 0) return say('noDay');
  const share = received === null ? [] : [say('received', { received: percent(received, language) })];
  return [say('covered', { whole, of }), ...share].join(', ');
}
