import { describe, expect, it } from 'vitest';
import { isFiness, normaliseFiness } from '../../../shared/feeds/facility.ts';

describe('a FINESS number', () => {
  it.each(['990000010', '990000028', '2A0000014', '2B0000012'])('%s is one', (text) => {
    expect(isFiness(text)).toBe(true);
  });

  it.each([
    '',
    '99000001',
    '9900000100',
    '990000011',
    '2C0000010',
    'A90000010',
    '99000001O',
    ' 990000010',
    '2a0000014',
  ])('"%s" is none', (text) => {
    expect(isFiness(text)).toBe(false);
  });

  it('has one right key among ten', () => {
    for (const stem of ['99000001', '12345678', '2A000001', '2B765432']) {
      const right = '0 1 2 3 4 5 6 7 8 9'.split(' ').filter((key) => isFiness(stem + key));
      expect(right).toHaveLength(1);
    }
  });

  it('catches two neighbours exchanged', () => {
    expect(isFiness('990000100')).toBe(false);
  });

  it('is trimmed, and its Corsican letter made a capital', () => {
    expect(normaliseFiness(' 2a0000014\n')).toBe('2A0000014');
  });
});
