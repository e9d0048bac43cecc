import { access } from 'node:fs/promises';
import { receiverTerminal, type ReceiverTerminalText } from '../../shared/i18n/terminal-receiver.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import { createReceiptSigner } from '../../shared/protocol/receipt-proof.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { requireSettled } from '../backup/restored-mark.ts';
import type { ReceiverConfig } from '../config.ts';
import { loadRegion } from '../pki/region-keys.ts';
import { checkStateAccess } from '../state-access.ts';
import { stateFolder, type StateFolder } from '../state-folder.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import type { Store } from '../store/store.ts';

/** What every command is given. */
export interface CommandContext {
  readonly config: ReceiverConfig;
  readonly language: Language;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** What a command says: one JSON document, or lines for a person. */
export interface CommandAnswer {
  readonly document: unknown;
  readonly lines: readonly string[];
  /** 1 when what was asked for is not as it should be. */
  readonly exitCode?: number;
}

export function say(
  language: Language,
  name: ReceiverTerminalText,
  facts: Readonly<Record<string, string | number>> = {},
): string {
  return fill(receiverTerminal[name][language], facts);
}

/** For commands whose decisions are told to the agents. */
export async function receiptSigner(
  config: ReceiverConfig,
  clock: Clock,
): Promise<(texts: readonly string[]) => Promise<string>> {
  const region = await loadRegion(stateFolder(config.state).keys);
  const signer = createReceiptSigner({ ...region.receipts, clock });
  return (texts) => signer.sign(texts);
}

/** Settings, as far as commands need them that only look at what the region holds. */
export type StateConfig = Pick<ReceiverConfig, 'state'>;

/** Throws `state-unreadable`, and `region-missing` before `init`. */
export async function requireRegion(config: StateConfig): Promise<StateFolder> {
  const state = stateFolder(config.state);
  await checkStateAccess(state);
  await access(state.database).catch((error: unknown) => {
    throw permanent('region-missing', { facts: { folder: state.folder }, cause: error });
  });
  return state;
}

/**
 * Opens the region's database, beside a serving process if there is one. Throws `region-missing` before `init`, and
 * `restore-unsettled` after a restore, before the first `serve`.
 */
export async function withStore<T>(config: StateConfig, work: (store: Store) => Promise<T>): Promise<T> {
  await requireSettled((await requireRegion(config)).folder);
  return withRestoredStore(config, work);
}

/** The same also after a restore: for commands that look at what came back, and that withdraw what must not have. */
export async function withRestoredStore<T>(
  config: StateConfig,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const state = await requireRegion(config);
  const store = openSqliteStore(state.database);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
