import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyExport, type ExportOutcome } from '../../../receiver/apply/apply-export.ts';
import { contentOf, readRecord, stagedContent } from '../../../receiver/apply/content.ts';
import type { Decision, DecisionTarget } from '../../../receiver/apply/carry-out.ts';
import { createDecider, type DecisionResult } from '../../../receiver/apply/decide.ts';
import { issueReceipts } from '../../../receiver/apply/receipts.ts';
import type { DispatchTarget } from '../../../receiver/forward/compose.ts';
import type { DispatchFormat } from '../../../receiver/forward/formats/format.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import type { ExportRow } from '../../../receiver/store/export-tables.ts';
import type { Scope } from '../../../receiver/store/record-scope.ts';
import type { Store, StoredRecord } from '../../../receiver/store/store.ts';
import type { Feed } from '../../../shared/feeds/feed.ts';
import { edVisits } from '../../../shared/feeds/ed-visits.ts';
import type { Manifest } from '../../../shared/protocol/slice.ts';
import type { ProcessedReceipt } from '../../../shared/protocol/receipts.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';

export const agent = '01980000-0000-7000-8000-000000000001';
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

const person = { kind: 'account', id: 'a-1', name: 'Camille Essai' } as const;

/** A file whose content a test can read back: its window and its bodies. */
export const readableFormat = (feed: string, maxRecords = 5000): DispatchFormat => ({
  name: 'readable',
  version: '1',
  feed,
  maxRecords,
  fileName: ({ facility, extract }) => `${facility}_${extract}`,
  compose: ({ from, to, bodies }) => Buffer.from(JSON.stringify({ from, to, bodies })),
});

/** A destination that takes everything at once. */
export function targetOf(name: string, format: DispatchFormat): DispatchTarget {
  return { name, feed: format.feed, atOnce: true, takes: () => true, formatAt: () => format };
}

export interface Sent {
  readonly bodies: readonly string[];
  readonly manifest?: Partial<Manifest>;
  readonly source?: string;
  readonly part?: string;
  readonly receivedAt?: number;
  /** Applied from staged records, as a file of several slices is. */
  readonly staged?: boolean;
}

export interface Rig {
  readonly store: Store;
  /** On one person's word. */
  readonly decider: { decide(target: DecisionTarget, decision: Decision): Promise<DecisionResult> };
  readonly clock: { now(): number; monotonic(): number; set(at: number): void };
  readonly scope: Scope;
  readonly targets: readonly DispatchTarget[];
  send(sent: Sent): Promise<ExportOutcome & { readonly id: string; readonly receipt: ProcessedReceipt }>;
  held(scope?: Scope): Promise<readonly StoredRecord[]>;
  /** What an agency holds that replaces by facility and window, file after file. */
  replayed(facility?: string): Promise<readonly string[]>;
}

export async function openRig(options: {
  facility?: string;
  feed?: Feed;
  maxRecords?: number;
  store?: Store;
}): Promise<Rig & { close(): Promise<void> }> {
  const folder = options.store === undefined ? await mkdtemp(join(tmpdir(), 'vgm-apply-')) : undefined;
  const store = options.store ?? openSqliteStore(join(folder ?? '', 'receiver.db'));
  const feed = options.feed ?? edVisits;
  const facility = options.facility ?? '990000010';
  const scope = { facility, feed: feed.name, part: '0' };
  let now = 20_100 * dayMs;
  const clock = { now: () => now, monotonic: () => now, set: (at: number) => (now = at) };
  const targets = [targetOf('national', readableFormat(feed.name, options.maxRecords))];
  const sign = async (texts: readonly string[]): Promise<string> => `proof of ${texts.length}`;
  await store.transaction(async (tx) => {
    await tx.agents.put({ id: agent, name: 'A', status: 'active', facilities: [facility], createdAt: 1 });
    await tx.facilities.put({ finess: facility, name: 'A', key: Buffer.alloc(32, 3), addedAt: 1 });
  });

  const send: Rig['send'] = async (sent) => {
    now += hourMs;
    const id = systemRandom.uuid(now);
    const records = sent.bodies.map((body, index) =>
      readRecord(feed, { record: index + 1, line: (index + 1) * 10, body }),
    );
    const manifest: Manifest = {
      ...{ slices: 1, records: records.length + (sent.manifest?.rejected ?? 0), rejected: 0, header: true },
      ...{ window: null, extract: null, resend: false },
      digest: hash('sha256', id, 'hex'),
      ...sent.manifest,
    };
    const outcome = await store.transaction(async (tx) => {
      const row: ExportRow = {
        ...{ id, agent, ...scope, part: sent.part ?? '0', source: sent.source ?? 'main' },
        ...{ receivedAt: sent.receivedAt ?? now, reception: await tx.exports.nextReception(), slicesSeen: 1 },
        ...{ manifest: JSON.stringify(manifest), digest: manifest.digest, state: 'receiving' },
        ...{ extract: null, outcome: null },
      };
      await tx.exports.put(row);
      if (sent.staged === true) await tx.exports.stage(id, records);
      const content = sent.staged === true ? await stagedContent(tx.exports, id, feed) : contentOf(records);
      const done = await applyExport(
        tx,
        { row, manifest, feed, content, now },
        { random: systemRandom, targets },
      );
      if (!done.settled && sent.staged !== true) await tx.exports.stage(id, records);
      await issueReceipts(tx, done.receipts, sign);
      return done;
    });
    const receipt = JSON.parse(outcome.receipts[0]?.text ?? '{}') as ProcessedReceipt;
    return { ...outcome, id, receipt };
  };

  const decider = createDecider({ store, clock, random: systemRandom, sign, targets, feeds: () => feed });
  return {
    ...{ store, clock, scope, targets, send },
    decider: { decide: (target, decision) => decider.decide(target, decision, { actor: person }) },
    held: (own = scope) =>
      store.read(async (tx) => {
        const days = await tx.records.days(own, 0 as Day, 60_000 as Day);
        const found: StoredRecord[] = [];
        for (const { day } of days)
          found.push(...(await tx.records.byKey(own, await tx.records.ofDay(own, day))));
        return found;
      }),
    replayed: (of = facility) =>
      store.read(async (tx) => {
        const rows = (await tx.dispatches.recent(100_000)).filter((row) => row.facility === of).reverse();
        let held: { day: Day; body: string }[] = [];
        for (const row of rows) {
          const content = await tx.dispatches.content(row.id);
          const file = JSON.parse(content?.toString() ?? '') as { from: Day; to: Day; bodies: string[] };
          held = held.filter(({ day }) => day < file.from || day > file.to);
          for (const [index, body] of file.bodies.entries())
            held.push({ day: readRecord(feed, { record: index + 1, line: 0, body }).day, body });
        }
        return held.map(({ body }) => body).sort();
      }),
    close: async () => {
      if (folder === undefined) return;
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}
