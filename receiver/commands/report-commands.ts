import type { CommandLineParts } from './destination-commands.ts';
import { keepPeriod, type KeepOptions } from './report-keep.ts';
import { getReport, listReports, retryReport, type ListOptions } from './report-list.ts';
import { makeReport, type MakeOptions } from './report-make.ts';
import {
  listSyndromes,
  setSyndromes,
  showSyndrome,
  syndromeHistory,
  type SyndromeOptions,
} from './report-syndromes.ts';

interface Periods {
  readonly day?: string;
  readonly week?: string;
  readonly month?: string;
}

interface Common {
  readonly config: string;
  readonly json?: boolean;
}

/** What is counted for health, and the reports made of it. */
export function addReportCommands({ program, add, answering }: CommandLineParts): void {
  const syndrome = program.command('syndrome').description('syndromic groups').exitOverride();
  add(syndrome, 'list', 'the groups in force')
    .option('--of <n>', 'those of a version; 0: the program’s own')
    .action((options: Common & SyndromeOptions) => answering(listSyndromes)(options));
  add(syndrome, 'show <id>', 'one group: codes, source, what is expected of it')
    .option('--of <n>', 'of a version; 0: the program’s own')
    .action((id: string, options: Common & SyndromeOptions) => answering(showSyndrome)({ ...options, id }));
  add(syndrome, 'set <file>', 'a new version from a file (YAML or JSON); "list --json" gives one')
    .requiredOption('--reason <text>', 'why')
    .action((file: string, options: Common & { reason: string }) =>
      answering(setSyndromes)({ ...options, file }),
    );
  add(syndrome, 'history', 'every version: when, who, why').action(answering(syndromeHistory));

  const report = program.command('report').description('reports').exitOverride();
  const make = (kind: MakeOptions['kind'], period: string, about: string): void => {
    add(report, kind, about)
      .requiredOption('--to <folder>', 'where its files are written')
      .option(period, 'the last one that is over')
      .option('--facility <finess>', 'of one facility; the region')
      .option('--language <code>', 'fr or en')
      .action((options: Common & Omit<MakeOptions, 'kind' | 'period'> & Periods) =>
        answering(makeReport)({ ...options, kind, period: options.day ?? options.week ?? options.month }),
      );
  };
  make('daily', '--day <yyyy-mm-dd>', 'activity of a day: HTML, CSV, PDF where settings name a Chromium');
  make('weekly', '--week <yyyy-Wnn>', 'activity and quality of a week');
  make('monthly', '--month <yyyy-mm>', 'quality of a month, facility by facility');
  add(report, 'keep <kind>', 'every report of a period, kept and mailed as the calendar does: once')
    .option('--period <period>', 'yyyy-mm-dd, yyyy-Wnn or yyyy-mm; the last one that is over')
    .action((kind: string, options: Common & Omit<KeepOptions, 'kind'>) =>
      answering(keepPeriod)({ ...options, kind }),
    );
  add(report, 'list', 'kept reports, and what became of their mails')
    .option('--kind <kind>', 'daily, weekly or monthly')
    .option('--facility <finess>', 'of one facility; "region": the region’s')
    .option('--limit <n>', 'the latest', '50')
    .action((options: Common & ListOptions) => answering(listReports)(options));
  add(report, 'get <id>', 'the files of a kept report')
    .requiredOption('--to <folder>', 'where they are written')
    .action((id: string, options: Common & { to: string }) => answering(getReport)({ ...options, id }));
  add(report, 'retry <id>', 'mails of it that were given up leave again').action(
    (id: string, options: Common) => answering(retryReport)({ ...options, id }),
  );
}
