import type { Command } from 'commander';
import type { CommandLineParts } from './destination-commands.ts';
import { declareVolume, importHistory } from './import-history.ts';
import { watch } from './watch.ts';

interface Common {
  readonly config: string;
  readonly json?: boolean;
}

/** What is watched, and what the watching is told. */
export function addWatchCommands(
  { program, add, answering }: CommandLineParts,
  { facility }: { readonly facility: Command },
): void {
  add(program, 'watch [what] [finess]', 'whom to call, and why; "watch show FINESS": one facility')
    .option('--day <day>', 'last visit day shown (yyyy-mm-dd); yesterday')
    .option('--days <n>', 'how many days', '14')
    .action(
      (
        what: string | undefined,
        finess: string | undefined,
        options: Common & { day?: string; days: string },
      ) => answering(watch)({ ...options, what, finess }),
    );
  add(
    program,
    'import-history <files...>',
    'past counts: CSV finess;day;count, or national RPU files',
  ).action((files: string[], options: Common) => answering(importHistory)({ ...options, files }));
  add(facility, 'declare <finess>', 'visits a year that a facility declares')
    .requiredOption('--annual <n>', 'visits a year')
    .action((finess: string, options: Common & { annual: string }) =>
      answering(declareVolume)({ ...options, finess }),
    );
}
