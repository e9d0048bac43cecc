import { mapTexts } from '../../../shared/i18n/terminal-agent-map.ts';
import { fill } from '../../../shared/i18n/texts.ts';
import { testMapping } from '../../mapping/test-mapping.ts';
import type { Surroundings } from '../command.ts';
import { loadMapping } from './mapping-file.ts';

/** Runs the tests inside mapping files; exit 1 when one does not hold. Their values were invented by whoever wrote them. */
export async function mapTest(
  { language, json, print }: Surroundings,
  files: readonly string[],
): Promise<number> {
  const tested = await Promise.all(
    files.map(async (file) => {
      const { compiled } = await loadMapping(file);
      return { file, tests: compiled.tests.length, failed: testMapping(compiled) };
    }),
  );
  const ok = tested.every(({ failed }) => failed.length === 0);
  if (json) {
    print(JSON.stringify({ ok, files: tested }));
    return ok ? 0 : 1;
  }
  for (const { file, tests, failed } of tested) {
    if (tests === 0) print(fill(mapTexts.testsNone[language], { file }));
    else if (failed.length === 0) print(fill(mapTexts.testsHold[language], { file, count: tests }));
    for (const { test, field, expected, found } of failed)
      print(fill(mapTexts.testFailed[language], { file, test, field, expected, found }));
  }
  return ok ? 0 : 1;
}
