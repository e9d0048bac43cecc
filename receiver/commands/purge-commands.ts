import type { CommandLineParts } from './destination-commands.ts';
import { eraseVisit, type EraseOptions } from './erase.ts';
import { privacy } from './privacy.ts';
import { listDeletions, purgeNow, type PurgeOptions } from './purge.ts';

/** What is kept for a time only, and what was deleted. */
export function addRetentionCommands({ program, add, answering }: CommandLineParts): void {
  add(program, 'purge', 'delete what is past its retention')
    .option('--dry-run', 'only say how much it would be')
    .option('--class <name>', 'only this class of data')
    .action(answering<PurgeOptions>(purgeNow));
  add(program, 'erase', 'erase one visit at its facility’s request')
    .requiredOption('--facility <finess>', 'whose visit')
    .option('--visit-key <hash>', 'its key, as "trace" gives it (12 hex digits or more)')
    .option('--arrived <time>', 'its arrival, local time: "yyyy-mm-dd hh:mm"')
    .requiredOption('--reason <text>', 'why; kept in the audit log: never the patient’s name')
    .requiredOption('--requested-by <name>', 'who asked for it at the facility')
    .option('--yes', 'do it; without, only say what it would be')
    .action(answering<EraseOptions>(eraseVisit));
  add(program, 'privacy', 'write the processing record and the data-protection sheet')
    .requiredOption('--to <folder>', 'where to')
    .option('--language <language>', 'fr or en')
    .action(answering<{ readonly to: string; readonly language?: string }>(privacy));
  add(program, 'deletions', 'signed records of what was deleted')
    .option('--after <number>', 'only those after this one')
    .action(answering<{ readonly after?: string }>(listDeletions));
}
