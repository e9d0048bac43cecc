import { describe, expect, it } from 'vitest';
import { manifestSettings, schedule } from '../../../receiver/config-schedule.ts';
import { readSettings } from '../../../shared/runtime/settings.ts';

const faults = (text: string): readonly string[] => {
  const read = readSettings(text, schedule);
  return read.kind === 'valid' ? [] : read.faults.map(({ line, en }) => `${line} ${en}`);
};

describe('the schedule of a destination', () => {
  it('is at once unless said', () => {
    expect(schedule.parse(undefined)).toEqual({ kind: 'at-once' });
  });

  it('has a zone and a window when it says nothing of them', () => {
    expect(schedule.parse({ kind: 'calendar', cron: '30 4 * * *' })).toEqual({
      ...{ kind: 'calendar', cron: '30 4 * * *', zone: 'Europe/Paris', window: { days: 7 } },
    });
  });

  it.each([
    ['30 4 * *', /^2 cron: .*five fields/],
    ['0 0 30 2 *', /^2 cron: .*a date that exists/],
    ['* * * * *', /^2 cron: .*five minutes/],
    ['30 2 * * *', /^2 cron: .*02:00 to 02:59/],
  ])('is refused with "%s", at its line, saying what is expected', (cron, said) => {
    const [fault, ...others] = faults(`kind: calendar\ncron: "${cron}"\n`);
    expect(fault).toMatch(said);
    expect(others).toEqual([]);
  });

  it('is refused with a zone nobody knows, and a window that is none', () => {
    expect(faults('kind: calendar\ncron: "30 4 * * *"\nzone: Europe/Lutece\n')).toEqual([
      '3 zone: found "Europe/Lutece", expected a time zone, such as Europe/Paris',
    ]);
    expect(faults('kind: calendar\ncron: "30 4 * * *"\nwindow: { days: 0 }\n')).toEqual([
      '3 window.days: found 0, expected at least 1',
    ]);
    for (const window of ['{ since: 2026-02-30 }', '{ since: month }', '{}'])
      expect(faults(`kind: calendar\ncron: "30 4 * * *"\nwindow: ${window}\n`)).toEqual([
        expect.stringMatching(/^3 window(\.since)?: .*YYYY-MM-DD/),
      ]);
  });
});

describe('the manifest of a destination', () => {
  it('is issued at four, and stays at the region, unless said', () => {
    expect(manifestSettings.parse(undefined)).toEqual({ deliver: false, cutOff: '04:00' });
    expect(manifestSettings.safeParse({ cutOff: '24:00' }).success).toBe(false);
  });
});
