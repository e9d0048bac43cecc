import { resolve } from 'node:path';
import { terminalBackup } from '../../shared/i18n/terminal-backup.ts';
import { speaker } from '../../shared/i18n/texts.ts';
import { makeBackup } from '../backup/make-backup.ts';
import { stateFolder } from '../state-folder.ts';
import { migrations } from '../store/migrations.ts';
import { receiverVersion } from '../version.ts';
import { requireRegion, withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { writeDown } from './command-actor.ts';
import { countOption, isoOf } from './destination-words.ts';
import { tellWithdrawals } from './tell-withdrawals.ts';

export interface BackupOptions {
  readonly config: string;
  readonly to: string;
  readonly keep?: string;
}

/** One sealed file of the whole region, beside a serving process if there is one; then older ones go. */
export async function backup(context: CommandContext, options: BackupOptions): Promise<CommandAnswer> {
  const { config, language, clock, random } = context;
  const keep = options.keep === undefined ? undefined : countOption(options.keep, '--keep', 10_000);
  await requireRegion(config);
  const made = await makeBackup(
    {
      ...{ state: stateFolder(config.state), migrations, clock, random },
      ...{ settingsFile: resolve(options.config), settings: config, product: receiverVersion },
    },
    { to: resolve(options.to), keep },
  );
  const { file, bytes, sha256, removed, leftOut } = made;
  await withStore(config, (store) =>
    store.transaction((tx) =>
      writeDown(tx, clock, {
        ...{ action: 'region.backup', subject: made.region },
        facts: { file, bytes, sha256, removed: removed.length },
      }),
    ),
  );
  // Made after it, so that it covers what was withdrawn while the backup was made.
  const unwritten = await tellWithdrawals(context, { anew: true });
  const tell = speaker(terminalBackup, language);
  return {
    document: { ...made, createdAt: isoOf(made.createdAt) },
    lines: [
      tell('backupMade', { file, size: shownSize(bytes), sha256 }),
      ...leftOut.map((path) => tell('backupLeftOut', { path })),
      ...(removed.length === 0 ? [] : [tell('backupRemoved', { count: removed.length })]),
      ...unwritten,
      tell('backupOnly'),
    ],
  };
}

/** "41 MiB" */
export function shownSize(bytes: number): string {
  const mebi = bytes / (1024 * 1024);
  return mebi < 10 ? `${mebi.toFixed(1)} MiB` : `${Math.round(mebi)} MiB`;
}
