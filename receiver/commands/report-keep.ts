import { reportsTerminal } from '../../shared/i18n/terminal-reports.ts';
import { speaker } from '../../shared/i18n/texts.ts';
import { createPrinter } from '../reports/chromium.ts';
import { keepReports } from '../reports/keep-reports.ts';
import { periodAsked, periodText } from '../reports/period.ts';
import { kindAsked } from './report-list.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';

export interface KeepOptions {
  readonly kind: string;
  readonly period?: string | undefined;
}

/** What the calendar would have made of a period: each report that is not kept yet is made, kept and mailed. */
export async function keepPeriod(
  { config, clock, random, logger, language }: CommandContext,
  options: KeepOptions,
): Promise<CommandAnswer> {
  const period = periodAsked(kindAsked(options.kind), options.period, clock.now());
  const { chromium } = config.reports;
  const print = chromium === undefined ? undefined : createPrinter(chromium);
  const { signal } = new AbortController();
  const count = await withStore(config, (store) =>
    keepReports({ config, store, clock, random, logger, print }, period, signal),
  );
  const facts = { period: periodText(period), count };
  return {
    document: { kind: period.kind, period: facts.period, made: count },
    lines: [speaker(reportsTerminal, language)('keptNow', facts)],
  };
}
