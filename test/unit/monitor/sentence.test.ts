import { describe, expect, it } from 'vitest';
import { sentence } from '../../../receiver/commands/watch-sentence.ts';
import type { WatchedDay } from '../../../receiver/monitor/evaluate.ts';
import type { Call } from '../../../receiver/monitor/summary.ts';
import type { WatchState } from '../../../receiver/store/watch-tables.ts';
import { dayAt } from '../calendar/kit.ts';

const day = dayAt('2026-06-01');
const feed = 'ed-visits';
const cell = (facility: string, state: WatchState | null, count = 10): WatchedDay => ({
  ...{ facility, feed, day, state, count, cause: null, expected: null, missing: 0, stretches: [] },
  ...{ missingParts: [], deadline: 1, wholeAt: null },
});
const said = (states: readonly (WatchState | null)[], calls: readonly Call[] = []): string => {
  const pairs = states.map((state, index) => ({
    pair: { facility: `f${index}`, feed },
    days: [cell(`f${index}`, state, state === null || state === 'closed' ? 0 : 10)],
    ...{ counted: [], unfinished: false },
  }));
  return sentence({ pairs }, { calls, blocked: [] }, day, 'en');
};

describe('the sentence of the morning', () => {
  it('says that everything is here only when nothing is still to come', () => {
    expect(said(['received', 'late', 'closed'])).toBe(
      'Everything is here. 2 facility(ies), 20 visits on 2026-06-01.',
    );
    expect(said(['received', null])).toBe(
      'Nothing is missing at this hour. 1 facility(ies) received, 10 visits on 2026-06-01; 1 still to come.',
    );
  });

  it('tells a region that is closed from one that is not connected', () => {
    expect(said(['closed', 'closed'])).toMatch(/^Everything is here/);
    expect(said(['not-connected'])).toMatch(/^No facility is connected/);
    expect(said([])).toMatch(/^No facility is connected/);
  });

  it('names whom to call first', () => {
    const call = { facility: 'f1', feed, state: 'silent', cause: 'agent-dead', days: [] } as const;
    expect(
      said(
        ['received'],
        [
          { ...call, name: 'North', missing: 40 },
          { ...call, name: 'South', missing: 2 },
        ],
      ),
    ).toBe('1 facility(ies) to call; about 42 visits are missing from the national sending. First: North.');
  });
});
