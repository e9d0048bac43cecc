import type { Language } from '../../shared/i18n/texts.ts';
import { backup, type BackupOptions } from './backup.ts';
import type { CommandAnswer } from './command.ts';
import { confirmRestore } from './confirm-restore.ts';
import type { CommandLineParts } from './destination-commands.ts';
import { restore, type RestoreOptions } from './restore.ts';

interface Parts extends CommandLineParts {
  /** Answers without any configuration: for a machine that has lost its own. */
  readonly alone: <Options>(
    work: (language: Language, options: Options) => Promise<CommandAnswer>,
  ) => (options: { readonly json?: boolean } & Options) => Promise<void>;
}

/** `backup`, `restore` and `confirm-restore`. */
export function addBackupCommands({ program, add, answering, alone }: Parts): void {
  add(program, 'backup', 'one file of the whole region, sealed for its recovery key; also while it serves')
    .requiredOption('--to <folder>', 'where to put it')
    .option('--keep <count>', 'then keep so many of this region, the new one among them')
    .action((options: BackupOptions & { json?: boolean }) => answering(backup)(options));
  program
    .command('restore <file>')
    .description('bring the region back from a backup, or try one')
    .exitOverride()
    .requiredOption(
      '--recovery-key <file>',
      "the region's recovery key, from its offline medium; - reads standard input",
    )
    .option('--to <folder>', 'state folder, empty or not there yet')
    .option('--verify', 'only try it: everything is checked, nothing stays')
    .option(
      '--withdrawals <file>',
      'what the region withdrew since the backup; default: the list that lies beside it',
    )
    .option('--root <digest>', 'what the root of the region must be, as init showed it')
    .option(
      '--work <folder>',
      'where to lay out what is tried; default: the state folder of the configuration',
    )
    .option('--config <file>', 'configuration (YAML)', process.env['VAGUEMESTRE_CONFIG'])
    .option('--json', 'one JSON document on standard output')
    .action((file: string, options: Omit<RestoreOptions, 'file'> & { json?: boolean }) =>
      alone(restore)({ ...options, file }),
    );
  add(
    program,
    'confirm-restore',
    'who is let in since the region was restored; with --yes, that it is as it should be',
  )
    .option('--yes', 'it was looked through: the region serves, and says no more of the restore')
    .action((options: { readonly json?: boolean; readonly config: string; readonly yes?: boolean }) =>
      answering(confirmRestore)(options),
    );
}
