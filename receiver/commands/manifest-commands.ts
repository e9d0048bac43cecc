import type { Command } from 'commander';
import type { Language } from '../../shared/i18n/texts.ts';
import type { CommandAnswer } from './command.ts';
import type { CommandLineParts } from './destination-commands.ts';
import { mergeManifestFiles, showManifest, verifyManifestFile } from './manifest.ts';
import { facilityNotice, type NoticeOptions } from './notice.ts';

interface Parts extends CommandLineParts {
  /** The group `facility`. */
  readonly facility: Command;
  /** Answers without any configuration: for whoever gets manifests. */
  readonly alone: <Options>(
    work: (language: Language, options: Options) => Promise<CommandAnswer>,
  ) => (options: { readonly json?: boolean } & Options) => Promise<void>;
}

type Common = Parameters<ReturnType<CommandLineParts['answering']>>[0];

/** `manifest ...` and `facility notice`: what destinations should have, and why something is missing. */
export function addManifestCommands({ program, facility, add, answering, alone }: Parts): void {
  add(facility, 'notice <what> [more]', 'FINESS closed|degraded: say so for some days; end ID; list')
    .option('--from <day>', 'first day (yyyy-mm-dd)')
    .option('--to <day>', 'last day')
    .option('--reason <text>', 'why; no patient is named here')
    .option('--by <name>', 'who says so')
    .action(
      (what: string, more: string | undefined, options: Common & Omit<NoticeOptions, 'what' | 'more'>) =>
        answering(facilityNotice)({ ...options, what, more }),
    );

  const group = program.command('manifest').description('what destinations should have').exitOverride();
  add(group, 'show <destination>', 'the latest signed statement; with --json, the file that is delivered')
    .option('--day <day>', 'of this day (yyyy-mm-dd)')
    .action((destination: string, options: Common & { day?: string }) =>
      answering(showManifest)({ ...options, destination }),
    );
  withBundles(group, 'verify <file>', 'prove that a region signed it; needs no configuration')
    .option('--root <digest>', 'what the region said its root is')
    .action((file: string, options: Bundled & { root?: string }) =>
      alone(verifyManifestFile)({ ...options, file }),
    );
  withBundles(group, 'merge <files...>', 'one table of many regions; needs no configuration').action(
    (files: string[], options: Bundled) => alone(mergeManifestFiles)({ ...options, files }),
  );
}

interface Bundled {
  readonly bundle: readonly string[];
  readonly json?: boolean;
}

function withBundles(parent: Command, usage: string, about: string): Command {
  const gather = (value: string, before: readonly string[]): readonly string[] => [...before, value];
  return parent
    .command(usage)
    .description(about)
    .exitOverride()
    .option('--bundle <file>', 'trust bundle of a region; once for each region', gather, [])
    .option('--json', 'one JSON document on standard output');
}
