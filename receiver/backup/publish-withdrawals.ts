import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../shared/runtime/clock.ts';
import { writeDurably } from '../../shared/runtime/durable-file.ts';
import { systemCode, transient, type Fault } from '../../shared/runtime/errors.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { readTrustBundle } from '../auth/trust-bundle-file.ts';
import { loadRegion } from '../pki/region-keys.ts';
import { stateFolder } from '../state-folder.ts';
import type { Store, StoreTx } from '../store/store.ts';
import { requireSettled } from './restored-mark.ts';
import {
  collectWithdrawals,
  readWithdrawals,
  saysTheSame,
  signWithdrawals,
  type Withdrawals,
} from './withdrawals.ts';

export interface PublishDeps {
  /** The receiver's state folder. */
  readonly folder: string;
  /** `retention.backupFolder`. */
  readonly backupFolder: string | undefined;
  readonly store: Store;
  readonly clock: Clock;
  readonly sign: (texts: readonly string[]) => Promise<string>;
}

/** `vaguemestre-1f0c9a2be4d77a10.withdrawals`: regions may share a folder. */
export function withdrawalsName(rootDigest: string): string {
  return `vaguemestre-${rootDigest.slice(0, 16)}.withdrawals`;
}

/**
 * Writes the list down beside the backups, where what it says has changed since or was said more than a day ago, or `anew`
 * though neither is so: in the folder of the settings and in that of the last backup. Answers why one of them could not be written. Throws `restore-unsettled`.
 */
export async function publishWithdrawals(
  { folder, backupFolder, store, clock, sign }: PublishDeps,
  { anew }: { readonly anew: boolean },
): Promise<Fault | undefined> {
  await requireSettled(folder);
  const region = await loadRegion(stateFolder(folder).keys, clock);
  const { jws: bundle, version: bundleVersion } = await readTrustBundle(folder);
  const { list, folders } = await store.read(async (tx) => ({
    list: await collectWithdrawals(tx, region, { now: clock.now(), bundleVersion }),
    folders: new Set([...(backupFolder === undefined ? [] : [backupFolder]), ...(await lastFolder(tx))]),
  }));
  let text: string | undefined;
  let fault: Fault | undefined;
  for (const each of folders) {
    const path = join(each, withdrawalsName(region.rootDigest));
    const there = anew ? undefined : await readList(path, region.rootDigest);
    if (there !== undefined && saysTheSame(there, list) && isOfToday(there, list)) continue;
    text ??= await signWithdrawals(list, { bundle, sign });
    await writeDurably(path, text).catch((error: unknown) => {
      const facts = { folder: each, reason: systemCode(error) ?? '' };
      fault = transient('withdrawals-unwritable', { facts, cause: error });
    });
  }
  return fault;
}

const signedForMs = 86_400_000;

/** Signed anew each day, so that its age says how long the region has been silent. */
function isOfToday(there: Withdrawals, { madeAt }: Withdrawals): boolean {
  return Math.abs(madeAt - there.madeAt) < signedForMs;
}

function readList(path: string, root: string) {
  return readFile(path, 'utf8')
    .then((content) => readWithdrawals(content, { root, path }))
    .catch(() => undefined);
}

const backupFacts = z.object({ file: z.string().min(1) });

/** Where the last backup went, as the journal says it. */
async function lastFolder(tx: StoreTx): Promise<readonly string[]> {
  const [line] = await tx.audit.find({ action: 'region.backup' }, Number.MAX_SAFE_INTEGER, 1);
  const said = backupFacts.safeParse(line === undefined ? undefined : JSON.parse(line.facts));
  return said.success ? [dirname(said.data.file)] : [];
}

const idleMs = 30_000;
const faultMs = 3_600_000;

/** While the region serves: whoever withdrew something, at a page or a command, the list says so soon after. */
export function createWithdrawalsLoop({ logger, ...deps }: PublishDeps & { readonly logger: Logger }): Loop {
  return createLoop({
    ...{ name: 'withdrawals', idleMs, logger, faultMs: () => faultMs },
    step: async () => {
      const fault = await publishWithdrawals(deps, { anew: false });
      if (fault !== undefined) throw fault;
      return false;
    },
  });
}
