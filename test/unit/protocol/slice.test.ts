import { expect, test } from 'vitest';
import { parseSlice, printSlice, sliceLimits, type Slice } from '../../../shared/protocol/slice.ts';
import { faultOf } from '../envelope/sealed.ts';

const slice: Slice = {
  head: {
    export: '0192b7a0-0000-7000-8000-000000000001',
    slice: 2,
    facility: '990000010',
    part: '0',
    source: 'urgences',
  },
  records: [
    { record: 501, line: 9000, body: '{"reason":"chute à vélo  {x}"}' },
    { record: 502, line: 0, body: '{}' },
  ],
  manifest: {
    slices: 2,
    records: 502,
    rejected: 1,
    header: true,
    window: null,
    extract: null,
    digest: 'ab'.repeat(32),
    resend: false,
  },
};
const printed = printSlice(slice).toString('utf8');
const [head = '', first = '', second = '', last = ''] = printed.split('\n');

const codeOf = (...lines: readonly string[]): Promise<string> =>
  faultOf(() => parseSlice(Buffer.from(lines.map((line) => `${line}\n`).join(''), 'utf8')));

test('a slice is read as it was printed, bodies untouched', () => {
  expect(parseSlice(printSlice(slice))).toEqual(slice);
});

test('a slice may have no manifest, and an export may have no record', () => {
  expect(parseSlice(printSlice({ ...slice, manifest: null })).manifest).toBeNull();
  expect(parseSlice(printSlice({ ...slice, records: [] })).records).toEqual([]);
});

test.each([
  ['a record after the manifest', [head, last, first]],
  ['two manifests', [head, first, last, last]],
  ['a manifest with an unknown key', [head, last.replace('"slices"', '"extra":1,"slices"')]],
  ['a manifest not closed', [head, last.slice(0, -1)]],
  ['a manifest followed by text', [head, `${last}x`]],
  ['a head with an unknown key', [head.replace('{', '{"x":1,'), first]],
  ['a head that is no JSON', ['{', first]],
  ['record number zero', [head, first.replace('501', '0')]],
  ['a number with a leading zero', [head, first.replace('501', '0501')]],
  ['a negative line', [head, first.replace('9000', '-1')]],
  ['a number of ten digits', [head, first.replace('501', '1000000000')]],
  ['a number above 100 million', [head, first.replace('501', '100000001')]],
  ['no line number', [head, '501 {"a":1}']],
  ['two spaces', [head, first.replace(' 9000', '  9000')]],
  ['a body that is no object', [head, '501 9000 []']],
  ['an empty line', [head, '', second]],
  ['an empty body', [head, '501 9000 ']],
])('%s is refused', async (_, lines) => {
  expect(await codeOf(...lines)).toBe('slice-malformed');
});

test('text that does not end its last line, and bytes that are not UTF-8, are refused', async () => {
  expect(await faultOf(() => parseSlice(Buffer.from(printed.slice(0, -1))))).toBe('slice-malformed');
  expect(await faultOf(() => parseSlice(Buffer.alloc(0)))).toBe('slice-malformed');
  const latin1 = Buffer.from(printed.replace('à', '\u0001'), 'latin1');
  latin1[latin1.indexOf(1)] = 0xe0;
  expect(await faultOf(() => parseSlice(latin1))).toBe('slice-malformed');
});

test('a slice holds at most a thousand records', async () => {
  const full = Array.from({ length: sliceLimits.records }, (_, index) => `${index + 1} 0 {}`);
  expect(await codeOf(head, ...full)).toBe('none');
  expect(await codeOf(head, ...full, '1001 0 {}')).toBe('slice-malformed');
});

test('the fault names the line of the slice and nothing of what it holds', async () => {
  const error: unknown = await Promise.resolve()
    .then(() => parseSlice(Buffer.from(`${head}\n${first}\n502 0 valeur-secrete\n`)))
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'slice-malformed', facts: { line: 3 } });
  expect(JSON.stringify(error)).not.toContain('valeur-secrete');
});
