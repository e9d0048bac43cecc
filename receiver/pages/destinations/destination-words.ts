import { refusalReason } from '../../../shared/i18n/portal-agency.ts';
import { portalDestinations } from '../../../shared/i18n/portal-destinations.ts';
import { describeStored } from '../../../shared/i18n/stored-code.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { dayOfInstant } from '../../../shared/runtime/paris-time.ts';
import type { DestinationConfig } from '../../config-destinations.ts';
import { createCalendar } from '../../forward/calendar/cron.ts';
import type { DestinationOverview } from '../../forward/overview.ts';
import { counted } from '../counted.ts';
import type { Glyph } from '../glyphs.ts';
import type { Html } from '../html.ts';
import { badge } from '../parts.ts';
import { teller } from '../typeset.ts';
import { dayWords, momentWords } from '../words.ts';

/** What is to be known first of a destination, the most pressing first. */
const order = [
  'down',
  'key',
  'refused',
  'dead',
  'overdue',
  'paused',
  'toFetch',
  'waiting',
  'scheduled',
  'fine',
] as const;
export type StandingWord = (typeof order)[number];

const marks: Readonly<
  Record<StandingWord | 'removed', { readonly tone: Parameters<typeof badge>[0]; readonly glyph: Glyph }>
> = {
  down: { tone: 'late', glyph: 't' },
  key: { tone: 'silent', glyph: 's' },
  refused: { tone: 'silent', glyph: 's' },
  dead: { tone: 'held', glyph: 'q' },
  overdue: { tone: 'late', glyph: 't' },
  paused: { tone: '', glyph: 'd' },
  toFetch: { tone: '', glyph: 'inbox' },
  waiting: { tone: '', glyph: 'send' },
  scheduled: { tone: '', glyph: 't' },
  fine: { tone: 'ok', glyph: 'k' },
  removed: { tone: 'late', glyph: 't' },
};

export function standingWord(each: DestinationOverview): StandingWord {
  if (each.pausedBy !== null) return 'paused';
  if (each.key !== null && (each.key.code !== null || each.key.approvedBy.length < each.key.needed))
    return 'key';
  if (each.breaker !== 'closed' || each.failures > 0 || each.blocked !== null) return 'down';
  if (each.refused > 0) return 'refused';
  if (each.dead > 0) return 'dead';
  if (each.overdue !== null) return 'overdue';
  if (each.counts.waiting + each.counts.sending > 0) return each.transport === 'pull' ? 'toFetch' : 'waiting';
  return each.calendar === null ? 'fine' : 'scheduled';
}

/** Those where a person should look. */
export function isTrouble(word: StandingWord): boolean {
  return order.indexOf(word) <= order.indexOf('overdue');
}

export function worstFirst<Row extends DestinationOverview>(rows: readonly Row[]): readonly Row[] {
  const rank = (row: Row): number => order.indexOf(standingWord(row));
  return [...rows].sort((one, other) => rank(one) - rank(other));
}

export function standingBadge(word: StandingWord | 'removed', language: Language): Html {
  return badge(marks[word].tone, marks[word].glyph, portalDestinations[word][language]);
}

export function titleOf({ owner, name }: Pick<DestinationOverview, 'owner' | 'name'>): string {
  return owner ?? name;
}

/** One sentence of one destination. */
export function standingSentence(each: DestinationOverview, now: number, language: Language): string {
  const say = teller(portalDestinations, language);
  const name = titleOf(each);
  const files = (count: number): string => counted(count, 'file', language);
  switch (standingWord(each)) {
    case 'paused': {
      const person = each.pausedBy ?? '';
      return each.pausedUntil === null
        ? say('isPaused', { name, person })
        : say('isPausedUntil', { name, person, until: lastDayWords(Date.parse(each.pausedUntil), language) });
    }
    case 'key':
      return say('isKey', { name });
    case 'down':
      return say('isDown', {
        name,
        since: each.since === null ? '—' : momentWords(Date.parse(each.since), now, language),
      });
    case 'refused':
      return say('isRefusing', { name, files: files(each.refused) });
    case 'dead':
      return say('isDead', { name, files: files(each.dead) });
    case 'overdue':
      return say('isOverdue', {
        name,
        files: files(each.overdue?.count ?? 0),
        hours: each.overdue?.hours ?? 0,
      });
    case 'toFetch':
      return say('isFetching', { name, files: files(each.counts.waiting) });
    case 'waiting':
      return say('isWaiting', { name, files: files(each.counts.waiting + each.counts.sending) });
    case 'scheduled':
      return say('isScheduled', { name, at: nextWords(each, now, language) });
    case 'fine':
      return say('isFine', { name });
  }
}

/** A pause ends at midnight: the day before is its last one. */
export function lastDayWords(untilAt: number, language: Language): string {
  return dayWords(dayOfInstant(untilAt - 1), 'short', language);
}

/** When something leaves next. */
export function nextWords(each: DestinationOverview, now: number, language: Language): string {
  const say = teller(portalDestinations, language);
  if (each.pausedBy !== null)
    return each.pausedUntil === null
      ? say('pausedByCell', { person: each.pausedBy })
      : say('pausedUntilCell', { until: lastDayWords(Date.parse(each.pausedUntil), language) });
  if (each.nextAttemptAt !== null)
    return say('attemptAt', { at: momentWords(Date.parse(each.nextAttemptAt), now, language) });
  if (each.transport === 'pull') return say('fetches');
  if (each.calendar === null) return say('atOnce');
  const next = createCalendar(each.calendar).next(now);
  return next === undefined ? '—' : momentWords(next, now, language);
}

export function ruleWords(each: DestinationOverview, language: Language): string {
  const say = teller(portalDestinations, language);
  const rhythm = each.calendar === null ? say('atOnce') : say('calendar', { cron: each.calendar.cron });
  return each.facilities === null
    ? say('rule', { format: each.format, rhythm })
    : say('ruleFacilities', {
        format: each.format,
        rhythm,
        facilities: counted(each.facilities, 'facility', language),
      });
}

export function acknowledges(settings: DestinationConfig | undefined): boolean {
  return settings !== undefined && settings.acknowledgement.kind !== 'none';
}

export function faultWords(code: string, destination: string, language: Language, file?: string): string {
  const refusal = refusalReason(code, language);
  if (refusal !== undefined) return refusal;
  const facts = { destination, ...(file === undefined ? {} : { dispatch: file }) };
  return describeStored(code, language, facts).message;
}
