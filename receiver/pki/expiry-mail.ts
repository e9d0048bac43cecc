import { endingWords, terminalKeys } from '../../shared/i18n/terminal-keys.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { asFault } from '../../shared/runtime/errors.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { Carry } from '../alerts/carry.ts';
import type { ReceiverConfig } from '../config.ts';
import type { ExpiryNotice } from '../store/key-tables.ts';
import type { Store } from '../store/store.ts';
import { endingLine, endingsOf, type Ending } from './expiry.ts';
import type { Region } from './region-keys.ts';

export interface ExpiryMailDeps {
  readonly config: Pick<ReceiverConfig, 'alerts' | 'destinations' | 'region'>;
  readonly region: () => Region;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly carry: Carry;
}

export interface ExpiryMails {
  readonly loop: Loop;
  /** Sends what is due. */
  readonly step: (signal: AbortSignal) => Promise<boolean>;
}

const everyMs = 3_600_000;
const dayMs = 86_400_000;
const mostAttempts = 6;
const rememberedMs = 366 * dayMs;

/**
 * The region's people are told of what ends: 30, 14 and 7 days before, and when it has ended, each once and no reminder in
 * between. Apart from alerts, for nothing is wrong yet. What is about to leave is written down first: a process that dies in
 * between leaves a message unsent rather than sent twice.
 */
export function createExpiryMails(deps: ExpiryMailDeps): ExpiryMails {
  const { config, store, clock, logger } = deps;
  const told = config.alerts.recipients.filter(({ role, emails }) => role === 'region' && emails.length > 0);
  const step = async (signal: AbortSignal): Promise<boolean> => {
    const now = clock.now();
    const endings = await store.read((tx) => endingsOf(tx, deps.region(), config, clock));
    for (const { kind, id, threshold, endsAt } of endings)
      logger.warn({ kind, id, threshold, endsAt: new Date(endsAt).toISOString() }, 'key-ends');
    for (const ending of endings)
      for (const { emails, language } of told)
        for (const address of emails) {
          if (signal.aborted) return false;
          await tellOne(deps, ending, address, language, signal);
        }
    await store.transaction((tx) => tx.keys.purgeNotices(now - rememberedMs));
    return false;
  };
  return { step, loop: createLoop({ name: 'expiry-mail', idleMs: everyMs, logger, step }) };
}

async function tellOne(
  { config, store, clock, random, logger, carry }: ExpiryMailDeps,
  ending: Ending,
  address: string,
  language: Language,
  signal: AbortSignal,
): Promise<void> {
  const now = clock.now();
  const { kind, id, endsAt, threshold } = ending;
  const notice: ExpiryNotice = { subject: `${kind} ${id}`, endsAt, threshold, address };
  if (!(await store.transaction((tx) => tx.keys.claimNotice(notice, mostAttempts, now)))) return;
  const settle = (state: 'sent' | 'failed'): Promise<void> =>
    store.transaction((tx) => tx.keys.settleNotice(notice, state, clock.now()));
  try {
    const done = await carry(
      {
        ...{ id: 0, alert: null, recipient: 'region', role: 'region', channel: 'email', kind: 'test' },
        ...{ address, ...writtenFor(ending, config.region, language, now), identity: random.uuid(now) },
        ...{
          createdAt: now,
          dueAt: now,
          state: 'sending',
          attempts: 0,
          doubt: false,
          sentAt: null,
          code: null,
        },
      },
      signal,
    );
    await settle(done === 'taken' ? 'sent' : 'failed');
  } catch (error) {
    const fault = asFault(error);
    logger.warn({ kind, id, code: fault.code }, 'expiry-mail-not-sent');
    // It may have arrived: it stays claimed, and is not sent again.
    if (fault.class !== 'ambiguous') await settle('failed');
  }
}

export function writtenFor(
  ending: Ending,
  region: string,
  language: Language,
  now: number,
): { readonly subject: string; readonly text: string } {
  const { kind, name, endsAt } = ending;
  const subject = fill(terminalKeys[endsAt <= now ? 'mailSubjectEnded' : 'mailSubject'][language], {
    what: fill(endingWords[kind].what[language], { name }),
    days: Math.ceil((endsAt - now) / dayMs),
  });
  const foot = fill(terminalKeys.mailFoot[language], { region });
  return { subject, text: `${endingLine(ending, language, now)}\n\n${foot}\n` };
}
