import { describe, expect, it } from 'vitest';
import { calendarFault, createCalendar } from '../../../receiver/forward/calendar/cron.ts';
import { windowAt } from '../../../receiver/forward/calendar/window.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';

const paris = (cron: string) => calendarFault({ cron, zone: 'Europe/Paris' });

/** Due times from an instant on, in ISO. */
function dues(cron: string, from: string, count: number, zone = 'Europe/Paris'): readonly string[] {
  const calendar = createCalendar({ cron, zone });
  const found: string[] = [];
  for (let at: number | undefined = Date.parse(from); found.length < count;) {
    at = calendar.next(at);
    if (at === undefined) break;
    found.push(new Date(at).toISOString().slice(0, 16));
  }
  return found;
}

describe('settings of a calendar', () => {
  it.each(['30 4 * * *', '0 6 * * 1', '0 4 1 * *', '*/5 * * * *', '0 0 29 2 *', '0 1,3 * * *', '59 1 * * *'])(
    'takes %s',
    (cron) => expect(paris(cron)).toBeUndefined(),
  );

  it.each(['every day', '0 0 4 * * *', '61 4 * * *', '0 24 * * *', '@monthly', '0 4 * *', '* * * * x'])(
    'cannot read %s',
    (cron) => expect(paris(cron)).toBe('unreadable'),
  );

  it.each(['0 0 30 2 *', '0 0 31 4,6 *'])('says that %s never comes', (cron) =>
    expect(paris(cron)).toBe('never'),
  );

  it.each(['* * * * *', '*/4 * * * *', '0,3 4 * * *', '58,1 * * * *', '59 23,0 * * *'])(
    'judges how often %s is due',
    (cron) => expect(paris(cron)).toBe(cron === '59 23,0 * * *' ? undefined : 'too-often'),
  );

  it.each(['0 2 * * *', '59 2 * * 1', '30 2 1 1 *', '0 */2 * * *', '30 1-3 * * *', '*/10 2 * * *'])(
    'refuses %s, due in an hour that a clock change skips or repeats',
    (cron) => expect(paris(cron)).toBe('clock-change'),
  );

  it('knows the hour of each zone, and that some never change', () => {
    const at = (hour: number, zone: string) => calendarFault({ cron: `30 ${hour} * * *`, zone });
    expect(at(1, 'America/New_York')).toBe('clock-change');
    expect(at(2, 'America/New_York')).toBe('clock-change');
    expect(at(3, 'America/New_York')).toBeUndefined();
    expect(at(2, 'Indian/Reunion')).toBeUndefined();
    expect(at(2, 'UTC')).toBeUndefined();
    expect(at(0, 'Atlantic/Azores')).toBe('clock-change');
    expect(at(4, 'Europe/Pariss')).toBe('zone-unknown');
    expect(at(4, '')).toBe('zone-unknown');
  });
});

describe('a calendar over the nights of the clock change', () => {
  it('is due once a night at an hour that is always there', () => {
    expect(dues('30 4 * * *', '2026-03-28T00:00:00Z', 3)).toEqual([
      '2026-03-28T03:30',
      '2026-03-29T02:30',
      '2026-03-30T02:30',
    ]);
    expect(dues('30 4 * * *', '2026-10-24T00:00:00Z', 3)).toEqual([
      '2026-10-24T02:30',
      '2026-10-25T03:30',
      '2026-10-26T03:30',
    ]);
    expect(dues('59 1 * * *', '2026-10-24T12:00:00Z', 2)).toEqual(['2026-10-24T23:59', '2026-10-26T00:59']);
    expect(dues('0 3 * * *', '2026-03-28T12:00:00Z', 2)).toEqual(['2026-03-29T01:00', '2026-03-30T01:00']);
  });

  it.each(['2026-03-28T20:00:00Z', '2026-10-24T20:00:00Z'])(
    'of every half hour, is due every real half hour from %s',
    (from) => {
      const found = dues('*/30 * * * *', from, 24).map((text) => Date.parse(`${text}Z`));
      expect(found.map((at) => at - Date.parse(from))).toEqual(
        Array.from({ length: 24 }, (_, index) => (index + 1) * 1_800_000),
      );
    },
  );

  it('would lose or repeat what is refused: why it is', () => {
    // A list of hours is due twice in October, and not at all in March.
    expect(dues('30 2,14 * * *', '2026-10-24T20:00:00Z', 2)).toEqual([
      '2026-10-25T00:30',
      '2026-10-25T01:30',
    ]);
    expect(dues('30 2,14 * * *', '2026-03-28T20:00:00Z', 1)).toEqual(['2026-03-29T12:30']);
  });
});

describe('the latest due time', () => {
  const calendar = createCalendar({ cron: '30 4 * * *', zone: 'Europe/Paris' });
  const at = (text: string): number => Date.parse(text);

  it('is after the one, and not after the other', () => {
    const due = at('2026-01-10T03:30:00Z');
    expect(calendar.latest(due - 1, due)).toBe(due);
    expect(calendar.latest(due, due)).toBeUndefined();
    expect(calendar.latest(due, due + 86_400_000 - 1)).toBeUndefined();
    expect(calendar.latest(due, due + 86_400_000)).toBe(due + 86_400_000);
    expect(calendar.next(due - 500)).toBe(due);
    expect(calendar.next(due)).toBe(due + 86_400_000);
  });

  it('is found after years of missed ones, whatever the rhythm', () => {
    const after = at('2019-01-01T00:00:00Z');
    const now = at('2026-06-15T12:02:00Z');
    expect(calendar.latest(after, now)).toBe(at('2026-06-15T02:30:00Z'));
    const often = createCalendar({ cron: '*/5 * * * *', zone: 'UTC' });
    expect(often.latest(after, now)).toBe(at('2026-06-15T12:00:00Z'));
    const seldom = createCalendar({ cron: '0 0 29 2 *', zone: 'UTC' });
    expect(seldom.latest(after, now)).toBe(at('2024-02-29T00:00:00Z'));
  });
});

describe('the window of a due time', () => {
  const days = (window: Parameters<typeof windowAt>[0], due: string) => {
    const found = windowAt(window, Date.parse(due));
    return found === undefined ? undefined : [dayToIso(found.from), dayToIso(found.to)];
  };

  it('ends yesterday in Paris', () => {
    expect(days({ days: 7 }, '2026-01-10T03:30:00Z')).toEqual(['2026-01-03', '2026-01-09']);
    // 00:30 in Paris, the day before in UTC.
    expect(days({ days: 1 }, '2026-06-09T22:30:00Z')).toEqual(['2026-06-09', '2026-06-09']);
  });

  it('may begin with the year of yesterday, or on a day', () => {
    expect(days({ since: 'year' }, '2026-01-10T03:30:00Z')).toEqual(['2026-01-01', '2026-01-09']);
    expect(days({ since: 'year' }, '2026-01-01T03:30:00Z')).toEqual(['2025-01-01', '2025-12-31']);
    expect(days({ since: '2025-11-05' }, '2026-01-10T03:30:00Z')).toEqual(['2025-11-05', '2026-01-09']);
    expect(days({ since: '2026-02-01' }, '2026-01-10T03:30:00Z')).toBeUndefined();
  });
});
