import type { Language } from '../../shared/i18n/texts.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import type { Looked } from '../monitor/look.ts';
import type { RegionSummary } from '../monitor/summary.ts';
import { shownDay } from './destination-words.ts';
import { tellWatch } from './watch-words.ts';

/** The answer to the morning's question, before any list: whom to call first, or that nobody is to be called. */
export function sentence(
  { pairs }: Pick<Looked, 'pairs'>,
  { calls, blocked }: Pick<RegionSummary, 'calls' | 'blocked'>,
  day: Day,
  language: Language,
): string {
  const [first] = calls;
  if (first !== undefined) {
    const missing = calls.reduce((sum, each) => sum + each.missing, 0);
    const count = new Set(calls.map(({ facility }) => facility)).size;
    return tellWatch(language, 'toCall', { count, missing, first: first.name });
  }
  if (blocked.length > 0) {
    const records = blocked.reduce((sum, each) => sum + each.records, 0);
    const destinations = blocked.map(({ name }) => name).join(', ');
    return tellWatch(language, 'onlyBlocked', { records, destinations });
  }
  const connected = pairs
    .flatMap(({ days }) => days.filter((each) => each.day === day))
    .filter(({ state }) => state !== 'not-connected');
  if (connected.length === 0) return tellWatch(language, 'nobody');
  const due = connected.filter(({ state }) => state === null).length;
  const here = connected.filter(({ state }) => state !== null && state !== 'closed');
  const facts = {
    facilities: new Set(here.map(({ facility }) => facility)).size,
    visits: here.reduce((sum, { count }) => sum + count, 0),
    day: shownDay(day, language),
  };
  return due > 0 ? tellWatch(language, 'stillDue', { ...facts, due }) : tellWatch(language, 'allHere', facts);
}
