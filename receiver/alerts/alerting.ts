import type { Clock } from '../../shared/runtime/clock.ts';
import { createLoop, type Loop, type Service } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { ReceiverConfig } from '../config.ts';
import { createWatchRules } from '../monitor/settings.ts';
import type { AlertChannel } from '../store/alert-tables.ts';
import type { Store } from '../store/store.ts';
import type { Resolve } from './address-guard.ts';
import type { Carry } from './carry.ts';
import { createMailCarry } from './mail-client.ts';
import { staleMs } from './other-conditions.ts';
import { readSituation } from './read-conditions.ts';
import { reconcile } from './reconcile.ts';
import { createSender } from './sender.ts';
import { createSmsCarry } from './sms-client.ts';
import { tell } from './telling.ts';
import { createWebhookCarry } from './webhook-client.ts';
import { createMessageWriter } from './write-message.ts';

/** Who is told of what goes wrong: alerts are made to agree with what is seen, what is to be told is written, then sent. */
export interface AlertingDeps {
  readonly config: Pick<ReceiverConfig, 'alerts' | 'watching' | 'destinations' | 'region' | 'portal'>;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly resolve?: Resolve;
}

export interface Alerting {
  /** In the order they are started. */
  readonly services: readonly Service[];
  /** Something waits to be sent, or was decided. */
  readonly nudge: () => void;
  /** The watching has looked. */
  readonly looked: () => void;
  /** One round: alerts made to agree, messages written. */
  readonly step: (signal: AbortSignal) => Promise<boolean>;
}

const everyMs = 60_000;
const purgedAtOnce = 200;
const channels: readonly AlertChannel[] = ['email', 'sms', 'webhook'];

export function openAlerting(deps: AlertingDeps): Alerting {
  const { store, logger } = deps;
  const senders = channels.map((channel) =>
    createSender({ ...deps, channel, carry: carryOf(channel, deps) }),
  );
  const nudge = (): void => {
    for (const { loop } of senders) loop.nudge();
  };
  const startedAt = deps.clock.now();
  let outage: { readonly resumedAt: number | undefined } | undefined;
  const step = async (signal: AbortSignal): Promise<boolean> => {
    if (signal.aborted) return false;
    outage ??= await outageBefore(store, startedAt);
    const { resumedAt } = outage;
    if (resumedAt !== undefined && (await isBlind(store, resumedAt, deps.clock.now()))) return false;
    const { written, isMore } = await round(deps, resumedAt);
    if (written > 0) nudge();
    return isMore;
  };
  const grouping: Loop = createLoop({ name: 'alerts', idleMs: everyMs, logger, step });
  const recovering: Service = {
    name: 'alerts-recovered',
    start: async () => {
      const messages = await store.transaction((tx) => tx.alerts.recoverSending());
      if (messages > 0) logger.info({ messages }, 'alerts-sending-recovered');
    },
    stop: async () => undefined,
  };
  return {
    services: [recovering, ...senders.map(({ loop }) => loop), grouping],
    nudge,
    looked: () => grouping.nudge(),
    step,
  };
}

export function carryOf(
  channel: AlertChannel,
  { config: { alerts }, clock, resolve }: Pick<AlertingDeps, 'config' | 'clock' | 'resolve'>,
): Carry {
  const resolving = resolve === undefined ? {} : { resolve };
  switch (channel) {
    case 'email':
      return createMailCarry({ settings: alerts.smtp, clock });
    case 'sms':
      return createSmsCarry({ settings: alerts.sms, ...resolving });
    case 'webhook': {
      const { webhooks, allowLoopback } = alerts;
      return createWebhookCarry({ webhooks, allowLoopback, clock, ...resolving });
    }
  }
}

/**
 * A receiver that was out for longer than a look may take knows nothing of that time: what it last saw may be over, and
 * what it sees first may only be late because nobody was there to take it.
 */
async function outageBefore(
  store: Store,
  startedAt: number,
): Promise<{ readonly resumedAt: number | undefined }> {
  const last = await store.read((tx) => tx.alerts.round());
  return { resumedAt: startedAt - (last?.at ?? 0) > staleMs ? startedAt : undefined };
}

/** Nothing is told of what was seen before an outage, until the watching has looked again, or should have. */
async function isBlind(store: Store, resumedAt: number, now: number): Promise<boolean> {
  const lookedAt = await store.read((tx) => tx.watch.lastRun());
  return lookedAt !== undefined && lookedAt < resumedAt && now - resumedAt <= staleMs;
}

/** What is wrong is read beside the writer; what changes is written in one transaction. */
async function round(
  { config, store, clock, random, logger }: AlertingDeps,
  resumedAt: number | undefined,
): Promise<{ readonly written: number; readonly isMore: boolean }> {
  const now = clock.now();
  const { alerts: settings } = config;
  const situation = await store.read((tx) => readSituation(tx, config.destinations, { now, resumedAt }));
  const writer = createMessageWriter({
    ...{ names: situation.names, region: config.region, rules: createWatchRules(config.watching) },
    url: config.portal?.url?.replace(/\/+$/, ''),
  });
  const done = await store.transaction(async (tx) => {
    const reconciled = await reconcile(tx, situation, settings, now);
    const written = await tell(tx, { settings, random, writer, resumedAt }, reconciled, now);
    const { transition, isMore } = situation.passed;
    await tx.alerts.putRound({ at: now, transition });
    const old = now - settings.retentionDays * 86_400_000;
    const purged = [
      await tx.alerts.purge(old, purgedAtOnce),
      await tx.watch.purgeTransitions(old, transition, purgedAtOnce),
    ];
    const open = reconciled.open.length;
    return { written, open, isMore: isMore || purged.some((rows) => rows >= purgedAtOnce) };
  });
  if (done.written > 0) logger.info({ messages: done.written, open: done.open }, 'alerts-written');
  return done;
}
