import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createExtractionDesk, type ExtractionDesk } from '../../../receiver/extraction/desk.ts';
import { createMaking, type Making } from '../../../receiver/extraction/making.ts';
import type { Cell, Column, ExtractionPlan, planExtraction } from '../../../receiver/extraction/plan.ts';
import {
  extractionRequest,
  type ExtractionRequest,
  type Requester,
} from '../../../receiver/extraction/request.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { quiet } from '../receiver/lab.ts';

export const dayMs = 86_400_000;
export const startAt = Date.UTC(2026, 10, 20, 9);

export const columns: readonly Column[] = [
  { name: 'facility', title: 'Établissement', kind: 'text' },
  { name: 'visits', title: 'Passages', kind: 'integer' },
];

/** Portions as given; `between` runs after each one. */
export function planOf(
  portions: readonly (readonly (readonly Cell[])[])[],
  { notes = [], between }: { notes?: readonly string[]; between?: (done: number) => Promise<void> } = {},
): typeof planExtraction {
  const plan: ExtractionPlan = {
    ...{ columns, notes, parts: portions.length },
    portions: async function* (signal) {
      for (const [at, rows] of portions.entries()) {
        signal.throwIfAborted();
        yield { done: at + 1, rows };
        await between?.(at + 1);
      }
    },
  };
  return () => Promise.resolve(plan);
}

export const anybody = (id: string, change: Partial<Requester> = {}): Requester => ({
  ...{ profile: 'regional-operator', administrator: true, facilities: 'all' },
  actor: { kind: 'command-line', id, name: id },
  ...change,
});

export const request = (change: Record<string, unknown> = {}): ExtractionRequest =>
  extractionRequest.parse({
    ...{ from: '2026-10-01', to: '2026-10-31', purpose: 'Bilan du mois d’octobre' },
    content: { kind: 'aggregates', split: 'age', by: 'week', places: 'region' },
    ...change,
  });

export interface Bench {
  readonly folder: string;
  readonly files: string;
  readonly store: Store;
  readonly clock: { now(): number; monotonic(): number; advance(ms: number): void };
  readonly nudges: () => number;
  /** As if the disk had less left than stays free; after so many looks. */
  fill(afterLooks?: number): void;
  desk(plan?: typeof planExtraction): ExtractionDesk;
  making(plan?: typeof planExtraction, folder?: string): Making;
  /** Everything that waits, made. */
  make(plan?: typeof planExtraction): Promise<void>;
  left(): readonly string[];
  audit(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export function openBench(): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'vgm-extraction-'));
  const files = join(folder, 'extractions');
  const store = openSqliteStore(join(folder, 'receiver.db'));
  let at = startAt;
  let nudged = 0;
  let looksLeft = Infinity;
  const room = (): Promise<boolean> => Promise.resolve((looksLeft -= 1) >= 0);
  const clock = {
    now: () => at,
    // Every look is a second later, so that each portion's progress is told.
    monotonic: () => (monotonic += 1000),
    advance: (ms: number) => {
      at += ms;
    },
  };
  let monotonic = 0;
  const plain = planOf([[['Nord', 12]], [['Sud', { hidden: true }]]]);
  const bench: Bench = {
    ...{ folder, files, store, clock },
    nudges: () => nudged,
    fill: (afterLooks = 0) => {
      looksLeft = afterLooks;
    },
    desk: (plan = plain) =>
      createExtractionDesk({
        ...{ store, clock, random: systemRandom, folder: files, plan, room },
        onChange: () => {
          nudged += 1;
        },
      }),
    making: (plan = plain, into = files) =>
      createMaking({
        ...{ store, clock, logger: quiet, folder: into, plan, room, keptDays: 30 },
        lock: join(folder, 'extraction.lock'),
      }),
    make: async (plan = plain) => {
      const { step } = bench.making(plan);
      while (await step(new AbortController().signal));
    },
    left: () => {
      try {
        return readdirSync(files).sort();
      } catch {
        return [];
      }
    },
    audit: async () =>
      (await store.read((tx) => tx.audit.walk(0, 100))).map(
        ({ action, actorName }) => `${action} ${actorName}`,
      ),
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
  return bench;
}
