import { describe, expect, it } from 'vitest';
import { hl7DateToFrench, parseHl7Time } from '../../../agent/reader/hl7v2/time.ts';

const utc = (text: string): number => Date.parse(text);

describe('HL7 times', () => {
  it.each([
    ['20260105', '2026-01-04T23:00:00Z'],
    ['202601051015', '2026-01-05T09:15:00Z'],
    ['20260105101530', '2026-01-05T09:15:30Z'],
    ['20260105101530.5', '2026-01-05T09:15:30.500Z'],
    ['20260105101530.1234', '2026-01-05T09:15:30.123Z'],
    ['20260705101530', '2026-07-05T08:15:30Z'],
    ['20260105101530+0100', '2026-01-05T09:15:30Z'],
    ['20260105101530-0430', '2026-01-05T14:45:30Z'],
    ['202601051015+0000', '2026-01-05T10:15:00Z'],
    // The night the clock goes back: the first of the two hours, unless the offset says which.
    ['20261025023000', '2026-10-25T00:30:00Z'],
    ['20261025023000+0100', '2026-10-25T01:30:00Z'],
  ])('%s is %s', (text, instant) => {
    expect(parseHl7Time(text)).toBe(utc(instant));
  });

  it.each([
    '',
    '2026',
    '202601',
    '20260230',
    '20261301',
    '2026010510',
    '202601052460',
    '202601052400',
    '20260105101560',
    '20260105101530.12345',
    '20260105101530+01',
    '20260105101530+1500',
    '05/01/2026 10:15',
    '20260105 1015',
  ])('%j is none', (text) => {
    expect(parseHl7Time(text)).toBeUndefined();
  });

  it('give dates as they are written in France', () => {
    expect(hl7DateToFrench('19850425')).toBe('25/04/1985');
    expect(hl7DateToFrench('198504252350')).toBe('25/04/1985');
    expect(hl7DateToFrench('19850431')).toBeUndefined();
    expect(hl7DateToFrench('1985')).toBeUndefined();
  });
});
