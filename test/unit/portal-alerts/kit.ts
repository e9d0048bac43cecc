import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAlerting, type Alerting } from '../../../receiver/alerts/alerting.ts';
import type { Resolve } from '../../../receiver/alerts/address-guard.ts';
import { parseConfig, type ReceiverConfig } from '../../../receiver/config.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import type { AlertMessage, AlertRow } from '../../../receiver/store/alert-tables.ts';
import type { Store } from '../../../receiver/store/store.ts';
import type { WatchCause, WatchState, WatchTransition } from '../../../receiver/store/watch-tables.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { dayFromIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';

export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const feed = 'ed-visits';
/** Friday 20 November 2026, 06:00 in Paris. */
export const morning = Date.UTC(2026, 10, 20, 5);
export const yesterday = dayFromIso('2026-11-19') ?? (0 as Day);
export const running = new AbortController().signal;

/** "990000010" and the like: valid numbers, as many as asked for. */
export function finessOf(index: number): string {
  const eight = String(99_000_000 + index).padStart(8, '0');
  for (let digit = 0; digit < 10; digit += 1) if (luhn(`${eight}${digit}`)) return `${eight}${digit}`;
  return eight;
}

function luhn(text: string): boolean {
  let sum = 0;
  for (const [index, digit] of text.split('').reverse().entries()) {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

export interface AlertRig {
  readonly folder: string;
  readonly store: Store;
  readonly config: ReceiverConfig;
  readonly clock: { now(): number; monotonic(): number; advance(ms: number): void; set(at: number): void };
  /** What the watching would have written. */
  see(facility: string, state: WatchState, cause: WatchCause | null, day?: Day, on?: string): Promise<void>;
  /** An agent for the facility, heard at this moment. */
  hear(facility: string, at: number): Promise<void>;
  /** One round of the alerts, minutes later. */
  round(minutes?: number): Promise<void>;
  /** Another receiver over the same store, as after a restart at this moment. */
  restart(): void;
  /** The watching has looked, and noted these changes. */
  looked(...changes: readonly Omit<WatchTransition, 'id'>[]): Promise<void>;
  open(): Promise<readonly AlertRow[]>;
  /** Of all alerts, in the order they were written. */
  messages(): Promise<readonly AlertMessage[]>;
  close(): Promise<void>;
}

export async function openAlertRig({
  alerts = {},
  facilities = 3,
  resolve,
  more = {},
}: {
  readonly alerts?: Readonly<Record<string, unknown>>;
  readonly facilities?: number;
  readonly resolve?: Resolve;
  readonly more?: Readonly<Record<string, unknown>>;
} = {}): Promise<AlertRig> {
  const folder = await mkdtemp(join(tmpdir(), 'vgm-alerts-'));
  await writeFile(join(folder, 'secret'), 'a secret of more than twenty-four signs\n');
  const config = parseConfig(
    JSON.stringify({ state: folder, region: 'Région d’essai', alerts, ...more }),
    join(folder, 'receiver.yaml'),
  );
  let at = morning;
  const clock = {
    now: () => at,
    monotonic: () => performance.now(),
    advance: (ms: number) => {
      at += ms;
    },
    set: (to: number) => {
      at = to;
    },
  };
  const store = openSqliteStore(join(folder, 'receiver.db'));
  await store.transaction(async (tx) => {
    for (let index = 1; index <= facilities; index += 1)
      await tx.facilities.put({
        ...{ finess: finessOf(index), name: `CH de l’Étape ${index}`, key: Buffer.alloc(32, 1), addedAt: 1 },
      });
  });
  const logger = createLogger({ name: 'test', level: 'silent' });
  const resolving = resolve === undefined ? {} : { resolve };
  const begin = (): Alerting =>
    openAlerting({ config, store, clock, random: systemRandom, logger, ...resolving });
  let alerting = begin();
  return {
    ...{ folder, store, config, clock },
    restart: () => {
      alerting = begin();
    },
    looked: (...changes) =>
      store.transaction(async (tx) => {
        await tx.watch.put([], changes);
        await tx.watch.putRun(at);
      }),
    see: (facility, state, cause, day = yesterday, on = feed) =>
      store.transaction((tx) =>
        tx.watch.put([{ facility, feed: on, day, state, cause, since: clock.now() }], []),
      ),
    hear: (facility, heardAt) =>
      store.transaction(async (tx) => {
        const id = `01980000-0000-7000-8000-000${facility}`;
        if ((await tx.agents.get(id)) === undefined)
          await tx.agents.put({ id, name: 'A', status: 'active', facilities: [facility], createdAt: 1 });
        await tx.agents.putHeartbeat(id, heardAt, JSON.stringify({ paused: null, feeds: [] }));
      }),
    round: async (minutes = 0) => {
      at += minutes * minuteMs;
      await alerting.step(running);
    },
    open: () => store.read((tx) => tx.alerts.open(1000)),
    messages: () =>
      store.read(async (tx) => {
        const all: AlertMessage[] = [];
        for (let id = 1; ; id += 1) {
          const one = await tx.alerts.message(id);
          if (one === undefined) return all;
          all.push(one);
        }
      }),
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

export const region = { name: 'region', role: 'region', emails: ['region@example.org'] };
export const smtp = { host: '127.0.0.1', port: 1, secure: 'none', from: 'alertes@example.org' };
