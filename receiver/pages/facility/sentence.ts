import { portalFacility } from '../../../shared/i18n/portal-facility.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import type { WatchedDay } from '../../monitor/evaluate.ts';
import type { Call } from '../../monitor/summary.ts';
import type { SeenAgent } from '../reads/facility-agents.ts';
import type { JudgedFeed } from '../reads/facility-judgement.ts';
import { causeWords } from '../morning/cause-words.ts';
import { frenchSpaces, teller } from '../typeset.ts';
import { dayWords } from '../words.ts';

export interface Told {
  readonly sentence: string;
  /** Why, and what lacks; nothing when nothing is wrong. */
  readonly cause: string | undefined;
}

export interface Subject {
  readonly name: string;
  /** The daily feed; undefined: it has none. */
  readonly feed: JudgedFeed | undefined;
  readonly agents: readonly SeenAgent[];
  /** Days looked at for the sentence end here. */
  readonly today: Day;
  readonly now: number;
  readonly language: Language;
}

const lookedDays = 14;

/** Does this hospital transmit well? One sentence; when it does not, what is wrong, since when and why. */
export function facilitySentence(subject: Subject): Told {
  const { name, feed, agents, today, now, language } = subject;
  const say = teller(portalFacility, language);
  const calm = (sentence: string): Told => ({ sentence, cause: undefined });
  if (feed?.connectedAt === undefined && !isConnected(subject)) return calm(say('neverSent', { name }));
  const days = (feed?.days ?? []).filter(({ day }) => day >= today - lookedDays);
  const due = days.filter(({ state }) => state !== null);
  const latest = due.at(-1);
  if (feed === undefined || latest === undefined) return calm(say('notDue', { name }));
  const troubled = due.filter(isOpen);
  const [first] = troubled;
  if (first !== undefined) {
    const call = callOf(feed, troubled);
    return {
      sentence: openSentence(subject, due, troubled),
      cause: causeWords({ call, pair: feed.pair, now, language }),
    };
  }
  const day = dayWords(latest.day, 'weekday', language);
  switch (latest.state) {
    case 'closed':
      return calm(say('closedDay', { name }));
    case 'degraded':
      return calm(say('degradedDay', { name }));
    case 'late':
      return calm(say('lateDay', { name, day }));
    default:
      if (agents.length > 0 && agents.every(({ alive }) => !alive)) return calm(say('agentGone', { name }));
      return calm(say(latest.cause === 'forward-blocked' ? 'blockedDay' : 'normal', { name }));
  }
}

function isConnected({ feed }: Subject): boolean {
  return feed?.days.some(({ count }) => count > 0) ?? false;
}

function openSentence(
  { name, language }: Subject,
  due: readonly WatchedDay[],
  troubled: readonly WatchedDay[],
): string {
  const say = teller(portalFacility, language);
  const latest = due.at(-1);
  const worst = troubled.at(-1);
  if (latest === undefined || worst === undefined) return frenchSpaces(name);
  const day = dayWords(worst.day, 'weekday', language);
  if (worst.day !== latest.day)
    return troubled.length === 1
      ? say('olderOne', { name, day })
      : say('olderMany', { name, n: troubled.length });
  switch (worst.state) {
    case 'silent': {
      const from = silentFrom(due);
      return from === worst.day
        ? say('silentDay', { name, day })
        : say('silentSince', { name, day: dayWords(from, 'weekday', language) });
    }
    case 'partial':
      return say('partialDay', { name, day });
    case 'low':
      return say('lowDay', { name, day });
    default:
      return say('heldDay', { name, day });
  }
}

/** The first of the silent days that the latest one ends. */
function silentFrom(due: readonly WatchedDay[]): Day {
  let from = due.at(-1)?.day ?? (0 as Day);
  for (const { day, state } of due.toReversed()) {
    if (state !== 'silent') break;
    from = day;
  }
  return from;
}

function callOf({ feed, pair }: JudgedFeed, troubled: readonly WatchedDay[]): Call {
  const days = troubled.toReversed();
  const [latest] = days;
  return {
    ...{ facility: pair.facility, feed, name: pair.name, days },
    ...{ state: latest?.state ?? 'silent', cause: latest?.cause ?? null },
    missing: days.reduce((sum, { missing }) => sum + missing, 0),
  };
}

/** Something is missing still. */
export function isOpen({ state }: Pick<WatchedDay, 'state'>): boolean {
  return state === 'silent' || state === 'partial' || state === 'low' || state === 'held';
}
