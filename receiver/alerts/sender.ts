import { backoffMs, type BackoffPolicy } from '../../shared/runtime/backoff.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { asFault } from '../../shared/runtime/errors.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { AlertChannel, AlertMessage, MessageState } from '../store/alert-tables.ts';
import type { Store } from '../store/store.ts';
import type { Carry } from './carry.ts';

/**
 * Sends what was written, one loop a channel. A message is taken, sent, and settled in a second transaction: who dies in
 * between sends it again under the same identity. A message that cannot be sent holds up no other.
 */
export interface SenderDeps {
  readonly channel: AlertChannel;
  readonly carry: Carry;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface Sender {
  readonly loop: Loop;
  /** Sends what is due, at most a handful; true when there may be more. */
  readonly step: (signal: AbortSignal) => Promise<boolean>;
}

const atOnce = 4;
const idleMs = 5000;
const retry: BackoffPolicy = { firstMs: 30_000, maxMs: 3_600_000 };
/** About seven hours. */
export const mostAttempts = 14;

export function createSender(deps: SenderDeps): Sender {
  const { channel, store, clock, logger } = deps;
  const step = async (signal: AbortSignal): Promise<boolean> => {
    const now = clock.now();
    if (!(await store.read((tx) => tx.alerts.hasDue(channel, now)))) return false;
    const claimed = await store.transaction((tx) => tx.alerts.claim(channel, now, atOnce));
    await Promise.all(claimed.map((message) => sendOne(deps, message, signal)));
    return claimed.length === atOnce && !signal.aborted;
  };
  return { step, loop: createLoop({ name: `alerts-${channel}`, idleMs, logger, step }) };
}

/** Sends a claimed message and writes down how it ended. */
export async function sendOne(
  { carry, store, clock, random, logger }: Omit<SenderDeps, 'channel'>,
  message: AlertMessage,
  signal: AbortSignal,
): Promise<void> {
  const { id, alert, channel } = message;
  const attempts = message.attempts + 1;
  const { state, doubt, code } = await outcomeOf(carry, message, attempts, signal);
  const now = clock.now();
  const dueAt = state === 'failed' ? now + backoffMs(retry, attempts, random) : message.dueAt;
  await store.transaction(async (tx) => {
    const sentAt = state === 'sent' ? now : null;
    await tx.alerts.settle(id, { state, attempts, doubt: message.doubt || doubt, dueAt, sentAt, code });
    if (state === 'dead' && alert !== null)
      await tx.alerts.addEvent({ alert, at: now, kind: 'undelivered', name: null, text: message.recipient });
  });
  if (state === 'sent') logger.info({ message: id, alert, channel, attempts }, 'alert-sent');
  else
    logger[state === 'dead' ? 'error' : 'warn'](
      { message: id, alert, channel, attempts, code },
      'alert-not-sent',
    );
}

async function outcomeOf(
  carry: Carry,
  message: AlertMessage,
  attempts: number,
  signal: AbortSignal,
): Promise<{ readonly state: MessageState; readonly doubt: boolean; readonly code: string | null }> {
  try {
    if ((await carry(message, signal)) === 'taken') return { state: 'sent', doubt: false, code: null };
    return { state: 'dead', doubt: false, code: 'alert-channel-unset' };
  } catch (error) {
    const fault = asFault(error);
    const isOver = (fault.class === 'permanent' && fault.code !== 'unexpected') || attempts >= mostAttempts;
    return { state: isOver ? 'dead' : 'failed', doubt: fault.class === 'ambiguous', code: fault.code };
  }
}
