import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { loadMapping } from '../../../agent/commands/map/mapping-file.ts';
import { tryMapping } from '../../../agent/commands/map/trial.ts';
import { createTerminal } from '../../../agent/commands/terminal.ts';
import type { Finding, FeedRecord } from '../../../shared/feeds/feed.ts';
import { onCommandLine } from '../../support/command-line.ts';
import { edit, type LineEdit } from '../../support/vendor-samples/edits.ts';

export interface Tried {
  readonly proposed: string;
  readonly mapping: string;
  readonly samples: readonly string[];
}

interface Given {
  readonly folder: string;
  readonly files: readonly { readonly name: string; readonly content: Buffer }[];
  readonly edits: readonly LineEdit[];
  readonly options: readonly string[];
}

/** `map init`, then the edits of a person, then `map check` and `map test`. */
export async function corrected({ folder, files, edits, options }: Given): Promise<Tried> {
  const samples = await Promise.all(
    files.map(async ({ name, content }) => {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    }),
  );
  const mapping = join(folder, 'urgences.yaml');
  const answer = await onCommandLine(['map', 'init', '--out', mapping, ...options, ...samples]);
  expect(answer).toMatchObject({ code: 0, err: '' });
  const proposed = await readFile(mapping, 'utf8');
  await writeFile(mapping, edit(proposed, edits));
  expect(await onCommandLine(['map', 'check', mapping])).toMatchObject({ code: 0 });
  expect(await onCommandLine(['map', 'test', mapping])).toMatchObject({ code: 0 });
  return { proposed, mapping, samples };
}

/** Every record of the samples as the region would get it. */
export async function everyRecord(
  { mapping, samples }: Tried,
  freeText: readonly string[],
): Promise<{
  readonly records: readonly FeedRecord[];
  readonly rejected: readonly string[];
  readonly errors: readonly Finding[];
}> {
  const { compiled } = await loadMapping(mapping);
  const records: FeedRecord[] = [];
  const rejected: string[] = [];
  const errors: Finding[] = [];
  const terminal = createTerminal(process);
  await tryMapping(
    compiled,
    samples,
    { facility: undefined, freeText, terminal },
    {
      record: (_place, built) => records.push(built),
      rejected: (_place, rule) => rejected.push(rule),
      finding: (_file, finding) => {
        if (finding.severity === 'error') errors.push(finding);
      },
    },
  );
  return { records, rejected, errors };
}
