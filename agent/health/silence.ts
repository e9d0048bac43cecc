import { runningTexts } from '../../shared/i18n/terminal-agent-running.ts';
import { fill } from '../../shared/i18n/texts.ts';
import { backoffMs } from '../../shared/runtime/backoff.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { asFault } from '../../shared/runtime/errors.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { instantToFrench } from '../../shared/runtime/paris-time.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { NotifyConfig } from '../config.ts';
import type { Notes, NoteValues } from '../outbox/notes.ts';
import type { Mail, MailSettings } from './mail.ts';

const everyMs = 60_000;
/** Just started, the agent must have tried for a while before it says that nobody answers. */
const firstTriesMs = 600_000;
const mailBackoff = { firstMs: 60_000, maxMs: 1_800_000 };

export interface SilenceDeps {
  readonly notify: NotifyConfig;
  readonly notes: Notes;
  /** Epoch ms of the region's last answer; undefined = never. */
  lastContactAt(): number | undefined;
  /** When this process began to try. */
  readonly startedAt: number;
  /** For the reader of a mail: which agent, which region. */
  readonly names: { readonly agent: string; readonly region: string };
  sendMail(settings: MailSettings, mail: Mail): Promise<void>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Tells once that the region is silent, and once that it answers again: to the log, to `status`, by mail if asked. */
export function createSilenceWatch(deps: SilenceDeps): Loop {
  const { notify, notes, clock, logger } = deps;
  let failures = 0;
  let nextMailAt = 0;

  const watch = (): void => {
    const now = clock.now();
    const lastAt = deps.lastContactAt();
    const told = notes.read('region-silent');
    if (told === undefined) {
      const since = lastAt ?? deps.startedAt;
      const afterMs = notify.afterHours * 3_600_000;
      if (now - since < afterMs || now - deps.startedAt < Math.min(afterMs, firstTriesMs)) return;
      notes.put('region-silent', { since, mail: notify.email === undefined ? 'none' : 'due' });
      logger.error({ since: new Date(since).toISOString() }, 'region-silent');
      nextMailAt = 0;
    } else if (lastAt !== undefined && lastAt > told.since) {
      notes.drop('region-silent');
      notes.drop('notice-problem');
      // Nobody was told that it was silent: nobody need be told that it is not.
      if (told.mail === 'sent') notes.put('region-answers', { since: told.since, until: lastAt });
      logger.info({ since: new Date(told.since).toISOString() }, 'region-answers');
      nextMailAt = 0;
    }
  };

  const mailDue = (): { readonly mail: Mail; readonly done: () => void } | undefined => {
    const silent = notes.read('region-silent');
    if (silent?.mail === 'due')
      return {
        mail: silentMail(silent, deps),
        done: () => notes.put('region-silent', { ...silent, mail: 'sent' }),
      };
    const answers = notes.read('region-answers');
    if (answers === undefined) return undefined;
    return { mail: answersMail(answers, deps), done: () => notes.drop('region-answers') };
  };

  const send = async (settings: MailSettings): Promise<void> => {
    if (clock.now() < nextMailAt) return;
    const due = mailDue();
    if (due === undefined) return;
    try {
      await deps.sendMail(settings, due.mail);
      due.done();
      notes.drop('notice-problem');
      failures = 0;
      logger.info({ host: settings.host }, 'notice-sent');
    } catch (error) {
      const fault = asFault(error);
      failures += 1;
      nextMailAt = clock.now() + backoffMs(mailBackoff, failures, deps.random);
      const reason = String(fault.facts['reason'] ?? '');
      notes.put('notice-problem', { code: fault.code, host: settings.host, reason });
      logger.warn({ err: fault }, 'notice-not-sent');
    }
  };

  return createLoop({
    name: 'silence',
    idleMs: everyMs,
    logger,
    step: async () => {
      watch();
      if (notify.email !== undefined) await send(notify.email);
      return false;
    },
  });
}

function silentMail({ since }: NoteValues['region-silent'], { names, notes }: SilenceDeps): Mail {
  const code = notes.read('contact-problem')?.code ?? 'receiver-unreachable';
  return bilingual(runningTexts.silentSubject, runningTexts.silentBody, {
    ...names,
    code,
    since: instantToFrench(since),
  });
}

function answersMail({ since, until }: NoteValues['region-answers'], { names }: SilenceDeps): Mail {
  return bilingual(runningTexts.answersSubject, runningTexts.answersBody, {
    ...names,
    since: instantToFrench(since),
    until: instantToFrench(until),
  });
}

/** One mail for every reader: French first, then English. */
function bilingual(
  subject: { readonly fr: string; readonly en: string },
  body: { readonly fr: string; readonly en: string },
  facts: Readonly<Record<string, string>>,
): Mail {
  const { fr, en } = subject;
  return {
    subject: fill(`${fr} / ${en}`, facts),
    text: fill(`${body.fr}\n\n— — —\n\n${body.en}\n`, facts),
  };
}
