import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { trustBundlePath } from '../../../receiver/auth/trust-bundle-file.ts';
import { settleRestore } from '../../../receiver/backup/after-restore.ts';
import { backup } from '../../../receiver/commands/backup.ts';
import type { CommandAnswer, CommandContext } from '../../../receiver/commands/command.ts';
import { restore } from '../../../receiver/commands/restore.ts';
import { loadConfig } from '../../../receiver/config.ts';
import { createSliceOpener } from '../../../receiver/inbox/open-envelope.ts';
import { openLiveRegion } from '../../../receiver/pki/live-region.ts';
import { migrations } from '../../../receiver/store/migrations.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { asFault } from '../../../shared/runtime/errors.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { openSqlite } from '../../../shared/runtime/sqlite.ts';
import { temporary } from '../keys/lab.ts';
import { quiet, type LabAgent } from '../receiver/lab.ts';
import { openKept, visit, whole, type Kept } from '../retention/kit.ts';

/** A region of one agent and two visits that was saved an hour ago, and a folder to bring it back to. */
export interface LostRegion {
  readonly kept: Kept;
  /** Of the region that will be lost. */
  readonly context: CommandContext;
  readonly agent: LabAgent;
  /** The first backup. */
  readonly saved: string;
  readonly backups: string;
  readonly back: string;
  contextOf(folder: string): Promise<CommandContext>;
  /** Makes another backup; answers its file. */
  save(): Promise<string>;
  /** Path of the list beside the backups. */
  list(): string;
  bring(file?: string, more?: { readonly withdrawals?: string }): Promise<CommandAnswer>;
  /** As `serve` does before anything else. */
  begin(): Promise<void>;
  withBack<T>(work: (store: Store) => Promise<T>): Promise<T>;
  /** Of the database that was brought back. */
  ask(sql: string): readonly Record<string, unknown>[];
}

export async function openLostRegion(): Promise<LostRegion> {
  const kept = await openKept();
  onTestFinished(() => kept.close());
  const { folder, bundle, clock } = kept.lab;
  const settings = join(folder, 'receiver.yaml');
  await writeFile(trustBundlePath(folder), bundle.jws);
  await writeFile(settings, `state: ${folder}\nregion: Test region\n`);
  const [backups, back] = [await temporary(), join(await temporary(), 'state')];

  const contextOf = async (state: string): Promise<CommandContext> => {
    const config = { ...(await loadConfig(settings)), state };
    return { config, language: 'fr', clock, random: systemRandom, logger: quiet };
  };
  const context = await contextOf(folder);
  const save = async (): Promise<string> => {
    const { document } = await backup(context, { config: settings, to: backups });
    return (document as { file: string }).file;
  };
  const withBack: LostRegion['withBack'] = async (work) => {
    const store = openSqliteStore(join(back, 'receiver.db'));
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  };

  const agent = await kept.lab.addAgent();
  await kept.rig.send(whole(0, 1, [visit(1, 0), visit(2, 1)]));
  const saved = await save();
  clock.advance(3_600_000);
  return {
    ...{ kept, context, agent, saved, backups, back, contextOf, save, withBack },
    list: () => join(backups, readdirSync(backups).find((each) => each.endsWith('.withdrawals')) ?? 'none'),
    bring: (file = saved, more = {}) =>
      restore(
        'fr',
        { file, to: back, recoveryKey: join(folder, 'keys/recovery/recovery.key'), ...more },
        clock,
      ),
    begin: async () => {
      const keys = await openLiveRegion({ folder: back, clock, logger: quiet });
      await withBack((store) =>
        settleRestore({
          ...{ folder: back, store, clock, random: systemRandom, logger: quiet },
          ...{ sign: keys.sign, targets: kept.rig.targets, open: createSliceOpener(keys) },
        }),
      );
    },
    ask: (sql) => {
      const db = openSqlite(join(back, 'receiver.db'), { migrations, readonly: true });
      const rows = db.prepare<unknown[], Record<string, unknown>>(sql).all();
      db.close();
      return rows;
    },
  };
}

export const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'done',
    (error: unknown) => asFault(error).code,
  );
