import { resolve } from 'node:path';
import { shownInstant } from '../../shared/i18n/shown.ts';
import { terminalBackup } from '../../shared/i18n/terminal-backup.ts';
import { speaker, type Language } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { restoreBackup, tryBackup, type BackupToOpen, type OpenedBackup } from '../backup/restore-backup.ts';
import { loadConfig } from '../config.ts';
import { migrations } from '../store/migrations.ts';
import { shownSize } from './backup.ts';
import type { CommandAnswer } from './command.ts';
import { isoOf } from './destination-words.ts';
import { verify } from './verify.ts';

export interface RestoreOptions {
  readonly file: string;
  readonly recoveryKey: string;
  readonly verify?: boolean;
  readonly to?: string;
  readonly root?: string;
  readonly work?: string;
  /** For the state folder that it names, where a check may lay patients' data; a lost machine may have none. */
  readonly config?: string;
}

/** Brings a region back, or proves that a backup would: everything of it, `verify` included, in a folder gone afterwards. */
export async function restore(language: Language, options: RestoreOptions): Promise<CommandAnswer> {
  const from: BackupToOpen = {
    ...{ file: resolve(options.file), recoveryKeyFile: keyPath(options.recoveryKey) },
    ...{ root: options.root, migrations },
  };
  if (options.verify === true) return tryOut(language, from, await workFolder(options));
  if (options.to === undefined) throw permanent('restore-target-missing');
  const folder = resolve(options.to);
  const opened = await restoreBackup(from, folder);
  const tell = speaker(terminalBackup, language);
  const at = shownInstant(opened.header.createdAt, language);
  return {
    document: { ...documentOf(opened), restored: folder },
    lines: [
      ...linesOf(opened, language, options.root),
      tell('restored', { folder }),
      '',
      tell('restoreNext', { folder, at }),
    ],
  };
}

async function tryOut(language: Language, from: BackupToOpen, work: string): Promise<CommandAnswer> {
  const { opened, seen } = await tryBackup(from, work, (state) => verify({ config: { state }, language }));
  const good = (seen.exitCode ?? 0) === 0;
  const tell = speaker(terminalBackup, language);
  return {
    document: { ...documentOf(opened), good, verify: seen.document },
    lines: [
      ...linesOf(opened, language, from.root),
      ...seen.lines,
      tell(good ? 'restoreTried' : 'restoreTriedBad'),
    ],
    exitCode: good ? 0 : 1,
  };
}

const keyPath = (given: string): string => (given === '-' ? given : resolve(given));

async function workFolder({ work, config }: RestoreOptions): Promise<string> {
  if (work !== undefined) return resolve(work);
  if (config === undefined) throw permanent('restore-work-missing');
  const { state } = await loadConfig(config).catch((error: unknown) => {
    throw permanent('restore-work-missing', { cause: error });
  });
  return state;
}

function documentOf({ header, bytes, files }: OpenedBackup): Readonly<Record<string, unknown>> {
  const { region, createdAt, product, schema, root } = header;
  return { region, createdAt: isoOf(createdAt), product, schema, root, bytes, files };
}

function linesOf({ header, files }: OpenedBackup, language: Language, expected?: string): string[] {
  const tell = speaker(terminalBackup, language);
  const { region, createdAt, product, root } = header;
  const size = shownSize(files.reduce((sum, { bytes }) => sum + bytes, 0));
  return [
    tell('restoreOf', { region, at: shownInstant(createdAt, language), product, root }),
    ...(expected === undefined ? [tell('restoreRootAsked')] : []),
    tell('restoreFiles', { count: files.length, size }),
  ];
}
