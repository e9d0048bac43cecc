import { shownInstant } from '../../shared/i18n/shown.ts';
import { terminalBackup } from '../../shared/i18n/terminal-backup.ts';
import { speaker, type Language } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { readMark, writeMark } from '../backup/restored-mark.ts';
import { takeServeLock } from '../serve-lock.ts';
import { stateFolder } from '../state-folder.ts';
import type { StoreTx } from '../store/store.ts';
import { withRestoredStore, type CommandAnswer, type CommandContext } from './command.ts';
import { writeDown } from './command-actor.ts';
import { isoOf } from './destination-words.ts';

/**
 * After a restore: who is let in. With `yes`, a person has looked through it: the region serves though nobody knows what was
 * withdrawn since its backup, and pages say no more of the restore. Throws `restore-nothing-to-confirm`, and
 * `receiver-already-serving` while the first start is under way.
 */
export async function confirmRestore(
  { config, language, clock }: CommandContext,
  { yes = false }: { readonly yes?: boolean | undefined },
): Promise<CommandAnswer> {
  const { state } = config;
  const mark = await readMark(state);
  return withRestoredStore(config, async (store) => {
    const row = await store.read((tx) => tx.restores.get());
    const waiting = mark?.confirmed === false ? mark : row;
    if (waiting === undefined) throw permanent('restore-nothing-to-confirm');
    if (!yes) return shown(await store.read(letIn), waiting, language);
    // Not while `serve` settles what was restored: the mark that it takes away must not come back.
    const unlock = mark === undefined ? undefined : takeServeLock(stateFolder(state).lock);
    try {
      await store.transaction(async (tx) => {
        await tx.restores.confirm();
        await writeDown(tx, clock, {
          ...{ action: 'region.restore-confirm', subject: 'region' },
          facts: { backup: new Date(waiting.backupAt).toISOString() },
        });
      });
      const left = await readMark(state);
      if (left !== undefined) await writeMark(state, { ...left, confirmed: true });
    } finally {
      unlock?.();
    }
    return { document: { confirmed: true }, lines: [speaker(terminalBackup, language)('restoreConfirmed')] };
  });
}

async function letIn(tx: StoreTx) {
  const agents = (await tx.agents.list()).filter(({ status }) => status !== 'revoked');
  const accounts = (await tx.accounts.list()).filter(({ disabledAt }) => disabledAt === null);
  const tokens = (await tx.tokens.list()).filter(({ revokedAt }) => revokedAt === null);
  return {
    agents: agents.map(({ id, name, facilities }) => ({ id, name, facilities })),
    accounts: accounts.map(({ login, name }) => ({ login, name })),
    tokens: tokens.map(({ id, name }) => ({ id, name })),
  };
}

function shown(
  found: Awaited<ReturnType<typeof letIn>>,
  { backupAt, restoredAt }: { readonly backupAt: number; readonly restoredAt: number },
  language: Language,
): CommandAnswer {
  const tell = speaker(terminalBackup, language);
  const [at, restored] = [shownInstant(backupAt, language), shownInstant(restoredAt, language)];
  return {
    document: { confirmed: false, backupAt: isoOf(backupAt), restoredAt: isoOf(restoredAt), ...found },
    lines: [
      tell('letInNow', { at, restored }),
      ...found.agents.map((each) => tell('letInAgent', { ...each, facilities: each.facilities.join(' ') })),
      ...found.accounts.map((each) => tell('letInAccount', each)),
      ...found.tokens.map((each) => tell('letInToken', each)),
      tell('letInNext'),
    ],
    exitCode: 1,
  };
}
