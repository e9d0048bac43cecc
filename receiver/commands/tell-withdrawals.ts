import { describeFault } from '../../shared/i18n/errors.ts';
import { terminalBackup } from '../../shared/i18n/terminal-backup.ts';
import { speaker } from '../../shared/i18n/texts.ts';
import { asFault } from '../../shared/runtime/errors.ts';
import { publishWithdrawals } from '../backup/publish-withdrawals.ts';
import { readMark } from '../backup/restored-mark.ts';
import { receiptSigner, withStore, type CommandContext } from './command.ts';

/**
 * After something was withdrawn: the list beside the backups says so too. Answers a line where it could not be written. A
 * restored region that has not served yet leaves the list alone, for it does not know yet what stands in it: its first
 * `serve` writes it.
 */
export async function tellWithdrawals(
  { config, clock, language }: Pick<CommandContext, 'config' | 'clock' | 'language'>,
  { anew = false }: { readonly anew?: boolean } = {},
): Promise<readonly string[]> {
  if ((await readMark(config.state)) !== undefined) return [];
  const { backupFolder } = config.retention;
  const sign = await receiptSigner(config, clock);
  const fault = await withStore(config, (store) =>
    publishWithdrawals({ folder: config.state, backupFolder, store, clock, sign }, { anew }),
  ).catch(asFault);
  if (fault === undefined) return [];
  const { message } = describeFault(fault, language);
  return [speaker(terminalBackup, language)('withdrawalsUnwritten', { message })];
}
