import { mapTexts } from '../../../shared/i18n/terminal-agent-map.ts';
import { fill } from '../../../shared/i18n/texts.ts';
import type { Surroundings } from '../command.ts';
import { faultsOf } from './mapping-file.ts';

/** All faults of all files; exit 1 when there is one. */
export async function mapCheck(
  { language, json, print }: Surroundings,
  files: readonly string[],
): Promise<number> {
  const checked = await Promise.all(files.map(async (file) => ({ file, faults: await faultsOf(file) })));
  const ok = checked.every(({ faults }) => faults.length === 0);
  if (json) {
    const listed = checked.map(({ file, faults }) => ({
      file,
      faults: faults.map((fault) => ({ ...fault, expected: fault.expected[language] })),
    }));
    print(JSON.stringify({ ok, files: listed }));
    return ok ? 0 : 1;
  }
  for (const { file, faults } of checked) {
    if (faults.length === 0) print(fill(mapTexts.valid[language], { file }));
    for (const { line, path, found, expected } of faults)
      print(fill(mapTexts.fault[language], { file, line, path, found, expected: expected[language] }));
  }
  return ok ? 0 : 1;
}
