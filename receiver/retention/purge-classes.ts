import { feedNamed } from '../../shared/feeds/registry.ts';
import { dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { rejectedDraft, type Draft } from '../apply/receipts.ts';
import { settleSuperseded } from '../apply/superseded.ts';
import type { RetentionClass } from '../config-retention.ts';
import type { FeedOfFacility, Gone } from '../store/retention-tables.ts';
import type { StoreTx } from '../store/store.ts';
import type { Cutoff } from './cutoff.ts';
import { recordName } from './deletion-record.ts';

/** What one small transaction took away; `gone` in the order in which it went. */
export interface Piece {
  readonly gone: readonly Gone[];
  readonly counts: Readonly<Record<string, number>>;
  /** What the hospitals concerned are told. */
  readonly drafts?: readonly Draft[];
}

export interface StepDeps {
  readonly random: Random;
  readonly now: number;
}

/** Of what lies in the database: folders are purge-files.ts. */
export interface StoredClass {
  /** Takes away a little of what is past its time; undefined when nothing is. */
  step(tx: StoreTx, cutoff: Cutoff, deps: StepDeps): Promise<Piece | undefined>;
  /** How much is past its time. */
  due(tx: StoreTx, cutoff: Cutoff): Promise<number>;
}

/** One commit: some tens of milliseconds, so that no envelope waits long behind it. */
const recordsAtOnce = 2000;
const daysAtOnce = 50;
const rowsAtOnce = 500;
const contentsAtOnce = 100;
const exportsAtOnce = 10;

export const storedClasses: Readonly<Partial<Record<RetentionClass, StoredClass>>> = {
  records: {
    step: purgeDays,
    due: async (tx, { day }) => {
      let count = 0;
      for (const of of await purgedFeeds(tx)) count += await tx.retention.recordsBefore(of, day);
      return count;
    },
  },
  history: rows('history', (tx, { at }) => tx.retention.purgeHistory(at, rowsAtOnce), {
    due: (tx, { at }) => tx.retention.historyBefore(at),
  }),
  envelopes: rows('envelopes', (tx, { at }) => tx.retention.purgeEnvelopes(at, contentsAtOnce), {
    due: (tx, { at }) => tx.retention.envelopesBefore(at),
  }),
  dispatches: rows('dispatches', (tx, { at }) => tx.retention.purgeDispatches(at, contentsAtOnce), {
    due: (tx, { at }) => tx.retention.dispatchesBefore(at),
  }),
  staged: { step: giveUp, due: (tx, { at }) => tx.retention.unsettledCount(at) },
  reports: rows('reports', (tx, { at }) => tx.retention.purgeReports(at, exportsAtOnce), {
    due: (tx, { at }) => tx.retention.reportsBefore(at),
  }),
  audit: rows(
    'lines',
    async (tx, { at }) => {
      const upTo = (await tx.retention.sealBefore(at)) ?? (await tx.retention.auditFloor());
      return upTo === 0 ? [] : tx.retention.purgeAudit(upTo, rowsAtOnce);
    },
    {
      due: async (tx, { at }) =>
        tx.retention.auditBefore((await tx.retention.sealBefore(at)) ?? (await tx.retention.auditFloor())),
    },
  ),
};

function rows(
  name: string,
  take: (tx: StoreTx, cutoff: Cutoff) => Promise<readonly Gone[]>,
  { due }: Pick<StoredClass, 'due'>,
): StoredClass {
  return {
    due,
    step: async (tx, cutoff) => {
      const gone = await take(tx, cutoff);
      return gone.length === 0 ? undefined : { gone, counts: { [name]: gone.length } };
    },
  };
}

/** What replaces itself, a state such as free beds, has no day on which it would be past its time. */
async function purgedFeeds(tx: StoreTx): Promise<readonly FeedOfFacility[]> {
  return (await tx.retention.feedsHeld()).filter(({ feed }) => feedNamed(feed)?.replacement !== 'snapshot');
}

/** Whole days, the oldest first: a day is never half purged. */
async function purgeDays(tx: StoreTx, { day: before }: Cutoff, deps: StepDeps): Promise<Piece | undefined> {
  for (const of of await purgedFeeds(tx)) {
    const days = await tx.retention.daysBefore(of, before, daysAtOnce);
    if (days.length > 0) return purgeSome(tx, of, days, deps);
  }
  return undefined;
}

async function purgeSome(
  tx: StoreTx,
  of: FeedOfFacility,
  days: readonly Day[],
  { random, now }: StepDeps,
): Promise<Piece> {
  const gone: Gone[] = [];
  const pending = new Set<string>();
  let [purged, history] = [0, 0];
  for (const day of days) {
    if (gone.length >= recordsAtOnce) break;
    const done = await tx.retention.purgeDay({ ...of, day }, now);
    for (const record of done.records) gone.push({ name: recordName(of, day, record), at: dayToIso(day) });
    for (const id of done.pending) pending.add(id);
    history += done.history;
    purged += 1;
  }
  const drafts = await settleSuperseded(tx, pending, { random, now });
  return { gone, counts: { records: gone.length, days: purged, history }, drafts };
}

/** Nothing of them was applied and nobody asked for more: their hospital is told so, and may send again. */
async function giveUp(tx: StoreTx, { at }: Cutoff, paper: StepDeps): Promise<Piece | undefined> {
  const due = await tx.retention.unsettledBefore(at, exportsAtOnce);
  const drafts: Draft[] = [];
  for (const { id } of due) {
    const row = await tx.exports.get(id);
    await tx.exports.unstage(id);
    await tx.exports.update(id, { state: 'rejected' });
    const envelopes = await tx.inbox.ofExport(id);
    for (const envelope of envelopes) await tx.inbox.setState(envelope.id, 'refused');
    const [first] = envelopes;
    if (row !== undefined && first !== undefined) {
      const said = { export: id, envelope: first.id, code: 'export-past-retention' };
      drafts.push(rejectedDraft(paper, row.agent, said));
    }
  }
  if (due.length === 0) return undefined;
  const gone = due.map(({ id, receivedAt }) => ({ name: id, at: new Date(receivedAt).toISOString() }));
  return { gone, counts: { exports: gone.length }, drafts };
}
