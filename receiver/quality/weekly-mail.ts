import { asFault } from '../../shared/runtime/errors.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { feedNamed } from '../../shared/feeds/registry.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { dayOfInstant, instantOf, type Day } from '../../shared/runtime/paris-time.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { Carry } from '../alerts/carry.ts';
import { weekdays, type QualityConfig } from '../config-quality.ts';
import type { WeeklyMail } from '../store/quality-tables.ts';
import type { Store } from '../store/store.ts';
import { mondayOf } from './analyse.ts';
import { readScorecard } from './scorecard.ts';
import { weeklyMessage } from './weekly-message.ts';

export interface WeeklyMailDeps {
  readonly settings: QualityConfig;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly carry: Carry;
  /** Where people reach the pages, without a slash at its end. */
  readonly url: () => string;
}

export interface WeeklyMails {
  readonly loop: Loop;
  /** Sends what is due; false: nothing is left for now. */
  readonly step: (signal: AbortSignal) => Promise<boolean>;
}

const everyMs = 10 * 60_000;
const mostAttempts = 6;
const feedName = 'ed-visits';
/** How long a week that is not counted to its end is waited for. */
const patienceMs = 6 * 3_600_000;

/**
 * Each facility's week, from Monday to Sunday, to its own people. What is about to leave is written down first: a process
 * that dies in between leaves a message unsent rather than sent twice.
 */
export function createWeeklyMails(deps: WeeklyMailDeps): WeeklyMails {
  const { settings, store, clock, logger } = deps;
  const step = async (signal: AbortSignal): Promise<boolean> => {
    const now = clock.now();
    const due = dueWeek(settings, now);
    if (due === undefined) return false;
    const facilities = await store.read((tx) => tx.facilities.list());
    for (const { finess } of facilities) {
      for (const address of addressesOf(settings, finess)) {
        if (signal.aborted) return false;
        await sendOne(deps, { facility: finess, week: due.week, address }, due.at, signal);
      }
    }
    return false;
  };
  return { step, loop: createLoop({ name: 'quality-mail', idleMs: everyMs, logger, step }) };
}

/** The last week that has ended, once its hour has come; Paris, whatever the clock did in between. */
export function dueWeek(
  { mail }: QualityConfig,
  now: number,
): { readonly week: Day; readonly at: number } | undefined {
  if (mail === undefined) return undefined;
  const monday = mondayOf(dayOfInstant(now));
  const [hour = 0, minute = 0] = mail.at.split(':').map(Number);
  const day = (monday + weekdays.indexOf(mail.weekday)) as Day;
  const { at } = instantOf(day, (hour * 60 + minute) * 60_000);
  return now < at ? undefined : { week: (monday - 7) as Day, at };
}

function addressesOf({ mail }: QualityConfig, facility: string): readonly string[] {
  const recipients = mail?.recipients ?? {};
  return [...new Set([...(recipients[facility] ?? []), ...(recipients['*'] ?? [])])];
}

async function sendOne(
  deps: WeeklyMailDeps,
  mail: WeeklyMail,
  dueAt: number,
  signal: AbortSignal,
): Promise<void> {
  const { settings, store, clock, random, logger, carry, url } = deps;
  const feed = feedNamed(feedName);
  if (feed === undefined) return;
  const known = await store.read((tx) => tx.quality.mail(mail));
  if (known !== undefined && (known.state !== 'failed' || known.attempts >= mostAttempts)) return;
  const { facility, week } = mail;
  const span = { from: week, to: (week + 6) as Day };
  const card = await store.read((tx) =>
    readScorecard(tx, feed, facility, span, settings, { examples: false }),
  );
  // Of a silent week alerts have told.
  if (card === undefined || card.records === 0) return;
  if (card.uncounted > 0 && clock.now() < dueAt + patienceMs) return;
  const link = `${url()}/etablissements/${facility}/qualite`;
  const message = weeklyMessage(card, settings.mail?.language ?? 'fr', link);
  if (!(await store.transaction((tx) => tx.quality.claimMail(mail, mostAttempts, clock.now())))) return;
  const now = clock.now();
  try {
    const done = await carry(
      {
        ...{ id: 0, alert: null, recipient: facility, role: 'facility', channel: 'email', kind: 'test' },
        ...{ address: mail.address, ...message, identity: random.uuid(now), createdAt: now, dueAt: now },
        ...{ state: 'sending', attempts: 0, doubt: false, sentAt: null, code: null },
      },
      signal,
    );
    await settle(deps, mail, done === 'taken' ? 'sent' : 'failed');
    if (done === 'taken') logger.info({ facility, week }, 'quality-mail-sent');
  } catch (error) {
    const fault = asFault(error);
    logger.warn({ facility, week, code: fault.code }, 'quality-mail-not-sent');
    // It may have arrived: it stays claimed, and is not sent again.
    if (fault.class !== 'ambiguous') await settle(deps, mail, 'failed');
  }
}

async function settle(
  { store, clock }: WeeklyMailDeps,
  mail: WeeklyMail,
  state: 'sent' | 'failed',
): Promise<void> {
  await store.transaction((tx) => tx.quality.settleMail(mail, state, clock.now()));
}
