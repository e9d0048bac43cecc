import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { shownInstant } from '../../shared/i18n/shown.ts';
import { terminalBackup } from '../../shared/i18n/terminal-backup.ts';
import { speaker, type Language } from '../../shared/i18n/texts.ts';
import { systemClock, type Clock } from '../../shared/runtime/clock.ts';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';
import { withdrawalsName } from '../backup/publish-withdrawals.ts';
import { restoreBackup, tryBackup, type BackupToOpen, type OpenedBackup } from '../backup/restore-backup.ts';
import { readWithdrawals, worthOf, type Withdrawals } from '../backup/withdrawals.ts';
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
  /** The list of withdrawals, where it does not lie beside the backup. */
  readonly withdrawals?: string;
  /** For the state folder that it names, where a check may lay patients' data; a lost machine may have none. */
  readonly config?: string;
}

/** Brings a region back, or proves that a backup would: everything of it, `verify` included, in a folder gone afterwards. */
export async function restore(
  language: Language,
  options: RestoreOptions,
  clock: Clock = systemClock,
): Promise<CommandAnswer> {
  const from: BackupToOpen = {
    ...{ file: resolve(options.file), recoveryKeyFile: keyPath(options.recoveryKey) },
    ...{ root: options.root, migrations },
  };
  if (options.verify === true) return tryOut(language, from, await workFolder(options));
  if (options.to === undefined) throw permanent('restore-target-missing');
  const folder = resolve(options.to);
  const restoredAt = Math.trunc(clock.now());
  let known: Known | undefined;
  const opened = await restoreBackup(from, folder, async ({ header: { root, createdAt: backupAt } }) => {
    known = await withdrawalsBeside(from.file, root, options.withdrawals);
    return { v: 1, backupAt, restoredAt, list: known?.content ?? null, confirmed: false };
  });
  const tell = speaker(terminalBackup, language);
  const at = shownInstant(opened.header.createdAt, language);
  return {
    document: {
      ...{ ...documentOf(opened), restored: folder },
      withdrawals: isoOf(known?.list.madeAt ?? null),
    },
    lines: [
      ...linesOf(opened, language, options.root),
      tell('restored', { folder }),
      knownLine(known, opened.header, restoredAt, language),
      '',
      tell('restoreNext', { folder, at }),
    ],
  };
}

interface Known {
  readonly content: string;
  readonly list: Withdrawals;
}

/** Whether what was withdrawn since the backup is known: without it the region does not serve before a person has looked. */
function knownLine(
  known: Known | undefined,
  { createdAt }: OpenedBackup['header'],
  now: number,
  language: Language,
): string {
  const tell = speaker(terminalBackup, language);
  const at = shownInstant(createdAt, language);
  if (known === undefined) return tell('restoreUnknown', { at });
  const made = shownInstant(known.list.madeAt, language);
  const worth = worthOf(known.list, { backupAt: createdAt, now });
  return tell(worthWords[worth], { at, made });
}

const worthWords = { good: 'restoreKnown', before: 'restoreStale', old: 'restoreOld' } as const;

/** Signed by the same region. Throws `withdrawals-invalid`, `withdrawals-missing` for one that was named. */
async function withdrawalsBeside(
  backupFile: string,
  root: string,
  named: string | undefined,
): Promise<Known | undefined> {
  const path = named === undefined ? join(dirname(backupFile), withdrawalsName(root)) : resolve(named);
  const content = await readFile(path, 'utf8').catch((error: unknown) => {
    if (named === undefined && systemCode(error) === 'ENOENT') return undefined;
    throw permanent('withdrawals-missing', {
      facts: { path, reason: systemCode(error) ?? '' },
      cause: error,
    });
  });
  return content === undefined
    ? undefined
    : { content, list: await readWithdrawals(content, { root, path }) };
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
