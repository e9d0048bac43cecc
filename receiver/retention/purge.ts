import { setImmediate as nextTurn } from 'node:timers/promises';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import type { Actor } from '../accounts/actor.ts';
import { issueReceipts } from '../apply/receipts.ts';
import {
  alwaysPurged,
  retentionClasses,
  termOf,
  type RetentionClass,
  type RetentionConfig,
} from '../config-retention.ts';
import type { Store } from '../store/store.ts';
import { cutoffOf, type Cutoff } from './cutoff.ts';
import {
  endPurge,
  nothingDeleted,
  withGone,
  type DeletionDeps,
  type DeletionRecord,
  type Order,
} from './deletion-record.ts';
import { overwriting } from './overwriting.ts';
import { filesOf, oldBackups, removeFiles, type OldFile } from './purge-files.ts';
import { storedClasses, type StoredClass } from './purge-classes.ts';

export interface PurgeDeps extends DeletionDeps {
  readonly store: Store;
  readonly settings: RetentionConfig;
  /** SPKI digest of the region's root key: regions may share a folder of backups. */
  readonly root: string;
}

/** One class, purged. */
export interface Purged {
  readonly class: RetentionClass;
  readonly cutoff: Cutoff;
  /** Undefined when nothing was past its time. */
  readonly record: DeletionRecord | undefined;
  /** What an earlier purge, stopped before its end, had deleted under a bound of its own: told now. */
  readonly earlier: DeletionRecord | undefined;
}

export interface PurgeRequest {
  readonly classes: readonly RetentionClass[];
  readonly actor: Actor;
  readonly signal?: AbortSignal | undefined;
}

/** What goes by itself: everything where the settings say so, contents of envelopes and dispatches anyhow. */
export function purgedClasses({ inForce }: RetentionConfig): readonly RetentionClass[] {
  return inForce ? retentionClasses : alwaysPurged;
}

/**
 * Deletes what is past its time, in transactions small enough for reception to go on between them. What each took away is
 * written down in it; at the end of a class the region signs the whole. Stopped or killed anywhere, the next purge goes on
 * with the same deletion.
 */
export async function purge(
  deps: PurgeDeps,
  { classes, actor, signal }: PurgeRequest,
): Promise<readonly Purged[]> {
  const done: Purged[] = [];
  for (const name of classes) {
    if (signal?.aborted === true) break;
    done.push(await purgeClass(deps, name, actor, signal));
  }
  await shrink(deps.store, signal);
  return done;
}

/** How much is past its time; nothing changes. */
export async function previewPurge(
  { store, settings, clock, root }: Pick<PurgeDeps, 'store' | 'settings' | 'clock' | 'root'>,
  classes: readonly RetentionClass[],
): Promise<readonly { readonly class: RetentionClass; readonly cutoff: Cutoff; readonly count: number }[]> {
  const found = [];
  for (const name of classes) {
    const cutoff = cutoffOf(settings, name, clock.now());
    const stored = storedClasses[name];
    const count =
      stored === undefined
        ? (await oldFiles({ settings, root }, name, cutoff)).length
        : await store.read((tx) => stored.due(tx, cutoff));
    found.push({ class: name, cutoff, count });
  }
  return found;
}

async function purgeClass(
  deps: PurgeDeps,
  name: RetentionClass,
  actor: Actor,
  signal: AbortSignal | undefined,
): Promise<Purged> {
  const { store, settings, clock } = deps;
  const cutoff = cutoffOf(settings, name, clock.now());
  const { count, setting } = termOf(settings, name);
  const order: Order = { class: name, rule: `${setting} ${count}`, actor, before: cutoff.at };
  // What an earlier purge left under way is its own, with its own bound and rule.
  const earlier = await store.transaction(async (tx) => {
    const open = await tx.retention.open(name);
    return open === undefined || open.before === order.before ? undefined : endPurge(tx, name, actor, deps);
  });
  const stored = storedClasses[name];
  if (stored === undefined) {
    const folder = folderOf(settings, name);
    if (folder !== undefined) await removeFiles(deps, folder, order, await oldFiles(deps, name, cutoff));
  } else {
    while (signal?.aborted !== true && (await takeAway(deps, stored, order, cutoff))) {
      crashPoint('after-purge-piece');
      await nextTurn();
    }
  }
  crashPoint('before-purge-record');
  const record = await store.transaction((tx) => endPurge(tx, name, actor, deps));
  return { class: name, cutoff, record, earlier };
}

/** False when nothing is left. */
async function takeAway(
  deps: PurgeDeps,
  stored: StoredClass,
  order: Order,
  cutoff: Cutoff,
): Promise<boolean> {
  const { store, random, clock, sign } = deps;
  return store.transaction((tx) =>
    overwriting(tx, async () => {
      const piece = await stored.step(tx, cutoff, { random, now: clock.now() });
      if (piece === undefined) return false;
      const open = (await tx.retention.open(order.class)) ?? nothingDeleted(order, deps);
      await tx.retention.putOpen(withGone(open, piece.gone, piece.counts));
      await issueReceipts(tx, piece.drafts ?? [], sign);
      crashPoint('before-purge-commit');
      return true;
    }),
  );
}

/** A longer step was seen to hold the writer for 0.2 s. */
const pagesAtOnce = 200;

/** Free pages are given back a few at a time. */
async function shrink(store: Store, signal: AbortSignal | undefined): Promise<void> {
  for (let left = Number.POSITIVE_INFINITY; signal?.aborted !== true;) {
    const now = await store.transaction((tx) => tx.retention.shrink(pagesAtOnce));
    if (now === 0 || now >= left) return;
    left = now;
    await nextTurn();
  }
}

function folderOf(
  { extractionFolder, backupFolder }: RetentionConfig,
  name: RetentionClass,
): string | undefined {
  return { extractions: extractionFolder, backups: backupFolder }[name as 'extractions' | 'backups'];
}

async function oldFiles(
  { settings, root }: Pick<PurgeDeps, 'settings' | 'root'>,
  name: RetentionClass,
  { at }: Cutoff,
): Promise<readonly OldFile[]> {
  const folder = folderOf(settings, name);
  if (folder === undefined) return [];
  const files = await filesOf(folder);
  return name === 'backups'
    ? oldBackups(folder, files, { before: at, root })
    : files.filter((file) => file.at < at);
}
