import { expect, it } from 'vitest';
import { askedRange } from '../../../receiver/routes/agency-range.ts';

const whole = { size: 10, etag: '"e"' };
const asked = (range: string | undefined, ifRange?: string, of = whole) => askedRange({ range, ifRange }, of);

it.each([
  ['bytes=0-0', { first: 0, last: 0 }],
  ['bytes=3-', { first: 3, last: 9 }],
  ['bytes=3-99', { first: 3, last: 9 }],
  ['bytes=-4', { first: 6, last: 9 }],
  ['bytes=-99', { first: 0, last: 9 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=999999999999999-', 'unsatisfiable'],
  ['bytes=5-4', undefined],
  ['bytes=-', undefined],
  ['bytes=0-1,3-4', undefined],
  ['bytes=a-b', undefined],
  ['lines=0-1', undefined],
  [undefined, undefined],
])('of ten bytes, %s is %o', (range, expected) => {
  expect(asked(range)).toEqual(expected);
});

it('a range of another content is the whole, of the same one the range', () => {
  expect(asked('bytes=3-', '"other"')).toBeUndefined();
  expect(asked('bytes=3-', 'W/"e"')).toBeUndefined();
  expect(asked('bytes=3-', 'Sun, 22 Nov 2026 00:00:00 GMT')).toBeUndefined();
  expect(asked('bytes=3-', '"e"')).toEqual({ first: 3, last: 9 });
});

it('nothing of an empty content can be asked for', () => {
  const empty = { size: 0, etag: '"e"' };
  for (const range of ['bytes=0-', 'bytes=-1']) expect(asked(range, undefined, empty)).toBe('unsatisfiable');
});
