import type { Command } from 'commander';
import { closeFacility, degradedFacility, facilityContact } from './care.ts';
import type { CloseOptions, ContactOptions, DegradedOptions } from './care.ts';
import type { CommandLineParts } from './destination-commands.ts';

interface Common {
  readonly config: string;
  readonly json?: boolean;
}

/** What people note and declare of facilities. */
export function addCareCommands(
  { add, answering }: Pick<CommandLineParts, 'add' | 'answering'>,
  { facility }: { readonly facility: Command },
): void {
  add(facility, 'contact <what> <finess> [number]', 'whom to call: add, list or remove')
    .option('--role <role>', 'what the person answers for')
    .option('--name <name>', 'name')
    .option('--phone <number>', 'telephone')
    .option('--email <address>', 'e-mail')
    .action(
      (
        what: string,
        finess: string,
        number: string | undefined,
        options: Common & Omit<ContactOptions, 'what' | 'finess' | 'number'>,
      ) => answering(facilityContact)({ ...options, what, finess, number }),
    );
  add(facility, 'close <finess>', 'days of which nothing is expected')
    .requiredOption('--from <day>', 'first day (yyyy-mm-dd)')
    .requiredOption('--to <day>', 'last day (yyyy-mm-dd)')
    .requiredOption('--reason <text>', 'why')
    .option('--feed <name>', 'only this feed')
    .action((finess: string, options: Common & Omit<CloseOptions, 'finess'>) =>
      answering(closeFacility)({ ...options, finess }),
    );
  add(facility, 'degraded <what> <finess>', 'visits are written on paper: start or stop')
    .requiredOption('--reason <text>', 'why')
    .option('--day <day>', 'first or last day on paper (yyyy-mm-dd); today')
    .action((what: string, finess: string, options: Common & Omit<DegradedOptions, 'what' | 'finess'>) =>
      answering(degradedFacility)({ ...options, what, finess }),
    );
}
