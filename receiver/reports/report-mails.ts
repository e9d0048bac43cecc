import { backoffMs, type BackoffPolicy } from '../../shared/runtime/backoff.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { asFault } from '../../shared/runtime/errors.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { Carry } from '../alerts/carry.ts';
import {
  reportForms,
  type ReportForm,
  type ReportMail,
  type ReportMailState,
} from '../store/report-tables.ts';
import type { Store } from '../store/store.ts';
import { reportMessage } from './report-message.ts';

export interface ReportMailsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly carry: Carry;
  /** The region's name. */
  readonly region: string;
}

export interface ReportMails {
  readonly loop: Loop;
  /** Sends what is due, at most a handful; true when there may be more. */
  readonly step: (signal: AbortSignal) => Promise<boolean>;
}

const idleMs = 10_000;
const atOnce = 4;
const retry: BackoffPolicy = { firstMs: 60_000, maxMs: 4 * 3_600_000 };
/** About five days: a relay that is down on a Friday night is there again on Monday. */
export const mostAttempts = 36;

/** Sends what was written down with each report. Who dies in between sends it again under the same identity. */
export function createReportMails(deps: ReportMailsDeps): ReportMails {
  const { store, clock, logger } = deps;
  let isRecovered = false;
  const step = async (signal: AbortSignal): Promise<boolean> => {
    if (!isRecovered) await store.transaction((tx) => tx.reports.mails.recover());
    isRecovered = true;
    const now = clock.now();
    if (!(await store.read((tx) => tx.reports.mails.hasDue(now)))) return false;
    const claimed = await store.transaction((tx) => tx.reports.mails.claim(now, atOnce));
    await Promise.all(claimed.map((mail) => sendOne(deps, mail, signal)));
    return claimed.length === atOnce && !signal.aborted;
  };
  return { step, loop: createLoop({ name: 'report-mails', idleMs, logger, step }) };
}

async function sendOne(deps: ReportMailsDeps, mail: ReportMail, signal: AbortSignal): Promise<void> {
  const { store, clock, random, logger } = deps;
  const attempts = mail.attempts + 1;
  const { state, code } = await outcomeOf(deps, mail, attempts, signal);
  const now = clock.now();
  await store.transaction((tx) =>
    tx.reports.mails.settle(mail.id, {
      ...{ state, attempts, code, sentAt: state === 'sent' ? now : null },
      dueAt: state === 'pending' ? now + backoffMs(retry, attempts, random) : mail.dueAt,
    }),
  );
  const facts = { report: mail.report, mail: mail.id, attempts };
  if (state === 'sent') logger.info(facts, 'report-sent');
  else logger[state === 'failed' ? 'error' : 'warn']({ ...facts, code }, 'report-not-sent');
}

async function outcomeOf(
  deps: ReportMailsDeps,
  mail: ReportMail,
  attempts: number,
  signal: AbortSignal,
): Promise<{ readonly state: ReportMailState; readonly code: string | null }> {
  try {
    if ((await handOver(deps, mail, signal)) === 'taken') return { state: 'sent', code: null };
    return { state: 'failed', code: 'alert-channel-unset' };
  } catch (error) {
    const fault = asFault(error);
    const isOver = (fault.class === 'permanent' && fault.code !== 'unexpected') || attempts >= mostAttempts;
    return { state: isOver ? 'failed' : 'pending', code: fault.code };
  }
}

async function handOver(
  { store, clock, carry, region }: ReportMailsDeps,
  { id, report, address, identity }: ReportMail,
  signal: AbortSignal,
): Promise<'taken' | 'unset'> {
  const found = await store.read(async (tx) => {
    const row = await tx.reports.stored.get(report);
    const files: { form: ReportForm; content: Buffer }[] = [];
    for (const form of reportForms) {
      const content = await tx.reports.stored.file(report, form);
      if (content !== undefined) files.push({ form, content });
    }
    const facility = row?.facility == null ? undefined : await tx.facilities.get(row.facility);
    return { row, files, scope: facility?.name ?? row?.facility ?? region };
  });
  // Its term came meanwhile, and what is to be mailed went with it.
  if (found.row === undefined) return 'unset';
  const now = clock.now();
  return carry(
    {
      ...{ id, alert: null, recipient: address, role: 'report', channel: 'email', kind: 'test' },
      ...{ address, identity, createdAt: found.row.madeAt, dueAt: now, state: 'sending', attempts: 0 },
      ...{ doubt: false, sentAt: null, code: null },
      ...reportMessage(found.row, found.scope, found.files),
    },
    signal,
  );
}
