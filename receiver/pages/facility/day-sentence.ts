import { portalDay } from '../../../shared/i18n/portal-day.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { dayOfInstant, type Day } from '../../../shared/runtime/paris-time.ts';
import type { WatchedDay } from '../../monitor/evaluate.ts';
import { feedWords } from '../charts/feed-words.ts';
import { teller } from '../typeset.ts';
import { capital, dayWords } from '../words.ts';

export interface DaySubject {
  readonly day: Day;
  readonly judged: WatchedDay | undefined;
  /** Held now, judged or not. */
  readonly held: number;
  readonly feed: string;
  readonly now: number;
  readonly language: Language;
}

/** What do we hold for this day? */
export function daySentence({ day, judged, held, feed, now, language }: DaySubject): string {
  const say = teller(portalDay, language);
  const facts = {
    day: capital(dayWords(day, 'long', language)),
    visits: feedWords(feed, language).counted(held),
  };
  if (day > dayOfInstant(now)) return say('future', facts);
  switch (judged?.state) {
    case undefined:
    case null:
      return say(held > 0 ? 'notDueSome' : 'notDue', facts);
    case 'not-connected':
      return say('notConnected', facts);
    case 'received':
    case 'late':
    case 'partial':
    case 'low':
    case 'silent':
    case 'held':
    case 'degraded':
    case 'closed':
      return say(judged.state, facts);
  }
}
