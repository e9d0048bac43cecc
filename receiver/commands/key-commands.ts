import type { CommandLineParts } from './destination-commands.ts';
import { recover } from './recover.ts';
import { destroy, listKeys, rotate, type DestroyOptions, type RotateOptions } from './key.ts';

interface Common {
  readonly config: string;
  readonly json?: boolean;
}

/** The region's own keys, as they turn over. */
export function addKeyCommands({ program, add, answering }: Omit<CommandLineParts, 'alone'>): void {
  const key = program.command('key').description('the keys of the region').exitOverride();
  add(key, 'list', 'what is in use, what follows, what may be destroyed, what ends').action(
    answering(listKeys),
  );
  add(key, 'rotate <role>', 'a new key: encryption, receipts, server or ca')
    .option('--after <minutes>', 'how long agents are told before it is used', '1440')
    .option('--now', 'use it at once: the current one is no longer safe')
    .option('--root-key <file>', 'the root key, when it is kept offline')
    .action((role: string, options: Common & Omit<RotateOptions, 'role'>) =>
      answering(rotate)({ ...options, role }),
    );
  add(key, 'destroy <id>', 'make an end of a key that was replaced')
    .option('--even-so', 'though it is still needed')
    .option('--reason <text>', 'why; kept in the audit log')
    .option('--root-key <file>', 'the root key, when it is kept offline')
    .action((id: string, options: Common & Omit<DestroyOptions, 'id'>) =>
      answering(destroy)({ ...options, id }),
    );
  add(program, 'recover', 'open with the recovery key what was sealed for a key that is no more')
    .requiredOption('--recovery-key <file>', 'the recovery key, from its offline medium')
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .action((options: Common & { recoveryKey: string; reason: string }) => answering(recover)(options));
}
