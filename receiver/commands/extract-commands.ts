import type { CommandLineParts } from './destination-commands.ts';
import type { AskOptions } from './extract-request.ts';
import {
  askExtraction,
  cancelExtraction,
  getExtraction,
  listExtractions,
  listFields,
  makeExtractions,
  showExtraction,
} from './extract.ts';

interface Common {
  readonly config: string;
  readonly json?: boolean;
}

/** `extract ...`: rows or counts taken out of what the region holds. */
export function addExtractCommands({ program, add, answering }: CommandLineParts): void {
  const group = program.command('extract').description('extractions').exitOverride();
  add(group, 'fields', 'what can be asked for').action(answering(listFields));
  add(group, 'ask [file]', 'ask for one: a file (YAML or JSON), or options')
    .option('--from <yyyy-mm-dd>', 'first day')
    .option('--until <yyyy-mm-dd>', 'last day')
    .option('--fields <names>', 'rows, one visit each: which columns')
    .option('--split <name>', 'counts: by which classification')
    .option('--by <week|month>', 'counts: of which period; week')
    .option('--places <region|facility>', 'counts: of what; region')
    .option('--facility <finess,...>', 'of these facilities; all')
    .option('--age <from-below>', 'rows: whole years, the second one excluded: 18-65, 65-, -1')
    .option('--sex <M,F,I>', 'rows')
    .option('--severity <classes>', 'rows')
    .option('--departure <modes>', 'rows')
    .option('--codes <codes>', 'rows: of any diagnosis, as in syndromic groups: J21,J09-J18')
    .option('--group <id>', 'rows: of a syndromic group')
    .option('--form <csv|xlsx|parquet>', 'csv')
    .option('--language <fr|en>', 'of what people read in it; fr')
    .option('--purpose <text>', 'what for; kept in the audit log')
    .option('--to <folder>', 'wait for it, and write it there')
    .action((file: string | undefined, options: Common & AskOptions) =>
      answering(askExtraction)({ ...options, file }),
    );
  add(group, 'list', 'everybody’s, the latest first')
    .option('--limit <n>', 'how many', '50')
    .action((options: Common & { limit: string }) => answering(listExtractions)(options));
  add(group, 'show <id>', 'one of them, with what its reader must know; 1 when it failed').action(
    (id: string, options: Common) => answering(showExtraction)({ ...options, id }),
  );
  add(group, 'cancel <id>', 'it is not wanted any more').action((id: string, options: Common) =>
    answering(cancelExtraction)({ ...options, id }),
  );
  add(group, 'get <id>', 'the file of one that is ready')
    .requiredOption('--to <folder>', 'where it is written')
    .action((id: string, options: Common & { to: string }) => answering(getExtraction)({ ...options, id }));
  add(group, 'make', 'make what waits, in this process').action(answering(makeExtractions));
}
