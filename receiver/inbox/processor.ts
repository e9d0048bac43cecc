import type { Feed } from '../../shared/feeds/feed.ts';
import { feedNamed } from '../../shared/feeds/registry.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { issueReceipts, type SignReceipts } from '../apply/receipts.ts';
import type { DispatchTarget } from '../forward/compose.ts';
import type { EnvelopeRow, Store } from '../store/store.ts';
import type { OpenSlice } from './open-envelope.ts';
import { openStored, type OpenedSlice } from './open-slice.ts';
import { placeSlice, retryWaiting, type Placed } from './place-slice.ts';

export interface ProcessorDeps {
  readonly store: Store;
  readonly open: OpenSlice;
  readonly sign: SignReceipts;
  readonly targets: readonly DispatchTarget[];
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly feeds?: (name: string) => Feed | undefined;
  /** After a commit: receipts wait for these agents, and perhaps dispatches for delivery. */
  readonly onProcessed?: (news: {
    readonly agents: ReadonlySet<string>;
    readonly dispatches: number;
  }) => void;
  readonly idleMs?: number;
  readonly groupRecords?: number;
}

export interface Processor extends Loop {
  /** One group; true when there may be more. What the loop does at its own pace. */
  step(): Promise<boolean>;
}

const claimLimit = 64;
const openAtOnce = 8;
const defaultGroupRecords = 5000;
const incompleteMs = 24 * 3_600_000;
const watchEveryMs = 60_000;
const waitingLimit = 100;

/**
 * From the inbox to the store: stored envelopes are opened outside any transaction, then placed and applied in one, with
 * one signature over all their receipts. Until that commit they are `stored`, so a crash anywhere repeats the group.
 */
export function createProcessor(deps: ProcessorDeps): Processor {
  const feeds = deps.feeds ?? feedNamed;
  const reported = new Set<string>();
  let watchedAt: number | undefined;
  let registrySeen: string | undefined;

  const commit = async (work: Work): Promise<Group> => {
    const group = await deps.store.transaction(async (tx) => {
      const now = deps.clock.now();
      const placed = await work(tx, { random: deps.random, targets: deps.targets, now });
      await issueReceipts(
        tx,
        placed.flatMap(({ receipts }) => receipts),
        deps.sign,
      );
      crashPoint('before-apply-commit');
      return summarise(placed);
    });
    crashPoint('after-apply-commit');
    report(deps, group);
    return group;
  };

  const processStored = async (): Promise<boolean> => {
    const opened = await openGroup(deps, feeds);
    if (opened.length === 0) return false;
    await commit(async (tx, place) => {
      const placed: Placed[] = [];
      for (const one of opened) placed.push(await placeSlice(tx, one, place));
      return placed;
    });
    return true;
  };

  /** Only a change of the registry, made perhaps by another process, can end the waiting. */
  const retry = async (): Promise<boolean> => {
    const { registry, rows } = await deps.store.read(async (tx) => {
      const waiting = await tx.exports.inState('waiting', waitingLimit);
      if (waiting.length === 0) return { registry: registrySeen, rows: waiting };
      const facilities = await tx.facilities.list();
      const known = [facilities.map(({ finess }) => finess), await tx.facilities.aliases()];
      return { registry: JSON.stringify([known, waiting[0]?.id]), rows: waiting };
    });
    if (rows.length === 0 || registry === registrySeen) return false;
    registrySeen = registry;
    const group = await commit((tx, place) => retryWaiting(tx, rows, feeds, place));
    return group.exports > 0;
  };

  const watch = async (): Promise<void> => {
    const now = deps.clock.now();
    if (watchedAt !== undefined && now - watchedAt < watchEveryMs) return;
    watchedAt = now;
    const rows = await deps.store.read((tx) => tx.exports.incompleteSince(now - incompleteMs));
    for (const { id, agent, slicesSeen } of rows) {
      if (!reported.has(id)) deps.logger.warn({ export: id, agent, slicesSeen }, 'export-incomplete');
      reported.add(id);
    }
  };

  const step = async (): Promise<boolean> => {
    if (await processStored()) return true;
    await watch();
    return retry();
  };
  const loop = createLoop({
    name: 'processor',
    idleMs: deps.idleMs ?? 1000,
    logger: deps.logger,
    step,
  });
  return { ...loop, step };
}

type Work = (
  tx: Parameters<typeof placeSlice>[0],
  place: Parameters<typeof placeSlice>[2],
) => Promise<readonly Placed[]>;

/** Oldest first, until enough records are in hand for one commit. */
async function openGroup(
  { store, open, groupRecords }: ProcessorDeps,
  feeds: (name: string) => Feed | undefined,
): Promise<readonly OpenedSlice[]> {
  const rows = await store.read((tx) => tx.inbox.inState('stored', claimLimit));
  const opened: OpenedSlice[] = [];
  let records = 0;
  for (
    let from = 0;
    from < rows.length && records < (groupRecords ?? defaultGroupRecords);
    from += openAtOnce
  ) {
    const wave = rows.slice(from, from + openAtOnce);
    const loaded = await store.read(async (tx) => {
      const found: (readonly [EnvelopeRow, Buffer | undefined, Awaited<ReturnType<typeof tx.agents.get>>])[] =
        [];
      for (const row of wave)
        found.push([row, await tx.inbox.content(row.id), await tx.agents.get(row.agent)]);
      return found;
    });
    const read = await Promise.all(
      loaded.map(([row, content, agent]) => openStored(row, content, agent, open, feeds)),
    );
    for (const one of read) {
      opened.push(one);
      records += one.kind === 'slice' ? one.records.length : 0;
    }
  }
  return opened;
}

interface Group {
  readonly agents: ReadonlySet<string>;
  readonly envelopes: number;
  readonly exports: number;
  readonly records: number;
  readonly dispatches: number;
  readonly refusals: readonly { readonly code: string; readonly export: string | null }[];
}

function summarise(placed: readonly Placed[]): Group {
  const outcomes = placed.flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome]));
  const counts = outcomes.map((outcome) => outcome.counts);
  return {
    agents: new Set(placed.flatMap(({ receipts }) => receipts.map(({ agent }) => agent))),
    envelopes: placed.length,
    exports: outcomes.length,
    records: counts.reduce((sum, one) => sum + one.added + one.updated + one.unchanged + one.stale, 0),
    dispatches: outcomes.reduce((sum, { composed }) => sum + composed.length, 0),
    refusals: placed.flatMap(({ refusal }) => (refusal === undefined ? [] : [refusal])),
  };
}

/** One line for the group, and one for each thing refused. */
function report({ logger, onProcessed }: ProcessorDeps, group: Group): void {
  const { agents, envelopes, exports, records, dispatches, refusals } = group;
  if (envelopes > 0) logger.info({ envelopes, exports, records, dispatches }, 'envelopes-processed');
  for (const refusal of refusals) logger.warn(refusal, 'export-refused');
  onProcessed?.({ agents, dispatches });
}
