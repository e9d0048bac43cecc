import type { CompiledMapping } from './compiled-mapping.ts';

/** A test of a mapping file that does not hold. Its values were written in the file by its author. */
export interface FailedTest {
  /** 1-based. */
  readonly test: number;
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

/** Runs the tests that a mapping file carries; empty = all hold. A blank expectation means that the field is absent. */
export function testMapping(mapping: CompiledMapping): readonly FailedTest[] {
  return mapping.tests.flatMap(({ input, output }, index) => {
    const mapped = mapping.bind(Object.keys(input), { freeText: 'all' }).map(Object.values(input));
    return Object.entries(output).flatMap(([field, wanted]) => {
      const value =
        mapped.kind === 'rejected'
          ? `rejected (${mapped.breach.rule})`
          : field === 'visitId'
            ? mapped.localId
            : mapped.fields.values[field];
      const [expected, found] = [print(wanted), print(value)];
      return expected === found ? [] : [{ test: index + 1, field, expected, found }];
    });
  });
}

function print(value: string | readonly string[] | undefined): string {
  const texts = (typeof value === 'string' ? [value] : (value ?? [])).map((text) => text.trim());
  return texts.filter((text) => text !== '').join(' | ');
}
